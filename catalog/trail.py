"""Where a page lies: what its crumbs show, and search engines beside its title."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalog.models.languages import written_language
from catalog.templatetags.formats import days


@dataclass(frozen=True)
class Crumb:
    """`address`: empty where nothing lies. `language`: of the label, where it is not the page's."""

    label: str
    address: str
    language: str = ""


@dataclass(frozen=True)
class Trail:
    """The pages above, the outermost first, and the page itself, which its heading names."""

    above: list
    here: Crumb


def of_course(course):
    categories = course.categories.all()[:1]
    return Trail([courses(), *map(named, categories)], titled(course))


def of_date(date):
    words = " ".join(days(date).split())
    here = Crumb(capfirst(words), date.get_absolute_url())
    return Trail([courses(), titled(date.course)], here)


def of_category(category, above):
    """`above`: the categories it lies in, the outermost first, each with label and address."""
    above = [Crumb(link.label, link.address, language_of_names()) for link in above]
    return Trail([courses(), *above], named(category))


def of_venue(venue):
    above = [Crumb(gettext("Venues"), reverse("venue_list"))]
    if venue.county and not venue.is_virtual:
        above.append(Crumb(venue.county, ""))
    return Trail(above, Crumb(venue.name, venue.get_absolute_url()))


def of_instructor(person):
    above = [Crumb(gettext("Instructors"), reverse("instructor_list"))]
    return Trail(above, Crumb(person.name, person.get_absolute_url()))


def courses():
    return Crumb(gettext("Courses"), reverse("course_list"))


def titled(course):
    return Crumb(course.title, course.get_absolute_url(), course.title_language)


def named(category):
    return Crumb(category.title, category.get_absolute_url(), language_of_names())


def language_of_names():
    """Frontcore has the names of categories in one language."""
    own = written_language(settings.LANGUAGE_CODE)
    return "" if written_language() == own else settings.LANGUAGE_CODE
