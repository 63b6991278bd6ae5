"""Makes what pages need of a picture that staff upload, once, and keeps its files.

What is uploaded is not stored: it may hold where it was taken, and by what camera. Its middle,
three by two, is written anew as WebP in a few widths; the names carry a digest of the upload, so
that every address shows the same for ever.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from catalog.models import CoursePicture

RECIPE = b"1"  # another one makes other files, and so needs other names
FORMATS = ["JPEG", "PNG", "WEBP"]
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000  # what a telephone takes; ten times that is an attack
WIDTHS = (320, 480, 800, 1200, 1600)
NARROWEST = 480  # what it must have to be worth showing
SHAPE = 3 / 2
CENTRE = (0.5, 0.4)  # heads are above the middle
QUALITY = 78


@dataclass(frozen=True)
class Made:
    """What was made of an upload: {width: content of the file}, widest last."""

    digest: str
    files: dict


# --- Make -----------------------------------------------------------------------------------


def made_of(upload):
    """What pages need of the uploaded file. ValidationError with a sentence for staff where it is
    no picture that a page can show."""
    if upload.size > MAX_BYTES:
        size = MAX_BYTES // 1_000_000
        raise ValidationError(
            _("The file is larger than %(size)s MB. Save the picture smaller, and try again."),
            code="too_many_bytes",
            params={"size": size},
        )
    content = upload.read()
    image = upright(content)
    widths = widths_for(image)
    if widths[-1:] < [NARROWEST]:
        raise ValidationError(
            _("The picture is too small: it must be at least %(width)s × %(height)s pixels."),
            code="too_few_pixels",
            params={"width": NARROWEST, "height": height_of(NARROWEST)},
        )
    digest = hashlib.sha256(RECIPE + content).hexdigest()[:40]
    return Made(digest, {width: webp(image, width) for width in widths})


def upright(content):
    """The picture in a file, the right way up, in the colours of screens, not much larger than
    needed."""
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
        moves = image.format in {"PNG", "WEBP"} and image.is_animated
    except Image.DecompressionBombError:
        raise too_large() from None
    except Exception:  # whatever a made-up file makes Pillow say
        raise ValidationError(
            _("This is no JPEG, PNG or WebP picture, or it is broken."), code="unreadable"
        ) from None
    if image.width * image.height > MAX_PIXELS:
        raise too_large()
    if moves:
        raise ValidationError(_("The picture moves. Choose one that stands still."), code="moving")
    try:
        image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # a large JPEG is read at half its size
        ImageOps.exif_transpose(image, in_place=True)
        return in_screen_colours(image)
    except Exception:
        raise ValidationError(
            _("The picture is broken: only a part of it can be read."), code="broken"
        ) from None


def too_large():
    return ValidationError(
        _("The picture has more than %(number)s million pixels. Save it smaller, and try again."),
        code="too_many_pixels",
        params={"number": MAX_PIXELS // 1_000_000},
    )


def in_screen_colours(image):
    """In sRGB, on white where it is transparent, with nothing besides its pixels."""
    profile = image.info.get("icc_profile")
    if image.has_transparency_data or image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGBA")
    if (times := min(image.size) // WIDTHS[-1]) > 1:
        image = image.reduce(times)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    if profile:
        image = converted(image, profile)
    image = image.convert("RGB")
    image.info = {}
    return image


def converted(image, profile):
    """From the colours of a camera or a printer; as it is where they are not understood."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(profile))
        screen = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, profile, screen, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def height_of(width):
    return round(width / SHAPE)


def widths_for(image):
    """The widths to make, none wider than the picture; a last one just wider than the one before
    it is not worth a file."""
    widest = min(WIDTHS[-1], image.width, round(image.height * SHAPE))
    widths = [width for width in WIDTHS if width <= widest]
    if widths and widest > 1.15 * widths[-1]:
        widths.append(widest)
    return widths


def webp(image, width):
    size = (width, height_of(width))
    small = ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=CENTRE)
    written = BytesIO()
    small.save(written, "WEBP", quality=QUALITY, method=5)
    return written.getvalue()


# --- Keep -----------------------------------------------------------------------------------


def keep(picture, made):
    """Store the files, then the row; the files of an earlier picture go when that is certain."""
    earlier = (picture.digest, picture.widths)
    picture.digest, picture.widths = made.digest, list(made.files)
    for width, content in made.files.items():
        name = picture.name_of(width)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
    picture.image = picture.name_of(picture.widths[-1])
    picture.width, picture.height = picture.widths[-1], height_of(picture.widths[-1])
    picture.save()
    transaction.on_commit(lambda: remove(*earlier))


def drop(picture):
    """Delete the row, and then its files."""
    earlier = (picture.digest, picture.widths)
    picture.delete()
    transaction.on_commit(lambda: remove(*earlier))


def remove(digest, widths):
    """Remove the files of a picture that no course has any more."""
    if not CoursePicture.objects.filter(digest=digest).exists():
        for width in widths:
            default_storage.delete(CoursePicture(digest=digest).name_of(width))


def is_there(picture):
    """Whether its file is where it was put; asked only where that costs no more than a look."""
    try:
        return Path(default_storage.path(picture.image.name)).is_file()
    except NotImplementedError:
        return True
