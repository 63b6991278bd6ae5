"""What staff see of the copy, and what they write themselves. Nothing here calls Frontcore: the
buttons queue work for the worker."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_q.tasks import async_task

from catalog.models import (
    Category,
    Course,
    CourseDate,
    CourseText,
    Finding,
    Gathering,
    Generation,
    Held,
    Instructor,
    Level,
    Place,
    Product,
    Provider,
    Refresh,
    RefreshProblem,
    Removed,
    Seats,
    Terms,
    Venue,
)

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


# --- Courses --------------------------------------------------------------------------------


class TextInline(ReadOnly, admin.StackedInline):
    model = CourseText
    fields = ["language", "lead_shown", "description_shown", "fetched_at", "changed_at"]
    readonly_fields = ["lead_shown", "description_shown", "fetched_at", "changed_at"]
    extra = 0

    @admin.display(description=_("lead"))
    def lead_shown(self, text):
        return mark_safe(text.lead)  # noqa: S308  sanitised when it was stored

    @admin.display(description=_("description"))
    def description_shown(self, text):
        return mark_safe(text.description)  # noqa: S308  sanitised when it was stored


class ProductInline(ReadOnly, admin.TabularInline):
    model = Product
    fields = ["title", "label", "price", "currency", "vat_percent", "is_main", "withdrawn_at"]
    readonly_fields = ["withdrawn_at"]
    extra = 0


@admin.register(Course)
class CourseAdmin(CopiedAdmin):
    list_display = ["title", "reference", "kind", "public", "level", "language", "books"]
    list_filter = ["public", WithdrawnFilter, "kind", "level", "categories", "language"]
    list_select_related = ["level"]
    search_fields = ["title", "reference"]
    inlines = [ProductInline, TextInline]


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


@admin.register(CourseDate)
class CourseDateAdmin(CopiedAdmin):
    list_display = ["starts_on", "title", "status", "where", "seats", "closes_on", "public"]
    list_display_links = ["starts_on", "title"]
    list_filter = [AheadFilter, "public", WithdrawnFilter, "status", "is_virtual", "place"]
    list_select_related = ["place", "venue", "seats"]
    date_hierarchy = "starts_on"
    search_fields = ["title", "reference", "place__title", "venue__title", "venue__custom_title"]
    inlines = [SeatsInline, GatheringInline]

    @admin.display(description=_("place"))
    def where(self, date):
        return date.where

    @admin.display(description=_("free seats"))
    def seats(self, date):
        seats = date.known_seats
        if seats.is_unknown:
            return seats
        return f"{seats.free or 0}/{seats.capacity or 0}"


@admin.register(Product)
class ProductAdmin(CopiedAdmin):
    list_display = ["title", "label", "course", "kind", "price", "currency", "vat_percent"]
    list_filter = ["kind", "is_main", "is_member", WithdrawnFilter]
    list_select_related = ["course"]
    search_fields = ["title", "label", "course__title"]


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


@admin.register(Category, Level)
class TitledAdmin(CopiedAdmin):
    list_display = ["title", "books"]
    search_fields = ["title"]


# --- Refreshes ------------------------------------------------------------------------------


class ProblemInline(ReadOnly, admin.TabularInline):
    model = RefreshProblem
    extra = 0


class HeldInline(ReadOnly, admin.TabularInline):
    model = Held
    fields = ["kind", "remote_id", "title", "since"]
    readonly_fields = ["since"]
    extra = 0


class RemovedInline(ReadOnly, admin.TabularInline):
    model = Removed
    fields = ["kind", "remote_id", "title"]
    extra = 0


@admin.register(Refresh)
class RefreshAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["started", "kind", "result", "duration", "created", "changed", "seats"]
    list_display += ["unchanged", "withdrawn", "held", "bad", "requests"]
    list_filter = ["outcome", "kind"]
    list_per_page = 50
    change_list_template = "admin/catalog/refresh/change_list.html"
    change_form_template = "admin/catalog/refresh/change_form.html"
    inlines = [ProblemInline, HeldInline, RemovedInline]

    def get_urls(self):
        own = [
            path("now/", self.admin_site.admin_view(self.now), name="catalog_refresh_now"),
            path("apply/", self.admin_site.admin_view(self.apply), name="catalog_refresh_apply"),
        ]
        return own + super().get_urls()

    @admin.display(description=_("started"), ordering="started_at")
    def started(self, run):
        return timezone.localtime(run.started_at).strftime("%d.%m.%Y %H:%M:%S")

    @admin.display(description=_("outcome"), ordering="outcome")
    def result(self, run):
        if run.is_running:
            return format_html("<strong>{}</strong> {}", _("running"), progress_of(run))
        return (
            f"{run.get_outcome_display()}. {run.error}" if run.error else run.get_outcome_display()
        )

    @admin.display(description=_("took"))
    def duration(self, run):
        return f"{run.took.total_seconds():.0f} s"

    def changelist_view(self, request, extra_context=None):
        generation = Generation.current()
        extra = {
            "running": Refresh.objects.running().first(),
            "held_count": Held.objects.count(),
            "is_stale": generation.is_stale(),
            "checked_at": generation.checked_at,
            "may_refresh": may_refresh(request),
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    def now(self, request):
        """Queue a full refresh. POST only."""
        return queue(request, "full", _("A refresh is queued; it appears here when it starts."))

    def apply(self, request):
        """Ask whether the held removals shall be applied; on POST, queue that."""
        if request.method == "POST":
            said = _("Queued. What is missing again when Frontcore is asked is then withdrawn.")
            return queue(request, "apply", said)
        if not may_refresh(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("Apply the held removals?"),
            "opts": self.model._meta,
            "held": Held.objects.order_by("kind", "title")[:500],
            "held_count": Held.objects.count(),
        }
        return render(request, "admin/catalog/refresh/apply.html", context)


def may_refresh(request):
    return request.user.has_perm("catalog.add_refresh")


@require_POST
def queue(request, kind, said):
    """Queue a run for the worker, unless one is running: it would be turned away."""
    if not may_refresh(request):
        raise PermissionDenied
    if Refresh.objects.running().exists():
        messages.warning(request, _("A refresh is running. Try again when it has ended."))
    else:
        transaction.on_commit(lambda: async_task("catalog.tasks.refresh", kind))
        messages.success(request, said)
    return redirect(reverse("admin:catalog_refresh_changelist"))


def progress_of(run):
    """The phase of a running refresh with its numbers."""
    numbers = f" {run.done}/{run.total}" if run.total else f" {run.done}" if run.done else ""
    return f"{run.get_phase_display()}{numbers}"


@admin.register(Held)
class HeldAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "kind", "remote_id", "since", "refresh"]
    list_filter = ["kind"]
    list_select_related = ["refresh"]
    search_fields = ["title", "=remote_id"]
    change_list_template = "admin/catalog/held/change_list.html"


@admin.register(Finding)
class FindingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "found", "found_at"]

    @admin.display(description=_("found"))
    def found(self, finding):
        return finding.get_answer_display()


# --- What staff write -----------------------------------------------------------------------


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    formfield_overrides = HTTPS
    list_display = ["name", "organisation_number", "email", "phone"]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Provider.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    """A text in force is not edited: bookings point to the version that was accepted."""

    list_display = ["kind", "language", "version", "published_at"]
    list_filter = ["kind", "language"]

    def is_in_force(self, terms):
        return terms is not None and terms.published_at <= timezone.now()

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self.is_in_force(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_in_force(obj)
