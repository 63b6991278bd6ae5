"""What a mail says: subject, page, text and calendar file, in the reader's language.

The booker reads everything. A participant reads what, when, where and whom to ask, and nothing of
the price; whoever gets the invoice reads the price and the references. The secret link stands in
the booker's mails only, and never in clear in what is kept: a mark stands for it, which is replaced
when the mail goes out or is shown. So does the link that stops the mails of who waits for a date.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from booking import calendar_file, refusals, telling
from booking.characters import one_line
from booking.models import Booking, Interest, Mail
from booking.plain_text import as_text
from catalog.models import CourseDate, Provider

Kind, Audience = Mail.Kind, Mail.Audience
LINKS_OF = timedelta(days=365)
MOST_DATES = 8  # in one mail; the course's page has them all

SUBJECTS = {
    Kind.RECEIVED: gettext_lazy("We have your request: %(course)s (%(reference)s)"),
    Kind.CONFIRMED: gettext_lazy("Booked: %(course)s (%(reference)s)"),
    Kind.WAITING: gettext_lazy("Waiting list, not yet a place: %(course)s (%(reference)s)"),
    Kind.REFUSED: gettext_lazy("The booking did not go through: %(course)s (%(reference)s)"),
    Kind.UNCERTAIN: gettext_lazy("Please do not book again yet: %(course)s (%(reference)s)"),
    Kind.CANCELLED: gettext_lazy("Cancelled: %(course)s (%(reference)s)"),
    Kind.NOT_CANCELLED: gettext_lazy("Not cancelled: %(course)s (%(reference)s)"),
    Kind.CHANGE: gettext_lazy("Your change: %(course)s (%(reference)s)"),
    Kind.LINKS: gettext_lazy("Your bookings with %(provider)s"),
    Kind.INTEREST: gettext_lazy("We write when there is a new date: %(course)s"),
    Kind.DATE_SET: gettext_lazy("A date with free seats: %(course)s"),
    Kind.NEW_INTEREST: gettext_lazy("Somebody wants a date: %(course)s"),
}
OF_DOUBLE = gettext_lazy("We have this booking twice: %(course)s (%(reference)s)")
FOR_INVOICE = gettext_lazy("For your accounts: %(course)s (%(reference)s)")


def write(mail):
    """What this mail says now, as the columns that keep it; None where there is nothing to say."""
    with translation.override(mail.language):
        if mail.interest:
            context = context_of_interest(mail)
        else:
            context = context_of_links(mail) if mail.kind == Kind.LINKS else context_of(mail)
        if context is None:
            return None
        page = render_to_string(f"booking/mail/{mail.kind}.html", context)
        return {
            "subject": context["subject"],
            "html": page,
            "text": as_text(page),
            "calendar": calendar_of(mail),
        }


def context_of(mail):
    booking, provider = mail.booking, Provider.current()
    dates = CourseDate.objects.select_related("course").with_where().with_gatherings()
    coursedate = dates.get(pk=booking.coursedate_id)
    is_for = {audience: mail.audience == audience for audience in Audience.values}
    is_confirmed = mail.kind == Kind.CONFIRMED
    people = list(booking.participants.all())
    subject = FOR_INVOICE if mail.audience == Audience.INVOICE else SUBJECTS[mail.kind]
    if mail.kind == Kind.REFUSED and booking.is_double:
        subject = OF_DOUBLE
    words = {"course": coursedate.course.title, "reference": booking.reference}
    context = {
        "booking": booking,
        "coursedate": coursedate,
        "course": coursedate.course,
        "meetings": coursedate.own_meetings,
        "people": of_address(people, mail) if is_for["participant"] else people,
        "shows_price": not is_for["participant"],
        "shows_link": is_confirmed and not is_for["invoice"],
        "calendar_comes_along": bool(calendar_kind(mail)),
        "refusal": refusals.sentence(booking.refusal_code) if booking.refusal_code else "",
        "change": mail.change,
        "stage": booking.stage,
        "greeting": greeting_of(mail),
        "was_never_sent": booking.cancel_from == Booking.Status.NEW,
    }
    context |= {f"for_{audience}": yes for audience, yes in is_for.items()}
    return context | frame(mail, provider, one_line(subject % words), booking)


def context_of_links(mail):
    """All bookings of that address within a year; None where there are none."""
    asked = mail.to.lower()
    found = Booking.objects.filter(
        booker_email__iexact=mail.to,
        anonymised_at=None,
        created_at__gte=timezone.now() - LINKS_OF,
    ).select_related("coursedate__course")
    # Databases fold letters in their own ways, some of which take one address for another.
    bookings = [booking for booking in found if booking.booker_email.lower() == asked]
    if not bookings:
        return None
    for booking in bookings:
        booking.address = marked_address(booking) if link_of(booking) else ""
    provider = Provider.current()
    subject = one_line(SUBJECTS[Kind.LINKS] % {"provider": provider.name or settings.MAIL_DOMAIN})
    return {"bookings": bookings} | frame(mail, provider, subject)


def context_of_interest(mail):
    """To whoever waits for a date of a course, or to staff about them: what is wanted, never who
    wants it. None where a date was to be told of and none is open any more."""
    interest, course = mail.interest, mail.interest.course
    dates = telling.news_for(interest) if mail.kind == Kind.DATE_SET else []
    if mail.kind == Kind.DATE_SET and not dates:
        return None
    page = reverse("admin:booking_interest_change", args=[interest.pk])
    context = {
        "interest": interest,
        "course": course,
        "course_address": settings.SITE_URL + course.get_absolute_url(),
        "form_address": settings.SITE_URL
        + reverse("course_interest", args=[course.remote_id, course.slug]),
        "dates": dates[:MOST_DATES],
        "has_more": len(dates) > MOST_DATES,
        "waiting": Interest.objects.waiting().filter(course=course).count(),
        "greeting": interest.name if mail.audience == Audience.INTERESTED else "",
        "stop_address": address_to_stop(mark_of(interest)),
        "staff_address": settings.SITE_URL + page,
    }
    subject = one_line(SUBJECTS[mail.kind] % {"course": course.title})
    return context | frame(mail, Provider.current(), subject)


def frame(mail, provider, subject, booking=None):
    """What every mail has around its words."""
    own = booking is not None and mail.audience == Audience.BOOKER
    return {
        "subject": subject[:300],
        "language": mail.language,
        "provider": provider,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "address": marked_address(booking) if own else "",
    }


def of_address(people, mail):
    """Those among the participants who read mail at that address: no one else's names."""
    address = mail.to.lower()
    return [person for person in people if person.email.lower() == address]


def greeting_of(mail):
    if mail.audience == Audience.BOOKER:
        return mail.booking.booker_firstname
    return mail.participant.firstname if mail.participant else ""


# --- The calendar file ----------------------------------------------------------------------


def calendar_kind(mail):
    """PUBLISH or CANCEL, what the mail's calendar file does; "" where none comes along."""
    if mail.audience == Audience.INVOICE:
        return ""
    if mail.kind == Kind.CONFIRMED:
        return "PUBLISH"
    if mail.kind == Kind.CANCELLED:
        stood = mail.booking.events.filter(after=Booking.Status.CONFIRMED)
        return "CANCEL" if stood.exists() else ""
    return ""


def calendar_of(mail):
    kind = calendar_kind(mail)
    if kind == "PUBLISH":
        return calendar_file.of_booking(mail.booking)
    return calendar_file.taken_back(mail.booking) if kind == "CANCEL" else ""


# --- The mark that stands for a secret link -------------------------------------------------

MARK = "secret-link-of-{}"
MARKED_LINK = re.compile(r'(<a[^>]*) href="[^"]*secret-link-of-[^"]*"([^>]*>)(.*?)</a>', re.S)
MARKED_ADDRESS = re.compile(r"https?://\S*secret-link-of-\S*")


def marked_address(booking):
    path = reverse("receipt", args=[MARK.format(booking.reference)])
    return settings.SITE_URL + path


def mark_of(interest):
    return MARK.format(f"interest-{interest.pk}")


def address_to_stop(token):
    return settings.SITE_URL + reverse("interest_stop", args=[token])


def with_links(mail, content):
    """The content with the reader's own secret links in place of their marks. Whoever is not the
    booker, or waits for a date, has none, whatever the content says."""
    if mail.audience == Audience.INTERESTED:
        return content.replace(mark_of(mail.interest), mail.interest.token)
    if mail.audience != Audience.BOOKER:
        return content
    if mail.booking:
        mark = MARK.format(mail.booking.reference)
        return content.replace(mark, mail.booking.link_token) if mark in content else content
    for booking in Booking.objects.filter(booker_email__iexact=mail.to, anonymised_at=None):
        mark = MARK.format(booking.reference)
        if mark in content and booking.booker_email.lower() == mail.to.lower():
            content = content.replace(mark, link_of(booking) or mark)
    return content


def link_of(booking):
    """The secret of one among several, or "" where the site's own secret of that time is lost: one
    booking does not keep the others' links from their reader."""
    try:
        return booking.link_token
    except LookupError:
        return ""


def without_links(content, words):
    """The content as staff read it: words where a secret link stands for the visitor."""
    content = MARKED_LINK.sub(lambda link: f"{link[1]}{link[2]}{link[3]}</a> [{words}]", content)
    return MARKED_ADDRESS.sub(f"[{words}]", content)
