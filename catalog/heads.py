"""What a page is called and how it is described where only its head is read: in results of search
engines, in what is shared, on tabs.

Titles and descriptions say what is on the page and nothing it does not, in its own language, and
no two pages have the same. Search engines show about sixty letters of a title and 155 of a
description; words of less weight are left out where there is no room.
"""

from dataclasses import dataclass
from itertools import accumulate

from django.utils.translation import gettext, ngettext

from catalog.models import Course
from catalog.models.course import alphabetical
from catalog.templatetags.formats import days, month, number, plain, short_date, times

TITLE = 60
BESIDE_NAME = 45  # letters of a title that leave room for the provider's name
DESCRIPTION = 155


@dataclass(frozen=True)
class Head:
    """`course`: whose social card goes with it; without one the site's."""

    title: str
    description: str = ""
    course: Course | None = None

    @property
    def stands_alone(self):
        """Whether the title leaves no room for the provider's name."""
        return len(self.title) > BESIDE_NAME


# --- Room -----------------------------------------------------------------------------------


def fitting(*parts, room=TITLE):
    """The first part, and as many of the others as there is room for."""
    fits = [text for text in accumulate(parts) if len(text) <= room]
    return fits[-1] if fits else parts[0]


def cut(text, room):
    """The text, or its beginning up to a word's end."""
    if len(text) <= room:
        return text
    kept = text[: room - 1].rpartition(" ")[0] or text[: room - 1]
    return kept.rstrip(" ,;:–-.") + "…"


def sentences(*texts):
    """As one line of sentences, each with its full stop."""
    ended = (text if text[-1] in ".!?…" else f"{text}." for text in filter(None, texts))
    return " ".join(ended)


def names(said, them, room=DESCRIPTION):
    """The sentence, and after a colon the first few names there is room for."""
    them = list(them)
    if not them:
        return f"{said}."
    kept = fitting(f"{said}: {them[0]}", *(f", {name}" for name in them[1:]), room=room - 1)
    return cut(kept, room - 1).rstrip("…") + ("." if len(kept) <= room - 1 else "…")


def paged(text, page):
    """The same for a further page of a list."""
    if page is None or page.number == 1:
        return text
    return gettext("%(text)s, page %(number)s") % {"text": text, "number": page.number}


# --- Pages ----------------------------------------------------------------------------------


def of_home(courses, categories):
    said = ngettext(
        "%(number)s course with dates, places and free seats",
        "%(number)s courses with dates, places and free seats",
        courses,
    ) % {"number": number(courses)}
    described = names(said, [category.label for category in categories])
    return Head(gettext("Courses and calendar"), described)


def of_courses(choices, page, category=None):
    """The list of courses, or the page of a category."""
    if category:
        said = fitting(category.title, gettext(": courses and dates"))
        described = gettext(
            "%(category)s: %(hits)s with price, duration and the next dates, with free seats"
        ) % {"category": category.title, "hits": choices.hits_words}
    elif choices.chips:
        said = gettext("Courses: %(choices)s") % {"choices": choices.in_words}
        described = ""
    else:
        said = gettext("All courses: dates and prices")
        described = gettext(
            "%(hits)s from A to Å: what they teach, price, duration and the next dates, and where"
            " there are free seats"
        ) % {"hits": choices.hits_words}
    described = f"{paged(described, page)}." if described else ""
    return Head(paged(said, page), described)


def of_calendar(choices, shown=None, page=None, in_grid=False):
    """A month; without one, all that is ahead, at the calendar's own address."""
    words = {"month": month(shown)} if shown else {}
    said = gettext("Course calendar %(month)s") % words if shown else gettext("Course calendar")
    if in_grid:
        said = gettext("%(calendar)s, whole month") % {"calendar": said}
    if choices.chips:
        said = f"{said}: {choices.in_words}"
    described = gettext(
        "All course dates in the order of time, with place, time and free seats: %(hits)s ahead"
    ) % {"hits": choices.hits_words}
    return Head(paged(said, page), f"{described}.")


def of_course(course, text, foreign):
    """With `with_dates`: what it is about, and when it is held next."""
    more = gettext(": dates and price") if course.price is not None else gettext(": dates")
    title = fitting(course.title, more if course.listed_dates else "")
    facts = sentences(*when(course))
    lead = lead_of(course, text, foreign)
    return Head(title, sentences(cut(lead, DESCRIPTION - len(facts) - 2), facts), course)


def when(course):
    """Sentences on its dates ahead."""
    if not course.listed_dates:
        yield gettext("No date has been set yet")
        return
    number_of_dates = len(course.listed_dates)
    if first := course.first_choice:
        said = {"day": short_date(first.starts_on), "place": first.where}
        words = gettext("Next: %(day)s, %(place)s") if first.where else gettext("Next: %(day)s")
        yield words % said
    if number_of_dates > 1:
        said = ngettext("%(number)s date ahead", "%(number)s dates ahead", number_of_dates)
        yield said % {"number": number(number_of_dates)}


def lead_of(course, text, foreign):
    """What the course is about, in the language of the page; else what it is called."""
    return (not foreign and text and plain(text.lead)) or course.title


def of_gone_course(course):
    return Head(fitting(course.title, gettext(": no longer offered")), course=course)


def of_date(date, text, foreign):
    course = date.course
    held = ", ".join(filter(None, (str(date.where), short_date(date.starts_on))))
    facts = ", ".join(filter(None, (days(date), times(date), str(date.where))))
    facts = f"{facts[:1].upper()}{facts[1:]}."
    lead = cut(lead_of(course, text, foreign), DESCRIPTION - len(facts) - 2)
    return Head(f"{course.title}, {held}", sentences(facts, lead), course)


def of_instructor(person, courses, page):
    title = fitting(person.name, gettext(", instructor"))
    said = gettext("Courses with %(name)s, dates, places and free seats") % {"name": person.name}
    taught = sorted((course.title for course in courses), key=alphabetical)
    return Head(paged(title, page), names(paged(said, page), taught))


def of_instructors():
    return Head(
        gettext("Our instructors"), gettext("Everyone who teaches our courses, with dates ahead.")
    )


def of_venue(venue, page):
    named = venue.name if venue.city in venue.name else f"{venue.name}, {venue.city}"
    title = gettext("Courses at %(venue)s") % {"venue": named}
    where = ", ".join(filter(None, (venue.name, venue.address, venue.postal_line)))
    words = gettext("%(venue)s: the way there, and the courses held here, with free seats")
    if venue.is_virtual:
        title = gettext("Online courses: %(venue)s") % {"venue": venue.name}
        words = gettext("%(venue)s: the courses that are held here online, with free seats")
    described = words % {"venue": where}
    return Head(paged(title, page), f"{paged(described, page)}.")


def of_venues():
    return Head(
        gettext("Where our courses are held"),
        gettext("Our venues by county, each with its address, the way there and the dates ahead."),
    )


def of_terms(kind_words, terms):
    title = f"{kind_words[:1].upper()}{kind_words[1:]}"
    if terms is None:
        return Head(title)
    described = gettext("%(title)s for those who book courses: version %(version)s, from %(day)s.")
    said = {"version": terms.version, "day": short_date(terms.published_at)}
    return Head(title, described % {"title": title, **said})
