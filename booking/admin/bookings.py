"""Bookings for staff: read-only but for actions, and actions queue work instead of doing it."""

from django.contrib import admin, messages
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_q.tasks import async_task

from booking.models import Booking, BookingEvent, Participant
from catalog.admin import ReadOnly


class ParticipantInline(ReadOnly, admin.TabularInline):
    model = Participant
    fields = ["firstname", "lastname", "email"]


class EventInline(ReadOnly, admin.TabularInline):
    model = BookingEvent
    fields = ["at", "who", "what", "before", "after", "note"]
    readonly_fields = ["who"]

    @admin.display(description=_("who or what"))
    def who(self, event):
        return {"visitor": _("the visitor"), "worker": _("the worker")}.get(event.by, event.by)


class NeedsStaff(admin.SimpleListFilter):
    title = _("needs staff")
    parameter_name = "needs_staff"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.needs_staff() if self.value() == "yes" else queryset


@admin.register(Booking)
class BookingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "reference",
        "created_at",
        "standing",
        "booker_name",
        "coursedate",
        "order_id",
        "totals_differ",
    ]
    list_filter = [NeedsStaff, "status", "hold", "totals_differ"]
    list_select_related = ["coursedate"]
    search_fields = [
        "reference__iexact",
        "order_id__exact",
        "booker_firstname",
        "booker_lastname",
        "booker_email",
        "booker_phone",
        "company",
        "participants__firstname",
        "participants__lastname",
        "participants__email",
    ]
    search_help_text = _("Name, e-mail, phone, reference or order number")
    date_hierarchy = "created_at"
    inlines = [ParticipantInline, EventInline]
    actions = ["send_now", "totals_seen"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "reference",
                    "status",
                    "hold",
                    "refusal_code",
                    "coursedate",
                    "joins_waiting_list",
                    "order_id",
                    "remote_booking_id",
                ]
            },
        ),
        (
            _("Sending"),
            {"fields": ["created_at", "attempts", "claimed_at", "due_at", "expires_at"]},
        ),
        (
            _("Booker"),
            {"fields": ["booker_firstname", "booker_lastname", "booker_email", "booker_phone"]},
        ),
        (
            _("Payment by invoice"),
            {
                "fields": [
                    "buyer",
                    "company",
                    "company_number",
                    "gln_number",
                    "invoice_reference",
                    "invoice_email",
                    "invoice_address",
                    "invoice_zipcode",
                    "invoice_city",
                    "campaign_code",
                    "voucher_code",
                ]
            },
        ),
        (
            _("Price"),
            {
                "fields": [
                    "currency",
                    "shown_excl_vat",
                    "shown_incl_vat",
                    "answered_excl_vat",
                    "answered_vat",
                    "answered_incl_vat",
                    "totals_differ",
                    "totals_seen_at",
                ]
            },
        ),
        (_("Terms"), {"fields": ["language", "terms", "terms_accepted_at"]}),
    ]

    @admin.display(description=_("status"), ordering="status")
    def standing(self, booking):
        """The status; of a booking that waits for staff, also why."""
        words = booking.get_status_display()
        return f"{words}: {booking.get_hold_display()}" if booking.is_held else words

    @admin.display(description=_("booked by"), ordering="booker_lastname")
    def booker_name(self, booking):
        return booking.booker_name

    def get_search_results(self, request, queryset, search_term):
        """A phone number is found however it is written."""
        digits = "".join(search_term.split())
        if digits.lstrip("+").isdecimal() and len(digits.lstrip("+")) >= 5:
            search_term = digits.removeprefix("00")
        return super().get_search_results(request, queryset, search_term)

    def has_work_permission(self, request):
        return request.user.has_perm("booking.change_booking")

    @admin.action(
        description=_("Send now (only bookings that were never sent)"), permissions=["work"]
    )
    def send_now(self, request, queryset):
        """Release bookings that wait; the worker sends them, after a fresh look at the date."""
        released = 0
        for booking in queryset.filter(status=Booking.Status.NEW):
            if booking.release(by=staff(request)):
                released += 1
                transaction.on_commit(lambda pk=booking.pk: async_task("booking.tasks.send", pk))
        if released:
            text = ngettext("%d booking is queued.", "%d bookings are queued.", released)
            self.message_user(request, text % released, messages.SUCCESS)
        else:
            text = _("None of these can be sent: only bookings that were never sent can.")
            self.message_user(request, text, messages.WARNING)

    @admin.action(description=_("Mark the difference of totals as seen"), permissions=["work"])
    def totals_seen(self, request, queryset):
        """Take bookings whose totals differ out of the queue; the history tells who has looked."""
        seen = sum(booking.see_totals(by=staff(request)) for booking in queryset)
        if seen:
            text = ngettext(
                "%d booking is marked as seen.", "%d bookings are marked as seen.", seen
            )
            self.message_user(request, text % seen, messages.SUCCESS)
        else:
            text = _("None of these has a difference that nobody has seen yet.")
            self.message_user(request, text, messages.WARNING)


def staff(request):
    return f"staff: {request.user.get_username()}"
