"""A course, with the dates that its page shows."""

from django.utils import timezone
from django.utils.text import Truncator

from catalog.structured import provider
from catalog.structured.events import event, price_of, prices_of
from catalog.structured.graph import absolute, told
from catalog.templatetags.formats import iso_duration, plain
from catalog.templatetags.pictures import picture_of

MOST = 300  # characters of a long description


def course(course, text, dates=()):
    """`text`: the one that the page shows, if any."""
    offers = {"@type": "Offer", **price_of(course), "priceSpecification": prices_of(course)}
    picture = picture_of(course)
    return told(
        in_brief(course, text)
        | {
            "image": absolute(picture.image.url) if picture else "",
            "educationalLevel": course.level.title if course.level else "",
            "timeRequired": iso_duration(course),
            "inLanguage": course.language,
            "offers": told(offers) if course.price is not None else None,
            "hasCourseInstance": [instance(course, date) for date in dates],
        }
    )


def gone_course(course, text):
    """One that is no longer offered."""
    expired = {"expires": timezone.localdate(course.withdrawn_at).isoformat()}
    return told(in_brief(course, text) | expired)


def in_brief(course, text):
    return {
        "@type": "Course",
        "name": course.title,
        "url": absolute(course.get_absolute_url()),
        "description": about(text) if text else "",
        "provider": provider.reference(),
    }


def about(text):
    """What stands first on the page of what the course is about."""
    return plain(text.lead) or Truncator(plain(text.description)).chars(MOST)


def instance(course, date):
    workload = iso_duration(course) if course.duration_unit in {"minutes", "hours"} else ""
    return told(event(date) | {"courseWorkload": workload})
