"""What happens in a run, each act in a child process of its own: booking, then recovery."""

from datetime import timedelta
from email import message_from_string, policy

from django.conf import settings
from django.test import Client
from django.urls import reverse

from booking.models import Booking
from catalog.models import Provider
from tests.campaign import claims, deaths, site, staff
from tests.campaign.bookings import date_for, typed_for
from tests.campaign.plan import CLUSTER, OF_THE_MAIL, OF_THE_SITE
from tests.campaign.visitor import Visitor, visible, with_test_client

SOON, LATER, MUCH_LATER = timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1)


class Browser(Visitor):
    """A visitor whose cookies can be told and taken up again by the next process."""

    def __init__(self, cookies=None):
        self.client = Client(HTTP_HOST="testserver")
        self.client.cookies.load(cookies or {})
        super().__init__(with_test_client(self.client))

    @property
    def cookies(self):
        return {name: morsel.value for name, morsel in self.client.cookies.items()}


# --- Booking, and perhaps dying -------------------------------------------------------------------


def book(run, tell, arm):
    """A visitor books, the worker sends; one of the two may die on the way."""
    if run.is_cancelled:
        book_in_peace(run, tell)
        arm()
        return cancel(run, tell)
    visitor = Browser().open(reverse("book", args=[date_for(run)]))
    if run.call == "preview":
        arm()
    visitor.press("preview", **typed_for(run))
    if not visitor.may_book:
        return tell(turned_away=True)
    if run.call != "preview":
        arm()
    press(run, tell, visitor, accept_terms="on")
    return work(run)


def book_in_peace(run, tell):
    visitor = Browser().open(reverse("book", args=[date_for(run)]))
    tell(receipt=visitor.book(typed_for(run)))
    site.work_queue()
    if run.dice("terms").random() < 0.5:  # so that it costs a fee by now
        Provider.objects.update(cancel_free_days=200, cancel_fee_days=7)


def cancel(run, tell):
    """The visitor cancels, the worker sends that; one of the two may die on the way."""
    visitor = Browser().open(f"{tell.so_far()['receipt']}cancel/")
    tell(wished=True)
    press(run, tell, visitor, sure="on")
    return work(run)


def press(run, tell, visitor, **typed):
    """The decisive button; what a site that dies of it has been sent is told, to press again."""
    if run.point in OF_THE_SITE:
        deaths.arrange(run)
        tell(sent=visitor.filled("send", **typed), cookies=visitor.cookies)
    visitor.press("send", **typed)
    tell(**({"cancelled": visitor.receipt} if run.is_cancelled else {"receipt": visitor.receipt}))


def work(run):
    """The worker's part; a whole cluster is started elsewhere."""
    if run.point == CLUSTER:
        return
    deaths.arrange(run)
    site.work_queue()
    if run.point in OF_THE_MAIL:
        site.work(older=SOON)


# --- Recovery -------------------------------------------------------------------------------------


def recover(run, tell, clear):
    """Somebody else goes on in the same weather; then it clears and everything is swept."""
    broken = site.work(older=MUCH_LATER)
    clear()
    told = tell.so_far()
    if told.get("sent"):  # the visitor saw an error, and presses once more
        visitor = Browser(told["cookies"])
        visitor.sent = told["sent"]
        visitor.press_again()
        if visitor.may_book:
            visitor.press("send", accept_terms="on")
        tell(receipt=visitor.receipt or told.get("receipt"))
    if run.kind == "regrets" and (receipt := tell.so_far().get("receipt")):
        tell(wished=regret(receipt))
    for _round in range(3):
        broken += site.work(older=LATER)
    if run.dice("staff").random() < 0.5:
        tell(by_staff=staff.settle(run))
        broken += site.work(older=LATER)
    tell(broken=broken)


def regret(receipt):
    """The visitor cancels whatever can be cancelled. Whether there was anything."""
    visitor = Browser().open(f"{receipt}cancel/")
    if "sure" not in visitor.page:
        return False
    visitor.press("", sure="on")
    return visitor.receipt is not None


# --- Taking stock ---------------------------------------------------------------------------------


def take_stock(run, tell):
    """What is told of the booking when all is over, also for those who woke up late."""
    broken = tell.so_far()["broken"] + site.work(older=LATER)
    tell(broken=broken, bookings=[facts_of(booking) for booking in Booking.objects.order_by("pk")])
    tell(files=mail_files())


def facts_of(booking):
    """What the site says of a booking: to itself, to staff and to the visitor."""
    people = [(one.firstname, one.lastname, one.email) for one in booking.participants.all()]
    return {
        "reference": booking.reference,
        "status": booking.status,
        "hold": booking.hold,
        "code": booking.refusal_code,
        "order": booking.order_id,
        "remote": booking.remote_booking_id,
        "date": booking.coursedate.remote_id,
        "with_fee": booking.cancel_with_fee,
        "for_staff": Booking.objects.needs_staff().filter(pk=booking.pk).exists(),
        "wish": booking.changes.open().exists(),
        "totals_differ": booking.totals_differ,
        "shown": amounts(booking.shown_excl_vat, booking.shown_incl_vat),
        "answered": amounts(booking.answered_excl_vat, booking.answered_incl_vat),
        "people": people,
        "page": page_of(booking, people),
        "mails": list(booking.mails.values("kind", "state", "audience", "message_id")),
        "history": [
            f"{event.by}: {event.what} {event.before}>{event.after} {event.note}"
            for event in booking.events.all()
        ],
    }


def page_of(booking, people):
    """What the visitor's own page says."""
    visitor = Browser()
    answer = visitor.client.get(reverse("receipt", args=[booking.link_token]))
    visitor.page = answer.content.decode()
    text = visible(visitor.page)
    return {
        "answer": answer.status_code,
        "heading": visitor.heading,
        "claims": claims.of_page(visitor.heading, text),
        "names": all(f"{first} {last}" in text for first, last, _email in people),
    }


def amounts(*found):
    return [None if amount is None else f"{amount:.2f}" for amount in found]


def mail_files():
    """Every mail that has left the site: its id, and what it claims."""
    found = []
    for path in sorted((settings.DATA_DIR / "mail").glob("*")):
        for part in path.read_text().split("\n" + "-" * 79 + "\n"):
            if part.strip():
                message = message_from_string(part, policy=policy.default)
                body = message.get_body(("plain",))
                text = " ".join(body.get_content().split()) if body else ""
                found.append(
                    {
                        "id": message["Message-ID"],
                        "subject": message["Subject"],
                        "claims": claims.of_mail(message["Subject"], text),
                    }
                )
    return found
