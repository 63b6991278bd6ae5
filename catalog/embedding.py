"""What another site may show of this one, a list or a button, and the line of HTML that does it.

The line is a link to the page that shows the same; `embed.js` puts a frame in its place.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog import choices, timetable
from catalog.models import Course, CourseDate
from catalog.selection import Selection
from catalog.timetable import COURSES, DATES

BUTTON = "button"
NUMBER, MOST = 5, 30  # entries of a list
ORDERS = ("date",)  # of courses, beside the usual one
OF_THE_MONTH = ("month", "since", "until")  # what the calendar says in its path
LISTS = {"home", "course_list", "category", "instructor"}
LISTS |= {"calendar", "calendar_month", "calendar_grid", "calendar_grid_month"}
OF_ONE = {"course", "course_by_id", "course_date"}


class NotEmbedded(ValueError):
    """What was asked for cannot be embedded; str() says why, in a sentence."""


@dataclass(frozen=True)
class Listing:
    """The first few dates or courses that a selection allows."""

    what: str
    selection: Selection
    sort: str | None = None
    number: int = NUMBER
    language: str = field(default_factory=translation.get_language)

    @classmethod
    def of(cls, query, selection):
        """The list that a query asks for, beside its selection; NotEmbedded."""
        what = query.get("show") or DATES
        if what not in (DATES, COURSES):
            said = _("“%(word)s” cannot be shown, but “dates” and “courses” can.")
            raise NotEmbedded(said % {"word": what[:100]})
        number = query.get("number") or str(NUMBER)
        if number not in map(str, range(1, MOST + 1)):
            said = _("A list has 1 to %(most)s entries, not “%(number)s”.")
            raise NotEmbedded(said % {"most": MOST, "number": number[:100]})
        sort = query.get("sort")
        sort = sort if what == COURSES and sort in ORDERS else None
        return cls(what, selection, sort, int(number))

    @property
    def state(self):
        """The canonical query."""
        more = {"show": self.what, "number": self.number, "sort": self.sort}
        return self.selection.query(**more)

    @property
    def address(self):
        with translation.override(self.language):
            return f"{reverse('embed_list')}?{self.state}"

    @property
    def page(self):
        """The address of the page on which all of it stands. The calendar has its months in
        paths; the list of courses knows each state."""
        in_calendar = self.what == DATES
        in_calendar &= not any(getattr(self.selection, kind) for kind in OF_THE_MONTH)
        with translation.override(self.language):
            found = choices.of(timetable.current(), Selection(), DATES if in_calendar else COURSES)
            return found.address(self.selection, sort=self.sort)


@dataclass(frozen=True)
class Button:
    """A button for one course, or for one date of it."""

    course: Course
    date: CourseDate | None = None
    language: str = field(default_factory=translation.get_language)

    @property
    def address(self):
        with translation.override(self.language):
            if self.date:
                return reverse(
                    "embed_date_button", args=[self.course.remote_id, self.date.remote_id]
                )
            return reverse("embed_button", args=[self.course.remote_id])

    @property
    def page(self):
        with translation.override(self.language):
            return (self.date or self.course).get_absolute_url()


# --- From an address of the site ------------------------------------------------------------


def pasted(text, what, hosts, number=NUMBER):
    """The Listing or Button of what the site shows at an address, in the language of that page;
    NotEmbedded. `hosts`: those that are this site; an empty address is everything there is."""
    match, query, language = page_at(text.strip(), hosts)
    if what == BUTTON:
        if match.url_name not in OF_ONE:
            raise NotEmbedded(_("A button needs the address of one course or of one date."))
        return button_of(match.kwargs, language)
    if match.url_name in OF_ONE:
        raise NotEmbedded(_("This is the page of one course: choose a button for it."))
    if match.url_name not in LISTS:
        said = _("This is no list. Open the courses or the calendar, choose, and copy the address.")
        raise NotEmbedded(said)
    selection = selection_at(match, query)
    if unknown := choices.of(timetable.current(), selection, what).unknown:
        said = _("“%(choice)s” is no choice of “%(kind)s”.")
        raise NotEmbedded(said % dict(zip(("kind", "choice"), unknown[0], strict=True)))
    sort = query.get("sort") if what == COURSES and query.get("sort") in ORDERS else None
    return Listing(what, selection, sort, number, language)


def page_at(text, hosts):
    """(what the address resolves to, its query, its language); NotEmbedded."""
    if text and not text.startswith("/") and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        raise NotEmbedded(_("This is no web address.")) from None
    if parts.netloc and host not in hosts:
        said = _("This is an address of %(host)s. Copy one from this site: %(site)s")
        raise NotEmbedded(said % {"host": host, "site": settings.SITE_URL})
    path = parts.path or "/"
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            raise NotEmbedded(_("There is no such page on this site.")) from None
    return match, QueryDict(parts.query), language


def selection_at(match, query):
    """The selection in a query, and what the page says in its path."""
    query, named = query.copy(), match.kwargs
    if match.url_name in ("category", "instructor"):
        query.appendlist(match.url_name, str(named["remote_id"]))
    if "month" in named:
        query.appendlist("month", f"{named['year']}-{named['month']:02}")
    return Selection.of(query)


def button_of(named, language):
    course = Course.objects.listed().filter(remote_id=named["remote_id"]).first()
    if not course:
        raise NotEmbedded(_("This course is no longer offered."))
    if "date_id" not in named:
        return Button(course, language=language)
    date = CourseDate.objects.listed().filter(course=course, remote_id=named["date_id"]).first()
    if not date:
        raise NotEmbedded(_("This date is no longer offered."))
    return Button(course, date, language)


# --- The line of HTML -----------------------------------------------------------------------


def with_theme(address, theme):
    if not theme:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'theme': theme})}"


def line(embedded, words, theme="", site=""):
    """What a partner pastes: without script a link, with it the list or the button."""
    return format_html(
        '<a href="{}" data-kurs="{}">{}</a> <script async src="{}"></script>',
        f"{site}{embedded.page}",
        with_theme(embedded.address, theme),
        words,
        f"{site}/embed.js",
    )


def bare_frame(embedded, words, theme="", site=""):
    """For sites where no script may be pasted: it does not grow, and is no link without frames."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>',
        f"{site}{with_theme(embedded.address, theme)}",
        words,
        600 if isinstance(embedded, Listing) else 160,
    )
