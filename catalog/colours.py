"""The provider's accent colour: whether it can be seen, and the colours that go with it.

Contrast as WCAG 2.2 defines it (relative luminance of sRGB). The grounds below are those of
static/css/site.css, which a test compares.
"""

import colorsys
import hashlib
from dataclasses import dataclass
from functools import lru_cache

ROCK = "#1d2521"  # header, footer and the opening of the front page
LIGHT = ("#f7f8f5", "#ffffff", "#ebeee7")  # what texts and links stand on
DARK = ("#151a17", "#1d2420", "#0f1311")
INK, WHITE, BLACK = "#1a211d", "#ffffff", "#000000"

SEEN = 3  # a line, a mark, the edge of a button
READ = 4.5  # text
READ_WELL = 7
STEPS = 400  # of lightness, when a shade is looked for


def channels(colour):
    """Red, green and blue of "#d5e14e", each from 0 to 1."""
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def written(red, green, blue):
    return "#" + "".join(f"{round(each * 255):02x}" for each in (red, green, blue))


def luminance(colour):
    """From 0 (black) to 1 (white)."""
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour))
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """From 1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def passes(colour, grounds, ratio):
    return all(contrast(colour, ground) >= ratio for ground in grounds)


def nearest(colour, grounds, ratio):
    """The shade of that colour, lighter or darker, that reaches the ratio on all of the grounds
    with the least change; itself where it does."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(colour))
    shades = sorted((step / STEPS for step in range(STEPS + 1)), key=lambda it: abs(it - lightness))
    for shade in (lightness, *shades):
        candidate = written(*colorsys.hls_to_rgb(hue, shade, saturation))
        if passes(candidate, grounds, ratio):
            return candidate
    raise ValueError(f"No shade of {colour} reaches {ratio} on {grounds}")


def towards(colour, other, share):
    """A mixture: so much of the other colour."""
    both = zip(channels(colour), channels(other), strict=True)
    return written(*(one * (1 - share) + two * share for one, two in both))


def text_on(colour):
    return next(c for c in (INK, WHITE, BLACK) if contrast(c, colour) >= READ)


def hover(colour):
    return towards(colour, BLACK if text_on(colour) == WHITE else WHITE, 0.22)


@dataclass(frozen=True)
class Palette:
    """The tokens that an accent colour sets; the rest of the site's colours stay. Where the colour
    would not be seen, the nearest shade of it that is takes its place."""

    accent: str
    on_accent: str  # text on it
    accent_hover: str
    accent_in_dark: str  # on the dark header, and on every ground of the dark theme
    on_accent_in_dark: str
    accent_hover_in_dark: str
    link: str
    link_in_dark: str

    @classmethod
    @lru_cache(maxsize=32)  # every page names its stylesheet; the shades take 3 ms to find
    def of(cls, accent):
        accent = accent.lower()
        in_dark = nearest(accent, [ROCK, *DARK], SEEN)
        return cls(
            accent=accent,
            on_accent=text_on(accent),
            accent_hover=hover(accent),
            accent_in_dark=in_dark,
            on_accent_in_dark=text_on(in_dark),
            accent_hover_in_dark=hover(in_dark),
            link=nearest(accent, LIGHT, READ + 1),
            link_in_dark=nearest(accent, DARK, READ_WELL),
        )

    def stylesheet(self):
        in_dark = (
            f"--accent:{self.accent_in_dark};--on-accent:{self.on_accent_in_dark};"
            f"--accent-hover:{self.accent_hover_in_dark}"
        )
        return (
            "@layer tokens{"
            f":root{{--accent:{self.accent};--on-accent:{self.on_accent};"
            f"--accent-hover:{self.accent_hover};--link:{self.link};--focus:{self.link}}}"
            f".site-header,.site-footer,.hero{{{in_dark}}}"
            "@media (prefers-color-scheme:dark){"
            f":root{{{in_dark};--link:{self.link_in_dark};--focus:{self.link_in_dark}}}"
            "}}"
        )

    @property
    def name(self):
        """What the stylesheet is called: the colour, and a digest of what is made of it."""
        digest = hashlib.sha256(self.stylesheet().encode()).hexdigest()[:12]
        return f"{self.accent[1:]}-{digest}"
