"""The public catalogue, read from the stored copy: no page calls Frontcore, sets a cookie or
holds a form that posts, so that any of them can be kept in a cache."""

from catalog.views.calendar import Calendar, CalendarMonth
from catalog.views.course import course, course_date
from catalog.views.courses import CourseList
from catalog.views.home import Home
from catalog.views.terms import TermsPage

__all__ = [
    "Calendar",
    "CalendarMonth",
    "CourseList",
    "Home",
    "TermsPage",
    "course",
    "course_date",
]
