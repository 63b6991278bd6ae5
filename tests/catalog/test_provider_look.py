"""What the provider sets in the admin: name, logo, accent colour."""

import re
import struct
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.colours import ROCK, SEEN, Palette, contrast
from catalog.models import Generation, Provider
from tests.catalog.test_pages_lists import text_of
from tests.factories import make_generation, make_provider

pytestmark = pytest.mark.django_db

FORM = "/admin/catalog/provider/1/change/"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">{}</svg>'
WHITE_BAR = '<rect width="300" height="100" fill="#ffffff"/>'


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def typed(**given):
    """The provider's form as a browser sends it, with what is given in it."""
    names = ["organisation_number", "phone", "email", "address", "accent", "privacy_url"]
    empty = dict.fromkeys([*names, "cancel_free_days", "cancel_fee_days"], "")
    return empty | {"name": "Fjordskolen"} | given


def picture(size=(600, 200), colour=(255, 255, 255, 255), kind="PNG", name="logo.png"):
    content = BytesIO()
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    image.paste(colour, (10, 10, size[0] - 10, size[1] - 10))
    image.convert("RGB" if kind == "JPEG" else "RGBA").save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())


def png_of(width, height):
    """The beginning of a PNG that says it is so large."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + header + struct.pack(">I", crc32(header))
    return b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", 9) + b"IDAT"


def drawing(inside=WHITE_BAR, whole=SVG, name="logo.svg"):
    return SimpleUploadedFile(name, whole.format(inside).encode())


def said_about(answer, field):
    return " ".join(answer.context["adminform"].form.errors.get(field, []))


def code_of(answer, field):
    return answer.context["adminform"].form.errors.as_data()[field][0].code


# --- Announcing ---------------------------------------------------------------------------------


def test_what_staff_save_is_announced_to_the_pages(admin_client):
    make_provider()
    make_generation(number=7)
    assert admin_client.post(FORM, typed(name="Havskolen")).status_code == 302
    assert Generation.objects.get().number == 8
    assert "Havskolen" in text_of(admin_client.get("/"))


def test_a_refused_form_announces_nothing(admin_client):
    make_provider()
    make_generation(number=7)
    assert admin_client.post(FORM, typed(name="")).status_code == 200
    assert Generation.objects.get().number == 7


# --- The accent colour --------------------------------------------------------------------------


def test_an_accent_is_a_stylesheet_of_its_own_that_may_be_kept_for_ever(client):
    make_provider(accent="#e4002b")
    page = client.get("/").content.decode()
    address = re.search(r'<link rel="stylesheet" href="(/utseende/[^"]+)">', page)[1]
    assert page.index("css/site.css") < page.index(address), "it overrules the site's own colours"
    assert f'href="{address}"' in client.get("/en/").content.decode(), "one address for all"
    styles = client.get(address)
    assert styles.headers["Content-Type"].startswith("text/css")
    assert "immutable" in styles.headers["Cache-Control"]
    assert "--accent:#e4002b" in styles.text
    assert "prefers-color-scheme:dark" in styles.text
    assert not styles.cookies


def test_without_an_accent_no_further_stylesheet_is_asked_for(client):
    make_provider()
    assert "/utseende/" not in client.get("/").content.decode()


def test_a_stored_word_that_is_no_colour_breaks_no_page(client):
    make_provider(accent="lichen")
    assert client.get("/").status_code == 200


def test_a_colour_has_an_address_of_its_own_that_tells_what_is_in_it(client):
    make_provider(accent="#e4002b")
    pages = [client.get("/").content.decode()]
    Provider.objects.update(accent="#00a19a")
    pages.append(client.get("/").content.decode())
    first, second = (re.search(r"/utseende/[^\"]+", page)[0] for page in pages)
    assert first != second
    assert "--accent:#e4002b" in client.get(first).text, "pages that were kept find theirs"


def test_an_outdated_name_leads_to_todays_and_nonsense_to_nothing(client):
    answer = client.get("/utseende/e4002b-000000000000.css")
    assert answer.status_code == 302
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.get("/utseende/nonsense.css").status_code == 404


def test_a_colour_that_is_not_seen_on_dark_gets_the_nearest_shade_there(admin_client, client):
    make_provider()
    answer = admin_client.post(FORM, typed(accent="#003366"), follow=True)
    said = text_of(answer)
    assert "1,2" in said
    shade = Palette.of("#003366").accent_in_dark
    assert shade in said
    assert contrast(shade, ROCK) >= SEEN > contrast("#003366", ROCK)
    assert Provider.current().accent == "#003366", "most firms have a dark blue"
    page = client.get("/").content.decode()
    styles = client.get(re.search(r"/utseende/[^\"]+", page)[0]).text
    assert ":root{--accent:#003366;--on-accent:#ffffff" in styles
    assert f".site-header,.site-footer,.hero{{--accent:{shade}" in styles
    assert styles.count(f"--accent:{shade}") == 2, "and in the dark theme"


def test_a_colour_that_is_seen_everywhere_is_saved_without_a_word(admin_client):
    make_provider()
    answer = admin_client.post(FORM, typed(accent="#d5e14e"), follow=True)
    assert "nyanse" not in text_of(answer)


@pytest.mark.parametrize("written", ["D5E14E", "#D5E14E", " #d5e14e "])
def test_a_colour_is_understood_as_people_write_it(admin_client, written):
    make_provider()
    assert admin_client.post(FORM, typed(accent=written)).status_code == 302
    assert Provider.current().accent == "#d5e14e"


@pytest.mark.parametrize("written", ["lichen", "#d5e", "#12345g", "red;}"])
def test_what_is_no_colour_is_refused(admin_client, written):
    make_provider()
    assert code_of(admin_client.post(FORM, typed(accent=written)), "accent") == "no_colour"


def test_staff_see_the_colour_as_pages_show_it(admin_client):
    make_provider(accent="#e4002b")
    page = admin_client.get(FORM).content.decode()
    assert 'fill="#e4002b"' in page
    assert " style=" not in page.split("field-look")[1].split("</fieldset>")[0]


# --- The logo -----------------------------------------------------------------------------------


def logo_in(client):
    return re.search(r'<a class="(wordmark[^"]*)".*?(<img [^>]+>)', client.get("/").text)


def test_a_logo_stands_in_the_header_with_its_size_and_the_name_of_the_provider(admin_client):
    make_provider()
    assert admin_client.post(FORM, typed(logo=picture())).status_code == 302
    look, shown = logo_in(admin_client).groups()
    assert 'width="600" height="200"' in shown
    assert 'alt="Fjordskolen"' in shown
    assert "wordmark--plate" not in look, "a light one needs no plate"


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "l.jpg"), ("WEBP", "l.webp"), ("PNG", "l.png")]
)
def test_pictures_are_taken_in_the_usual_formats(admin_client, kind, name):
    make_provider()
    assert admin_client.post(FORM, typed(logo=picture(kind=kind, name=name))).status_code == 302
    stored = Provider.current().logo
    assert Image.open(stored.path).format == kind
    assert re.fullmatch(r"provider/logo-[0-9a-f]{16}\.\w+", stored.name)


def test_a_large_picture_is_stored_no_larger_than_pages_need(admin_client):
    make_provider()
    admin_client.post(FORM, typed(logo=picture(size=(3000, 1500))))
    provider = Provider.current()
    assert (provider.logo_width, provider.logo_height) == (480, 240)
    assert Image.open(provider.logo.path).size == (480, 240)


def test_a_photographed_logo_stands_the_right_way_up(admin_client):
    make_provider()
    lying, turned = Image.new("RGB", (200, 400)), Image.Exif()
    turned[0x112] = 6
    content = BytesIO()
    lying.save(content, "JPEG", exif=turned)
    admin_client.post(FORM, typed(logo=SimpleUploadedFile("logo.jpg", content.getvalue())))
    assert (Provider.current().logo_width, Provider.current().logo_height) == (400, 200)


def test_a_dark_logo_without_a_ground_gets_a_plate(admin_client):
    make_provider()
    admin_client.post(FORM, typed(logo=picture(colour=(20, 20, 60, 255))))
    assert "wordmark--plate" in logo_in(admin_client)[1]
    admin_client.post(FORM, typed(logo=drawing('<path d="M0 0h9v9z"/>')))
    assert "wordmark--plate" in logo_in(admin_client)[1], "what names no colour is black"
    admin_client.post(FORM, typed(logo=drawing()))
    assert "wordmark--plate" not in logo_in(admin_client)[1]


def test_a_drawing_is_taken_with_the_size_its_view_box_says(admin_client):
    make_provider()
    assert admin_client.post(FORM, typed(logo=drawing())).status_code == 302
    provider = Provider.current()
    assert (provider.logo_width, provider.logo_height) == (720, 240)
    assert 'width="300" height="100"' in Path(provider.logo.path).read_text()


def test_a_drawing_in_millimetres_without_a_view_box_gets_one(admin_client):
    make_provider()
    whole = '<svg xmlns="http://www.w3.org/2000/svg" width="254mm" height="25.4mm">{}</svg>'
    assert admin_client.post(FORM, typed(logo=drawing(whole=whole))).status_code == 302
    assert 'viewBox="0 0 960 96"' in Path(Provider.current().logo.path).read_text()


def test_what_drawing_programs_keep_for_themselves_is_left_out(admin_client):
    make_provider()
    whole = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:ink="http://inkscape.example" '
        'viewBox="0 0 300 100" ink:version="1"><metadata>Kari made it</metadata>'
        '<ink:view zoom="2"/><g ink:label="Layer" id="a">{}</g><!-- Kari --></svg>'
    )
    assert admin_client.post(FORM, typed(logo=drawing(whole=whole))).status_code == 302
    stored = Path(Provider.current().logo.path).read_text()
    assert "rect" in stored
    assert not re.search("ink:|Kari|inkscape", stored)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<g><script>alert(1)</script></g>",
        "<foreignObject><p>x</p></foreignObject>",
        '<rect onload="alert(1)"/>',
        '<image href="https://elsewhere.example/x.png"/>',
        '<use href="data:image/svg+xml;base64,AAAA"/>',
        '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="//elsewhere.example/x.svg#a"/>',
        "<style>@import 'https://elsewhere.example/x.css';</style>",
        "<rect style=\"fill: url( 'https://elsewhere.example/x')\"/>",
        '<rect fill="url(//elsewhere.example/x)"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
    ],
)
def test_a_drawing_that_could_run_or_fetch_something_is_refused(admin_client, media, inside):
    make_provider()
    answer = admin_client.post(FORM, typed(logo=drawing(inside)))
    assert code_of(answer, "logo") == "unsafe"
    assert list(media.rglob("*.svg")) == []


def test_a_drawing_may_point_to_its_own_parts(admin_client):
    make_provider()
    inside = '<defs><linearGradient id="g"/></defs><rect fill="url(#g)"/><use href="#g"/>'
    assert admin_client.post(FORM, typed(logo=drawing(inside))).status_code == 302


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (SimpleUploadedFile("logo.png", b"no picture"), "unreadable"),
        (SimpleUploadedFile("logo.gif", b"GIF89a" + b"0" * 50), "unreadable"),
        (SimpleUploadedFile("logo.svg", b"<svg><not closed"), "unreadable"),
        (SimpleUploadedFile("logo.svg", b"<svg>no namespace</svg>"), "unreadable"),
        (SimpleUploadedFile("logo.png", b"x" * 1_000_001), "too_heavy"),
        (SimpleUploadedFile("logo.png", png_of(60_000, 60_000)), "too_large"),
        (SimpleUploadedFile("logo.png", png_of(400, 100)), "unreadable"),
        (picture(size=(60, 20)), "too_small"),
        (picture(size=(4000, 30)), "line"),
        (drawing(whole=SVG.replace("300 100", "100000 1")), "line"),
        (drawing(whole=SVG.replace("300 100", "inf inf")), "no_size"),
        (drawing(whole=SVG.replace("300 100", "nan 5")), "no_size"),
        (drawing("<g>" * 50_000 + "</g>" * 50_000), "unreadable"),
        (drawing(whole='<?xml version="1.0" encoding="none"?>' + SVG), "unreadable"),
        (drawing(whole='<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'), "no_size"),
        (drawing(whole='<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG), "unsafe"),
    ],
)
def test_what_is_no_logo_is_refused_with_a_sentence(admin_client, upload, code):
    make_provider()
    upload.seek(0)
    answer = admin_client.post(FORM, typed(logo=upload))
    assert code_of(answer, "logo") == code
    assert said_about(answer, "logo").endswith(".")


def test_a_replaced_logo_is_removed_and_so_is_one_taken_away(
    admin_client, media, django_capture_on_commit_callbacks
):
    make_provider()
    for upload in (drawing(), picture(), picture(colour=(250, 250, 0, 255))):
        with django_capture_on_commit_callbacks(execute=True):
            admin_client.post(FORM, typed(logo=upload))
        assert len([path for path in media.rglob("*") if path.is_file()]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(FORM, typed(**{"logo-clear": "on"}))
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert "<img" not in admin_client.get("/").text
    assert "Fjordskolen" in text_of(admin_client.get("/"))


def test_saving_something_else_keeps_the_logo(admin_client, django_capture_on_commit_callbacks):
    make_provider()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(FORM, typed(logo=drawing()))
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(FORM, typed(phone="22 33 44 55"))
    assert logo_in(admin_client)
    assert Path(Provider.current().logo.path).exists()
