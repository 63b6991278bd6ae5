"""Made-up things in every state a page can show them in, for the page of components. Nothing here
is stored; the page is made of the same templates as all others, so it cannot drift from them."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog import choices, following, month_grid, trail
from catalog.almanac import drawn
from catalog.models import (
    Category,
    Course,
    CourseDate,
    CourseText,
    Gathering,
    Instructor,
    Level,
    Opening,
    Place,
    Provider,
    Seats,
    Venue,
)
from catalog.nearest import Other
from catalog.search import Understood
from catalog.selection import KINDS, Selection
from catalog.suggestions import Suggestions
from catalog.timetable import COURSES, DATES, Timetable

STATUS = CourseDate.Status
TOKENS = ["ground", "surface", "sunken", "ink", "soft", "line", "edge", "rock", "accent"]
TOKENS += ["accent-hover", "link", "good", "good-ground", "wait", "wait-ground", "bad"]
TOKENS += ["bad-ground"]
LEAD = "<p>Trygg bruk av fallsikring, fra plan til redning. Halve dagen er øvelse ute.</p>"
PROSE = """<p>Du lærer å velge og bruke <a href="https://example.org/">utstyret</a>.</p>
<h3>Innhold</h3><ul><li>Regler og ansvar</li><li>Kontroll før bruk</li></ul>
<ol><li>Sikre stedet</li><li>Varsle</li></ol>
<blockquote><p>Ingen jobb haster så mye.</p></blockquote>
<table><tbody><tr><th scope="row">Teori</th><td>3 timer</td></tr></tbody></table>"""


def all_of_them():
    """What the template shows, by name."""
    course, today = a_course(), timezone.localdate()
    dates = dates_in_every_state(course)
    open_date, taught, wrong = dates[0], with_meetings(course), wrong_form()
    course.listed_dates, near = dates, nearest(dates)
    return {
        "tokens": TOKENS,
        "sizes": ["hero", "xxl", "xl", "l", "m", "s"],
        "course": course,
        "text": course.text(),
        "long_course": a_course(title=LONG_TITLE, list_price=None, language="en"),
        "free_course": a_course(title="Frokostmøte: Ny forskrift", list_price=Decimal(0)),
        "dates": dates,
        "open_date": open_date,
        "with_meetings": taught,
        "taught": [taught],
        "full_date": next(date for date in dates if date.known_seats.is_full),
        "opens_later": next(date for date in dates if date.opens_later()),
        "off_date": next(date for date in dates if date.is_cancelled),
        "nearest": near,
        "months": [drawn(today.replace(day=1), [(3, 1), (9, 4), (21, 2)], 4), empty_month(today)],
        "weeks": some_weeks(dates),
        "page": Paginator(range(90), 30).page(2),
        "form": SpecimenForm(prefix="calm"),
        "wrong_form": wrong,
        "wrong_forms": [wrong],
        "participants": [a_participant("given"), a_participant("wrong", **EMPTY_PERSON)],
        "choices": some_choices(),
        "follow": following.of_choices(some_choices()),
        "follow_all": following.of_everything(),
        "follow_course": following.of_course(course),
        "nothing": choices.of(a_timetable(), Selection(place=("bergen",), level=(2,)), COURSES),
        "suggestions": some_suggestions(course, open_date),
        "understood": Understood(("førstehjelp",), instead=True),
        "asked": Provider(name="Fjordskolen", phone="22 00 12 34", email="kurs@example.org"),
        "checked": timezone.now(),
        "trail": trail.of_course(course),
        "price_lines": PRICE_LINES,
        "payer": PAYER,
        "ways": SimpleNamespace(wait=True, fewer=True, dates=near[:2]),
        "answers": [SimpleNamespace(label=gettext("Message"), value="Vegetar", participant=None)],
    }


# --- Courses and dates --------------------------------------------------------------------------

LONG_TITLE = (
    "Working safely at height, with rescue, inspection of equipment and the duties of whoever"
    " is in charge: refresher for experienced supervisors"
)


def kept(row, **relations):
    """The row with its relations as if they had been asked for."""
    cache = {}
    for name, rows in relations.items():
        cache[name] = getattr(row._meta.model, name).rel.model.objects.none()
        cache[name]._result_cache = rows
    row._prefetched_objects_cache = cache
    return row


def a_course(**given):
    values = {
        "pk": 1,
        "remote_id": 1,
        "title": "Arbeid i høyden med redning",
        "public": True,
        "kind": "public",
        "form_of_teaching": 1,
        "language": "no",
        "duration_value": Decimal(2),
        "duration_unit": "days",
        "list_price": Decimal("4950"),
        "price_comment": "Lunsj er med i prisen.",
        "level": Level(title="Grunnkurs"),
    }
    course = Course(**(values | given))
    course.slug = Course.slug_of(course.title)
    course.course_products = []
    course.forms = [gettext("Classroom")]
    course._state.fields_cache["picture"] = None
    text = CourseText(
        pk=1, course=course, language="no", lead=LEAD, description=PROSE, credits="<p>Kursbevis</p>"
    )
    kept(course, categories=[Category(pk=1, remote_id=1, title="Stillas og høyde")])
    course._prefetched_objects_cache["texts"] = listed(CourseText, [text])
    course.next_dates = [a_date(course, days) for days in (9, 40, 70, 100)]
    course.next_dates[1].seats.free = 0
    return course


def listed(model, rows):
    found = model._default_manager.none()
    found._result_cache = rows
    return found


def a_date(course, days=12, *, lasts=1, free=8, opens_at=None, seats=True, **given):
    starts_on = timezone.localdate() + dt.timedelta(days=days)
    values = {
        "pk": 100 + days,
        "remote_id": 100 + days,
        "course": course,
        "title": course.title,
        "starts_on": starts_on,
        "ends_on": starts_on + dt.timedelta(days=lasts - 1),
        "start_time": dt.time(9),
        "end_time": dt.time(15, 30),
        "timezone": settings.TIME_ZONE,
        "status": STATUS.WILL_RUN,
        "place": Place(pk=1, title="Tromsø", county="Troms"),
        "venue": a_venue(),
        "public": True,
    }
    date = kept(CourseDate(**(values | given)), instructors=[])
    date.meetings = []
    date._state.fields_cache["opening"] = None
    if opens_at:
        Opening(date=date, opens_at=opens_at)
    if seats:
        Seats(date=date, capacity=12, free=free, booked=12 - free)
    else:
        date._state.fields_cache["seats"] = None
    return date


def a_venue(**given):
    values = {"title": "Maritimt øvingssenter", "address": "Stakkevollvegen 51", "city": "Tromsø"}
    return Venue(**({"pk": 1, "remote_id": 1, "zipcode": "9010"} | values | given))


def dates_in_every_state(course):
    """Open, few seats, full, unknown, several days, online elsewhere, not open yet, past its
    deadline, postponed, cancelled, no longer offered, over, booked elsewhere."""
    today = timezone.localdate()
    elsewhere = a_course(external_booking_url="https://example.org/book")
    return [
        a_date(course, 12, closes_on=today + dt.timedelta(days=9)),
        a_date(course, 13, free=2),
        a_date(course, 14, free=0),
        a_date(course, 15, seats=False, status=STATUS.TO_BE_CONFIRMED),
        a_date(course, 16, lasts=3),
        a_date(course, 17, is_virtual=True, timezone="Europe/London", start_time=None),
        a_date(course, 18, opens_at=timezone.now() + dt.timedelta(days=3)),
        a_date(course, 19, closes_on=today - dt.timedelta(days=1)),
        a_date(course, 20, status=STATUS.POSTPONED),
        a_date(course, 21, status=STATUS.CANCELLED),
        a_date(course, 22, withdrawn_at=timezone.now()),
        a_date(course, -2),
        a_date(elsewhere, 23, venue=None, place=None),
    ]


def with_meetings(course):
    teacher = Instructor(pk=1, remote_id=1, name="Kari Nordmann", position="Instruktør")
    date = kept(a_date(course, 30, lasts=3), instructors=[teacher])
    for day, theme in ((0, gettext("Theory")), (2, gettext("Practice"))):
        on = date.starts_on + dt.timedelta(days=day)
        starts_at = dt.datetime.combine(on, dt.time(9), tzinfo=date.zone)
        meeting = Gathering(
            pk=day + 1,
            remote_id=day + 1,
            date=date,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=6),
            theme=theme,
            venue=a_venue(),
        )
        date.meetings.append(kept(meeting, instructors=[teacher]))
    return date


def nearest(dates):
    return [
        Other(dates[0], km=None, is_same_venue=True, is_alike=False),
        Other(dates[1], km=38, is_same_venue=False, is_alike=False),
        Other(dates[4], km=None, is_same_venue=False, is_alike=True),
    ]


def some_weeks(dates):
    """Of the wall calendar: bars within a week and across two, a crowded day, a week without."""
    month = timezone.localdate().replace(day=1)
    if month.weekday() == 0:  # its first week would hold no days of another month
        month = (month + dt.timedelta(days=31)).replace(day=1)
    monday = month + dt.timedelta(days=7 - month.weekday())

    def days(first, last):
        return monday + dt.timedelta(days=first), monday + dt.timedelta(days=last)

    open_date, full, long, off = dates[0], dates[2], dates[4], dates[9]
    shown = [
        (long, (days(0, 2),)),
        (off, (days(1, 2),)),
        (full, (days(3, 3),)),
        (off, (days(4, 4),)),
        (open_date, (days(4, 4), days(5, 5))),
        (long, (days(6, 8),)),
        *[(date, (days(10, 10),)) for date in dates[:9]],
    ]
    weeks = month_grid.laid_out(month, [(at, spells) for at, (_date, spells) in enumerate(shown)])
    for week in weeks:
        for day in week.days:
            day.opening_address = day.earlier_address = "#c-dates"
            for piece in day.pieces:
                piece.date = shown[piece.date][0]
    return weeks[:4]


def empty_month(today):
    return drawn((today.replace(day=1) + dt.timedelta(days=31)).replace(day=1), [], 1)


# --- Choosing -----------------------------------------------------------------------------------


TOWNS = ["Balsfjord", "Harstad", "Karlsøy", "Kvænangen", "Lavangen", "Lyngen", "Målselv"]
TOWNS += ["Nordreisa", "Salangen", "Senja", "Skjervøy", "Storfjord", "Sørreisa"]


def a_timetable():
    """Three dates and a course without one, enough for filters in every state."""
    today = timezone.localdate().toordinal()
    found_by = {kind: {} for kind in [*KINDS, "course", "venue"]}
    month = timezone.localdate().strftime("%Y-%m")
    towns = {f"troms.{name.lower()}": [0] for name in TOWNS}
    found_by |= {
        "category": {1: [0, 1, 2], 2: [0], 3: [2, 3]},
        "place": {"troms": [0, 1], "troms.tromso": [0, 1], "bergen": [2]} | towns,
        "form": {"classroom": [0, 1], "online": [2]},
        "level": {1: [0, 1], 2: [2]},
        "month": {month: [0, 1, 2], "2031-01": [2]},
        "free": {True: [0]},
        "sure": {True: [0, 1]},
        "course": {1: [0, 1], 2: [2], 3: [3]},
    }
    labels = {
        "category": {1: "Høyde", 2: "Fallsikring", 3: "Førstehjelp"},
        "place": {"troms": "Troms", "troms.tromso": "Tromsø", "bergen": "Bergen"}
        | {f"troms.{name.lower()}": name for name in TOWNS},
        "level": {1: gettext("Basic"), 2: gettext("Refresher")},
    }
    return Timetable(
        dates=[1, 2, 3],
        days=[today + 3, today + 8, today + 9],
        spells={},
        courses=[1, 2, 3],
        course_of=[0, 0, 1, 2],
        off=[],
        newest_dates=[0, 1, 2],
        newest_courses=[0, 1, 2],
        changed={},
        found_by=found_by,
        labels={kind: labels.get(kind, {}) for kind in KINDS},
        above={kind: {} for kind in KINDS}
        | {"category": {2: 1}, "place": dict.fromkeys(["troms.tromso", *towns], "troms")},
    )


def some_choices():
    chosen = Selection(place=("troms",), free=True, unreadable=(("month", "sommer"),))
    return choices.of(a_timetable(), chosen, COURSES)


def some_suggestions(course, date):
    course.next_dates[0] = date
    table = choices.of(a_timetable(), Selection(), DATES)
    subject = choices.Link("category", "Førstehjelp", table.action, hits=2, hits_words="2")
    place = choices.Link("place", "Tromsø", table.action, hits=2, hits_words="2")
    return Suggestions([course], [("", subject)], [("høyde", place)], 7, table.action)


# --- Forms --------------------------------------------------------------------------------------


class SpecimenForm(forms.Form):
    """A field of each kind."""

    name = forms.CharField(label=_("Name"))
    reference = forms.CharField(
        label=_("Your reference"), required=False, help_text=_("What your accounts ask for.")
    )
    message = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}))
    level = forms.ChoiceField(label=_("Level"), choices=[("1", _("Basic")), ("2", _("Refresher"))])
    who = forms.ChoiceField(
        label=_("Who pays?"),
        widget=forms.RadioSelect,
        choices=[("private", _("A private person")), ("company", _("A company"))],
    )
    terms = forms.BooleanField(
        label=_("I accept the terms"), help_text=_("They open in a new tab.")
    )


def wrong_form():
    """The same, sent empty."""
    form = SpecimenForm({"wrong-name": ""}, prefix="wrong")
    form.full_clean()
    return form


class ParticipantForm(forms.Form):
    firstname = forms.CharField(label=_("First name"))
    lastname = forms.CharField(label=_("Surname"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    index, extras = 0, ()

    def __init__(self, *args, number, twice=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.number, self.twice = number, twice
        self.legend = gettext("Participant %(number)s") % {"number": number}


EMPTY_PERSON = {"data": {"wrong-p-firstname": "Kari"}, "number": 2, "twice": 1}


def a_participant(name, number=1, **given):
    return ParticipantForm(
        given.get("data"), prefix=f"{name}-p", number=number, twice=given.get("twice")
    )


# --- What it costs ------------------------------------------------------------------------------

PRICE_LINES = [
    {"kind": "course", "quantity": 2, "unit": "4950", "amount": "9900"},
    {"kind": "campaign", "percent": "10", "amount": "-990"},
    {"kind": "net", "amount": "8910"},
    {"kind": "vat", "percent": "25", "amount": "2227.5"},
    {"kind": "total", "amount": "11137.5"},
    {"kind": "voucher", "amount": "-1000", "left": "0"},
    {"kind": "to_pay", "amount": "10137.5"},
]
PAYER = SimpleNamespace(
    buyer="company",
    company="Bygg Eksempel AS",
    company_number="123 456 785",
    booker_email="kari@example.org",
    invoice_address="Storgata 1",
    invoice_zipcode="9008",
    invoice_city="Tromsø",
    invoice_reference="PO-4471",
)
