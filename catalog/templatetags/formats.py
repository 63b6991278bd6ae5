"""Dates, money, numbers and texts as each language writes them (with Babel's data)."""

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from html import unescape
from urllib.parse import quote

from babel import Locale, UnknownLocaleError, dates, numbers
from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext, to_locale

from catalog.clean import clean_html
from catalog.models import Obstacle
from catalog.models.languages import written_language

register = template.Library()
# Of the units of duration those that ISO 8601 has; a semester is as long as a school says.
ISO_UNITS = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D", "weeks": "P{}W"}
ISO_UNITS |= {"months": "P{}M", "years": "P{}Y"}


@cache
def locale_of(language):
    """The Babel locale of an interface language; plain English is the British one, and so is
    that of a language that Babel does not know."""
    try:
        return Locale.parse("en_GB" if language == "en" else to_locale(language))
    except UnknownLocaleError:
        return Locale.parse("en_GB")


def locale():
    return locale_of(get_language() or "nb")


# --- Days and times -----------------------------------------------------------------------------


@register.filter
def day(value):
    """lørdag 21. november 2026, of a date or its ISO text"""
    value = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return dates.format_date(value, "full", locale=locale())


@register.filter
def local_day(moment):
    """The day of a moment, in the site's time zone and in full."""
    return day(timezone.localtime(moment).date())


@register.filter
def short_day(value):
    """lør. 21. nov."""
    return dates.format_skeleton("MMMEd", value, locale=locale())


@register.filter
def coming_day(value):
    """lør. 21. nov., of a day in the months ahead; with the year where it is far off"""
    if value - timezone.localdate() < dt.timedelta(days=300):
        return short_day(value)
    return dates.format_skeleton("yMMMEd", value, locale=locale())


@register.filter
def short_date(value):
    """21. nov. 2026"""
    return dates.format_date(value, "medium", locale=locale())


@register.filter
def month(value):
    """november 2026"""
    return dates.format_skeleton("yMMMM", value, locale=locale())


@register.filter
def weekday_short(value):
    """lør"""
    return dates.format_date(value, "ccc", locale=locale()).rstrip(".")


@register.filter
def month_short(value):
    """nov"""
    return dates.format_date(value, "LLL", locale=locale()).rstrip(".")


@register.filter
def days(date):
    """The day of a CourseDate in full, or its first and last: fre. 20. – søn. 22. nov. 2026
    (a line may break at the dash only)."""
    if not date.lasts_several_days:
        return day(date.starts_on)
    both = dates.format_interval(date.starts_on, date.ends_on, "yMMMEd", locale=locale())
    return " – ".join("\xa0".join(part.split()) for part in both.split("–"))


@register.filter
def clock(value):
    """09:00"""
    return dates.format_time(value, "short", locale=locale())


@register.filter
def times(date):
    """The clock times of a CourseDate: 09:00–15:30; empty where Frontcore has none."""
    if date.start_time is None:
        return ""
    if date.ends_at is None:
        return gettext("from %(time)s") % {"time": clock(date.start_time)}
    return f"{clock(date.start_time)}–{clock(date.end_time)}"


@register.filter
def marked_days(date):
    """The same as `days`, each day as machines read it too; it begins a line."""
    first, _, last = days(date).partition(" – ")
    marked = marked_time(capfirst(first), date.starts_on)
    return format_html("{} – {}", marked, marked_time(last, date.ends_on)) if last else marked


@register.filter
def marked_times(date):
    """The same as `times`, each time as machines read it too, with its distance to UTC."""
    first, _, last = times(date).partition("–")
    if not last or date.ends_at is None:
        return marked_time(times(date), date.starts_at) if first else ""
    return format_html("{}–{}", marked_time(first, date.starts_at), marked_time(last, date.ends_at))


@register.filter
def marked_meeting_times(gathering, zone):
    """The same of a Gathering."""
    starts_at = gathering.starts_at.astimezone(zone)
    first, _, last = meeting_times(gathering, zone).partition("–")
    marked = marked_time(first, starts_at)
    if not last:
        return marked
    return format_html("{}–{}", marked, marked_time(last, gathering.known_end.astimezone(zone)))


def marked_time(words, value):
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def meeting_times(gathering, zone):
    """The clock times of a Gathering, in its date's time zone."""
    starts = clock(gathering.starts_at.astimezone(zone).time())
    if gathering.known_end is None:
        return gettext("from %(time)s") % {"time": starts}
    return f"{starts}–{clock(gathering.known_end.astimezone(zone).time())}"


@register.filter
def meeting_day(gathering, zone):
    return day(gathering.starts_at.astimezone(zone).date())


@register.filter
def local_iso(value):
    """A moment as machines read it, with the site's distance to UTC."""
    return timezone.localtime(value).isoformat(timespec="minutes")


@register.filter
def moment(value):
    """21. nov. 2026 kl. 14:05"""
    local = timezone.localtime(value)
    on = dates.format_date(local, "medium", locale=locale())
    return gettext("%(day)s at %(time)s") % {"day": on, "time": clock(local.time())}


@register.filter
def why_not(date):
    """Why a CourseDate cannot be booked now, in a sentence; empty where it can."""
    obstacle = date.obstacle()
    if obstacle == Obstacle.NOT_OPEN:
        return gettext("Booking opens %(moment)s.") % {"moment": moment(date.opens_at)}
    return obstacle.label if obstacle else ""


@register.filter
def checked(value):
    """Sjekket kl. 14:05; with the day where it was not today."""
    local = timezone.localtime(value)
    if local.date() == timezone.localdate():
        return gettext("Checked at %(time)s") % {"time": clock(local.time())}
    return gettext("Checked %(moment)s") % {"moment": moment(value)}


@register.filter
def iso(value):
    """A day as machines read it: 2026-11-21."""
    return value.isoformat() if isinstance(value, dt.date) else ""


# --- Money and numbers --------------------------------------------------------------------------


@register.filter
def money(amount, currency="NOK"):
    """2 490 kr; with two decimals only where there are øre: 2 490,50 kr"""
    amount = Decimal(amount)
    pattern = locale().currency_formats["standard"].pattern
    if amount == amount.to_integral_value():
        pattern = pattern.replace(".00", "")
    written = numbers.format_currency(
        amount, currency.upper(), pattern, locale=locale(), currency_digits=False
    )
    # NOK 2,490, where Babel writes NOK2,490; and a true minus sign.
    return re.sub(r"([A-Z])(\d)", "\\1\xa0\\2", written).replace("-", "−")


@register.filter
def number(value):
    """1 234,5"""
    return numbers.format_decimal(value, locale=locale())


@register.filter
def duration(course):
    """3 dager, from the value and unit of a course; empty where either is missing or unknown."""
    value = course.duration_value
    words = {
        "minutes": lambda n: ngettext("%(number)s minute", "%(number)s minutes", n),
        "hours": lambda n: ngettext("%(number)s hour", "%(number)s hours", n),
        "days": lambda n: ngettext("%(number)s day", "%(number)s days", n),
        "weeks": lambda n: ngettext("%(number)s week", "%(number)s weeks", n),
        "months": lambda n: ngettext("%(number)s month", "%(number)s months", n),
        "semester": lambda n: ngettext("%(number)s semester", "%(number)s semesters", n),
        "years": lambda n: ngettext("%(number)s year", "%(number)s years", n),
    }
    if not value or course.duration_unit not in words:
        return ""
    whole = 1 if value == 1 else 2
    return words[course.duration_unit](whole) % {"number": number(value.normalize())}


@register.filter
def machine_price(amount, currency="NOK"):
    """NOK 2490, NOK 2490.50: an amount as machines read it."""
    amount = Decimal(amount)
    whole = amount == amount.to_integral_value()
    return f"{currency.upper()} {amount:.{0 if whole else 2}f}"


@register.filter
def iso_duration(course):
    """P3D, PT7H30M: the duration of a course as ISO 8601 has it; empty where that has no word."""
    value, unit = course.duration_value, course.duration_unit
    if not value or unit not in ISO_UNITS:
        return ""
    if value == value.to_integral_value():
        return ISO_UNITS[unit].format(int(value))
    minutes = value * 60
    if unit != "hours" or minutes != minutes.to_integral_value():
        return ""
    return f"PT{int(minutes) // 60}H{int(minutes) % 60}M"


# --- Words --------------------------------------------------------------------------------------


@register.filter
def language_words(code):
    """norsk, engelsk: the name of a language in the language of the page."""
    return locale().languages.get(code, code)


@register.filter
def as_named(name):
    """The name of a category or a level, which Frontcore has in one language: marked as what it
    is on a page in another."""
    if written_language() == written_language(settings.LANGUAGE_CODE):
        return name
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, name)


@register.filter
def plain(html):
    """The text of a piece of HTML in one line, entities resolved."""
    spaced = re.sub(r"<(/p|/li|/h\d|br)\b", r" <\1", html or "")
    return " ".join(unescape(strip_tags(spaced)).split())


@register.filter
def sanitised(html):
    """HTML that staff wrote as the whole text of a page, with nothing in it but structure. Its
    headings follow the page's own h1, where `clean_html` makes room for an h2."""
    clean = re.sub(r"(</?h)([3-6])>", lambda tag: f"{tag[1]}{int(tag[2]) - 1}>", clean_html(html))
    return mark_safe(clean)  # noqa: S308 - it has just been cleaned


@register.filter
def tel(phone):
    """The link that dials a number as people write it."""
    return "tel:" + quote(re.sub(r"[^\d+]", "", phone), safe="+")
