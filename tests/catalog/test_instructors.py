"""Who teaches."""

import pytest

from tests.factories import make_date, make_instructor

pytestmark = pytest.mark.django_db


def test_an_instructor_has_a_page_with_the_dates_ahead(client):
    person = make_instructor("Åse Bjørnstad", remote_id=7)
    date = make_date(instructors=[person])
    assert person.get_absolute_url() == "/instruktorer/7-ase-bjornstad/"
    assert date.course.title in client.get(person.get_absolute_url()).content.decode()
