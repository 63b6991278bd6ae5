"""The public catalogue, read from the stored copy: no page calls Frontcore, sets a cookie or
holds a form that posts, so that any of them can be kept in a cache."""

from catalog.views.calendar import Agenda, MonthGrid
from catalog.views.components import Components
from catalog.views.course import course, course_date
from catalog.views.courses import CategoryList, CourseList
from catalog.views.home import Home
from catalog.views.look import accent
from catalog.views.people import InstructorList, instructor
from catalog.views.places import VenueList, venue
from catalog.views.search import suggest
from catalog.views.terms import TermsPage

__all__ = [
    "Agenda",
    "CategoryList",
    "Components",
    "CourseList",
    "Home",
    "InstructorList",
    "MonthGrid",
    "TermsPage",
    "VenueList",
    "accent",
    "course",
    "course_date",
    "instructor",
    "suggest",
    "venue",
]
