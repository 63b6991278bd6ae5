from django.urls import path
from django.utils.translation import gettext_lazy as _

from booking import views

urlpatterns = [
    path(_("booking/new/<int:remote_id>/"), views.book, name="book"),
    path("booking/<str:token>/again/", views.again, name="booking_again"),
    path("booking/<str:token>/", views.receipt, name="receipt"),
]
