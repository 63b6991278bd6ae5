"""`manage.py refresh_catalog`: progress as it goes, a result in words, an honest exit."""

import io

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Refresh
from tests.catalog.running import BOOKABLE

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told(out=None, **options):
    out = out or io.StringIO()
    call_command("refresh_catalog", stdout=out, **options)
    return out.getvalue()


def test_it_tells_each_phase_and_the_counts(simulator):
    text = told()
    for word in ("courses", "dates", "prices", "texts", "air"):
        assert word in text
    assert "new, 0 changed" in text
    assert "\r" not in text


def test_on_a_terminal_one_line_moves(simulator):
    assert told(Terminal()).count("\r") > 5


def test_a_failure_is_one_sentence(simulator):
    simulator.fault("GET", "/courses", "html_500", times=0)
    with pytest.raises(CommandError) as error:
        told()
    assert "last good copy" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_running_refresh_is_not_disturbed(simulator):
    Refresh.objects.create(kind="full")
    with pytest.raises(CommandError):
        told()


def test_held_removals_are_told(simulator):
    told()
    simulator.edit(coursedates="all", remove=True)
    assert "held back" in told()


def test_the_kind_can_be_chosen(simulator):
    told()
    told(kind="delta")
    assert Refresh.objects.first().kind == "delta"
    simulator.edit(coursedate=BOOKABLE, set={"confirmed": 5})
    assert "seats of 1 date" in told(kind="delta")
