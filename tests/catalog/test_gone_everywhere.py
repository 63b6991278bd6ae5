"""What Frontcore no longer has: its page, the sitemaps, what machines are told and the calendars
say the same, from the refresh that saw it until everybody has heard."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse

from catalog.models import CourseDate
from tests.catalog.agreeing import graph_of
from tests.catalog.calendars import Client, uid_of, value
from tests.catalog.running import BOOKABLE, WITH_VAT, date, run
from tests.catalog.schema_org import types_of
from tests.catalog.sitemap_reading import entries
from tests.catalog.test_pages_lists import text_of
from tests.catalog.test_tombstones import NOINDEX, what_happened

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
CANCELLED = "https://schema.org/EventCancelled"


class Everywhere:
    """All that tells of a date and its course, at one moment."""

    def __init__(self, client, row):
        self.row = CourseDate.objects.select_related("course").get(pk=row.pk)
        self.course = self.row.course
        self.page = client.get(self.row.get_absolute_url())
        self.course_page = client.get(self.course.get_absolute_url())
        self.sitemap = entries(client, "/sitemap.xml")
        ids = [self.course.remote_id, self.row.remote_id]
        answers = [
            client.get(reverse("calendar_feed")),
            client.get(reverse("course_feed", args=ids[:1])),
            client.get(reverse("date_feed", args=ids)),
        ]
        self.feeds = [Client(answer) for answer in answers if answer.status_code == 200]
        self.over = [answer.status_code == 410 for answer in answers]

    def told(self, page, kind):
        """The first node of that type on a page."""
        nodes = graph_of(page.text)["@graph"]
        return next(node for node in nodes if kind in types_of(node))

    @property
    def entries(self):
        """What each calendar says of the date or its gatherings: {id: (status, number)}"""
        own = uids(self.row)
        return [
            {
                uid: (value(event, "status"), int(value(event, "sequence")))
                for uid, event in feed.events.items()
                if uid in own
            }
            for feed in self.feeds
        ]

    def of_others(self):
        """What the calendar of everything says of all other courses, byte for byte."""
        own = {uid for row in self.course.dates.all() for uid in uids(row)}
        return {uid: said for uid, said in self.feeds[0].lines.items() if uid not in own}

    def is_listed(self, row):
        return any(f"/{row.remote_id}-" in path for path in self.sitemap)


def uids(row):
    """Of the date and of its gatherings, whichever calendars tell of."""
    return {uid_of(each) for each in (row, *row.gatherings.all())}


def all_of(entries, status, number):
    """The same entries with that status and number."""
    return [dict.fromkeys(of_feed, (status, number)) for of_feed in entries]


@pytest.mark.parametrize("what", ["a date", "a whole course"])
def test_what_is_removed_upstream_says_so_everywhere_and_at_once(
    client, whole_school, time_machine, what
):
    run()
    whole = what == "a whole course"
    before = Everywhere(client, date(WITH_VAT if whole else BOOKABLE))
    row, course = before.row, before.course
    assert all(before.entries)
    assert before.entries == all_of(before.entries, "CONFIRMED", 0)
    assert NOINDEX not in before.page.text + before.course_page.text
    assert before.is_listed(course)

    gone = {"course": course.remote_id} if whole else {"coursedates": [row.remote_id]}
    whole_school.edit(**gone, remove=True)
    run()
    now = Everywhere(client, row)
    withdrawn_at = now.row.withdrawn_at
    page = now.course_page if whole else now.page
    assert (now.page.status_code, now.course_page.status_code) == (200, 200)
    assert NOINDEX in now.page.text
    assert "tilbys ikke lenger" in text_of(page)
    assert "Nærmeste andre datoer" in text_of(page)
    assert reverse("course_interest", args=[course.remote_id, course.slug]) in page.text
    assert reverse("book", args=[row.remote_id]) not in now.page.text
    assert now.told(now.page, "Event")["eventStatus"] == CANCELLED
    assert now.entries == all_of(before.entries, "CANCELLED", 1)
    assert now.of_others() == before.of_others()
    if whole:
        assert NOINDEX in now.course_page.text
        assert not now.is_listed(course)
        assert "expires" in now.told(now.course_page, "Course")
    else:
        assert NOINDEX not in now.course_page.text
        told = now.told(now.course_page, "Course")["hasCourseInstance"]
        assert not [each for each in told if f"/{row.remote_id}/" in each["url"]]
        moment = now.sitemap[course.get_absolute_url()].changed_at
        assert moment == withdrawn_at.replace(microsecond=0)

    time_machine.move_to(withdrawn_at + settings.TOMBSTONE_PERIOD + DAY)
    later = Everywhere(client, row)
    assert later.page.status_code == 410
    assert later.course_page.status_code == (410 if whole else 200)
    page = later.course_page if whole else later.page
    assert what_happened(page) == what_happened(now.course_page if whole else now.page)
    assert later.told(later.page, "Event")["eventStatus"] == CANCELLED
    assert later.is_listed(course) != whole
    assert later.entries == now.entries

    time_machine.move_to(withdrawn_at + settings.FEED_CANCELLED_PERIOD + DAY)
    at_last = Everywhere(client, row)
    assert at_last.over == [False, whole, True]
    assert not any(at_last.entries)
    assert at_last.page.status_code == 410
