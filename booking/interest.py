"""Taking in who wants to hear of a date: one row for each person and course while they wait."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from booking.models import Interest, Mail
from booking.telling import open_dates
from catalog import timetable
from catalog.models import CourseDate, Provider

RECEIPT_AGAIN_AFTER = timedelta(minutes=10)
TYPED = ("name", "seats", "place", "place_other", "at_workplace", "message")


def register(course, wish, language, now=None):
    """Save what somebody wishes of a course, and plan the mails to them and to staff; who waits
    already is the same row, with what they said last."""
    now = now or timezone.now()
    typed = {name: wish[name] for name in TYPED}
    asked = {"language": language, "asked_at": now}
    asked |= {"known_dates": [date.pk for date in open_dates(course)], "looked_generation": None}
    with transaction.atomic():
        interest, is_new = Interest.objects.waiting().get_or_create(
            course=course, email=wish["email"], defaults=typed | asked | {"created_at": now}
        )
        is_other = is_new or interest.says_other(typed)
        if not is_new:
            again = {"handled_at": None, "handled_by": ""} if is_other else {}
            Interest.objects.waiting().filter(pk=interest.pk).update(**typed, **asked, **again)
        if needs_receipt(interest, now):
            Mail.objects.plan_interest(interest, Mail.Kind.INTEREST)
        if is_other:
            plan_for_staff(interest)
    return interest


def needs_receipt(interest, now):
    """Whether none has been planned for them just now: a second press is not a second mail."""
    receipts = interest.mails.filter(kind=Mail.Kind.INTEREST)
    return not receipts.filter(created_at__gt=now - RECEIPT_AGAIN_AFTER).exists()


def plan_for_staff(interest):
    Mail.objects.bulk_create(
        Mail(
            interest=interest,
            kind=Mail.Kind.NEW_INTEREST,
            audience=Mail.Audience.STAFF,
            to=address,
            language=settings.LANGUAGE_CODE,
        )
        for address in desk_of(interest.course)
    )


def desk_of(course):
    """Whom to tell of interest in a course: as set, else the course's own address or the
    provider's, else the ADMINS."""
    if settings.INTEREST_TO:
        return settings.INTEREST_TO
    own = course.email_more_info or Provider.current().email
    return [own] if own else [address for _name, address in settings.ADMINS]


def towns_of_choice(course):
    """(Towns where this course is or was held, towns of all that is on offer now.)"""
    dates = CourseDate.objects.filter(course=course, public=True).order_by()
    own = {town for row in dates.values_list("place__title", "venue__city") for town in row if town}
    offered = timetable.current()
    counties = {above for above in offered.above["place"].values() if above}
    labels = offered.labels["place"].items()
    return own, {label for key, label in labels if key not in counties}
