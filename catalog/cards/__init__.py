"""The social cards: made by the worker, once for each change of what is drawn on them, and kept in
the storage of uploads.

A page shows the card that is made, be it of yesterday; a course without one has the site's. Nothing
is drawn while a visitor waits.
"""

import hashlib
import json
import logging
import time
from dataclasses import astuple, dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from cachalot.api import cachalot_disabled
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from catalog.cards import drawing, rocks
from catalog.colours import INK, Palette
from catalog.models import SOURCE, Card, Course, Generation, Provider

log = logging.getLogger("catalog.cards")

RECIPE = 1  # to be raised when the same would be drawn otherwise
DONE = "cards:made"  # for which state of the copy all cards were
LICHEN = "#d5e14e"  # the site's own accent
KEPT_FOR = timedelta(hours=1)  # who read a page a moment ago may come for its card


@dataclass(frozen=True)
class Plan:
    """All that is drawn on a card, and whose it is: of a course (primary key), or of the site."""

    course: int | None
    title: str
    label: str
    name: str
    accent: str
    logo: str  # in the storage; empty where there is none that is of pixels
    on_plate: bool
    rock: tuple  # id and title of the course, id of the category
    picture: str  # in the storage

    @property
    def file(self):
        """What it is called in the storage: the same for the same drawing, whosesoever."""
        drawn = json.dumps([RECIPE, *astuple(self)[1:]]).encode()
        ending = "jpg" if self.picture else "png"
        return f"{hashlib.sha256(drawn).hexdigest()[:40]}.{ending}"

    @property
    def owner(self):
        return {"course_id": self.course} if self.course else {"provider_id": 1}

    @property
    def alternative(self):
        """What can be read on it."""
        return " – ".join(dict.fromkeys(filter(None, (self.title, self.label, self.name))))


# --- What there should be -------------------------------------------------------------------


def planned():
    """Every Plan: the site's first. None before the site has a name."""
    provider = Provider.objects.first()
    if provider is None:
        return []
    look = {
        "accent": provider.accent,
        "logo": "" if provider.logo.name.endswith(".svg") else provider.logo.name,
        "on_plate": not provider.logo_is_light,
    }
    host = urlsplit(settings.SITE_URL).hostname.removeprefix("www.")
    rock = (0, provider.name, 0)
    site = Plan(None, provider.name, "", host, rock=rock, picture="", **look)
    return [site, *of_courses(provider.name, look)]


def of_courses(name, look):
    """The Plan of each course that has a page."""
    link = Course.categories.through.objects.order_by("-category__remote_id")
    labels = {  # the last of them stays: the one that also decides about its rock
        course: (remote_id, title)
        for course, remote_id, title in link.values_list(
            "course", "category__remote_id", "category__title"
        )
    }
    courses = Course.objects.reachable().not_gone().order_by("pk")
    rows = courses.values_list("pk", "remote_id", "title", "picture__image")
    for pk, remote_id, title, picture in rows:
        category, label = labels.get(pk, (0, ""))
        rock = (remote_id, title, category)
        yield Plan(pk, title, label, name, rock=rock, picture=picture or "", **look)


# --- Made and kept --------------------------------------------------------------------------


def catch_up(seconds, may_go_on=lambda: True):
    """Make the cards that are missing or outdated, for as long as that, and until `may_go_on` says
    no; the others are for the next time. What no page names any more is removed when all are made.
    Returns how many were made.

    A card that cannot be drawn does not stop the others, and is tried again with the next change.
    """
    state = state_now()
    if cache.get(DONE) == state:
        return 0
    ends, made = time.monotonic() + seconds, 0
    with cachalot_disabled():  # what is read once need not be kept
        plans = list(planned())
        kept = dict(Card.objects.values_list("course", "file"))
    for plan in plans:
        if kept.get(plan.course) == plan.file:
            continue
        if time.monotonic() > ends or not may_go_on():
            return made
        made += make(plan)
    if remove_all_but(plans):
        cache.set(DONE, state, None)
    return made


def state_now():
    number = Generation.objects.filter(source=SOURCE).values_list("number", flat=True).first()
    return f"{RECIPE} {number} {settings.SITE_URL}"


def make(plan):
    """Draw it, store it, and let the pages name it. Returns whether that went well."""
    try:
        if not Card.objects.filter(file=plan.file).exists():
            name = f"{Card.FOLDER}/{plan.file}"
            content = drawing.stored(image_of(plan), name)
            default_storage.delete(name)  # of a worker that died while it wrote
            default_storage.save(name, ContentFile(content))
        words = plan.alternative[: Card._meta.get_field("alternative").max_length]
        shown = {"file": plan.file, "alternative": words}
        Card.objects.update_or_create(**plan.owner, defaults=shown)
    except Exception as error:  # whatever a title, a picture or a storage makes others say
        log.warning("No card for %s: %s", plan.owner, type(error).__name__)
        return False
    return True


def remove_all_but(plans):
    """Remove cards of what has no page any more, and files that nobody names; forget cards whose
    file is lost. Returns whether none was."""
    with_page = [plan.course for plan in plans if plan.course]
    gone = set(Card.objects.exclude(course=None).values_list("course", flat=True)) - set(with_page)
    Card.objects.filter(course__in=gone).delete()
    try:
        files = set(default_storage.listdir(Card.FOLDER)[1])
    except FileNotFoundError:
        files = set()
    except NotImplementedError:  # a storage that cannot tell what it has
        return True
    named = set(Card.objects.values_list("file", flat=True))
    before = timezone.now() - KEPT_FOR
    for file in files - named:
        if default_storage.get_modified_time(f"{Card.FOLDER}/{file}") < before:
            default_storage.delete(f"{Card.FOLDER}/{file}")
    lost, _ = Card.objects.filter(file__in=named - files).delete()
    return not lost


# --- What is drawn --------------------------------------------------------------------------


def image_of(plan):
    accent, on_accent = accent_of(plan.accent)
    sign = drawing.Sign(
        plan.title,
        plan.label,
        plan.name,
        accent,
        on_accent,
        logo=plan.logo and opened(plan.logo, "RGBA"),
        on_plate=plan.on_plate,
    )
    remote_id, title, category = plan.rock
    picture = plan.picture and opened(plan.picture, "RGB")
    rock = rocks.picture_of((remote_id, title), category, drawing.BEYOND)
    return drawing.card(sign, picture or rock)


def accent_of(colour):
    """(the accent colour as it is seen on granite, that of text on it)"""
    try:
        palette = Palette.of(colour) if colour else None
    except ValueError:  # no form lets it through, but a fixture may
        palette = None
    return (palette.accent_in_dark, palette.on_accent_in_dark) if palette else (LICHEN, INK)


def opened(name, mode):
    """An uploaded picture or logo; None where it is lost or broken: the card does without."""
    try:
        with default_storage.open(name) as file, Image.open(file) as image:
            return image.convert(mode)
    except (OSError, ValueError) as error:
        log.warning("%s cannot be drawn on cards: %s", name, type(error).__name__)
        return None
