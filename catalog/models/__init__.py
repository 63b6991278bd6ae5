"""What is on offer. The copied tables belong to the refresh; `Provider` and `Terms` to staff."""

from catalog.models.copied import SOURCE, Copied
from catalog.models.course import Category, Course, CourseText, Level, Product
from catalog.models.date import CourseDate, Gathering, Obstacle, Seats
from catalog.models.place import Instructor, Place, Venue
from catalog.models.provider import Provider, Terms
from catalog.models.refresh import (
    Checked,
    Finding,
    Generation,
    Heartbeat,
    Held,
    Refresh,
    RefreshProblem,
    Removed,
    Staged,
)

__all__ = [
    "SOURCE",
    "Category",
    "Checked",
    "Copied",
    "Course",
    "CourseDate",
    "CourseText",
    "Finding",
    "Gathering",
    "Generation",
    "Heartbeat",
    "Held",
    "Instructor",
    "Level",
    "Obstacle",
    "Place",
    "Product",
    "Provider",
    "Refresh",
    "RefreshProblem",
    "Removed",
    "Seats",
    "Staged",
    "Terms",
    "Venue",
]
