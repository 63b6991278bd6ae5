"""When courses are held."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.admin.copied import AheadFilter, CopiedWithOwn, ReadOnly, WithdrawnFilter
from catalog.models import CourseDate, Gathering, Opening, Seats


class SeatsInline(ReadOnly, admin.TabularInline):
    model = Seats
    fields = ["capacity", "free", "booked", "waiting", "free_waiting", "says_full", "fetched_at"]
    readonly_fields = ["fetched_at"]
    extra = 0


class GatheringInline(ReadOnly, admin.TabularInline):
    model = Gathering
    fields = ["starts_at", "ends_at", "venue", "theme", "withdrawn_at"]
    readonly_fields = ["withdrawn_at"]
    extra = 0


class OpeningInline(admin.StackedInline):
    """The one thing about a date that staff say here, and not in Frontcore."""

    model = Opening


@admin.register(CourseDate)
class CourseDateAdmin(CopiedWithOwn):
    list_display = ["starts_on", "title", "status", "where", "seats", "closes_on", "public"]
    list_display_links = ["starts_on", "title"]
    list_filter = [AheadFilter, "public", WithdrawnFilter, "status", "is_virtual", "place"]
    list_select_related = ["place", "venue", "seats"]
    date_hierarchy = "starts_on"
    search_fields = ["title", "reference", "place__title", "venue__title", "venue__custom_title"]
    own = OpeningInline
    inlines = [OpeningInline, SeatsInline, GatheringInline]

    @admin.display(description=_("place"))
    def where(self, date):
        return date.where

    @admin.display(description=_("free seats"))
    def seats(self, date):
        seats = date.known_seats
        if seats.is_unknown:
            return seats
        return f"{seats.free or 0}/{seats.capacity or 0}"
