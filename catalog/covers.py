"""Draws the cover of a course that has no picture.

Rock as a map-maker or a geologist draws it: folded gneiss, a hillside in contour lines with the
way across it, layers with a fault. Which of the three and in which mineral's colours, the category
says; how it runs, the course alone, so it is always the same. The strokes and colours are those of
static/css/course.css: bands are one line drawn again and again, each time narrower, so that sixty
covers weigh little on a page.
"""

import hashlib
from functools import lru_cache

from django.utils.html import format_html, format_html_join

MINERALS = ("lichen", "moss", "slate", "rust", "rose", "quartz")


class Chance:
    """Numbers that look like chance and are always the same for the same seed."""

    def __init__(self, *seed):
        text = "|".join(map(str, seed)).encode()
        self.rest = int.from_bytes(hashlib.blake2b(text, digest_size=48).digest())

    def __call__(self, least, most):
        self.rest, drawn = divmod(self.rest, most - least + 1)
        return least + drawn


def gneiss(some):
    """Ten bands along one fold."""
    middle = some(20, 60)
    bend = some(25, 70) * (1 if some(0, 1) else -1)
    fold = (
        f"M{some(-60, -20)} {middle + some(-20, 20)}Q{some(-10, 24)} {middle - bend} "
        f"{some(30, 64)} {middle}T{some(100, 132)} {middle + some(-20, 20)}T190 {some(20, 60)}"
    )
    return [fold] * 10


def hillside(some):
    """Five contour lines, each with the ground within it, around two ridges; and a way."""
    long_ridge = (
        f"M{some(-10, 20)} {some(10, 70)}q{some(10, 24)} {some(-34, 34)} {some(30, 46)} "
        f"{some(-14, 14)}t{some(22, 44)} {some(-18, 18)}"
    )
    short_ridge = (
        f"M{some(78, 112)} {some(-6, 24)}q{some(-12, 12)} {some(8, 18)} {some(-14, 14)} "
        f"{some(22, 40)}"
    )
    x, y = some(8, 24), some(52, 72)
    way = (
        f"M{x} {y}C{x + some(18, 34)} {y - some(0, 40)} {some(50, 66)} {some(40, 78)} "
        f"{some(70, 80)} {some(28, 60)}S{some(88, 100)} {some(10, 40)} {some(102, 112)} "
        f"{some(10, 26)}"
    )
    return [long_ridge + short_ridge] * 10 + [way]


def layers(some):
    """Six layers, from the upper to the lower, all broken along one fault."""
    fault, lean = some(32, 90), some(-26, 26)
    slip = some(6, 18) * (1 if some(0, 1) else -1)
    tilt = some(-34, 34)
    top = 16 + max(-slip, 0) // 2 - min(tilt, 0) // 2
    sag, rise = some(-7, 7), some(-7, 7)
    drawn = []
    for thickness in (some(8, 12), some(10, 16), some(2, 4), some(9, 14), some(9, 14), 0):
        at = top + tilt * fault // 120
        left, right = fault + lean * at // 80, fault + lean * (at + slip) // 80
        sag, rise = sag + some(-1, 1), rise + some(-1, 1)
        drawn.append(
            f"M0 {top}Q{left // 2} {(top + at) // 2 + sag} {left} {at}"
            f"L{right} {at + slip}Q{(right + 120) // 2} {(at + top + tilt) // 2 + slip + rise} "
            f"120 {top + tilt + slip}V80H0Z"
        )
        top += thickness
    return drawn


ROCKS = (gneiss, hillside, layers)


def kind_of(title, category):
    """The number that rock and mineral follow from: courses of a category have the same."""
    return category or Chance(title)(1, 1000)


def rock_of(kind):
    """Categories whose ids follow each other look unlike."""
    return ROCKS[(kind + kind // len(MINERALS)) % len(ROCKS)]


@lru_cache(maxsize=4096)
def drawn(course, title, category):
    """The SVG, by the ids in Frontcore."""
    kind = kind_of(title, category)
    rock = rock_of(kind)
    return format_html(
        '<svg class="cover cover--{} cover--{}" viewBox="0 0 120 80" '
        'preserveAspectRatio="xMidYMid slice" aria-hidden="true">{}</svg>',
        rock.__name__,
        MINERALS[kind % len(MINERALS)],
        format_html_join("", '<path d="{}"/>', ([path] for path in rock(Chance(course, title)))),
    )


def cover(course):
    """The cover as SVG, for the eye only: it says nothing that the title does not say. Best with
    the categories of the course loaded (`with_picture`)."""
    return drawn(course.remote_id, course.title, first_category(course))


def mineral(course):
    """The mineral in whose colours its cover is drawn."""
    return MINERALS[kind_of(course.title, first_category(course)) % len(MINERALS)]


def first_category(course):
    return min((category.remote_id for category in course.categories.all()), default=0)
