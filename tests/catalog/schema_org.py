"""What structured data may say, listed in schema_org.json, and where some does not keep to it."""

import json
import re
from pathlib import Path

LIST = json.loads((Path(__file__).parent / "schema_org.json").read_text())
VOCABULARY = "https://schema.org/"


def wrong_in(graph):
    """Everything in the graph that the list does not have, in words."""
    nodes = graph["@graph"]
    named = {node["@id"]: node for node in nodes if "@id" in node}
    assert graph["@context"] == "https://schema.org"
    return [wrong for node in nodes for wrong in wrong_node(node, named)]


def types_of(node):
    found = node.get("@type", [])
    return found if isinstance(found, list) else [found]


def wrong_node(node, named, within=""):
    if not types_of(node):
        yield f"a node without a type: {node}"
    known = {}
    for kind in types_of(node):
        rules = LIST["types"].get(f"{kind} in {within}", LIST["types"].get(kind))
        if rules is None:
            yield f"unknown type {kind}"
            continue
        known |= {name: rule for name, rule in rules.items() if rule[0] or name not in known}
        for name, (mark, *_) in rules.items():
            if mark == "required" and name not in node:
                yield f"{kind} without {name}: {node}"
    for name, value in node.items():
        if name in {"@type", "@id"}:
            continue
        if name not in known:
            yield f"unknown property {name} of {types_of(node)}"
            continue
        here = node["@type"] if name == "itemListElement" else name
        for one in value if isinstance(value, list) else [value]:
            yield from wrong_value(one, known[name][1:], named, here, name)


def wrong_value(value, kinds, named, within, name):
    if isinstance(value, dict):
        whole = named.get(value["@id"]) if value.keys() == {"@id"} else value
        if whole is None:
            yield f"{name} names {value}, which is nowhere on the page"
        elif not set(types_of(whole)) & set(kinds):
            yield f"{name} is a {types_of(whole)}"
        elif whole is value:
            yield from wrong_node(value, named, within)
    elif not any(is_a(kind, value) for kind in kinds):
        yield f"{name} is {value!r}, none of {kinds}"


def is_a(kind, value):
    if kind in LIST["words"]:
        return value in {VOCABULARY + word for word in LIST["words"][kind]}
    if kind in LIST["texts"]:
        return value in LIST["texts"][kind]
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind in {"Number", "Integer"}:
        of_kind = int if kind == "Integer" else (int, float)
        return isinstance(value, of_kind) and not isinstance(value, bool)
    shape = LIST["shapes"].get(kind)
    return bool(shape and isinstance(value, str) and re.fullmatch(shape, value, re.DOTALL))


def used_in(graph):
    """{(type, property)} of all that the graph says."""
    found, waiting = set(), list(graph["@graph"])
    while waiting:
        node = waiting.pop()
        for name, value in node.items():
            found |= {(kind, name) for kind in types_of(node)}
            values = value if isinstance(value, list) else [value]
            waiting += [one for one in values if isinstance(one, dict)]
    return found
