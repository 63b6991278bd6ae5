"""Asks for public data, of a school that has a bit of everything."""

from tests.factories import (
    make_category,
    make_course,
    make_date,
    make_generation,
    make_instructor,
    make_level,
    make_place,
    make_text,
    make_venue,
)

SITE = "http://testserver"


def get(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, response.content
    return response.json()


def make_school():
    """A few courses with dates of every kind, in several places, over several months."""
    make_generation()
    safety = make_category("HMS")
    categories = [make_category("Brann", parent=safety), make_category("IT"), safety]
    places = [make_place("Bergen", "Vestland"), make_place("Voss", "Vestland"), make_place()]
    levels, people = [make_level("A"), make_level("B")], [make_instructor("Kari")]
    for number in range(7):
        course = make_course(
            f"Kurs {number}",
            categories=[categories[number % 3]],
            level=levels[number % 2],
            language="en" if number == 3 else "no",
        )
        make_text(course)
        for turn in range(3):
            make_date(
                course,
                days=3 + 17 * turn + number,
                place=places[(number + turn) % 3],
                is_virtual=number == 5 and turn == 0,
                seats_free=(number + turn) % 4,
                status=1 + (number + turn) % 4,
                language="en" if number == 3 else "no",
                venue=make_venue() if turn == 2 else None,
                instructors=people if number == 2 else (),
            )
    make_course("Uten datoer")
