"""What every table that belongs to the refresh has in common in the admin."""

from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.store import announce

HTTPS = {models.URLField: {"assume_scheme": "https"}}


class ReadOnly:
    """Belongs to the refresh: to be looked at, not to be written by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Announcing:
    """What is saved here shows on public pages: the generation is raised once the admin's
    transaction has ended (until then the query cache holds what was)."""

    def changelist_view(self, request, extra_context=None):
        return self.announced(request, super().changelist_view(request, extra_context))

    def changeform_view(self, request, *args, **kwargs):
        return self.announced(request, super().changeform_view(request, *args, **kwargs))

    def delete_view(self, request, *args, **kwargs):
        return self.announced(request, super().delete_view(request, *args, **kwargs))

    @staticmethod
    def announced(request, response):
        if request.method == "POST" and response.status_code == 302:
            announce()
        return response


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


class CopiedWithOwn(Announcing, CopiedAdmin):
    """A copied table beside whose rows staff write something of their own, in the inline `own`:
    who may write that may save the page, and the row stays as it was copied."""

    own = None

    def has_change_permission(self, request, obj=None):
        written = self.own.model._meta
        names = [f"{written.app_label}.{verb}_{written.model_name}" for verb in ("add", "change")]
        return any(request.user.has_perm(name) for name in names)

    def get_readonly_fields(self, request, obj=None):
        meta = self.model._meta
        copied = [field.name for field in (*meta.fields, *meta.many_to_many) if field.editable]
        return list(dict.fromkeys([*copied, *super().get_readonly_fields(request, obj)]))

    def save_model(self, request, obj, form, change):
        """The row is the refresh's, which may have written it since the page was opened."""

    def save_related(self, request, form, formsets, change):
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
