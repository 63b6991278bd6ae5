"""Contrast by known values, and the colours that follow from an accent."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from catalog import colours
from catalog.colours import Palette, contrast, luminance, nearest


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.00),
        ("#1a211d", "#d5e14e", 11.5),
    ],
)
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_luminance_weighs_green_most():
    assert luminance("#00ff00") == pytest.approx(0.7152)
    assert luminance("#ff0000") == pytest.approx(0.2126)
    assert luminance("#0000ff") == pytest.approx(0.0722)


@pytest.mark.parametrize("colour", ["#003366", "#7a1fa2", "#000000", "#5a5a5a"])
def test_the_nearest_shade_passes_and_one_a_little_nearer_does_not(colour):
    shade = nearest(colour, [colours.ROCK], 3)
    assert contrast(shade, colours.ROCK) >= 3
    assert contrast(shade, colours.ROCK) < 3.1


def test_a_colour_that_passes_is_its_own_nearest_shade():
    assert nearest("#d5e14e", [colours.ROCK], 3) == "#d5e14e"


ACCENTS = ["#d5e14e", "#e4002b", "#ff6f00", "#00a19a", "#808080", "#ffffff", "#767676", "#ffd100"]


@pytest.mark.parametrize("accent", ACCENTS)
def test_whatever_the_accent_texts_can_be_read(accent):
    palette = Palette.of(accent)
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.on_accent, palette.accent_hover) >= 4.5
    assert all(contrast(palette.link, ground) >= 4.5 for ground in colours.LIGHT)
    assert all(contrast(palette.link_in_dark, ground) >= 7 for ground in colours.DARK)


def test_the_grounds_are_those_of_the_stylesheet():
    styles = (Path(settings.BASE_DIR) / "static/css/site.css").read_text()
    named = "|".join(("ground", "surface", "sunken", "rock", "ink"))
    found = re.findall(rf"--({named}): (#[0-9a-f]{{6}});", styles)
    light, dark = dict(found[:5]), dict(found[5:])
    assert light["rock"] == colours.ROCK
    assert light["ink"] == colours.INK
    assert {light["ground"], light["surface"], light["sunken"]} == set(colours.LIGHT)
    assert {dark["ground"], dark["surface"], dark["sunken"]} == set(colours.DARK)


def test_the_stylesheets_use_no_token_that_nobody_sets():
    folder = Path(settings.BASE_DIR) / "static/css"
    styles = {path.name: path.read_text() for path in folder.glob("*.css")}
    set_somewhere = set(re.findall(r"(--[\w-]+)\s*:", "".join(styles.values())))
    for name, text in styles.items():
        if name != "desk.css":  # of the admin, with Django's own
            assert set(re.findall(r"var\((--[\w-]+)", text)) <= set_somewhere, name
