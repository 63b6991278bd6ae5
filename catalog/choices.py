"""What may be chosen on the list of courses and in the calendar, and what each choice would give.

A page asks once, redirects where its state has another address, and shows the answer:

    found = choices.of(timetable.current(), Selection.of(request.GET), DATES, reverse("calendar"))
    if address := found.elsewhere(request, page=request.GET.get("page")):
        return redirect(address)
    context |= {"choices": found, "noindex": found.noindex, "canonical": found.address()}

    {% include "catalog/_filters.html" with choices=choices only %}  the panel, a plain GET form
    {% include "catalog/_chosen.html" with choices=choices only %}   what is chosen, to be removed
    {% include "catalog/_nothing.html" with choices=choices only %}  an empty result's ways out

Dates are found with `found.selection`: it holds what is known only.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import parse_qsl

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Form
from catalog.models.course import alphabetical
from catalog.selection import KINDS, Selection
from catalog.templatetags.formats import language_words, locale, month, number, short_date
from catalog.timetable import COURSES, DATES

LABELS = {
    "q": _("Words"),
    "category": _("Subject area"),
    "place": _("Place"),
    "form": _("Format"),
    "month": _("Month"),
    "since": _("From"),
    "until": _("To"),
    "level": _("Level"),
    "instructor": _("Instructor"),
    "language": _("Language"),
    "free": _("Free seats"),
    "sure": _("Certain to run"),
}
NAMED = ("category", "place", "level", "instructor")  # by the database
LISTS = ("category", "place", "form", "month", "level", "instructor", "language")
SWITCHES = ("free", "sure")
LONG = 12  # choices of a kind; of a longer one the first few are in sight, the rest a press away
FEW = 6
EXTRAS = ("sort", "page")  # beside the selection, what an address may say


@dataclass
class Choice:
    kind: str
    value: object
    label: str
    hits: int
    chosen: bool
    depth: int = 0
    under: list = field(default_factory=list)

    @property
    def text(self):
        """The value as it stands in an address."""
        return "1" if self.value is True else str(self.value)

    @property
    def is_open(self):
        """Whether it, or one that lies in it, is chosen."""
        return self.chosen or any(choice.is_open for choice in self.under)


@dataclass
class Kind:
    name: str
    choices: list

    @property
    def label(self):
        return LABELS[self.name]

    @cached_property
    def is_long(self):
        return sum(1 + len(choice.under) for choice in self.choices) > LONG

    @property
    def in_sight(self):
        """All of a short kind; of a long one the first few, and whatever is chosen."""
        return [choice for choice in self.choices if choice not in self.more]

    @cached_property
    def more(self):
        if not self.is_long or len(self.choices) <= FEW + 1:
            return []
        return [choice for choice in self.choices[FEW:] if not choice.is_open]


@dataclass
class Link:
    """A state, known by the choice that leads to it, or whose removal does."""

    kind: str
    label: str
    address: str
    hits: int | None = None  # where they were counted
    hits_words: str = ""

    @property
    def kind_label(self):
        return LABELS[self.kind]


def of(timetable, selection, what, path=None):
    """The Choices beside a list of `what` (DATES or COURSES) at that path; without a path, the
    list of courses or the calendar."""
    return Choices(timetable, selection, what, path)


class Choices:
    """selection: what is chosen and known. unknown: what was asked for and is no choice, as
    (kind, words)."""

    def __init__(self, timetable, selection, what, path=None):
        self.timetable, self.what, self.path = timetable, what, path
        self.unknown = [(LABELS[kind], text) for kind, text in selection.unreadable]
        for kind, value in selection.chosen():
            if not self._knows(kind, value):
                selection = selection.without(kind, value)
                self.unknown.append((LABELS[kind], str(value)))
        self.selection = selection

    def _knows(self, kind, value):
        if kind == "instructor" and not settings.SHOW_INSTRUCTORS:
            return False
        if kind in NAMED:
            return value in self.timetable.labels[kind]
        return kind != "language" or value in locale().languages

    # --- Addresses ----------------------------------------------------------------------------

    def address(self, selection=None, **more):
        """The one address of a state (by default the one that is chosen), with `sort` or `page`
        behind it. A single category and nothing else has its own page among the courses."""
        selection = self.selection if selection is None else selection
        path, query = self.path, selection.query(**more)
        if path is None and self.what == DATES:
            path = reverse("calendar")
        if path is None:
            path = reverse("course_list")
            if category := only_category(selection):
                label = self.timetable.labels["category"].get(category, "")
                path = Category(remote_id=category, title=label).get_absolute_url()
                query = Selection().query(**more)
        return f"{path}?{query}" if query else path

    def elsewhere(self, request, **more):
        """The one address of this state, where another one was asked for; else None. An address
        with an unknown choice stays: its page says so."""
        if self.unknown:
            return None
        asked = parse_qsl(request.META["QUERY_STRING"], keep_blank_values=True)
        asked = [pair for pair in asked if pair[0] in KINDS or pair[0] in EXTRAS]
        address = self.address(**more)
        path, _, query = address.partition("?")
        return None if (request.path, asked) == (path, parse_qsl(query)) else address

    @property
    def query(self):
        return self.selection.query()

    @property
    def action(self):
        """Where the form asks."""
        return self.path or reverse("calendar" if self.what == DATES else "course_list")

    @property
    def all_removed(self):
        return self.address(Selection())

    @property
    def noindex(self):
        """Only the whole list, and the page of a category, are for search engines (0022)."""
        is_category = self.what == COURSES and only_category(self.selection)
        return bool(self.unknown) or (bool(self.selection) and not is_category)

    # --- What is found ------------------------------------------------------------------------

    @cached_property
    def hits(self):
        return self.timetable.number(self.selection, self.what)

    @property
    def hits_words(self):
        return in_words(self.hits, self.what)

    # --- What is on offer ---------------------------------------------------------------------

    @cached_property
    def kinds(self):
        """The kinds with a list to choose from; one with fewer than two values is left out, unless
        something of it is chosen."""
        found = (self._kind(name) for name in LISTS)
        return [kind for kind in found if kind]

    @cached_property
    def switches(self):
        """The choices that are yes or no, as Choice; those that no date fits are left out."""
        found = []
        for name in SWITCHES:
            hits = self.timetable.counts(self.selection, self.what, name).get(True)
            chosen = self.selection.has(name, True)
            if hits is not None or chosen:
                found.append(Choice(name, True, self._label(name, True), hits or 0, chosen))
        return found

    def _kind(self, name):
        if name == "instructor" and not settings.SHOW_INSTRUCTORS:
            return None
        chosen = getattr(self.selection, name)
        counts = self.timetable.counts(self.selection, self.what, name)
        if len(counts) < 2 and not chosen:
            return None
        if name == "place":
            counts = self._without_doubles(counts)
        if len(counts) > LONG:
            counts = {value: hits for value, hits in counts.items() if hits}
        counts |= {value: counts.get(value, 0) for value in chosen}
        return Kind(name, self._tree(name, counts))

    def _tree(self, name, counts):
        """The choices of a kind in order, each with those that lie in it."""
        above, under = self.timetable.above.get(name, {}), {}
        for value in sorted(counts, key=lambda value: self._order(name, value)):
            parent = above.get(value)
            under.setdefault(parent if parent in counts else None, []).append(value)

        def branch(value, depth):
            within = [branch(each, depth + 1) for each in under.get(value, ())]
            chosen = self.selection.has(name, value)
            label = self._label(name, value)
            return Choice(name, value, label, counts[value], chosen, depth, within)

        return [branch(value, 0) for value in under.get(None, ())]

    def _without_doubles(self, counts):
        """A county in which all is held in one town is the same choice as that town."""
        above, towns = self.timetable.above["place"], {}
        for place in self.timetable.found_by["place"]:
            towns.setdefault(above.get(place), []).append(place)
        rows = self.timetable.found_by["place"]
        return {
            place: hits
            for place, hits in counts.items()
            if self.selection.has("place", place)
            or len(towns.get(place, ())) != 1
            or len(rows[place]) != len(rows[towns[place][0]])
        }

    def _order(self, kind, value):
        if kind == "form":
            return Form.values.index(value)
        return value if kind == "month" else alphabetical(self._label(kind, value))

    def _label(self, kind, value):
        if kind in NAMED:
            return self.timetable.labels[kind].get(value) or str(value)
        match kind:
            case "form":
                return str(Form(value).label)
            case "language":
                return capfirst(language_words(value))
            case "month":
                return capfirst(month(dt.date.fromisoformat(f"{value}-01")))
            case "since":
                return gettext("from %(day)s") % {"day": short_date(value)}
            case "until":
                return gettext("until %(day)s") % {"day": short_date(value)}
            case "q":
                return value
        return str(LABELS[kind])

    def categories_above(self, category):
        """The categories it lies in, the outermost first, as Link."""
        above, line = self.timetable.above["category"], []
        while (category := above.get(category)) and category not in line:
            line.insert(0, category)
        return [self._category_link(each) for each in line]

    def categories_within(self, category=None):
        """Those that lie in it, or the outermost ones, as Link with their hits; none is empty."""
        hits = self.timetable.counts(Selection(), self.what, "category")
        above, labels = self.timetable.above["category"], self.timetable.labels["category"]
        within = [each for each in hits if above.get(each) == category and hits[each]]
        within.sort(key=lambda each: alphabetical(labels[each]))
        return [self._category_link(each, hits[each]) for each in within]

    def _category_link(self, category, hits=None):
        label = self.timetable.labels["category"][category]
        address = self.address(Selection(category=(category,)))
        return Link("category", label, address, hits)

    # --- What is chosen -----------------------------------------------------------------------

    @cached_property
    def chips(self):
        """What is chosen, each as a Link to the state without it."""
        return [
            Link(kind, self._label(kind, value), self.address(self.selection.without(kind, value)))
            for kind, value in self.selection.chosen()
        ]

    @property
    def in_words(self):
        """Bergen, Free seats: what is chosen, as part of a title."""
        return ", ".join(chip.label for chip in self.chips)

    @property
    def turned(self):
        """Where the last day stands before the first: the state with the two changed over, as a
        Link with its hits; else None."""
        if not self.selection.is_backwards:
            return None
        turned = self.selection.turned()
        hits = self.timetable.number(turned, self.what)
        days = f"{short_date(turned.since)} – {short_date(turned.until)}"
        return Link("since", days, self.address(turned), hits, in_words(hits, self.what))

    @property
    def best_removal(self):
        """The kind without which most would be found, as a Link with its hits; None where no
        single kind is to blame."""
        return self.best_removal_with()

    def best_removal_with(self, **beside):
        """The same where something is chosen beside the selection, such as the month that is
        shown."""
        options = []
        for kind in dict.fromkeys(chip.kind for chip in self.chips):
            without = self.selection.without(kind)
            hits = self.timetable.number(replace(without, **beside), self.what)
            labels = [chip.label for chip in self.chips if chip.kind == kind]
            if hits:
                words = in_words(hits, self.what)
                options.append(Link(kind, ", ".join(labels), self.address(without), hits, words))
        return max(options, key=lambda chip: chip.hits, default=None)


def only_category(selection):
    """The id of the category, where it is all that is chosen; else None."""
    if len(selection.category) == 1 and not selection.without("category"):
        return selection.category[0]
    return None


def words_of(timetable, selection):
    """Bergen, Free seats: all that is chosen, also what nothing is found with at present."""
    label = Choices(timetable, Selection(), DATES)._label
    return ", ".join(label(kind, value) for kind, value in selection.chosen())


def in_words(hits, what):
    """12 courses"""
    if what == DATES:
        return ngettext("%(number)s date", "%(number)s dates", hits) % {"number": number(hits)}
    return ngettext("%(number)s course", "%(number)s courses", hits) % {"number": number(hits)}
