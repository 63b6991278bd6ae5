"""What may be asked, as a table: the addresses, what they take, and the shape of their answers."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.models import Form
from catalog.public_data import shapes

PER_PAGE, MOST_PER_PAGE = 30, 100
LAST_PAGE = 999_999


@dataclass(frozen=True)
class Parameter:
    name: str
    words: str
    schema: dict
    example: object
    several: bool = False

    @property
    def written(self):
        """The example, as an address has it."""
        return f"{self.name}={self.example[0] if self.several else self.example}"


@dataclass(frozen=True)
class Operation:
    """`name` is that of the address, `path` what follows /api/v1."""

    name: str
    path: str
    words: str
    answer: type[shapes.Shape]
    takes: tuple[Parameter, ...] = ()
    of_one: bool = False  # so it may be unknown, or gone


KEY = {"type": "integer", "minimum": 1, "maximum": 999_999_999_999_999_999}
DAY = {"type": "string", "format": "date"}
YES = {"type": "string", "enum": ["1", "on", "true"]}
FILTERS = (  # those of the site, by the same names (catalog/selection.py)
    Parameter("q", _("Words to search for."), {"type": "string"}, "førstehjelp"),
    Parameter("category", _("Categories, with all that lies in them."), KEY, [5210], several=True),
    Parameter(
        "place",
        _("Counties, or towns in them, by their keys."),
        {"type": "string", "pattern": r"^[a-z0-9-]+(\.[a-z0-9-]+)?$"},
        ["vestland.bergen"],
        several=True,
    ),
    Parameter(
        "form",
        _("How a date is held."),
        {"type": "string", "enum": Form.values},
        ["online"],
        several=True,
    ),
    Parameter("level", _("Levels."), KEY, [2], several=True),
    Parameter(
        "language",
        _("Languages of teaching."),
        {"type": "string", "pattern": "^[a-z]{2,3}$"},
        ["no"],
        several=True,
    ),
    Parameter("instructor", _("Instructors."), KEY, [77], several=True),
    Parameter(
        "month",
        _("Months in which a date starts."),
        {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"},
        ["2026-12"],
        several=True,
    ),
    Parameter("since", _("Dates that start on that day or later."), DAY, "2026-12-01"),
    Parameter("until", _("Dates that start on that day or earlier."), DAY, "2026-12-31"),
    Parameter("free", _("Only dates that can be booked and are not full."), YES, "1"),
    Parameter("sure", _("Only dates that are certain to run."), YES, "1"),
)
SORT = Parameter(
    "sort",
    _("By the next date, and not by title (with words to search for: not the best first)."),
    {"type": "string", "enum": ["date"]},
    "date",
)
PAGES = (
    Parameter("page", _("Which page."), {"type": "integer", "minimum": 1, "maximum": LAST_PAGE}, 2),
    Parameter(
        "per_page",
        _("How many on a page, 100 at most; 30 unless it is said."),
        {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE},
        MOST_PER_PAGE,
    ),
)


def operations():
    """The table, as the settings of the site have it."""
    filters = tuple(it for it in FILTERS if it.name != "instructor" or settings.SHOW_INSTRUCTORS)
    table = [
        Operation("api_index", "/", _("What there is"), shapes.Index),
        Operation(
            "api_courses",
            "/courses/",
            _("The courses that are offered"),
            shapes.Courses,
            (*filters, SORT, *PAGES),
        ),
        Operation("api_course", "/courses/{id}/", _("One course"), shapes.Course, of_one=True),
        Operation(
            "api_dates",
            "/dates/",
            _("The dates ahead, in the order of time"),
            shapes.Dates,
            (*filters, *PAGES),
        ),
        Operation("api_date", "/dates/{id}/", _("One date"), shapes.Date, of_one=True),
        Operation("api_categories", "/categories/", _("Categories"), shapes.Categories, PAGES),
        Operation("api_levels", "/levels/", _("Levels"), shapes.Levels, PAGES),
        Operation("api_places", "/places/", _("Counties and towns"), shapes.Places, PAGES),
        Operation("api_venues", "/venues/", _("Venues with dates ahead"), shapes.Venues, PAGES),
    ]
    if settings.SHOW_INSTRUCTORS:
        words = _("Instructors with dates ahead")
        people = shapes.Instructors
        table.append(Operation("api_instructors", "/instructors/", words, people, PAGES))
    return table


def taken_by(name):
    """Names of the parameters that an operation takes."""
    return {it.name for each in operations() if each.name == name for it in each.takes}
