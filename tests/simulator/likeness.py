"""Compares a body with an example of Frontcore's: the same keys and types, never the same values.

Rules of looseness, from the API's own habits: whole and broken numbers are one type; null in an
example says nothing about the type; null in a body is allowed where LOOSE says so; the items of a
list are like any of the example's items.
"""

import json
from pathlib import Path

ANSWERS = Path(__file__).resolve().parent.parent / "frontcore" / "answers"

# Fields that may be null (or another empty thing) though the examples happen to have a value.
LOOSE = {
    "duration", "categories", "custom_properties", "location", "timezone", "deadline_at",
    "reference", "place_id", "location_id", "idLocation", "start_time_at", "end_time_at",
    "capacity_min", "capacity_max", "capacity_wait", "capacity_overbook", "city", "zipcode",
    "address", "state", "county", "full_address", "title_label", "place", "gln_number",
    "your_reference", "parent_id",
    "parent_title", "phone", "company", "email", "booker_phone", "booker_name", "booker_email",
    "text_lead", "text_description", "text_place", "text_prerequisites", "text_audience", "consent",
    "comment", "customer_reference", "invoice_email", "idUser", "theme", "event_url", "short_text",
}  # fmt: skip
# Keys that one embedding of an object has and another lacks.
COMES_AND_GOES = {
    "location": {"idCountry", "idPlace"},
    "place": {"id", "title", "parent_id", "parent_title"},
}


def example(name):
    return json.loads((ANSWERS / f"{name}.json").read_text())


def kind(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return {str: "text", list: "list", dict: "object", type(None): "null"}[type(value)]


def differences(model, found, where="$"):
    """Sentences about where `found` is not spelled like `model`; empty when it is."""
    return list(_compare([model], found, where))


def _compare(models, found, where):
    name = where.rsplit(".", 1)[-1].removesuffix("[]")
    kinds = {kind(model) for model in models}
    if kinds == {"null"} or (name in LOOSE and found in (None, [], {}, "")):
        return
    if kind(found) not in kinds:
        yield f"{where} is {kind(found)}, not {' or '.join(sorted(kinds))}"
    elif isinstance(found, list):
        items = [item for model in models if isinstance(model, list) for item in model]
        for item in found if items else []:
            yield from _compare(items, item, f"{where}[]")
    elif isinstance(found, dict) and name != "custom_properties":
        objects = [model for model in models if isinstance(model, dict)]
        keys = set().union(*objects)
        always = set.intersection(*(set(each) for each in objects))
        missing = always - set(found) - COMES_AND_GOES.get(name, set())
        if missing:
            yield f"{where} lacks {', '.join(sorted(missing))}"
        if set(found) - keys:
            yield f"{where} has also {', '.join(sorted(set(found) - keys))}"
        for key in set(found) & keys:
            known = [each[key] for each in objects if key in each]
            yield from _compare(known, found[key], f"{where}.{key}")
