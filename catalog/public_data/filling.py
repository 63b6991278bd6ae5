"""Fills the shapes from our rows: what an answer tells, by the properties that the pages show."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from catalog.models import Category, CourseDate, Offer
from catalog.models.copied import last_changed
from catalog.models.course import alphabetical
from catalog.public_data import shapes
from catalog.templatetags.formats import duration, plain, why_not
from catalog.templatetags.pictures import picture_of


def absolute(path):
    return urljoin(settings.SITE_URL, path)


def address(name, *args):
    return absolute(reverse(name, args=args))


def moment(value):
    """To the second, in the site's time zone; None stays None."""
    return value and timezone.localtime(value).replace(microsecond=0)


def amount(value):
    return None if value is None else f"{value:.2f}"


# --- Courses --------------------------------------------------------------------------------


def course_name(course):
    return {
        "id": course.remote_id,
        "title": course.title,
        "title_language": course.title_language,
        "url": absolute(course.get_absolute_url()),
        "api_url": address("api_course", course.remote_id),
    }


def price(course):
    return shapes.Price(
        amount=amount(course.price),
        currency=course.currency,
        includes_vat=course.is_vat_included,
        vat_percent=amount(course.vat_percent),
        amount_with_vat=amount(course.price_with_vat),
        words=plain(render_to_string("catalog/_price.html", {"course": course})),
        comment=course.price_comment or None,
    )


def course_facts(course):
    text = course.text()
    return course_name(course) | {
        "lead": (plain(text.lead) or None) if text else None,
        "text_language": text.html_language if text else None,
        "price": price(course),
        "duration": length(course),
        "categories": [named(category) for category in sorted_by_title(course.categories.all())],
        "level": course.level and named(course.level),
        "language": course.language or None,
        "image": image(course),
        "calendar_url": address("course_feed", course.remote_id),
        "appeared_at": moment(course.appeared_at),
        "changed_at": moment(last_changed(course, text, course.main_product)),
    }


def course_in_list(course, dates):
    """A course with the few next dates that a list shows."""
    dates = [shapes.DateInBrief(**brief(date)) for date in dates]
    return shapes.CourseInList(**course_facts(course), next_dates=dates)


def course_whole(course):
    """A course with all its listed dates (needs `with_dates` and what its page loads)."""
    text = course.text()
    sections = text.sections() if text else ()
    return shapes.Course(
        **course_facts(course),
        form_words=str(course.form_words) or None,
        texts=[
            shapes.Text(name=name, heading=str(capfirst(heading)), html=html)
            for name, heading, html in sections
        ],
        dates=[date_whole(date) for date in course.listed_dates],
    )


def named(thing):
    return shapes.Named(id=thing.remote_id, title=thing.title)


def sorted_by_title(things):
    return sorted(things, key=lambda thing: alphabetical(thing.title))


def length(course):
    words = duration(course)
    if not words:
        return None
    value = amount(course.duration_value)
    return shapes.Duration(value=value, unit=course.duration_unit, words=words)


def image(course):
    picture = picture_of(course)
    if picture is None:
        return None
    alternative, language = picture.alternative_shown
    return shapes.Image(
        url=absolute(picture.image.url),
        width=picture.width,
        height=picture.height,
        sizes=[
            shapes.ImageSize(url=absolute(default_storage.url(picture.name_of(width))), width=width)
            for width in picture.widths
        ],
        alternative=alternative,
        alternative_language=language,
    )


# --- Dates ----------------------------------------------------------------------------------


def brief(date):
    return {
        "id": date.remote_id,
        "url": absolute(date.get_absolute_url()),
        "api_url": address("api_date", date.remote_id),
        "starts_on": date.starts_on,
        "ends_on": date.ends_on,
        "starts_at": date.starts_at if date.start_time else None,
        "ends_at": date.ends_at,
        "time_zone": str(date.zone),
        "form": shapes.Form(code=str(date.form), words=str(date.form.label)),
        "place": place(date),
        "status": status(date),
        "seats": seats(date),
        "booking": booking(date),
    }


def date_whole(date):
    """A date with its course (needs `with_course` and `with_gatherings`)."""
    dropped_at = date.gathering_dropped_at or date.changed_at
    return shapes.Date(
        **brief(date),
        course=shapes.CourseName(**course_name(date.course)),
        price=price(date.course),
        language=date.language or None,
        venue=None if date.is_virtual or not date.venue else venue(date.venue),
        gatherings=[gathering(meeting, date) for meeting in date.own_meetings],
        instructors=[instructor(person) for person in date.teachers],
        calendar_url=address("date_feed", date.course.remote_id, date.remote_id),
        appeared_at=moment(date.appeared_at),
        changed_at=moment(max(last_changed(date, *date.meetings), dropped_at)),
    )


def place(date):
    if not date.where:
        return None
    note = date.place_note if date.place else ""
    return shapes.Place(name=str(date.where), note=note or None)


def status(date):
    if not date.status:
        return None
    code = CourseDate.Status(date.status).name.lower()
    return shapes.Status(code=code, words=capfirst(date.get_status_display()))


def seats(date):
    if not date.seats_matter:
        return None
    known = date.known_seats
    free = known.free if known.number_shown else None
    return shapes.Seats(state=str(known.state), words=capfirst(known.in_words), free=free)


def booking(date):
    offer, obstacle = date.offer, date.obstacle()
    url = None
    if offer in {Offer.BOOK, Offer.WAITING}:
        url = address("book", date.remote_id)
    elif offer == Offer.ELSEWHERE:
        url = date.course.external_booking_url
    why = why_not(date)
    return shapes.Booking(
        offer=str(offer) or "nothing",
        words=str(offer.label or why),
        url=url,
        reason=obstacle and str(obstacle),
        reason_words=str(why) or None,
        opens_at=moment(date.opens_at),
        closes_on=date.closes_on,
    )


def gathering(meeting, date):
    ends_at = meeting.known_end
    ids = (date.course.remote_id, date.remote_id, meeting.remote_id)
    return shapes.Gathering(
        id=meeting.remote_id,
        starts_at=meeting.starts_at.astimezone(date.zone),
        ends_at=ends_at and ends_at.astimezone(date.zone),
        theme=meeting.theme or None,
        venue=meeting.venue and venue(meeting.venue),
        instructors=[instructor(person) for person in meeting.teachers],
        calendar_url=address("gathering_feed", *ids),
    )


# --- Where, by whom, about what -------------------------------------------------------------


def category(id, title, parent, courses, dates):
    url = absolute(Category(remote_id=id, title=title).get_absolute_url())
    return shapes.Category(id=id, title=title, url=url, parent=parent, courses=courses, dates=dates)


def level(id, title, _, courses, dates):
    return shapes.Level(id=id, title=title, courses=courses, dates=dates)


def place_known(key, name, county, courses, dates):
    return shapes.PlaceKnown(key=key, name=name, county=county, courses=courses, dates=dates)


def venue_facts(venue):
    latitude, longitude = venue.point or (None, None)
    return {
        "id": venue.remote_id,
        "name": venue.name,
        "url": absolute(venue.get_absolute_url()),
        "online": venue.is_virtual,
        "address": venue.address or None,
        "postcode": venue.zipcode or None,
        "city": venue.city or None,
        "county": venue.county or None,
        "country": venue.country_code or None,
        "latitude": latitude,
        "longitude": longitude,
    }


def venue(venue):
    return shapes.Venue(**venue_facts(venue))


def instructor_facts(person):
    url = absolute(person.get_absolute_url())
    return {"id": person.remote_id, "name": person.name, "url": url}


def instructor(person):
    return shapes.Instructor(**instructor_facts(person))


def venue_used(it, dates):
    return shapes.VenueUsed(**venue_facts(it), dates=dates)


def instructor_busy(person, dates):
    return shapes.InstructorBusy(**instructor_facts(person), dates=dates)


def gone(thing, withdrawn_at):
    """What is still said of a course or a date that is no longer offered."""
    is_date = isinstance(thing, CourseDate)
    return shapes.Gone(
        id=thing.remote_id,
        title=thing.course.title if is_date else thing.title,
        starts_on=thing.starts_on if is_date else None,
        withdrawn_at=moment(withdrawn_at),
        url=absolute(thing.get_absolute_url()),
    )
