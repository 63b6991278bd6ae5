"""What every table that belongs to the refresh has in common in the admin."""

from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HTTPS = {models.URLField: {"assume_scheme": "https"}}


class ReadOnly:
    """Belongs to the refresh: to be looked at, not to be written by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class WithdrawnFilter(admin.SimpleListFilter):
    title = _("withdrawn")
    parameter_name = "withdrawn"

    def lookups(self, request, model_admin):
        return [("no", _("offered")), ("yes", _("withdrawn"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(withdrawn_at__isnull=self.value() == "no")


class AheadFilter(admin.SimpleListFilter):
    title = _("time")
    parameter_name = "time"

    def lookups(self, request, model_admin):
        return [("ahead", _("ahead")), ("past", _("past"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() == "ahead":
            return queryset.filter(starts_on__gte=today)
        if self.value() == "past":
            return queryset.filter(starts_on__lt=today)
        return queryset


class CopiedAdmin(ReadOnly, admin.ModelAdmin):
    """A copied table. `search_fields` gets the id in Frontcore besides."""

    list_per_page = 50
    formfield_overrides = HTTPS

    def get_search_fields(self, request):
        return [*super().get_search_fields(request), "=remote_id"]

    @admin.display(description=_("in Frontcore"))
    def books(self, row):
        """Id and ages of the copied row in one line."""
        fetched = timezone.localtime(row.fetched_at)
        return f"{row.remote_id}, {fetched:%d.%m.%Y %H:%M}"

    def get_readonly_fields(self, request, obj=None):
        return ["remote_id", "fetched_at", "changed_at", "withdrawn_at"]
