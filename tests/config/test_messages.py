"""The catalogues hold every message of the source, and only those."""

import re

import pytest
from babel.messages import Catalog, Message
from django.conf import settings
from django.utils import translation

from config import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


@pytest.fixture(scope="module")
def collected():
    return messages.collect(settings.BASE_DIR)


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda path: path.parts[-3])
def test_every_message_is_translated_and_none_is_fuzzy(path, collected):
    assert [message.id for message in messages.missing(path, collected)] == []


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda path: path.parts[-3])
def test_a_translation_names_the_same_values_as_its_message(path):
    wrong = [message.id for message in messages.read(path) if not names_the_same(message)]
    assert not wrong


def names_the_same(message):
    """Whether each form names all that the message names; the first, of one, may leave out the
    number."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    named = [set(PLACEHOLDER.findall(part)) for part in ids]
    if not all(strings):
        return True  # missing, which is another test's
    first, *others = [set(PLACEHOLDER.findall(string)) for string in strings]
    if not others:
        return first == named[0]
    return named[0] & named[-1] <= first <= named[-1] and all(o == named[-1] for o in others)


@pytest.mark.parametrize(
    ("message", "string", "good"),
    [
        ("%(n)s of %(all)s", "%(n)s av %(all)s", True),
        ("%(n)s of %(all)s", "%(n)s av alle", False),
        ("{name} wrote", "{navn} skrev", False),
        (("One seat", "%(n)s seats"), ("Én plass", "%(n)s plasser"), True),
        (("One seat", "%(n)s seats"), ("Én plass", "flere plasser"), False),
    ],
)
def test_a_value_that_is_lost_or_misspelt_is_seen(message, string, good):
    assert names_the_same(Message(message, string)) == good


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda path: path.parts[-3])
def test_a_catalogue_has_as_many_plural_forms_as_its_language(path):
    catalog = messages.read(path)
    for message in catalog:
        if message.pluralizable:
            assert len(message.string) == catalog.num_plurals, message.id


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda path: path.parts[-3])
def test_every_address_is_one_of_its_own(path):
    """Two pages under one address would be one page."""
    addresses = [m.string for m in messages.read(path) if m.id and str(m.id).endswith("/")]
    assert len(set(addresses)) == len(addresses)
    assert [a for a in addresses if not re.fullmatch(r"([a-z_-]+|<\w+:\w+>|[/-])+/", a)] == []


def test_every_room_that_speaks_is_listened_to(collected):
    """One message of each kind of place, so that none falls silent unseen."""
    places = {path for message in collected for path, _ in message.locations}
    for start in (
        *("booking/models/", "booking/forms/", "booking/admin/", "booking/views/"),
        *("catalog/models/", "catalog/admin/", "catalog/urls.py", "config/settings.py"),
        *("catalog/templatetags/", "templates/base.html", "templates/booking/mail/"),
        *("templates/admin/", "templates/catalog/", "templates/includes/"),
    ):
        assert any(path.startswith(start) for path in places), start


SPEAKING = re.compile(r"""(?:textContent|innerText|title|ariaLabel|placeholder)\s*=\s*["'`]\w""")


def test_scripts_say_nothing_of_their_own(settings):
    """What a script shows stands in the page, in the page's language."""
    for path in (settings.BASE_DIR / "static" / "js").glob("*.js"):
        assert not SPEAKING.search(path.read_text()), path


def test_templates_hold_no_bare_words(settings):
    """Words between tags of a public page, outside a translation, would stay in one language."""
    found = []
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        if path.name == "500.html" or path.parent.name == "components":
            continue  # in both languages at once; the names of parts, for whoever builds pages
        text = path.read_text()
        for part in (
            r"{% comment %}.*?{% endcomment %}|{#.*?#}|<(script|style|svg)\b.*?</\1>",
            r"{% blocktrans(late)?\b.*?{% endblocktrans(late)? %}",
            r"{% block is_\w+ %}.*?{% endblock %}",  # an attribute
            r"{%.*?%}|{{.*?}}|<!--.*?-->",
            r"<[^>]*>",
        ):
            text = re.sub(part, " ", text, flags=re.S)
        for word in re.findall(r"[^\W\d_]{3,}", re.sub(r"&\w+;", " ", text)):
            found.append(f"{path.relative_to(settings.BASE_DIR)}: {word}")
    assert not found, "\n".join(found)


def test_templates_give_their_tags_blocks_plurals_and_constants():
    source = """{% load i18n %}{% translate "One" %}{% translate "Two" context "number" %}
    {% blocktranslate count n=n trimmed %}
      {{ n }} seat
    {% plural %}
      {{ n }} seats
    {% endblocktranslate %}{% include "x.html" with word=_("Three") only %}"""
    assert set(messages.messages_of_template(source)) == {
        ("One", None),
        ("Two", "number"),
        (("%(n)s seat", "%(n)s seats"), None),
        ("Three", None),
    }


def test_a_merge_replaces_keeps_and_drops(tmp_path):
    folder = tmp_path / "nb" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / "django.po"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(
        head
        + 'msgid "kept"\nmsgstr "beholdt"\n\nmsgid "dropped"\nmsgstr "borte"\n\n'
        + 'msgid "poor"\nmsgstr "dårlig"\n'
    )
    better = tmp_path / "better.po"
    better.write_text(head + 'msgid "poor"\nmsgstr "bedre"\n')
    source = Catalog()
    for word in ("kept", "poor", "new"):
        source.add(word)
    messages.update(path, source, [better])
    found = {message.id: message.string for message in messages.read(path) if message.id}
    assert found == {"kept": "beholdt", "poor": "bedre", "new": ""}
    assert [message.id for message in messages.missing(path, source)] == ["new"]
    before = path.read_text()
    messages.update(path, source)
    assert path.read_text() == before, "a second run changes nothing"


def test_the_first_command_of_a_fresh_clone_reads_what_it_has_compiled(tmp_path, settings):
    folder = tmp_path / "nb" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (folder / "django.po").write_text(head + 'msgid "never heard of"\nmsgstr "aldri hørt om"\n')
    settings.LOCALE_PATHS = [tmp_path]
    messages.forget_loaded()
    try:
        with translation.override("nb"):
            assert translation.gettext("never heard of") == "never heard of"
        assert messages.compile_all() == 1
        with translation.override("nb"):
            assert translation.gettext("never heard of") == "aldri hørt om"
    finally:
        messages.forget_loaded()
