"""The public catalogue, read from the stored copy: no page calls Frontcore, sets a cookie or
holds a form that posts, so that any of them can be kept in a cache."""

from catalog.views import public_data
from catalog.views.atom import new_courses, new_dates
from catalog.views.calendar import Agenda, MonthGrid
from catalog.views.components import Components
from catalog.views.course import course, course_date
from catalog.views.courses import CategoryList, CourseList
from catalog.views.embedding import embed_button, embed_list, embed_script
from catalog.views.feeds import calendar_feed, course_feed, date_feed, gathering_feed
from catalog.views.home import Home
from catalog.views.look import accent
from catalog.views.open_data import OpenData
from catalog.views.people import InstructorList, instructor
from catalog.views.places import VenueList, venue
from catalog.views.search import suggest
from catalog.views.sitemaps import sitemap, sitemap_index
from catalog.views.terms import TermsPage

__all__ = [
    "Agenda",
    "CategoryList",
    "Components",
    "CourseList",
    "Home",
    "InstructorList",
    "MonthGrid",
    "OpenData",
    "TermsPage",
    "VenueList",
    "accent",
    "calendar_feed",
    "course",
    "course_date",
    "course_feed",
    "date_feed",
    "embed_button",
    "embed_list",
    "embed_script",
    "gathering_feed",
    "instructor",
    "new_courses",
    "new_dates",
    "public_data",
    "sitemap",
    "sitemap_index",
    "suggest",
    "venue",
]
