"""The provider's logo: what may be uploaded, and what is made of it before it is stored.

Pages show it in an `img` on a dark header. Width and height are known beforehand so that nothing
moves; a logo that would not be seen there gets a white plate.
"""

import hashlib
import math
import re
from dataclasses import dataclass
from io import BytesIO
from statistics import fmean
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from catalog.colours import ROCK, luminance

MAX_BYTES = 1_000_000
MAX_PIXELS = 16_000_000
SMALLEST = 24  # pixels in height; less is no logo
STORED = (720, 240)  # more pixels than this nobody sees
WIDEST, TALLEST = 12, 1 / 3  # width by height; of what is beyond, the header shows a line
FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
DANGEROUS = {"script", "foreignObject", "iframe", "a", "handler", "listener"}
LEFT_OUT = {"metadata", "animate", "animateMotion", "animateTransform", "set"}
DEEPEST = 100  # elements within each other; a drawing has a dozen
UNITS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


@dataclass(frozen=True)
class Logo:
    file: ContentFile
    width: int
    height: int
    is_light: bool  # to be seen on the dark header as it is


def tidied(upload):
    """The Logo of an uploaded file; ValidationError with a sentence for staff if it is none."""
    if upload.size > MAX_BYTES:
        raise refusal("too_heavy", _("The file is larger than 1 MB. Save the logo smaller."))
    content = upload.read()
    return of_svg(content) if b"<svg" in content[:2000].lower() else of_pixels(content)


def refusal(code, sentence):
    return ValidationError(sentence, code=code)


def named(content, ending):
    """A file whose name tells its content, so that it may be kept for ever."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    return ContentFile(content, name=f"logo-{digest}.{ending}")


def refuse_line(width, height):
    if not TALLEST <= width / height <= WIDEST:
        sentence = _("The logo is so wide, or so tall, that the header would show a mere line.")
        raise refusal("line", sentence)


# --- Pixels -------------------------------------------------------------------------------------


def of_pixels(content):
    try:
        image = Image.open(BytesIO(content), formats=list(FORMATS))
        kind, is_too_large = image.format, image.width * image.height > MAX_PIXELS
        if not is_too_large:
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
    except Image.DecompressionBombError:
        is_too_large = True
    except Exception:  # whatever a made-up file makes Pillow say
        sentence = _("This is no picture we can read. Use SVG, PNG, WebP or JPEG.")
        raise refusal("unreadable", sentence) from None
    if is_too_large:
        raise refusal("too_large", _("The picture has too many pixels. Save the logo smaller."))
    if image.height < SMALLEST or image.width < SMALLEST:
        raise refusal("too_small", _("The picture is too small to be sharp: use a larger one."))
    refuse_line(image.width, image.height)
    image = image.convert("RGB" if kind == "JPEG" else "RGBA")
    image.thumbnail(STORED, Image.Resampling.LANCZOS)
    stored = BytesIO()
    options = {"lossless": True} if kind == "WEBP" else {"optimize": True}
    image.save(stored, kind, **options)  # nothing else of the file: no place, no camera
    file = named(stored.getvalue(), FORMATS[kind])
    return Logo(file, image.width, image.height, pixels_are_light(image))


def pixels_are_light(image):
    """Whether what is seen of the picture is light. An opaque one brings a ground of its own."""
    if image.mode == "RGB" or image.getchannel("A").getextrema()[0] > 250:
        return True
    small = image.resize((64, max(1, 64 * image.height // image.width)))
    seen = [pixel for pixel in small.get_flattened_data() if pixel[3] > 127]
    return fmean(brightness(*pixel[:3]) for pixel in seen) > 0.25 if seen else False


def brightness(red, green, blue):
    return luminance(f"#{red:02x}{green:02x}{blue:02x}")


# --- Drawings -----------------------------------------------------------------------------------


def of_svg(content):
    if re.search(rb"<!\s*(doctype[^>]*\[|entity)", content, re.IGNORECASE):
        raise refusal("unsafe", _("The drawing defines entities. Save it as plain SVG."))
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no entities, see above
    except (ElementTree.ParseError, LookupError, ValueError):  # the latter: of its encoding
        raise unreadable() from None
    if root.tag != f"{{{SVG}}}svg":
        raise unreadable()
    make_safe(root)
    width, height = size_of(root)
    root.attrib |= {"width": f"{width:g}", "height": f"{height:g}"}
    shown = ElementTree.tostring(root, encoding="utf-8")
    scale = STORED[1] / height
    size = round(width * scale), STORED[1]
    return Logo(named(shown, "svg"), *size, is_light=colours_are_light(root))


def unreadable():
    return refusal("unreadable", _("The drawing cannot be read. Save it as plain SVG."))


def make_safe(element, depth=1):
    """Refuse what could run or fetch something; leave out what drawing programs keep for
    themselves."""
    if depth > DEEPEST:
        raise unreadable()
    for child in list(element):
        namespace, _brace, name = str(child.tag).rpartition("}")
        if namespace != "{" + SVG or name in LEFT_OUT:
            element.remove(child)
            continue
        if name in DANGEROUS:
            said = _("The drawing holds “%(name)s”, which is not allowed. Save it as plain SVG.")
            raise ValidationError(said, code="unsafe", params={"name": name})
        make_safe(child, depth + 1)
    if element.tag == f"{{{SVG}}}style":
        refuse_addresses(element.text or "")
    for name, value in list(element.attrib.items()):
        local = name.rpartition("}")[2].lower()
        if local.startswith("on"):
            raise refusal("unsafe", _("The drawing holds a script. Save it as plain SVG."))
        if local == "href" and not re.match(r"#|data:image/(png|jpeg|webp);base64,", value.strip()):
            raise refusal("unsafe", _("The drawing fetches something from elsewhere. Embed it."))
        if name.startswith("{") and name != XLINK:
            del element.attrib[name]
        else:
            refuse_addresses(value)


def refuse_addresses(text):
    """In styles and attributes only places within the drawing may be named."""
    plain = text.replace("\\", "").lower()
    addresses = re.findall(r"url\(\s*['\"]?\s*(.)", plain)
    if "@import" in plain or any(first != "#" for first in addresses):
        raise refusal("unsafe", _("The drawing fetches something from elsewhere. Embed it."))


def size_of(root):
    """Width and height in pixels, of the attributes, else of the view box."""
    lengths = [length(root.get(name, "")) for name in ("width", "height")]
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        box = [float(number) for number in box][2:4]
    except ValueError:
        box = []
    if len(box) == 2 and not all(lengths):
        lengths = box
    if not all(each and 0 < each < math.inf for each in lengths):
        sentence = _("The drawing says neither width and height nor a view box.")
        raise refusal("no_size", sentence)
    refuse_line(*lengths)
    if len(box) != 2:
        root.set("viewBox", "0 0 {:g} {:g}".format(*lengths))
    return lengths


def length(text):
    """Pixels of "12mm"; None where it says none, or a share of what is around it."""
    found = re.fullmatch(r"\s*(\d*\.?\d+)\s*([a-z]*)\s*", text)
    return float(found[1]) * UNITS[found[2]] if found and found[2] in UNITS else None


def colours_are_light(root):
    """Whether every colour a drawing names is lighter than the header; without any it is black."""
    text = ElementTree.tostring(root, encoding="unicode").lower()
    named_colours = {"white": "#ffffff", "#fff": "#ffffff", "black": "#000000", "#000": "#000000"}
    found = re.findall(r"(?:fill|stroke|stop-color)\s*[=:]\s*\"?\s*(#[0-9a-f]{3,6}|[a-z]+)", text)
    colours = [named_colours.get(each, each) for each in found]
    colours = [full(each) for each in colours if re.fullmatch(r"#([0-9a-f]{3}){1,2}", each)]
    return bool(colours) and min(map(luminance, colours)) > 6 * luminance(ROCK)


def full(colour):
    """#rrggbb of #rgb."""
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
