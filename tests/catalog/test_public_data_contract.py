"""The OpenAPI document and the answers, held against each other by a third party's eyes."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from catalog.models import Course, CourseDate
from catalog.public_data.operations import operations
from config.wsgi import application
from tests.catalog.test_public_data import make_school

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
    max_examples=40,
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


def existing(path):
    """Ids that are there, for an address that names one."""
    model = Course if "course" in path else CourseDate
    return {"id": model.objects.first().remote_id} if "{id}" in path else {}


@pytest.mark.parametrize(("path", "mode"), TO_ASK)
def test_whatever_is_asked_is_answered_as_the_document_says(contract, path, mode):
    operation = contract[path]["GET"]

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(headers=AS_IT_IS, excluded_checks=AS_LENIENT_AS_THE_SITE)

    ask()
