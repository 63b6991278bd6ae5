"""The refresh's own books, and the buttons that queue one. Nothing here calls Frontcore."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_q.tasks import async_task

from catalog.admin.copied import ReadOnly
from catalog.models import Finding, Generation, Held, Refresh, RefreshProblem, Removed


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
