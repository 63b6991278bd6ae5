"""Links for customers who book often: made, copied and withdrawn here."""

from django.contrib import admin, messages
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from stdnum.no import orgnr

from booking import hints
from booking.models import TeamLink
from booking.models.team import LASTS


@admin.register(TeamLink)
class TeamLinkAdmin(admin.ModelAdmin):
    list_display = ["name", "company", "standing", "expires_at", "number_of_bookings", "made_by"]
    search_fields = ["name", "company", "company_number"]
    readonly_fields = ["copyable", "standing", "number_of_bookings", "made_by", "made_at"]
    actions = ["withdraw"]
    fieldsets = [
        (None, {"fields": ["name", "expires_at"]}),
        (_("The form is filled in with"), {"fields": TeamLink.FILLED}),
        (
            _("The link"),
            {"fields": ["copyable", "standing", "number_of_bookings", "made_by", "made_at"]},
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(bookings_made=Count("bookings"))

    def get_changeform_initial_data(self, request):
        until = timezone.localtime() + LASTS
        until = until.replace(hour=23, minute=59, second=0, microsecond=0)
        return {"expires_at": until} | super().get_changeform_initial_data(request)

    def save_model(self, request, link, form, change):
        if not change:
            link.made_by = request.user.get_username()
        super().save_model(request, link, form, change)
        if link.is_valid():
            text = format_html(_("The address for {}: {}"), link.name, link.address)
            self.message_user(request, text, messages.SUCCESS)
        if link.company_number and not orgnr.is_valid(link.company_number):
            text = hints.SENTENCES["company_number_unusual"]
            self.message_user(request, text, messages.WARNING)
        if link.gln_number and not hints.is_gln(link.gln_number):
            self.message_user(request, hints.SENTENCES["gln_unusual"], messages.WARNING)

    @admin.display(description=_("address"))
    def copyable(self, link):
        """To be copied, not opened: who opens it books for that company from then on."""
        if link.pk is None:
            return _("You get it when you have saved.")
        if not link.is_valid():
            return _("It is no longer valid.")
        return format_html(
            '<input type="text" class="vLargeTextField" readonly value="{}" aria-label="{}">',
            link.address,
            _("address"),
        )

    @admin.display(description=_("state"))
    def standing(self, link):
        if link.revoked_at:
            return _("withdrawn")
        return _("valid") if link.pk is None or link.is_valid() else _("expired")

    @admin.display(description=_("bookings"), ordering="bookings_made")
    def number_of_bookings(self, link):
        number = getattr(link, "bookings_made", 0)
        if not number:
            return number
        address = reverse("admin:booking_booking_changelist")
        return format_html('<a href="{}?team_link__id__exact={}">{}</a>', address, link.pk, number)

    @admin.action(description=_("Withdraw: the link ends at once"), permissions=["change"])
    def withdraw(self, request, queryset):
        number = sum(link.withdraw() for link in queryset)
        text = ngettext("%d link is withdrawn.", "%d links are withdrawn.", number) % number
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)

    def has_delete_permission(self, request, obj=None):
        """Withdrawn, not deleted, while bookings name it."""
        if obj is not None and obj.bookings.exists():
            return False
        return super().has_delete_permission(request, obj)
