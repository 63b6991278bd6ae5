"""The OpenAPI document and the answers, held against each other by a third party's eyes."""

from ipaddress import ip_network

import jsonschema_rs
import pytest
import schemathesis
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from catalog.models import Course, CourseDate
from catalog.public_data.operations import FILTERS, operations
from catalog.selection import KINDS, Selection
from catalog.urls import urlpatterns
from config.wsgi import application
from tests.catalog.asking import make_school

pytestmark = pytest.mark.django_db

AS_LENIENT_AS_THE_SITE = [negative_data_rejection]
AS_IT_IS = {"Accept-Encoding": "identity"}
TO_ASK = [
    (operation.path, mode)
    for operation in operations()
    for mode in GenerationMode
    if operation.takes or operation.of_one or mode.is_positive  # else nothing can be wrong
]
FEW = examples(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def contract(settings):
    settings.LIMIT_DATA_ADDRESS_MIN = 1_000_000
    make_school()
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def turn_days(query):
    """What no schema can say: the last day is not before the first."""
    if query and "since" in query and "until" in query:
        query["since"], query["until"] = sorted([query["since"], query["until"]])


@pytest.mark.parametrize(("path", "mode"), TO_ASK)
def test_whatever_is_asked_is_answered_as_the_document_says(contract, path, mode):
    operation = contract[path]["GET"]

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        if mode.is_positive:
            turn_days(case.query)
        case.call_and_validate(headers=AS_IT_IS, excluded_checks=AS_LENIENT_AS_THE_SITE)

    ask()


@pytest.mark.parametrize("address", ["/courses/{id}/", "/dates/{id}/"])
def test_what_is_there_is_answered_as_the_document_says(contract, address):
    model = Course if "courses" in address else CourseDate
    for thing in model.objects.all():
        case = contract[address]["GET"].Case(path_parameters={"id": thing.remote_id})
        assert case.call_and_validate(headers=AS_IT_IS).status_code == 200


def test_what_is_gone_is_answered_as_the_document_says(contract):
    CourseDate.objects.update(withdrawn_at=timezone.now())
    ids = {"id": CourseDate.objects.first().remote_id}
    case = contract["/dates/{id}/"]["GET"].Case(path_parameters=ids)
    assert case.call_and_validate(headers=AS_IT_IS).status_code == 410


def test_too_much_is_answered_as_the_document_says(contract, settings, time_machine):
    settings.LIMIT_DATA_ADDRESS_MIN = 1
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    headers = AS_IT_IS | {"X-Forwarded-For": "203.0.113.5"}
    case = contract["/dates/"]["GET"].Case()
    time_machine.move_to("2026-11-02T10:00:20+01:00", tick=False)
    statuses = [case.call_and_validate(headers=headers).status_code for _ in range(2)]
    assert statuses == [200, 429]


# --- The document itself ------------------------------------------------------------------------


def test_the_addresses_of_the_document_are_those_that_answer():
    for operation in operations():
        args = [1] if operation.of_one else []
        path = operation.path.replace("{id}", "1")
        assert reverse(operation.name, args=args) == f"/api/v1{path}"
    names = {pattern.name for pattern in urlpatterns if (pattern.name or "").startswith("api_")}
    assert names == {it.name for it in operations()} | {"api_document", "api_unknown"}


def test_its_filters_are_those_of_the_site():
    assert [parameter.name for parameter in FILTERS] == list(KINDS)
    for parameter in FILTERS:
        assert parameter.several == KINDS[parameter.name].metadata["several"]


def test_every_example_is_one(client):
    """Of filters by the site's own reading; of fields by their own schema."""
    for parameter in FILTERS:
        selection = Selection.of(QueryDict(parameter.written))
        assert selection
        assert not selection.unreadable
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    found = list(examples_in(schemas))
    assert len(found) > 30
    for schema, example in found:
        assert jsonschema_rs.is_valid(schema, example, validate_formats=True), (schema, example)


def examples_in(schema):
    """(schema, example) of every field that has one."""
    if isinstance(schema, dict):
        for example in (
            schema.get("examples", []) if isinstance(schema.get("examples"), list) else []
        ):
            yield schema, example
        schema = list(schema.values())
    for each in schema if isinstance(schema, list) else []:
        yield from examples_in(each)


def test_it_is_in_english_whoever_asks_and_names_both_languages(client):
    document = client.get("/api/v1/openapi.json").json()
    assert client.get("/en/api/v1/openapi.json").json() == document
    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/dates/"]["get"]["summary"] == "The dates ahead, in the order of time"
    assert [server["url"] for server in document["servers"]] == [
        "http://testserver/api/v1",
        "http://testserver/en/api/v1",
    ]


def test_every_field_is_promised(client):
    """Nothing is left out of an answer because it is empty: it is null."""
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for name, schema in schemas.items():
        if name != "Problem":
            assert schema["required"] == list(schema["properties"]), name
