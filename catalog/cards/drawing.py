"""Draws a social card: a sign of granite with the title in the letters of road signs, and beside
it, beyond a fault in the accent colour, the picture of the course or its rock.

Made to be read at a quarter of its size. A card has no words of its own: it is in no language.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from catalog.cards.letters import (
    CAPITALS,
    LEADING,
    TRACKING,
    drawable,
    font,
    in_one_line,
    length,
    places,
    set_in,
)
from catalog.colours import ROCK, WHITE, towards
from catalog.models import Card

SIZE = (Card.WIDTH, Card.HEIGHT)
CENTRE = (0.5, 0.4)  # of the picture: heads are above the middle
MARGIN = 64
FAULT = (850, 784)  # where the sign ends, above and below
BEYOND = (SIZE[0] - min(FAULT), SIZE[1])  # size of the picture
SEAM = 12  # width of the line along it
TEXT_WIDTH = 690
ON_ROCK = "#f2f5ee"

TITLE_SIZES = (150, 136, 124, 114, 104, 95, 87, 80, 73, 67, 61, 56, 51)
HYPHENATED_FROM = 67
LABEL_SIZES, LABEL_HEIGHT, LABEL_INSET = (34, 29), 56, 17
NAME_SIZES = (34, 30, 26)
LOGO, PLATE_INSET = (330, 74), 12
BELOW_LABEL, ABOVE_NAME, BEFORE_NAME = 46, 50, 32
ROUND = 4
COLOURS, QUALITY = 160, 86


@dataclass(frozen=True)
class Sign:
    """What stands on a card. `accent`, `on_accent`: a colour that is seen on granite, and that of
    text on it; `logo`: an image, with whether it needs a white plate."""

    title: str
    label: str
    name: str
    accent: str
    on_accent: str
    logo: Image.Image | None = None
    on_plate: bool = False


def card(sign, picture):
    """The card as an image; `picture`: an image to fill the right with."""
    image = Image.new("RGB", SIZE, ROCK)
    fitted = ImageOps.fit(picture, BEYOND, Image.Resampling.LANCZOS, centering=CENTRE)
    image.paste(fitted, (min(FAULT), 0))
    draw_sign(image, sign.accent)
    draw = ImageDraw.Draw(image)
    top = MARGIN
    if label := drawable(sign.label):
        draw_label(draw, label, sign)
        top += LABEL_HEIGHT + BELOW_LABEL
    bottom = draw_name(image, draw, sign) - ABOVE_NAME
    draw_title(draw, drawable(sign.title) or drawable(sign.name), top, bottom)
    return image


def draw_sign(image, accent):
    """The granite, and the line along its edge."""
    image.paste(accent, mask=left_of_fault(SEAM))
    image.paste(ROCK, mask=left_of_fault())


@cache
def left_of_fault(more=0):
    mask = Image.new("L", (4 * SIZE[0], 4 * SIZE[1]))
    above, below = (4 * (x + more) for x in FAULT)
    corners = [(0, 0), (above, 0), (below, mask.height), (0, mask.height)]
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    return mask.reduce(4)


def draw_label(draw, label, sign):
    """The category, on a plate of the accent colour."""
    label, size = in_one_line(label, TEXT_WIDTH - 2 * LABEL_INSET, LABEL_SIZES)
    right = MARGIN + length(label, size) + 2 * LABEL_INSET
    draw.rounded_rectangle((MARGIN, MARGIN, right, MARGIN + LABEL_HEIGHT), ROUND, fill=sign.accent)
    base = MARGIN + (LABEL_HEIGHT + CAPITALS * size) / 2
    write(draw, label, (MARGIN + LABEL_INSET, base), size, sign.on_accent)


def draw_title(draw, title, top, bottom):
    setting = set_in(title, TEXT_WIDTH, bottom - top, TITLE_SIZES, HYPHENATED_FROM)
    base = top + CAPITALS * setting.size
    for line in setting.lines:
        for letter, x in places(line, setting.size, TRACKING):
            write(draw, letter, (MARGIN + x, round(base)), setting.size, ON_ROCK)
        base += LEADING * setting.size


def draw_name(image, draw, sign):
    """The provider's logo, else the name behind the site's mark. Returns where it begins above."""
    base = SIZE[1] - MARGIN
    if sign.logo:
        logo = ImageOps.contain(sign.logo, LOGO, Image.Resampling.LANCZOS)
        inset = PLATE_INSET if sign.on_plate else 0
        top = base - logo.height - inset
        if sign.on_plate:
            plate = (MARGIN, top - inset, MARGIN + logo.width + 2 * inset, base)
            draw.rounded_rectangle(plate, ROUND, fill=WHITE)
        image.paste(logo, (MARGIN + inset, top), logo)
        return top - inset
    if name := drawable(sign.name):
        name, size = in_one_line(name, TEXT_WIDTH - BEFORE_NAME, NAME_SIZES)
        draw.rectangle((MARGIN, base - 30, MARGIN + 13, base - 11), fill=sign.accent)
        draw.rectangle((MARGIN, base - 6, MARGIN + 13, base), fill=sign.accent)
        write(draw, name, (MARGIN + BEFORE_NAME, base), size, towards(ON_ROCK, ROCK, 0.12))
    return base - 30


def write(draw, text, at, size, colour):
    """Text whose base line begins there."""
    draw.text(at, text, fill=colour, font=font(size), anchor="ls")


def stored(image, name):
    """The image as a file of that name: flat colours as PNG, photographs as JPEG."""
    written = BytesIO()
    if name.endswith("png"):
        few = image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
    else:
        image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return written.getvalue()
