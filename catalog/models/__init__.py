"""What is on offer. The copied tables belong to the refresh; `Provider` and `Terms` to staff."""

from catalog.models.card import Card
from catalog.models.category import Category, Level
from catalog.models.copied import SOURCE, Copied
from catalog.models.course import Course, CourseText, Product
from catalog.models.date import CourseDate, Gathering
from catalog.models.offer import Form, Obstacle, Offer
from catalog.models.opening import Opening
from catalog.models.picture import CoursePicture
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
from catalog.models.search import SearchDocument, Synonym
from catalog.models.seats import Seats

__all__ = [
    "SOURCE",
    "Card",
    "Category",
    "Checked",
    "Copied",
    "Course",
    "CourseDate",
    "CoursePicture",
    "CourseText",
    "Finding",
    "Form",
    "Gathering",
    "Generation",
    "Heartbeat",
    "Held",
    "Instructor",
    "Level",
    "Obstacle",
    "Offer",
    "Opening",
    "Place",
    "Product",
    "Provider",
    "Refresh",
    "RefreshProblem",
    "Removed",
    "SearchDocument",
    "Seats",
    "Staged",
    "Synonym",
    "Terms",
    "Venue",
]
