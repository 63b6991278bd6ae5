"""The OpenAPI document: the table of operations and the shapes, as programs read them."""

from django.conf import settings
from django.utils.translation import override
from pydantic.json_schema import models_json_schema

from catalog.models import Provider
from catalog.public_data import shapes
from catalog.public_data.operations import operations
from catalog.public_data.problems import KINDS

REFERENCE = "#/components/schemas/{model}"
ABOUT = """\
Everything that is on offer, as the pages show it. Reading only; no key is needed.

**Version.** Within version 1 nothing is removed, renamed or given another meaning. Fields, filters,
addresses and codes in a list of codes may be added: pass over what you do not know.

**Languages.** Each address exists in each language of the site. Titles and texts are in the
language that the provider wrote them in; their language is told beside them.

**Ask again cheaply.** Send the `ETag` of the last answer as `If-None-Match`: 304 means that nothing
has changed, and does not count towards the limit. An answer may be kept for five minutes. HEAD
tells the same without the answer.

**Not here.** Whatever is for those who have a place, and everything about people but the names of
instructors.
"""
OF_ANSWERS = {
    "ETag": "Names this state of the answer.",
    "Cache-Control": "How long it may be kept.",
}
OF_LISTS = OF_ANSWERS | {"Link": "The other pages of the list (RFC 8288)."}


def document():
    """The whole document, ready to be written as JSON; in English, as programmers read each
    other."""
    with override("en"):
        return written()


def written():
    models = {operation.answer for operation in operations()} | {shapes.Problem}
    models = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models], ref_template=REFERENCE
    )
    name = Provider.current().name
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{name}: courses and dates" if name else "Courses and dates",
            "version": "1.0",
            "description": ABOUT,
        },
        "servers": [
            {"url": f"{settings.SITE_URL}{prefix(code)}/api/v1", "description": str(words)}
            for code, words in settings.LANGUAGES
        ],
        "paths": {operation.path: {"get": described(operation)} for operation in operations()},
        "components": {"schemas": schemas["$defs"]},
    }


def prefix(language):
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def described(operation):
    return {
        "summary": str(operation.words),
        "parameters": [
            *([ID] if operation.of_one else []),
            *(parameter(each) for each in operation.takes),
        ],
        "responses": {
            "200": answer(operation),
            "304": {"description": "You have it already."},
            **{str(status): problem(status) for status in statuses(operation)},
        },
    }


ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
    "example": 5210,
}


def parameter(of):
    schema = of.schema
    if of.several:
        schema = {"type": "array", "items": schema, "maxItems": 30}
    return {
        "name": of.name,
        "in": "query",
        "description": str(of.words) + (" Several widen the choice." if of.several else ""),
        "schema": schema,
        "example": of.example,
    }


def statuses(operation):
    """Of the problems that may be told in place of its answer."""
    yield 400
    if operation.of_one or operation.takes:
        yield 404
    if operation.of_one:
        yield 410
    yield 429


def answer(operation):
    headers = OF_LISTS if issubclass(operation.answer, shapes.Listed) else OF_ANSWERS
    return {
        "description": str(operation.words),
        "headers": {
            name: {"description": words, "schema": {"type": "string"}}
            for name, words in headers.items()
        },
        "content": {"application/json": {"schema": reference(operation.answer)}},
    }


def problem(status):
    content = {"application/problem+json": {"schema": reference(shapes.Problem)}}
    kinds = {name: kind for name, kind in KINDS.items() if kind.status == status}
    words = [f"`{name}`: {kind.words}." for name, kind in kinds.items()]
    return {"description": " ".join(words), "content": content}


def reference(model):
    return {"$ref": REFERENCE.format(model=model.__name__)}
