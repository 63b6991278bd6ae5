"""Changes that visitors ask for: what is asked beside what stands, and two ways to settle it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from booking.admin.history import actor
from booking.changing import CannotBeSettled, settle
from booking.models import ChangeRequest
from catalog.admin import ReadOnly

State = ChangeRequest.State
WHY_NOT = {
    "being_sent": _("The booking is being sent this very moment. Try again in a minute."),
    "answer_may_come": _(
        "The booking is being sent or cancelled, and an answer may still come. Wait for it first."
    ),
    "participant_gone": _("This participant is not in the booking any more. Decline it instead."),
    "last_participant": _("Nobody would be left. Cancel the booking in Frontcore instead."),
}


@admin.display(description=_("settled by"))
def settler(self, change):
    return actor(change.settled_by)


class ChangeInline(ReadOnly, admin.TabularInline):
    model = ChangeRequest
    fields = ["asked_at", "kind", "state", "settled_at", "who"]
    readonly_fields = fields
    show_change_link = True
    extra = 0
    who = settler


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["reference", "kind", "coursedate", "asked_at", "state", "who"]
    list_filter = ["state", "kind"]
    list_select_related = ["booking__coursedate"]
    search_fields = ["booking__reference__iexact"]
    search_help_text = _("Reference of the booking")
    change_form_template = "admin/booking/changerequest/change_form.html"
    fields = ["asked_at", "settled_at", "who", "answer"]
    readonly_fields = ["who"]
    who = settler

    def get_ordering(self, request):
        """What is open first, the oldest of it on top."""
        is_open = Case(When(state=State.OPEN, then=Value(0)), default=Value(1))
        return [is_open, "asked_at", "pk"]

    @admin.display(description=_("booking"))
    def reference(self, change):
        return change.booking.reference

    @admin.display(description=_("course date"))
    def coursedate(self, change):
        return change.booking.coursedate

    def get_urls(self):
        own = [
            path(
                "<int:pk>/settle/",
                self.admin_site.admin_view(require_POST(self.settle)),
                name="booking_changerequest_settle",
            )
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        may_settle = {"may_settle": request.user.has_perm("booking.change_booking")}
        return super().change_view(request, object_id, form_url, may_settle | (extra_context or {}))

    def settle(self, request, pk):
        """Done, or declined; with an answer to the visitor or without."""
        if not request.user.has_perm("booking.change_booking"):
            raise PermissionDenied
        change = get_object_or_404(ChangeRequest.objects.select_related("participant"), pk=pk)
        state = State.DONE if request.POST.get("action") == "done" else State.DECLINED
        answer = request.POST.get("answer", "").strip()[:1000]
        by = f"staff: {request.user.get_username()}"
        try:
            settled = settle(change, state, by=by, answer=answer)
        except CannotBeSettled as reason:
            messages.error(request, WHY_NOT[reason.code])
        else:
            if settled:
                messages.success(request, _("It is settled, and the visitor is told."))
            else:
                messages.warning(request, _("Somebody was first: it was settled before."))
        return redirect("admin:booking_changerequest_change", pk)
