"""New courses and new dates as Atom (RFC 4287): what feed readers, other sites and mail programs
follow. The names of entries are made of Frontcore's ids alone, so that nothing is told as new again
when a title changes."""

import datetime as dt
import re

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import feedgenerator
from django.utils.translation import get_language, gettext
from django.utils.xmlutils import SimplerXMLGenerator

from catalog import choices
from catalog.models import Course, CourseDate, Provider
from catalog.models.copied import last_changed
from catalog.templatetags.formats import days
from catalog.timetable import COURSES, DATES

ENTRIES = 50
CONTENT_TYPE = feedgenerator.Atom1Feed.content_type
SINCE = 2026  # a tag is of a year (RFC 4151); it must stay, or all is new again
FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0


def of_new_dates(timetable, selection, path):
    """The feed at that path, as text: the dates that came last of those that the selection
    allows."""
    found = timetable.newest(selection, DATES, ENTRIES)
    rows = CourseDate.objects.with_where().select_related("course")
    rows = rows.prefetch_related("course__categories", "course__texts").in_bulk(found)
    feed = feed_of(choices.of(timetable, selection, DATES), gettext("New course dates"), path)
    for date in (rows[pk] for pk in found if pk in rows):
        title = f"{date.course.title}, {days(date)}"
        said = {"date": date, "text": date.course.text()}
        feed.add_item(
            title=f"{title}, {date.where}" if date.where else title,
            link=settings.SITE_URL + date.get_absolute_url(),
            description=render_to_string("catalog/feeds/date.html", said),
            unique_id=tag(date.source, f"coursedate/{date.remote_id}"),
            pubdate=date.appeared_at,
            updateddate=max(date.appeared_at, date.stamped_at or date.appeared_at),
            categories=[category.title for category in date.course.categories.all()],
        )
    return feed.writeString("utf-8")


def of_new_courses(timetable, selection, path):
    """The same of courses."""
    found = timetable.newest(selection, COURSES, ENTRIES)
    rows = Course.objects.with_prices().prefetch_related("categories", "texts").in_bulk(found)
    feed = feed_of(choices.of(timetable, selection, COURSES), gettext("New courses"), path)
    for course in (rows[pk] for pk in found if pk in rows):
        said = {"course": course, "text": course.text()}
        feed.add_item(
            title=course.title,
            link=settings.SITE_URL + course.get_absolute_url(),
            description=render_to_string("catalog/feeds/course.html", said),
            unique_id=tag(course.source, f"course/{course.remote_id}"),
            pubdate=course.appeared_at,
            updateddate=max(
                course.appeared_at, last_changed(course, said["text"], course.main_product)
            ),
            categories=[category.title for category in course.categories.all()],
        )
    return feed.writeString("utf-8")


def feed_of(chosen, name, path):
    """A feed without entries, of what was chosen; what is chosen and not on offer now stays a part
    of its name."""
    provider = Provider.current().name or gettext("Course catalogue")
    query = path.partition("?")[2]
    words = ", ".join(filter(None, [chosen.in_words, *(text for _, text in chosen.unknown)]))
    return Feed(
        title=f"{name}: {words} – {provider}" if words else f"{name} – {provider}",
        link=settings.SITE_URL + chosen.address(),
        description=None,
        language=get_language(),
        feed_url=settings.SITE_URL + path,
        feed_guid=tag(settings.MAIL_DOMAIN, f"{get_language()}/{chosen.what}?{query}"),
        author_name=provider,
        author_link=settings.SITE_URL,
    )


def tag(authority, name):
    """The name of an entry, which Frontcore's id makes alone, so that a site that moves to another
    domain tells nothing as new again; or of a feed, which needs the domain."""
    return f"tag:{authority},{SINCE}:{name}"


class Feed(feedgenerator.Atom1Feed):
    """What Django's lacks: an empty one that stays the same from one moment to the next, and texts
    of which XML forbids a character."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else dt.datetime.fromtimestamp(0, dt.UTC)

    def write(self, outfile, encoding):
        handler = Generator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")


class Generator(SimplerXMLGenerator):
    """Leaves out what XML forbids, where Django's raises an error."""

    def characters(self, content):
        super().characters(FORBIDDEN.sub("", content))

    def startElement(self, name, attrs):
        super().startElement(name, {key: FORBIDDEN.sub("", said) for key, said in attrs.items()})
