"""Where courses are held, and by whom."""

from django.contrib import admin

from catalog.admin.copied import CopiedAdmin
from catalog.models import Instructor, Place, Venue


@admin.register(Venue)
class VenueAdmin(CopiedAdmin):
    list_display = ["name", "address", "postal_line", "capacity", "is_virtual", "books"]
    list_filter = ["is_virtual", "county"]
    search_fields = ["title", "custom_title", "address", "city"]


@admin.register(Place)
class PlaceAdmin(CopiedAdmin):
    list_display = ["title", "county", "books"]
    list_filter = ["county"]
    search_fields = ["title", "county"]


@admin.register(Instructor)
class InstructorAdmin(CopiedAdmin):
    list_display = ["name", "position", "books"]
    search_fields = ["name", "position"]
