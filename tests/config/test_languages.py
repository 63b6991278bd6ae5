"""A third language is one folder: its addresses, words and forms follow, and no code is touched."""

import datetime as dt

import pytest
from django.test import override_settings
from django.utils import translation

from booking.models import Question
from catalog.models import Course, Terms
from catalog.templatetags import formats
from config import languages, messages
from tests.factories import make_terms
from tests.test_settings import SECRETS, start

POLISH = r"""
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"
"Content-Type: text/plain; charset=utf-8\n"

msgid "courses/"
msgstr "kursy/"

msgid "Courses"
msgstr "Kursy"

msgid "%(number)s day"
msgid_plural "%(number)s days"
msgstr[0] "%(number)s dzień"
msgstr[1] "%(number)s dni"
msgstr[2] "%(number)s dni"
"""  # noqa: E501


@pytest.fixture
def folder(tmp_path):
    """A folder of locale/'s kind, outside the repository, with a little Polish in it."""
    path = tmp_path / "locale" / "pl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(POLISH.lstrip())
    return tmp_path / "locale"


@pytest.fixture
def polish(folder, settings):
    """The site with that folder, as its settings would find it."""
    paths = [folder, *settings.LOCALE_PATHS]
    with override_settings(LOCALE_PATHS=paths, LANGUAGES=languages.found(paths)):
        messages.compile_all()
        messages.forget_loaded()
        yield
    messages.forget_loaded()


def test_the_languages_are_english_and_the_folders(settings):
    assert settings.LANGUAGES[:2] == [("nb", "Norsk"), ("en", "English")]
    assert settings.LANGUAGE_CODE == "nb"


def test_a_folder_outside_the_repository_is_a_language_and_no_migration(tmp_path, folder):
    given = SECRETS | {"LOCALE_DIRS": str(folder)}
    said = "from django.conf import settings; print(settings.LANGUAGES[2:])"
    assert "[('pl', 'Polski')]" in start(tmp_path, "shell", "-c", said, **given).stdout
    assert start(tmp_path, "messages", "--compile", **given).returncode == 0
    answer = start(tmp_path, "makemigrations", "--check", **given)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_language_may_say_its_own_name(folder):
    path = folder / "pl" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text().replace('"Plural', '"X-Name: po polsku\\n"\n"Plural'))
    assert languages.found([folder])[-1] == ("pl", "po polsku")
    messages.update(path, messages.read(path))
    assert languages.found([folder])[-1] == ("pl", "po polsku"), "and keeps it"


def test_a_folder_of_a_language_that_nobody_knows_is_named_as_it_is_called(folder):
    (folder / "pl").rename(folder / "xx")
    assert languages.found([folder])[-1] == ("xx", "xx")
    assert formats.locale_of("xx") == formats.locale_of("en")


@pytest.mark.django_db
def test_the_third_language_has_addresses_of_its_own(client, polish):
    page = client.get("/pl/kursy/")
    assert page.status_code == 200
    assert page.headers["Content-Language"] == "pl"
    assert '<html lang="pl">' in page.text
    assert 'href="/pl/kursy/"' in page.text
    assert client.get("/pl/").status_code == 200
    assert client.get("/pl/kurs/").status_code == 404
    assert client.get("/kursy/").status_code == 404


@pytest.mark.django_db
def test_every_page_names_itself_in_all_three(client, polish):
    page = client.get("/en/courses/").text
    for code, path in [("nb", "/kurs/"), ("en", "/en/courses/"), ("pl", "/pl/kursy/")]:
        assert f'hreflang="{code}" href="http://testserver{path}"' in page
    assert ">Polski</a>" in page
    assert ">Norsk</a>" in page


@pytest.mark.django_db
def test_what_it_has_no_words_for_stands_in_english(client, polish):
    page = client.get("/pl/kursy/").text
    assert "Skip to the content" in page
    assert "Hopp til innholdet" not in page


def test_dates_money_and_plurals_take_its_form(polish):
    with translation.override("pl"):
        assert formats.day(dt.date(2026, 11, 21)) == "sobota, 21 listopada 2026"
        assert formats.money(2490) == "2\xa0490\xa0NOK"
        course = Course(duration_value=formats.Decimal(3), duration_unit="days")
        assert formats.duration(course) == "3 dni"


@pytest.mark.django_db
def test_terms_and_questions_come_in_the_nearest_language_they_have(polish):
    norwegian = make_terms(language="nb")
    with translation.override("pl"):
        assert Terms.objects.in_force("terms") == norwegian
        english = make_terms(language="en")
        assert Terms.objects.in_force("terms") == english
        polish = make_terms(language="pl")
        assert Terms.objects.in_force("terms") == polish
        assert Question(label_nb="Allergier", label_en="Allergies").label == "Allergies"
    assert ("pl", "Polski") in Terms._meta.get_field("language").flatchoices
