"""The message catalogues of `locale/`: collected from the source, merged and compiled by Babel.

Django's own makemessages and compilemessages need the gettext programs; these need a pip package.
Message ids are English, so English needs no catalogue; each other language is one folder.
"""

import gettext
import re
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import Engine
from django.template.base import UNKNOWN_SOURCE, Lexer, Origin, Parser, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trans_real

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
CONSTANT = re.compile(r"""_\((?:"([^"]+)"|'([^']+)')\)""")


def collect(root):
    """A Catalog of every message in the apps' Python files and in `templates/` under root."""
    catalog = Catalog(charset="utf-8")
    for app in ("booking", "catalog", "config"):
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                for _, message, _, context in extract_from_file("python", path, KEYWORDS):
                    add(catalog, message, path.relative_to(root), context)
    for path in sorted((root / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt"}:
            for message, context in messages_of_template(path.read_text()):
                add(catalog, message, path.relative_to(root), context)
    return catalog


def add(catalog, message, path, context=None):
    if isinstance(message, tuple) and context:
        message = tuple(part for part in message if part != context)
        message = message[0] if len(message) == 1 else message
    catalog.add(message, locations=[(path.as_posix(), 1)], context=context or None)


def messages_of_template(source):
    """Yield (message, context) for each translate tag, block and `_("…")` of a template; the
    message is a pair where it has a plural."""
    engine = Engine.get_default()
    tokens = Lexer(source).tokenize()
    nodes = Parser(
        list(tokens), engine.template_libraries, engine.template_builtins, Origin(UNKNOWN_SOURCE)
    ).parse()
    for node in nodes.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
        context = node.message_context and node.message_context.resolve({})
        if isinstance(node, TranslateNode):
            if isinstance(node.filter_expression.var, str):
                yield node.filter_expression.var, context
            else:
                yield node.filter_expression.var.literal, context
        else:
            singular = message_of_block(node, node.singular)
            plural = node.plural and message_of_block(node, node.plural)
            yield ((singular, plural) if plural else singular), context
    for token in tokens:
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for double, single in CONSTANT.findall(token.contents):
                yield double or single, None


def message_of_block(node, tokens):
    message, _ = node.render_token_list(tokens)
    return re.sub(r"\s*\n\s*", " ", message.strip()) if node.trimmed else message


def catalogues():
    """The path of each language's catalogue."""
    return sorted(
        path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")
    )


def read(path):
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def update(path, collected, merge=()):
    """Bring one catalogue up to date with the source; translations come from it and from the
    files to merge (theirs win). Messages no longer in the source are dropped."""
    old = read(path)
    for extra in (read_part(part, path.parts[-3]) for part in merge):
        for message in extra:
            if message.id and message.string:
                old.delete(message.id, message.context)  # `add` would keep what it has
                old.add(message.id, message.string, context=message.context)
    new = Catalog(locale=old.locale, charset="utf-8", fuzzy=False, header_comment="")
    name = named(path)
    for message in collected:
        if message.id:
            known = old.get(message.id, message.context)
            # What has become a plural, or is none any more, is to be translated anew.
            fits = (
                known
                and not known.fuzzy
                and isinstance(known.string, str) == isinstance(message.id, str)
            )
            string = known.string if fits else ""
            new.add(message.id, string, locations=message.locations, context=message.context)
    with path.open("wb") as file:
        write_po(file, new, width=100, sort_output=True, include_lineno=False, omit_header=False)
    without_dates(path)
    if name:
        text = path.read_text()
        path.write_text(text.replace('"Language:', f'{name}"Language:', 1))


def named(path):
    """The line of the header that names the language, if there is one: Babel drops it."""
    return "".join(re.findall(r'^"X-Name: .+\n', path.read_text(), re.M))


def read_part(path, locale):
    with Path(path).open("rb") as file:
        return read_po(file, locale=locale)


def without_dates(path):
    """A catalogue changes when its messages do, not when it was written."""
    lines = path.read_text().splitlines(keepends=True)
    drop = ("#\n", '"Project-Id', '"POT-', '"PO-Rev', '"Last-Tr', '"Language-Team', '"Generated')
    path.write_text("".join(line for line in lines if not line.startswith(drop)))


def missing(path, collected):
    """The messages of the source that the catalogue lacks, or has only as fuzzy."""
    known = read(path)
    for message in collected:
        if message.id:
            entry = known.get(message.id, message.context)
            string = entry and entry.string
            if not string or entry.fuzzy or (isinstance(string, tuple) and not all(string)):
                yield message


def compile_all():
    """Write the .mo of each catalogue that is newer than its .mo. Returns how many."""
    count = 0
    for path in catalogues():
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= path.stat().st_mtime:
            part = target.with_suffix(".part")
            with part.open("wb") as file:
                write_mo(file, read(path))
            part.replace(target)
            count += 1
    if count:
        forget_loaded()
    return count


def forget_loaded():
    """Let this process read the messages anew: a fresh clone has begun without any."""
    gettext._translations.clear()
    trans_real._translations.clear()
    trans_real._default = None
