"""Where courses are held."""

import pytest

from tests.factories import make_date, make_venue

pytestmark = pytest.mark.django_db


def test_a_venue_has_a_page_with_its_dates(client):
    venue = make_venue("Kurssenteret", remote_id=7)
    date = make_date(venue=venue)
    assert venue.get_absolute_url() == "/kurssteder/7-kurssenteret/"
    assert date.course.title in client.get(venue.get_absolute_url()).content.decode()
