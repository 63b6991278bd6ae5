"""Bookings for staff: read-only but for buttons, and buttons queue work instead of doing it."""

from django.contrib import admin, messages
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_q.tasks import async_task

from booking.admin.cancel import CancelSteps
from booking.admin.changes import ChangeInline
from booking.admin.consent import Consent
from booking.admin.export import Export
from booking.admin.follow_ups import FollowUps
from booking.admin.history import actor, note_in_words
from booking.admin.mails import MailInline
from booking.admin.questions import AnswerInline
from booking.admin.reasons import in_words, standing
from booking.admin.settle import Steps, may_settle, panel, staff
from booking.models import Booking, BookingEvent
from catalog.admin import ReadOnly


class EventInline(ReadOnly, admin.TabularInline):
    model = BookingEvent
    fields = readonly_fields = ["at", "who", "what", "before", "after", "more"]

    @admin.display(description=_("who or what"))
    def who(self, event):
        return actor(event.by)

    @admin.display(description=_("note"))
    def more(self, event):
        return note_in_words(event)


class NeedsStaff(admin.SimpleListFilter):
    title = _("needs staff")
    parameter_name = "needs_staff"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.needs_staff() if self.value() == "yes" else queryset


@admin.register(Booking)
class BookingAdmin(Steps, CancelSteps, Consent, Export, FollowUps, ReadOnly, admin.ModelAdmin):
    list_display = ["named", "status_in_words", "booked_by_whom", "date", "order"]
    list_filter = [NeedsStaff, "status", "hold", "totals_differ"]
    list_select_related = ["coursedate"]
    list_per_page = 50
    # What is searched for is a question to the bookings (`matching`); Django wants fields here.
    search_fields = ["reference"]
    search_help_text = _(
        "Reference, order number, name, e-mail or phone of the booker or a participant, company"
    )
    date_hierarchy = "created_at"
    inlines = [AnswerInline, ChangeInline, MailInline, EventInline]
    actions = ["send_now", "totals_seen", "export_csv", "export_xlsx"]
    fieldsets = [
        (
            _("The booking"),
            {"fields": ["date_link", "people", "order_id", "remote_booking_id", "price"]},
        ),
        (
            _("Booker"),
            {"fields": ["booker_name", "booker_email", "booker_phone", "language", "booked_by"]},
        ),
        (
            _("Payment by invoice"),
            {
                "fields": [
                    "buyer",
                    "company",
                    "company_number",
                    "gln_number",
                    "sent_reference",
                    "invoice_email",
                    "invoice_where",
                    "campaign_code",
                    "voucher_code",
                ]
            },
        ),
        (
            _("Sending"),
            {
                "fields": [
                    "created_at",
                    "joins_waiting_list",
                    "attempts",
                    "claimed_at",
                    "due_at",
                    "expires_at",
                    "refusal",
                ],
                "classes": ["collapse"],
            },
        ),
        (
            _("Terms"),
            {"fields": Consent.consent_fields, "classes": ["collapse"]},
        ),
    ]

    # --- The list ----------------------------------------------------------------------------

    @admin.display(description=_("received"), ordering="created_at")
    def named(self, booking):
        moment = timezone.localtime(booking.created_at)
        return format_html("{}<br>{}", booking.reference, moment.strftime("%d.%m.%y %H:%M"))

    @admin.display(description=_("status"), ordering="status")
    def status_in_words(self, booking):
        return standing(booking)

    @admin.display(description=_("booked by"), ordering="booker_lastname")
    def booked_by_whom(self, booking):
        names = [booking.booker_name, booking.company]
        return format_html_join(mark_safe("<br>"), "{}", [(name,) for name in names if name])

    @admin.display(description=_("course date"), ordering="coursedate__starts_on")
    def date(self, booking):
        return str(booking.coursedate)

    @admin.display(description=_("order number"), ordering="order_id")
    def order(self, booking):
        return booking.order_id

    def get_search_results(self, request, queryset, search_term):
        """Each word has to be somewhere; a phone number is found however it is written."""
        return queryset.matching(search_term), False

    # --- The page ----------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("coursedate")

    @admin.display(description=_("course date"))
    def date_link(self, booking):
        address = reverse("admin:catalog_coursedate_change", args=[booking.coursedate_id])
        return format_html('<a href="{}">{}</a>', address, booking.coursedate)

    @admin.display(description=_("participants"))
    def people(self, booking):
        if booking.anonymised_at:
            return booking.participants.count()
        rows = [
            (person.name, person.email, f", {person.price_group}" if person.price_group else "")
            for person in booking.participants.all()
        ]
        items = format_html_join("", "<li>{} &lt;{}&gt;{}</li>", rows)
        return format_html('<ol class="desk-people">{}</ol>', items)

    @admin.display(description=_("price"))
    def price(self, booking):
        return render_to_string("admin/booking/booking/_price.html", {"booking": booking})

    @admin.display(description=_("name"))
    def booker_name(self, booking):
        return booking.booker_name

    @admin.display(description=_("refusal"))
    def refusal(self, booking):
        code = booking.refusal_code
        return f"{in_words(code)} ({code})" if code else "–"

    @admin.display(description=_("invoice reference"))
    def sent_reference(self, booking):
        if booking.invoice_reference or booking.anonymised_at:
            return booking.invoice_reference or "–"
        return _("%(reference)s (ours, since the visitor gave none)") % {
            "reference": booking.reference
        }

    @admin.display(description=_("invoice address"))
    def invoice_where(self, booking):
        town = f"{booking.invoice_zipcode} {booking.invoice_city}".strip()
        return ", ".join(part for part in (booking.invoice_address, town) if part)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        booking = self.get_object(request, object_id)
        extra = {"may_settle": may_settle(request)}
        if booking and self.has_view_permission(request, booking):
            extra["panel"] = panel(booking)
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    # --- Many at once ------------------------------------------------------------------------

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
