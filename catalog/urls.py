"""The catalogue's addresses, in the words of each language."""

from django.urls import path, register_converter
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
    path(
        _("calendar/<int:year>/<int:month>/grid/"),
        views.MonthGrid.as_view(),
        name="calendar_grid_month",
    ),
    path(_("search/suggestions/"), views.suggest, name="suggestions"),
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
    path(_("instructors/"), views.InstructorList.as_view(), name="instructor_list"),
    path(_("instructors/<int:remote_id>-<slug:slug>/"), views.instructor, name="instructor"),
    path(_("venues/"), views.VenueList.as_view(), name="venue_list"),
    path(_("venues/<int:remote_id>-<slug:slug>/"), views.venue, name="venue"),
    path(_("_components/"), views.Components.as_view(), name="components"),
    path("utseende/<slug:name>.css", views.accent, name="accent"),
    path("<terms_word:kind>/", views.TermsPage.as_view(), name="terms"),
]
