from django.urls import path
from django.utils.translation import gettext_lazy as _

from booking import views

urlpatterns = [
    path(_("booking/new/<int:remote_id>/"), views.book, name="book"),
    path(_("booking/links/"), views.booking_links, name="booking_links"),
    path(_("booking/links/asked/"), views.booking_links_asked, name="booking_links_asked"),
    path("booking/<str:token>/again/", views.again, name="booking_again"),
    path("booking/<str:token>/cancel/", views.cancel, name="booking_cancel"),
    path("booking/<str:token>/change/", views.change, name="booking_change"),
    path("booking/<str:token>/change/<str:kind>/", views.ask_change, name="booking_change_ask"),
    path(
        "booking/<str:token>/change/<str:kind>/<int:person>/",
        views.ask_change,
        name="booking_change_ask",
    ),
    path(
        "booking/<str:token>/calendar.ics",
        views.booking_calendar_file,
        name="booking_calendar_file",
    ),
    path(
        "booking/<str:token>/calendar-<int:remote_id>.ics",
        views.booking_gathering_file,
        name="booking_gathering_file",
    ),
    path("booking/<str:token>/", views.receipt, name="receipt"),
    path(
        _("courses/<int:remote_id>-<slug:slug>/interest/"),
        views.course_interest,
        name="course_interest",
    ),
    path(
        _("courses/<int:remote_id>-<slug:slug>/interest/thanks/"),
        views.course_interest_thanks,
        name="course_interest_thanks",
    ),
    path(_("interest/stopped/"), views.interest_stopped, name="interest_stopped"),
    path(_("interest/<str:token>/"), views.interest_stop, name="interest_stop"),
    path(_("team/<str:token>/"), views.team, name="team"),
]
