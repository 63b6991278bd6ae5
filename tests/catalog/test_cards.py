"""The social card of each course: drawn by the worker, once for each change, and kept."""

import datetime as dt
import re
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.utils import timezone
from django_q.models import OrmQ
from PIL import Image

from catalog import cards, covers, pictures, tasks
from catalog.cards import drawing, letters, rocks
from catalog.models import Card, CoursePicture, Provider
from catalog.store import announce
from tests.factories import make_category, make_course, make_generation, make_provider
from tests.ports import PATIENCE_S

pytestmark = pytest.mark.django_db

LETTERS = {
    "nb, nn": "æøåéèêóòôàüäö",
    "davvisámegiella": "áčđŋšŧž",
    "åarjelsaemien, julevsáme": "ïæøåäöáńŋ",
    "sääʹmǩiõll": "âčʒǯđǧǥǩŋõšž",
    "svenska, suomi, dansk": "åäöøæ",
    "íslenska, føroyskt": "áðéíóúýþæö",
    "polski": "ąćęłńóśźż",
    "türkçe, azərbaycan": "çğıöşüâîûə",
    "latviešu": "āčēģīķļņšūž",
    "lietuvių": "ąčęėįšųūž",
    "eesti": "õäöüšž",
    "română": "ăâîșț",
    "hrvatski, bosanski, srpski": "čćđšž",
    "čeština, slovenčina": "áäčďéěíĺľňóôŕřšťúůýž",
    "magyar": "áéíóöőúüű",
    "shqip, français, português": "çëàâèêîïôœùûÿãõ",
    "deutsch, nederlands": "äöüßij",
    "español, català, cymraeg, malti": "ñŵŷċġħż",
    "tiếng việt": "ăâđêôơưấệợữỹ",
    "українська, русский, български": "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя",
}


@pytest.fixture(params=["in a folder", "elsewhere"])
def storage(request, settings, tmp_path):
    """Where uploads are kept; elsewhere nothing has a path."""
    settings.MEDIA_ROOT = tmp_path
    if request.param == "elsewhere":
        backend = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
        settings.STORAGES = settings.STORAGES | {"default": backend}


@pytest.fixture
def in_memory(settings):
    backend = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": backend}


@pytest.fixture
def site(in_memory):
    make_generation()
    return make_provider()


def catch_up(**given):
    return cards.catch_up(PATIENCE_S, **given)


def files():
    return sorted(default_storage.listdir(Card.FOLDER)[1])


def image_of(card):
    with default_storage.open(card.name) as file:
        image = Image.open(BytesIO(file.read()))
    image.load()
    return image


# --- When they are made ---------------------------------------------------------------------


def test_each_course_and_the_site_get_a_card_once(storage, django_assert_max_num_queries):
    make_generation()
    make_provider()
    course = make_course("Førstehjelp på sjø", categories=[make_category("Førstehjelp")])
    assert catch_up() == 2
    image = image_of(course.card)
    assert (image.size, image.format) == ((Card.WIDTH, Card.HEIGHT), "PNG")
    assert course.card.alternative == "Førstehjelp på sjø – Førstehjelp – Fjordskolen"
    assert files() == sorted(Card.objects.values_list("file", flat=True))
    before = files()
    announce()
    assert catch_up() == 0
    assert files() == before
    with django_assert_max_num_queries(1):  # nothing has changed since
        catch_up()


def test_the_card_is_handed_out_to_be_kept_for_ever(client, site):
    catch_up()
    card = Card.objects.get()
    address = card.address.removeprefix("http://testserver")
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert f'content="http://testserver{address}"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda course: type(course).objects.filter(pk=course.pk).update(title="Noe annet"),
        lambda course: course.categories.set([make_category("Et annet fag")]),
        lambda course: Provider.objects.update(name="Havskolen"),
        lambda course: Provider.objects.update(accent="#006ad5"),
        lambda course: give_picture(course),
    ],
    ids=["title", "category", "provider", "accent", "picture"],
)
def test_whatever_is_drawn_on_it_makes_a_new_card(site, change):
    course = make_course()
    catch_up()
    before = course.card.file
    change(course)
    announce()
    assert catch_up() >= 1
    course = type(course).objects.get()
    assert course.card.file != before
    assert files(), "the old one stays for who has just read the page"
    assert before in files()
    with time_machine.travel(timezone.now() + 2 * cards.KEPT_FOR):
        announce()
        assert catch_up() == 0
    assert before not in files()
    assert course.card.file in files()


def give_picture(course):
    photo = BytesIO()
    Image.effect_noise((600, 400), 80).convert("RGB").save(photo, "JPEG")
    made = pictures.made_of(ContentFile(photo.getvalue(), "photo.jpg"))
    pictures.keep(CoursePicture(course=course, alternative="Støy"), made)


def test_a_photograph_makes_a_jpeg_and_is_seen_on_it(site):
    course = make_course()
    give_picture(course)
    catch_up()
    image = image_of(course.card)
    assert (image.size, image.format) == ((1200, 630), "JPEG")
    right = image.crop((900, 0, 1200, 630)).convert("L")
    assert len(set(right.get_flattened_data())) > 100, "more shades than any rock has"


def test_what_changes_nothing_on_it_makes_no_card(site):
    make_course(list_price=1)
    catch_up()
    Provider.objects.update(phone="1")
    make_course("Skjult", public=False)
    announce()
    assert catch_up() == 0


def test_nothing_is_made_before_the_site_has_a_name(in_memory):
    make_generation()
    make_course()
    assert catch_up() == 0
    assert not Card.objects.exists()


# --- What becomes of the old ones -----------------------------------------------------------


def test_a_course_that_is_gone_has_no_card_and_its_neighbour_keeps_its_own(site):
    old, neighbour = make_course("Gammelt"), make_course("Nytt")
    catch_up()
    withdrawn = timezone.now() - dt.timedelta(days=90)
    type(old).objects.filter(pk=old.pk).update(withdrawn_at=withdrawn)
    announce()
    with time_machine.travel(timezone.now() + 2 * cards.KEPT_FOR):
        catch_up()
    assert set(Card.objects.values_list("course", flat=True)) == {None, neighbour.pk}
    assert len(files()) == 2


def test_a_course_that_was_withdrawn_today_keeps_its_card(site):
    course = make_course()
    catch_up()
    type(course).objects.update(withdrawn_at=timezone.now())
    announce()
    assert catch_up() == 0
    assert Card.objects.filter(course=course).exists()


def test_a_lost_file_is_made_again(site):
    card = (make_course(), catch_up())[0].card
    default_storage.delete(card.name)
    announce()
    catch_up()  # finds out
    assert catch_up() == 1
    assert card.file in files()


def test_what_a_dead_worker_has_left_half_written_is_written_anew(site):
    plan = next(iter(cards.planned()))
    default_storage.save(f"{Card.FOLDER}/{plan.file}", ContentFile(b"half"))
    catch_up()
    assert image_of(Card.objects.get()).size == (1200, 630)


# --- In nobody's way ------------------------------------------------------------------------


class Choosy(InMemoryStorage):
    """Refuses photographs among the cards."""

    refuses = True

    def _save(self, name, content):
        if self.refuses and name.startswith(Card.FOLDER) and name.endswith(".jpg"):
            raise RuntimeError("no photographs")
        return super()._save(name, content)


def test_one_that_cannot_be_made_stops_no_other(site, settings, monkeypatch, caplog):
    backend = {"BACKEND": f"{__name__}.Choosy"}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    broken, fine = make_course("Går galt"), make_course("Går bra")
    give_picture(broken)
    assert catch_up() == 2
    assert Card.objects.filter(course=fine).exists()
    assert not Card.objects.filter(course=broken).exists()
    assert "RuntimeError" in caplog.text
    assert "no photographs" not in caplog.text
    assert catch_up() == 0, "it is not tried each minute"
    monkeypatch.setattr(Choosy, "refuses", False)
    announce()
    assert catch_up() == 1


def test_a_lost_picture_leaves_the_rock(site):
    course = make_course()
    give_picture(course)
    default_storage.delete(course.picture.image.name)
    assert catch_up() == 2
    assert image_of(course.card).size == (1200, 630)


def test_many_are_made_over_several_minutes(site):
    make_course("Første"), make_course("Andre")
    assert cards.catch_up(seconds=0) == 0
    answers = iter([True, True, False])
    assert catch_up(may_go_on=lambda: next(answers)) == 2
    assert catch_up() == 1
    assert Card.objects.count() == 3


def test_the_worker_makes_them_unless_a_task_waits(site, settings):
    for _ in range(settings.WORKERS + 1):
        OrmQ.objects.create(key="site", payload="x", lock=timezone.now())
    tasks.beat()
    assert not Card.objects.exists()
    OrmQ.objects.first().delete()
    tasks.beat()
    assert Card.objects.count() == 1


def test_a_thousand_courses_are_compared_with_few_questions(site, django_assert_max_num_queries):
    make_course("Ett"), make_course("To")
    with django_assert_max_num_queries(4):
        assert len(list(cards.planned())) == 3


def test_no_page_draws(client, site):
    course = make_course()
    client.get(course.get_absolute_url())
    assert not default_storage.exists(Card.FOLDER)


# --- Letters --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LETTERS)
def test_the_font_has_all_letters(language):
    small = LETTERS[language]
    for letter in f"{small}{small.upper()}":
        assert letters.is_drawn(letter), letter
    assert letters.drawable(small) == small


def test_the_font_has_the_signs_of_titles_and_numerals():
    signs = "0123456789–—…«»“”„‘’‚·•€£§№°²³½×±→™®©&@#%/|*+=<>()[]{}!?.,:;'\"µΩ"
    assert letters.drawable(signs) == signs


def test_the_font_is_small_and_its_licence_lies_beside_it():
    assert letters.FONT.stat().st_size < 300_000
    assert "SIL OPEN FONT LICENSE" in letters.FONT.with_name("OFL.txt").read_text()


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("Brann 🚒🔥 og røyk", "Brann og røyk"),
        ("消防 Kurs שלום", "Kurs"),
        ("\u202eBakvendt\u202c", "Bakvendt"),
        ("Med\x00 nul\x07l og\r\nlinje\u2028skift", "Med null og linje skift"),
        ("Sa\u030amisk c\u030c", "Såmisk č"),
        ("HMS\u2011kurs\u00a02", "HMS-kurs 2"),
        ("\ud800halvt", "halvt"),
        ("\u00ad", ""),
        ("🚒", ""),
        ("", ""),
    ],
)
def test_what_the_font_lacks_is_left_out_and_never_a_box(title, drawn):
    assert letters.drawable(title) == drawn


@pytest.mark.parametrize(
    "word",
    [
        "Arbeids-miljø-utvalg",
        "Førstehjelps-instruktør",
        "Sikkerhets-representant",
        "Maskin-fører-bevis",
        "Anleggs-gartner",
    ],
)
def test_compounds_are_broken_at_their_joints(word):
    *parts, _last = letters.hyphenated(word.replace("-", ""))
    found = list(accumulate(part.text for part in parts))
    good = {text for text, part in zip(found, parts, strict=True) if part.ill <= letters.AT_JOINT}
    expected = set(list(accumulate(word.split("-")))[:-1])
    assert expected <= good
    assert not any(text.removesuffix("s") in good for text in expected if text.endswith("s"))


def test_soft_hyphens_decide_where_a_word_is_broken():
    word = "Kom\u00adpetanse\u00adbevis"
    assert [part.text for part in letters.hyphenated(word)] == ["Kom", "petanse", "bevis"]


def lines_of(title, width=690, height=330):
    return letters.set_in(title, width, height, drawing.TITLE_SIZES, drawing.HYPHENATED_FROM)


def test_titles_are_set_in_lines_of_about_the_same_length():
    assert lines_of("Førstehjelp på sjø").lines == ("Førstehjelp", "på sjø")
    assert lines_of("Grunnkurs i arbeidsmiljø – 40 timer").lines == (
        "Grunnkurs i",
        "arbeidsmiljø –",
        "40 timer",
    )
    assert lines_of("Excel").size == max(drawing.TITLE_SIZES)


@pytest.mark.parametrize(
    "title",
    [
        "x" * 80,
        "Arbeidsmiljøutvalgsrepresentantopplæring",
        "Underdirektørsamordningskonferanse i Mo i Rana",
        " ".join(["Opplæring i bruk av arbeidsutstyr"] * 9),
        "ab\u00adcdefghijklmnopqr" * 9,
        "-" * 90,
        "https://www.example.no/" + "a/b" * 40,
    ],
)
def test_no_title_is_too_long_for_its_sign(title):
    title = letters.drawable(title)
    setting = lines_of(title)
    assert setting.height <= 330
    for line in setting.lines:
        assert letters.length(line, setting.size, letters.TRACKING) <= 690
    written = "".join(setting.lines)
    assert "\u00ad" not in written
    assert written.endswith("…") or len(written) >= len(
        title.replace("\u00ad", "").replace(" ", "")
    )


# --- Pictures -------------------------------------------------------------------------------


def sign(title, **given):
    values = {"label": "Fag", "name": "Fjordskolen", "accent": "#d5e14e", "on_accent": "#1a211d"}
    return drawing.Sign(title, **(values | given))


@pytest.mark.parametrize(
    "title", ["", "🚒", "x" * 300, "\x00\u202e\ud800", "Kort", "Sámegiella ja oahppu " * 12]
)
def test_whatever_a_title_holds_a_card_is_drawn(title):
    rock = rocks.picture_of((1, "Kurs"), 4, drawing.BEYOND)
    image = drawing.card(sign(title, label=title, name=title or "Skolen"), rock)
    assert image.size == (1200, 630)
    assert len(drawing.stored(image, "a.png")) < 60_000
    beside = image.crop((drawing.FAULT[0] + drawing.SEAM + 1, 0, 1200, 200))
    assert drawing.ON_ROCK not in {
        f"#{r:02x}{g:02x}{b:02x}" for r, g, b in beside.get_flattened_data()
    }


def test_a_dark_accent_is_lightened_until_it_is_seen_and_a_broken_one_is_the_sites_own():
    assert cards.accent_of("#d5e14e")[0] == "#d5e14e"
    assert cards.accent_of("#000022")[0] != "#000022"
    assert cards.accent_of("nonsense") == cards.accent_of("") == (cards.LICHEN, "#1a211d")


def test_a_logo_takes_the_place_of_the_name():
    logo = Image.new("RGBA", (300, 100), "#ff00ff")
    rock = Image.new("RGB", (9, 9), "white")
    image = drawing.card(sign("Kurs", logo=logo), rock)
    below = image.crop((0, 480, 760, 630))
    assert (255, 0, 255) in set(below.get_flattened_data())
    assert (213, 225, 78) not in set(below.get_flattened_data()), "without the site's mark"


def test_rocks_have_the_strokes_and_colours_of_the_covers_on_pages():
    rules = Path(finders.find("css/covers.css")).read_text()
    light = rules.partition("@media (prefers-color-scheme: dark)")[0]
    for mineral, shades in rocks.MINERALS.items():
        rule = re.search(rf"\.cover--{mineral} {{(.*?)}}", light)[1]
        assert tuple(re.findall(r"#[0-9a-f]{6}", rule)) == shades
    names = {f"--rock-{n}": n for n in range(6)} | {"--seam": rocks.SEAM}
    for rock in covers.ROCKS:
        name = rock.__name__
        own = re.findall(rf"\.cover--{name}( :nth-child\((\w+)\))? {{ (.*?) }}", rules)
        shades, widths = {}, {}
        for _, child, rule in own:
            colour = re.search(r"(?:stroke|fill|background): var\((.*?)\)", rule)
            width = re.search(r"stroke-width: ([\d.]+)", rule)
            for n in range(1, 12):
                if child in {str(n), "odd" if n % 2 else "even"}:
                    shades |= {n: names[colour[1]]} if colour else {}
                    widths |= {n: float(width[1])} if width else {}
            if not child and colour:
                assert rocks.GROUND[name] == names[colour[1]]
        drawn = rocks.STROKES.get(name) or [(shade,) for shade in rocks.FILLS[name]]
        for n, (shade, *width) in enumerate(drawn, 1):
            assert shades[n] == shade, (name, n)
            assert [widths[n]] == width if width else n not in widths
    dots = re.search(
        r"nth-child\(11\).*?stroke-width: ([\d.]+); stroke-dasharray: 0 ([\d.]+)", rules
    )
    assert (float(dots[1]), float(dots[2])) == rocks.DOTS[1:]


def test_paths_are_followed_as_browsers_follow_them():
    assert rocks.flat("M0 0H10V20h-5z", 1) == [[(0, 0), (10, 0), (10, 20), (5, 20)]]
    (line,) = rocks.flat("M0 0Q10 20 20 0T40 0", 1)
    assert max(line, key=lambda at: at[1]) == pytest.approx((10, 10), abs=0.5)
    assert min(line, key=lambda at: at[1]) == pytest.approx((30, -10), abs=0.5)
    (line,) = rocks.flat("M0 0C0 10 10 10 10 0S20 -10 20 0", 1)
    assert line[-1] == pytest.approx((20, 0))
    assert min(at[1] for at in line) == pytest.approx(-7.5, abs=0.1)
    assert len(rocks.flat("M0 0q1 2 3 4t5 6M9 9l1 1", 1)) == 2
