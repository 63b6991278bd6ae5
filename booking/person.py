"""All that is kept about one person, found by e-mail address: to be handed over, or forgotten."""

import json
from collections import Counter

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils import timezone

from booking.models import Booking, Draft, Interest, Mail
from booking.models.forgetting import PERSONAL, PERSONAL_OF
from booking.retention import (
    FROM_LAST_EVENT,
    empty_the_log,
    forget_all,
    forget_interest,
    mail_files,
    rows_of,
    unfinished,
)

#: What somebody wants to know of the dates they wait for.
OF_INTEREST = ("name", "email", "seats", "place", "place_other", "at_workplace", "message")
OF_INTEREST = ("course__title", *OF_INTEREST, "language", "created_at", "asked_at", "told_at")
#: Beside what tells of people: what a person may want to know of a booking.
OF_BOOKING = ("reference", "status", "created_at", "order_id", "language", "terms_accepted_at")


def bookings_of(email):
    """Bookings in which that address stands, whoever in them has it."""
    places = ("booker_email", "invoice_email", "participants__email", "changes__email", "mails__to")
    anywhere = Q()
    for place in places:
        anywhere |= Q(**{f"{place}__iexact": email})
    found = Booking.objects.filter(anywhere, anonymised_at=None).values("pk")
    return Booking.objects.filter(pk__in=found).select_related("coursedate")


def finished(bookings, now=None):
    """Those of them that nobody needs any more: settled, and the course is held."""
    today = timezone.localdate(now or timezone.now())
    held = Q(coursedate__ends_on__lt=today) | Q(status__in=FROM_LAST_EVENT)
    return bookings.filter(held, ~unfinished())


def loose_rows_of(email):
    """Drafts and mails of that address that belong to no booking, as {name: rows}."""
    drafts = [draft.pk for draft in Draft.objects.all() if is_in(draft.typed, email)]
    return {
        "drafts": Draft.objects.filter(pk__in=drafts),
        "mails with links": Mail.objects.filter(booking=None, interest=None, to__iexact=email),
    }


def mail_files_of(email):
    """Mails to that address that were written to files."""
    told = email.casefold()
    return [path for path in mail_files() if told in path.read_text(errors="replace").casefold()]


def is_in(typed, email):
    return json.dumps(email.casefold()) in json.dumps(typed).casefold()


def what_would_go(email):
    """What `forget` would do, counted, and the bookings that must stay for now."""
    bookings = bookings_of(email)
    counts = rows_of(finished(bookings))
    counts |= {name: rows.count() for name, rows in loose_rows_of(email).items()}
    counts["interest"] = Interest.objects.of(email).count()
    counts["mail files"] = len(mail_files_of(email))
    return +Counter(counts), list(bookings.exclude(pk__in=finished(bookings).values("pk")))


def forget(email, by):
    """Forget the people of all finished bookings of that address; as `what_would_go`.

    A booking is forgotten whole: who is in it with others stands in their mails, too.
    """
    bookings = bookings_of(email)
    kept = list(bookings.exclude(pk__in=finished(bookings).values("pk")))
    counts = forget_all(finished(bookings), by)
    counts["interest"] = forget_interest(Interest.objects.of(email))
    for name, rows in loose_rows_of(email).items():
        counts[name] += rows.count()
        rows.delete()
    for path in mail_files_of(email):
        path.unlink(missing_ok=True)
        counts["mail files"] += 1
    empty_the_log()
    return +counts, kept


def everything_about(email):
    """What is kept of bookings, mails and drafts with that address, as plain values."""
    loose = loose_rows_of(email)
    return {
        "bookings": [told(booking) for booking in bookings_of(email)],
        "interest": [told_of_interest(each) for each in Interest.objects.of(email)],
        "mails": values_of(loose["mails with links"], ("to", "subject", "text", "created_at")),
        "drafts": values_of(loose["drafts"], ("typed", "saved_at")),
    }


def told(booking):
    date = booking.coursedate
    known = {name: getattr(booking, name) for name in (*OF_BOOKING, *PERSONAL)}
    known["course"] = {"title": date.title, "starts_on": date.starts_on, "ends_on": date.ends_on}
    for name, columns in PERSONAL_OF.items():
        known[name] = values_of(getattr(booking, name), columns)
    known["history"] = values_of(booking.events, ("at", "by", "what", "after", "note"))
    return known


def told_of_interest(interest):
    (known,) = values_of(Interest.objects.filter(pk=interest.pk), OF_INTEREST)
    columns = ("to", "subject", "text", "created_at")
    of_them = interest.mails.filter(audience=Mail.Audience.INTERESTED)
    return known | {"mails": values_of(of_them, columns)}


def values_of(rows, columns):
    return list(rows.values(*columns))


def as_json(values):
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
