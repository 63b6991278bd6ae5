"""The queue: everything that waits for a person, on one page. It changes nothing by itself."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from booking.admin.history import (
    is_about_the_address,
    mail_problem_in_words,
    problem_in_words,
    verdict_in_words,
)
from booking.admin.reasons import to_do, why
from booking.admin.settle import buttons_of, drawn, place_of
from booking.models import Booking, ChangeRequest, FollowUp, Mail, Queue
from catalog.admin import ReadOnly
from catalog.templatetags.formats import money

SHOWN = 50  # rows of a kind; whoever has settled them sees the next ones


@dataclass
class Row:
    """One thing to do: about which booking, since when, why, and what to do."""

    booking: Booking
    since: datetime
    why: str
    to_do: str = ""
    address: str = ""
    buttons: list = field(default_factory=list)


@dataclass
class Section:
    name: str
    title: str
    text: str
    rows: list
    number: int

    @property
    def more(self):
        return self.number - len(self.rows)


def section(name, title, text, found, as_row):
    """The oldest of what was found, as rows; one query, and one to count where it overflows."""
    first = list(found[: SHOWN + 1])
    number = len(first) if len(first) <= SHOWN else found.count()
    return Section(name, title, text, [as_row(each) for each in first[:SHOWN]], number)


def of_booking(booking, more_why=""):
    return Row(
        booking,
        booking.claimed_at or booking.created_at,
        more_why or why(booking),
        to_do(booking),
        place_of(booking),
        # Whoever sets a booking aside, or settles an uncertain one, has seen its page before.
        drawn(booking, [name for name in buttons_of(booking) if name != "write-off"]),
    )


def of_uncertain(booking):
    """With what the last look has found, if there was one."""
    row = of_booking(booking)
    if booking.status == Booking.Status.CANCEL_UNCERTAIN:
        row.since = booking.cancel_claimed_at or row.since
    if booking.last_verdict:
        verdict = verdict_in_words(booking.last_verdict, booking.status)
        row.why = _("%(why)s Last look: %(verdict)s.") % {"why": row.why, "verdict": verdict}
    return row


def of_totals(booking):
    shown, answered = booking.shown_incl_vat, booking.answered_incl_vat
    if shown is None:
        shown, answered = booking.shown_excl_vat, booking.answered_excl_vat
    amounts = {
        "shown": money(shown, booking.currency),
        "answered": money(answered, booking.order_currency),
    }
    return of_booking(booking, _("Shown: %(shown)s. Frontcore: %(answered)s.") % amounts)


def of_mail(mail):
    words = f"{mail.get_kind_display()}: {mail.get_state_display()}. {mail.to}"
    if mail.problem:
        words = f"{words}: {mail_problem_in_words(mail.problem)}"
    address = f"{place_of(mail.booking)}#mails-group" if mail.booking else ""
    if not address:
        address = known("admin:booking_mail_change", mail.pk)
    if is_about_the_address(mail.problem):
        to_do = _("Check the address. Send it again if the address is right.")
    elif mail.state == Mail.State.FAILED:
        to_do = _("Send it again when the mail server is well.")
    else:
        to_do = _("Nothing at first; if it lasts, have somebody look at the mail server.")
    return Row(mail.booking, mail.created_at, words, to_do, address)


def of_change(change):
    words = change.get_kind_display()
    address = known("admin:booking_changerequest_change", change.pk) or place_of(change.booking)
    to_do = _("Do it in Frontcore, then settle it here.")
    return Row(change.booking, change.asked_at, words, to_do, address)


def of_follow_up(follow_up):
    problem = problem_in_words(follow_up.problem)
    words = f"{follow_up.get_kind_display()}: {follow_up.get_state_display()}. {problem}"
    address = f"{reverse('admin:booking_followup_changelist')}?q={follow_up.booking.reference}"
    since = follow_up.claimed_at or follow_up.due_at
    to_do = _("Enter it in Frontcore by hand, then mark it as seen; or send it again.")
    return Row(follow_up.booking, since, words, to_do, address)


def known(name, pk):
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


def sections():
    """Everything that waits, by kind, the most urgent first."""
    bookings = Booking.objects.select_related("coursedate").order_by("created_at", "pk")
    of_others = ("booking__coursedate",)
    return [
        section(
            "uncertain",
            _("Uncertain"),
            _("Sent, without a clear answer. Nothing is sent again before you say so."),
            bookings.uncertain().with_last_verdict(),
            of_uncertain,
        ),
        section(
            "held",
            _("Held for you"),
            _("Not sent. The visitor reads that you have the request."),
            bookings.held(),
            of_booking,
        ),
        section(
            "changes",
            _("Changes asked for"),
            _("What visitors ask you to change about their bookings."),
            ChangeRequest.objects.open().select_related(*of_others).order_by("asked_at"),
            of_change,
        ),
        section(
            "totals",
            _("Totals differ"),
            _("Booked, but Frontcore's total is not the one that was shown."),
            bookings.totals_unseen(),
            of_totals,
        ),
        section(
            "refused",
            _("Refused, and not booked since"),
            _("The visitor gave up, as far as we can see. Nobody has looked at it yet."),
            bookings.refused_unseen(),
            of_booking,
        ),
        section(
            "mails",
            _("Mail that did not go out"),
            _("It is tried again by itself until it is given up."),
            Mail.objects.undelivered().select_related(*of_others).order_by("created_at"),
            of_mail,
        ),
        section(
            "follow-ups",
            _("Not sent along"),
            _("The booking stands; what belongs to it is not in Frontcore."),
            FollowUp.objects.needs_staff().select_related(*of_others).order_by("pk"),
            of_follow_up,
        ),
        section(
            "waiting",
            _("Waiting for Frontcore"),
            _("These go out by themselves as soon as Frontcore answers; you need not do anything."),
            bookings.waiting_for_frontcore(),
            of_booking,
        ),
    ]


@admin.register(Queue)
class QueueAdmin(ReadOnly, admin.ModelAdmin):
    """Whoever may see bookings may see what waits of them."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("booking.view_booking")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        return [url for url in super().get_urls() if url.name == "booking_queue_changelist"]

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("What waits for you"),
            "opts": self.model._meta,
            "sections": sections(),
            "may_settle": request.user.has_perm("booking.change_booking"),
        }
        return render(request, "admin/booking/queue.html", context)
