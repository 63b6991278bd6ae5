"""What is sent along to Frontcore about people, for staff: what became of it, and two decisions."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from booking.admin.export import linked
from booking.admin.history import problem_in_words
from booking.models import FollowUp
from catalog.admin import ReadOnly


@admin.display(description=_("problem"))
def what_went_wrong(self, follow_up):
    return problem_in_words(follow_up.problem)


class FollowUpInline(ReadOnly, admin.TabularInline):
    model = FollowUp
    fields = ["participant", "kind", "state", "attempts", "claimed_at", "what_went_wrong"]
    readonly_fields = ["what_went_wrong"]
    verbose_name_plural = _("sent along to Frontcore")
    what_went_wrong = what_went_wrong


class FollowUps:
    """For the booking's page: shown where there is any."""

    def get_inlines(self, request, obj):
        inlines = super().get_inlines(request, obj)
        return [FollowUpInline, *inlines] if obj and obj.follow_ups.exists() else inlines


class NeedsStaff(admin.SimpleListFilter):
    title = _("needs staff")
    parameter_name = "needs_staff"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.needs_staff() if self.value() == "yes" else queryset


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "reference",
        "participant",
        "kind",
        "state",
        "attempts",
        "claimed_at",
        "what_went_wrong",
    ]
    list_display_links = None
    list_filter = [NeedsStaff, "state", "kind"]
    list_select_related = ["booking", "participant"]
    search_fields = ["booking__reference__iexact"]
    ordering = ["-pk"]
    actions = ["send_again", "mark_as_seen"]
    what_went_wrong = what_went_wrong

    @admin.display(description=_("reference"), ordering="booking__reference")
    def reference(self, follow_up):
        return linked(follow_up.booking)

    def has_work_permission(self, request):
        return request.user.has_perm("booking.change_booking")

    @admin.action(
        description=_("Send again (first look in Frontcore whether it is there)"),
        permissions=["work"],
    )
    def send_again(self, request, queryset):
        """The worker takes them up within a minute."""
        by = f"staff: {request.user.get_username()}"
        number = sum(one.send_again(by=by) for one in queryset.select_related("booking"))
        text = ngettext("%d is queued.", "%d are queued.", number) % number
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)

    @admin.action(description=_("Mark as seen"), permissions=["work"])
    def mark_as_seen(self, request, queryset):
        by = f"staff: {request.user.get_username()}"
        number = sum(one.see(by=by) for one in queryset.select_related("booking"))
        text = ngettext("%d is marked as seen.", "%d are marked as seen.", number) % number
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)
