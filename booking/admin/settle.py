"""The buttons of a booking's page. Each is one step of the model; what takes the network is queued.

Two of them are asked twice: they end in something nobody can take back.
"""

from dataclasses import dataclass, replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_q.tasks import async_task

from booking.admin.history import problem_in_words
from booking.admin.reasons import NO_ROOM, standing, to_do, why
from booking.models import Booking, BookingEvent

Status = Booking.Status


def staff(request):
    return f"staff: {request.user.get_username()}"


def may_settle(request):
    return request.user.has_perm("booking.change_booking")


class Impossible(Exception):
    """The step cannot be taken; the message says why."""


class Unseen(Exception):
    """No look has found what a person says: asked once more, lest a slip of the pen confirms."""


class ThereForm(forms.Form):
    """Where in Frontcore a booking was found."""

    order = forms.IntegerField(
        label=gettext_lazy("Order number"), min_value=1, max_value=10**15, localize=False
    )
    number = forms.IntegerField(
        label=gettext_lazy("Booking number"),
        min_value=1,
        max_value=10**15,
        required=False,
        help_text=gettext_lazy("If you know it: without it the visitor cannot cancel online."),
    )
    waiting = forms.BooleanField(label=gettext_lazy("They are on the waiting list"), required=False)


# --- What each button does -------------------------------------------------------------------


def send_now(booking, request):
    if not booking.release(by=staff(request)):
        raise Impossible(gone(booking))
    queue("booking.tasks.send", booking)
    return _("It is queued: the date is looked at afresh, then it is sent.")


def to_waiting_list(booking, request):
    if not booking.release_to_waiting_list(by=staff(request)):
        raise Impossible(gone(booking))
    queue("booking.tasks.send", booking)
    return _("It is queued for the waiting list.")


def look_again(booking, request):
    if booking.status != Status.UNCERTAIN:
        raise Impossible(gone(booking))
    booking.ask_for_look(by=staff(request))
    transaction.on_commit(lambda: async_task("booking.tasks.look_up", booking.pk))
    return _("The look is queued. Reload this page in a moment.")


def it_is_there(booking, request):
    form = ThereForm(request.POST)
    if not form.is_valid():
        raise Impossible(_("Write the order number as it stands in Frontcore: digits only."))
    order = form.cleaned_data["order"]
    if "sure" not in request.POST and is_unseen(booking, order):
        raise Unseen
    taken = {"order": order}
    try:
        done = booking.found(
            order,
            by=staff(request),
            booking_id=form.cleaned_data["number"],
            waiting=form.cleaned_data["waiting"],
        )
    except IntegrityError:
        taken["reference"] = Booking.objects.get(order_id=order).reference
        raise Impossible(
            _("Order %(order)s already belongs to booking %(reference)s.") % taken
        ) from None
    if not done:
        raise Impossible(gone(booking))
    return _("It is settled: the booking has order %(order)s.") % taken


def is_unseen(booking, order):
    """Whether an uncertain booking would be settled by a number that nothing speaks for. (The
    order of another booking is refused anyhow.)"""
    if booking.status != Status.UNCERTAIN or Booking.objects.filter(order_id=order).exists():
        return False
    found = booking.last_look.candidates if booking.last_look else []
    ours = {each["order"] for each in found if each["people_found"] or each["booker"]}
    return order not in ours | {booking.told_order_id}


def send_again(booking, request):
    if not booking.send_again(by=staff(request)):
        raise Impossible(closed(booking.closed_for_sending()) or gone(booking))
    queue("booking.tasks.send", booking)
    return _("It is queued to be sent once more.")


def write_off(booking, request):
    if not booking.write_off(by=staff(request)):
        uncertain = booking.status == Status.UNCERTAIN
        raise Impossible(closed(uncertain and booking.closed_for_writing_off()) or gone(booking))
    return _("It is set aside as not booked; the visitor is told.")


def see_totals(booking, request):
    if not booking.see_totals(by=staff(request)):
        raise Impossible(gone(booking))
    return _("The difference is marked as seen.")


def see_refusal(booking, request):
    if not booking.see_refusal(by=staff(request)):
        raise Impossible(gone(booking))
    return _("The refusal is marked as seen.")


def queue(task, booking):
    transaction.on_commit(lambda: async_task(task, booking.pk))


def closed(reason):
    return str(reason.label) if reason else ""


def gone(booking):
    booking.refresh_from_db()
    words = _("Nothing was done: somebody or something was first. The booking is now: %(status)s.")
    return words % {"status": standing(booking)}


# --- Which buttons a booking has ---------------------------------------------------------------


@dataclass(frozen=True)
class Button:
    label: str
    take: callable
    asked_twice: str = ""  # the question; "": the first press does it
    ticked: str = ""


BUTTONS = {
    "send-now": Button(gettext_lazy("Send now"), send_now),
    "to-waiting-list": Button(gettext_lazy("Send to the waiting list"), to_waiting_list),
    "look-again": Button(gettext_lazy("Look again"), look_again),
    "there": Button(gettext_lazy("It is there"), it_is_there),
    "send-again": Button(
        gettext_lazy("Send again"),
        send_again,
        gettext_lazy("Send this booking once more?"),
        gettext_lazy("I have looked in Frontcore: there is no order of this booking."),
    ),
    "write-off": Button(
        gettext_lazy("Set aside as not booked"),
        write_off,
        gettext_lazy("Set this booking aside as not booked?"),
        gettext_lazy("Nothing is booked in Frontcore, and the visitor may be told so."),
    ),
    "totals-seen": Button(gettext_lazy("Mark the difference as seen"), see_totals),
    "refusal-seen": Button(gettext_lazy("Mark as seen"), see_refusal),
}


def buttons_of(booking):
    """The names of what may be pressed as the booking stands; of an uncertain one the panel has
    its own."""
    if booking.is_held:
        names = ["send-now"]
        if booking.refusal_code in NO_ROOM and not booking.joins_waiting_list:
            names.insert(0, "to-waiting-list")
        return [*names, "write-off"]
    if booking.status == Status.NEW:
        return ["send-now"]
    if booking.totals_differ and not booking.totals_seen_at:
        return ["totals-seen"]
    if booking.status == Status.REFUSED and not booking.refusal_seen_at:
        return ["refusal-seen"]
    return []


def drawn(booking, names):
    """Those buttons as templates draw them."""
    pk = booking.pk
    return [
        {
            "label": BUTTONS[name].label,
            "address": reverse("admin:booking_booking_step", args=[pk, name]),
            "asked_twice": bool(BUTTONS[name].asked_twice),
        }
        for name in names
    ]


def place_of(booking):
    """Where a person goes on with the booking: its page, or that of its cancellation."""
    doubtful = booking.status == Status.CANCEL_UNCERTAIN
    name = "admin:booking_booking_cancelling" if doubtful else "admin:booking_booking_change"
    return reverse(name, args=[booking.pk])


def panel(booking):
    """What the head of the booking's page shows."""
    found = {
        "place": place_of(booking) if booking.status == Status.CANCEL_UNCERTAIN else "",
        "standing": standing(booking),
        "why": why(booking),
        "to_do": to_do(booking),
        "buttons": drawn(booking, buttons_of(booking)),
        "twins": twins_of(booking),
    }
    return found | (uncertain_panel(booking) if booking.status == Status.UNCERTAIN else {})


def uncertain_panel(booking):
    look = booking.last_look
    found = look.candidates if look else []
    free = [each["order"] for each in found if each["order"] and not each["belongs_to"]]
    owners = Booking.objects.filter(order_id__in=[each["order"] for each in found if each["order"]])
    owner_of = dict(owners.exclude(pk=booking.pk).values_list("order_id", "pk"))
    order = free[0] if len(free) == 1 else booking.told_order_id
    known = {"order": order, "waiting": booking.joins_waiting_list}
    if order and order == booking.told_order_id:
        known["number"] = booking.told_booking_id
    return {
        "is_uncertain": True,
        "look": look,
        "problem": problem_in_words(look.problem) if look else "",
        "look_is_queued": booking.look_is_queued,
        "candidates": [
            each | {"owner": owner_of.get(each["order"])} for each in found if may_be_ours(each)
        ],
        "there": ThereForm(initial=known),
        "closed_sending": booking.closed_for_sending(),
        "closed_writing_off": booking.closed_for_writing_off(),
        "opens_at": booking.opens_at if timezone.now() < booking.opens_at else None,
    }


def may_be_ours(candidate):
    """An order of other people that another booking has is no news, whatever they share."""
    alike = candidate["people_found"] or candidate["booker"] or candidate["told"]
    return bool(alike or not candidate["belongs_to"])


def twins_of(booking):
    """The same content from other forms, while that is why this one waits."""
    if booking.hold != Booking.Hold.SAME_CONTENT:
        return []
    return Booking.objects.filter(content_hash=booking.content_hash).exclude(pk=booking.pk)


class Steps:
    """The addresses of the buttons, for BookingAdmin."""

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/step/<slug:name>/", view(self.step), name="booking_booking_step"),
            path("<int:pk>/link/", view(self.show_link), name="booking_booking_link"),
        ]
        return own + super().get_urls()

    def step(self, request, pk, name):
        """Take one step. Asked twice where that is due: first a page with a box to tick."""
        if not may_settle(request):
            raise PermissionDenied
        if name not in BUTTONS:
            raise Http404
        booking = get_object_or_404(Booking.objects.select_related("coursedate"), pk=pk)
        button = BUTTONS[name]
        if button.asked_twice and not (request.method == "POST" and "sure" in request.POST):
            return self.ask_again(request, booking, button)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            with transaction.atomic():
                said = button.take(booking, request)
        except Unseen:
            return self.ask_for_order(request, booking)
        except Impossible as reason:
            messages.error(request, f"{booking.reference}: {reason}")
        else:
            messages.success(request, f"{booking.reference}: {said}")
        if request.POST.get("from") == "queue":
            return redirect("admin:booking_queue_changelist")
        return redirect("admin:booking_booking_change", booking.pk)

    def ask_again(self, request, booking, button):
        shut = None
        if booking.status == Status.UNCERTAIN:
            is_sending = button.take is send_again
            shut = booking.closed_for_sending() if is_sending else booking.closed_for_writing_off()
        elif not booking.is_held or button.take is send_again:
            shut = Booking.Closed.SETTLED
        context = self.admin_site.each_context(request) | {
            "title": button.asked_twice,
            "opts": self.model._meta,
            "booking": booking,
            "button": button,
            "closed": shut,
            "opens_at": booking.claimed_at and booking.opens_at,
            "look": booking.last_look,
            "people": booking.participants.count(),
            "not_ticked": request.method == "POST",
        }
        return render(request, "admin/booking/booking/sure.html", context)

    def ask_for_order(self, request, booking):
        """Whether it is that number, with what was typed."""
        typed = {name: request.POST.get(name, "") for name in (*ThereForm.base_fields, "from")}
        button = replace(
            BUTTONS["there"],
            asked_twice=_("Is it order %(order)s?") % typed,
            ticked=_("I have seen this booking in Frontcore, under that number."),
        )
        context = self.admin_site.each_context(request) | {
            "title": button.asked_twice,
            "opts": self.model._meta,
            "booking": booking,
            "button": button,
            "warning": _("No look has found this booking under order %(order)s.") % typed,
            "carried": {name: value for name, value in typed.items() if value} | {"asked": "yes"},
            "look": booking.last_look,
            "people": booking.participants.count(),
            "not_ticked": "asked" in request.POST,
        }
        return render(request, "admin/booking/booking/sure.html", context)

    def show_link(self, request, pk):
        """The visitor's secret address, for a caller who has lost it. Who asked is kept."""
        if not may_settle(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        booking = get_object_or_404(Booking, pk=pk, anonymised_at=None)
        try:
            token = booking.link_token
        except LookupError:
            messages.error(request, _("The link of this booking was made with an older secret."))
            return redirect("admin:booking_booking_change", booking.pk)
        booking.tell(BookingEvent.What.LINK_SHOWN, by=staff(request), before=booking.status)
        with translation.override(booking.language):
            address = reverse("receipt", args=[token])
        context = self.admin_site.each_context(request) | {
            "title": _("The visitor's page"),
            "opts": self.model._meta,
            "booking": booking,
            "link": request.build_absolute_uri(address),
        }
        response = render(request, "admin/booking/booking/link.html", context)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
