"""The drawn cover of a course (`catalog.covers`) in pixels, for where no browser draws it.

Strokes and colours are those of static/css/covers.css in the light, which a test compares.
"""

import re
from itertools import pairwise
from math import ceil, dist

from PIL import Image, ImageDraw

from catalog import covers
from catalog.covers import Chance

BOX = (120, 80)  # of the drawing
SMOOTH = 3  # pixels drawn for each that is kept, in either direction
STEP = 18  # drawn pixels between two points of a line …
OF_WIDE = 1 / 12  # … of a broad band more: this share of its width

SEAM = 6  # after the six shades from the ground on
MINERALS = {
    "lichen": ("#eceed2", "#e0e4b3", "#d3d994", "#c0c968", "#aab545", "#7d8733", "#2f3321"),
    "moss": ("#dfe9df", "#cadccd", "#b2ccb8", "#95b8a0", "#79a388", "#3d6a50", "#1d3528"),
    "slate": ("#e1e8eb", "#cfdae0", "#b8c9d2", "#9bb2bf", "#7f9bab", "#456478", "#1f323e"),
    "rust": ("#f4e8dc", "#ecd5be", "#e2bf9d", "#d6a578", "#c58856", "#8a5126", "#41281a"),
    "rose": ("#f2e6e4", "#e7d3d0", "#dabdbb", "#caa3a3", "#b8888b", "#7f4d56", "#3d2429"),
    "quartz": ("#e8ebe5", "#d8dcd5", "#c5cbc3", "#afb7ae", "#97a098", "#58635c", "#262e2a"),
}
GROUND = {"gneiss": 1, "hillside": 0, "layers": 0}
STROKES = {  # (shade, width), in the order of the paths
    "gneiss": (
        *((3, 148), (0, 140), (5, 118), (3, 115), (1, 92)),
        *((5, 70), (2, 60), (0, 36), (3, 18), (SEAM, 3)),
    ),
    "hillside": (
        *((5, 92.6), (1, 91.4), (5, 68.6), (1, 67.4), (5, 46.6)),
        *((2, 45.4), (5, 27.6), (2, 26.4), (5, 11.6), (3, 10.4)),
    ),
}
DOTS = (SEAM, 1.8, 3.6)  # shade, width and distance of the dots of the way on a hillside
FILLS = {"layers": (1, 2, SEAM, 3, 2, 4)}


def picture_of(course, category, size):
    """Its cover as an image of that size, filled as `slice` fills: (remote id, title), category."""
    remote_id, title = course
    kind = covers.kind_of(title, category)
    rock = covers.rock_of(kind)
    shades = MINERALS[covers.MINERALS[kind % len(covers.MINERALS)]]
    return drawn(rock.__name__, rock(Chance(remote_id, title)), shades, size)


def drawn(rock, paths, shades, size):
    width, height = (SMOOTH * side for side in size)
    scale = max(width / BOX[0], height / BOX[1])
    left, top = (width - BOX[0] * scale) / 2, (height - BOX[1] * scale) / 2
    image = Image.new("P", (width, height), GROUND[rock])  # a byte for each pixel: quick to fill
    image.putpalette(b"".join(bytes.fromhex(shade[1:]) for shade in shades))
    draw = ImageDraw.Draw(image)

    def lines(path, thickness=0):
        for line in flat(path, max(STEP / scale, thickness * OF_WIDE)):
            yield [(left + x * scale, top + y * scale) for x, y in line]

    for path, shade in zip(paths, FILLS.get(rock, ()), strict=False):
        for line in lines(path):
            draw.polygon(line, fill=shade)
    for path, (shade, thickness) in zip(paths, STROKES.get(rock, ()), strict=False):
        for line in lines(path, thickness):
            stroke(draw, line, thickness * scale / 2, shade)
    for path in paths[len(STROKES.get(rock, paths)) :]:
        shade, thickness, apart = DOTS
        for line in lines(path):
            for at in along(line, apart * scale):
                disc(draw, at, thickness * scale / 2, shade)
    return image.convert("RGB").reduce(SMOOTH)


# --- Shapes ---------------------------------------------------------------------------------


def disc(draw, at, radius, fill):
    x, y = at
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def stroke(draw, line, half, fill):
    """A line with round ends and joints: what lies no further from it than `half`."""
    width, height = draw.im.size
    seen = [-half < x < width + half and -half < y < height + half for x, y in line]
    for at, is_seen in zip(line, seen, strict=True):
        if is_seen:
            disc(draw, at, half, fill)
    for one, other in pairwise(line):
        if length := dist(one, other):
            x = (other[1] - one[1]) / length * half
            y = (one[0] - other[0]) / length * half
            (ax, ay), (bx, by) = one, other
            draw.polygon(
                [(ax + x, ay + y), (bx + x, by + y), (bx - x, by - y), (ax - x, ay - y)], fill=fill
            )


def along(line, apart):
    """Points on a line, that far from each other."""
    left = 0
    for one, other in pairwise(line):
        length = dist(one, other)
        while length and left <= length:
            share = left / length
            yield tuple(a + (b - a) * share for a, b in zip(one, other, strict=True))
            left += apart
        left -= length


# --- Paths ----------------------------------------------------------------------------------

NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "T": 2, "C": 6, "S": 4, "Z": 0}


def flat(path, step):
    """The lines of an SVG path as lists of points: curves with a point for each `step` of them."""
    found, at, control, last = [], (0, 0), None, ""
    for command, numbers in commands(path):
        kind = command.upper()
        given = [float(number) for number in numbers]
        if command.islower():
            given = [number + at[n % 2] for n, number in enumerate(given)]
        points = list(zip(given[::2], given[1::2], strict=False))
        if kind == "M":
            found.append([points[0]])
            at = points[0]
        elif kind in "HV":
            at = (given[0], at[1]) if kind == "H" else (at[0], given[0])
            found[-1].append(at)
        elif kind != "Z":
            if kind in "TS":
                follows = last in ("QT" if kind == "T" else "CS")
                mirrored = [2 * a - b for a, b in zip(at, control, strict=True)] if follows else at
                points = [tuple(mirrored), *points]
            found[-1] += curve([at, *points], step)
            control, at = points[-2] if len(points) > 1 else None, points[-1]
        last = kind
    return found


def commands(path):
    """(letter, numbers) of each; a letter that stands for several is repeated."""
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = re.findall(r"-?\d+(?:\.\d+)?", rest)
        size = NUMBERS[letter.upper()]
        if not size:
            yield letter, ()
        for start in range(0, len(numbers), size or 1):
            yield letter, numbers[start : start + size]


def curve(points, step):
    """Points of a line or a Bézier curve after its first one."""
    if len(points) == 2:
        return points[1:]
    rough = [points[0], *(at_share(points, n / 8) for n in range(1, 9))]
    number = max(4, ceil(sum(dist(*pair) for pair in pairwise(rough)) / step))
    return [at_share(points, n / number) for n in range(1, number + 1)]


def at_share(points, share):
    """Where a Bézier curve is after that share of it."""
    while len(points) > 1:
        points = [
            (x + (to_x - x) * share, y + (to_y - y) * share)
            for (x, y), (to_x, to_y) in pairwise(points)
        ]
    return points[0]
