"""The catalogue's addresses, in the words of each language."""

from django.urls import path, re_path, register_converter
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from catalog import views
from catalog.models import Terms


class TermsWord:
    """The word in the address for a kind of terms: `terms` is /vilkar/, and /en/terms/."""

    regex = "[a-z-]+"

    def words(self):
        return {
            pgettext("address", "terms"): Terms.Kind.TERMS,
            pgettext("address", "right-of-withdrawal"): Terms.Kind.WITHDRAWAL,
            pgettext("address", "privacy"): Terms.Kind.PRIVACY,
        }

    def to_python(self, word):
        try:
            return self.words()[word]
        except KeyError:
            raise ValueError(word) from None

    def to_url(self, kind):
        return next(word for word, found in self.words().items() if found == kind)


register_converter(TermsWord, "terms_word")

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path(_("calendar/"), views.Agenda.as_view(), name="calendar"),
    path(_("calendar/<int:year>/<int:month>/"), views.Agenda.as_view(), name="calendar_month"),
    path(_("calendar/grid/"), views.MonthGrid.as_view(), name="calendar_grid"),
    path(_("calendar.atom"), views.new_dates, name="new_dates"),
    path(_("calendar.ics"), views.calendar_feed, name="calendar_feed"),
    path(
        _("calendar/<int:year>/<int:month>/grid/"),
        views.MonthGrid.as_view(),
        name="calendar_grid_month",
    ),
    path(_("search/suggestions/"), views.suggest, name="suggestions"),
    path(_("courses.atom"), views.new_courses, name="new_courses"),
    path(_("courses/"), views.CourseList.as_view(), name="course_list"),
    path(
        _("courses/category/<int:remote_id>-<slug:slug>/"),
        views.CategoryList.as_view(),
        name="category",
    ),
    path(_("courses/<int:remote_id>-<slug:slug>/"), views.course, name="course"),
    path(_("courses/<int:remote_id>/"), views.course, name="course_by_id"),
    path(
        _("courses/<int:remote_id>-<slug:slug>/date/<int:date_id>/"),
        views.course_date,
        name="course_date",
    ),
    path(_("embed/list/"), views.embed_list, name="embed_list"),
    path(_("embed/button/<int:remote_id>/"), views.embed_button, name="embed_button"),
    path(
        _("embed/button/<int:remote_id>/<int:date_id>/"),
        views.embed_button,
        name="embed_date_button",
    ),
    path(_("courses/<int:remote_id>.ics"), views.course_feed, name="course_feed"),
    path(_("courses/<int:remote_id>/date/<int:date_id>.ics"), views.date_feed, name="date_feed"),
    path(
        _("courses/<int:remote_id>/date/<int:date_id>/gathering/<int:gathering_id>.ics"),
        views.gathering_feed,
        name="gathering_feed",
    ),
    path(_("instructors/"), views.InstructorList.as_view(), name="instructor_list"),
    path(_("instructors/<int:remote_id>-<slug:slug>/"), views.instructor, name="instructor"),
    path(_("venues/"), views.VenueList.as_view(), name="venue_list"),
    path(_("venues/<int:remote_id>-<slug:slug>/"), views.venue, name="venue"),
    path(_("_components/"), views.Components.as_view(), name="components"),
    path("utseende/<slug:name>.css", views.accent, name="accent"),
    path(_("data/"), views.OpenData.as_view(), name="public_data"),
    path("api/v1/", views.public_data.index, name="api_index"),
    path("api/v1/openapi.json", views.public_data.openapi, name="api_document"),
    path("api/v1/courses/", views.public_data.courses, name="api_courses"),
    path("api/v1/courses/<int:remote_id>/", views.public_data.course, name="api_course"),
    path("api/v1/dates/", views.public_data.dates, name="api_dates"),
    path("api/v1/dates/<int:remote_id>/", views.public_data.date, name="api_date"),
    path("api/v1/categories/", views.public_data.categories, name="api_categories"),
    path("api/v1/levels/", views.public_data.levels, name="api_levels"),
    path("api/v1/places/", views.public_data.places, name="api_places"),
    path("api/v1/venues/", views.public_data.venues, name="api_venues"),
    path("api/v1/instructors/", views.public_data.instructors, name="api_instructors"),
    re_path("^api/", views.public_data.unknown, name="api_unknown"),
    path("<terms_word:kind>/", views.TermsPage.as_view(), name="terms"),
]
