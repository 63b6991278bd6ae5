"""The catalogues hold every message of the source, and only those."""

import re

import pytest
from babel.messages import Catalog
from django.conf import settings
from django.utils import translation

from config import messages


@pytest.fixture(scope="module")
def collected():
    return messages.collect(settings.BASE_DIR)


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda path: path.parts[-3])
def test_every_message_is_translated_and_none_is_fuzzy(path, collected):
    assert [message.id for message in messages.missing(path, collected)] == []


@pytest.mark.parametrize("path", messages.catalogues(), ids=lambda path: path.parts[-3])
def test_a_translation_names_the_same_values_as_its_message(path):
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
    for message in messages.read(path):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if not message.id:
            continue
        known = {name for part in ids for name in placeholder.findall(part)}
        for string in strings:
            assert set(placeholder.findall(string)) <= known, message.id


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
