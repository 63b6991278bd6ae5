"""The interface languages: English, which the source is in, and each folder of `locale/`."""

import re

from babel import Locale, UnknownLocaleError
from django.utils.translation import to_language, trans_real

SOURCE, DEFAULT = "en", "nb"
FALL_BACK_ON_DEFAULT = {"nb", "nn"}  # what has no words of its own is better so than in English


def found(folders):
    """(code, own name) of each language, the default first, then English, then the others."""
    names = {SOURCE: "English"}
    for folder in folders:
        for path in sorted(folder.glob("*/LC_MESSAGES/django.po")):
            names.setdefault(to_language(path.parts[-3]), name_of(path))
    others = sorted(names.keys() - {DEFAULT, SOURCE})
    return [(code, names[code]) for code in [DEFAULT, SOURCE, *others] if code in names]


def name_of(path):
    """What its speakers call the language of a catalogue: its header X-Name, or what Babel says."""
    with path.open(encoding="utf-8") as file:
        if given := re.search(r'^"X-Name: (.+?)(?:\\n)?"$', file.read(2000), re.M):
            return given[1]
    try:
        name = Locale.parse(path.parts[-3]).get_display_name()
    except UnknownLocaleError:
        return path.parts[-3]
    return name[:1].upper() + name[1:]


def mend():
    """Let what a language has no words for stand in English. Django would show it in the default
    language, bokmål, which whoever chose a third language has not chosen."""
    add = trans_real.DjangoTranslation._add_fallback

    def add_fallback(translations, localedirs=None):
        if translations.to_language() in FALL_BACK_ON_DEFAULT:
            add(translations, localedirs)

    trans_real.DjangoTranslation._add_fallback = add_fallback
