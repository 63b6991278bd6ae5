"""Limits: they hold over all processes, name nobody, and lock nobody out for long."""

import datetime as dt
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking import limits, tasks
from booking.limits import Sender, address_of
from booking.models import Count
from tests.environment import bare

ROOT = Path(__file__).resolve().parents[2]
HOUR = dt.timedelta(hours=1)
NOW = dt.datetime(2026, 11, 21, 12, 10, tzinfo=dt.UTC)
ANNE = Sender(address="203.0.113.7", form="a-form")


# --- Counting ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_so_many_are_allowed_and_no_more(most):
    most(booking__address=3)
    waits = [limits.ask("booking", ANNE, now=NOW).wait_min for _ in range(5)]
    assert waits == [None, None, None, 50, 50]


@pytest.mark.django_db
def test_who_is_held_up_writes_nothing_and_takes_no_turn_from_others(most):
    most(booking__address=1, booking__site=3)
    limits.ask("booking", ANNE, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(5):
            assert limits.ask("booking", ANNE, now=NOW).wait_min
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert limits.ask("booking", Sender("198.51.100.1"), now=NOW).wait_min is None
    assert limits.ask("booking", Sender("198.51.100.2"), now=NOW).wait_min is None
    assert limits.ask("booking", Sender("198.51.100.3"), now=NOW).wait_min == 50


@pytest.mark.django_db
def test_asking_costs_one_look_and_one_write(django_assert_num_queries):
    with django_assert_num_queries(2):
        limits.ask("code", ANNE, same="voucher x")


@pytest.mark.django_db
def test_the_next_stretch_begins_anew(most):
    most(booking__address=1)
    limits.ask("booking", ANNE, now=NOW)
    assert limits.ask("booking", ANNE, now=NOW).wait_min == 50
    assert limits.ask("booking", ANNE, now=NOW + HOUR).wait_min is None


@pytest.mark.django_db
def test_the_last_second_of_a_stretch_says_a_minute(most):
    most(booking__address=1)
    late = NOW.replace(minute=59, second=59)
    limits.ask("booking", ANNE, now=late)
    assert limits.ask("booking", ANNE, now=late).wait_min == 1


@pytest.mark.django_db
def test_a_turn_taken_back_does_not_count(most):
    most(booking__address=1)
    for _ in range(4):
        turn = limits.ask("booking", ANNE, now=NOW)
        assert turn.wait_min is None
        turn.take_back()
    assert set(Count.objects.values_list("number", flat=True)) == {0}


@pytest.mark.django_db
def test_a_turn_is_taken_back_once_at_most_to_nothing(most):
    turn = limits.ask("booking", ANNE, now=NOW)
    turn.take_back()
    turn.take_back()
    assert set(Count.objects.values_list("number", flat=True)) == {0}


@pytest.mark.django_db
def test_rows_are_locked_in_the_order_of_their_keys_by_one_statement():
    """Else PostgreSQL finds deadlocks, and throws visitors out of them."""
    with CaptureQueriesContext(connection) as queries:
        limits.ask("code", ANNE, same="voucher x", now=NOW).take_back()
    writes = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert len(writes) == 2
    for sql in writes:
        keys = re.findall("[0-9a-f]{64}", sql)
        assert sql.startswith("INSERT INTO booking_count")
        assert len(keys) == 4
        assert keys == sorted(keys)


@pytest.mark.django_db
def test_staff_know_no_limits(most, django_assert_num_queries):
    most(booking__site=1)
    with django_assert_num_queries(0):
        for _ in range(3):
            assert limits.ask("booking", Sender("203.0.113.7", is_staff=True)).wait_min is None


@pytest.mark.django_db
def test_where_nobody_can_tell_addresses_apart_only_the_sites_limits_hold(most):
    most(booking__address=1, booking__site=3)
    nobody = Sender()
    waits = [limits.ask("booking", nobody, now=NOW).wait_min for _ in range(4)]
    assert waits == [None, None, None, 50]


@pytest.mark.django_db
def test_nothing_can_be_read_from_the_table():
    limits.ask("code", ANNE, same="voucher GAVE1500", now=NOW)
    rows = list(Count.objects.values_list("key", "since"))
    assert len(rows) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key, _since in rows)
    for known in ("203.0.113.7", "GAVE1500", "gave1500", "a-form"):
        assert known not in str(rows)


@pytest.mark.django_db
def test_the_same_address_has_another_key_each_day_and_under_each_secret(settings):
    def key(now):
        return {limit.whose: limit.key for limit in limits.limits_on("booking", ANNE, now=now)}

    today = key(NOW)
    assert today == key(NOW)
    assert today["address"] != key(NOW + dt.timedelta(days=1))["address"]
    settings.SECRET_KEY = "another"
    assert today["address"] != key(NOW)["address"]


@pytest.mark.django_db
def test_counts_are_forgotten_and_those_that_still_matter_are_not():
    now = timezone.now()
    limits.ask("booking", ANNE, now=now - 4 * HOUR)
    old = set(Count.objects.values_list("pk", flat=True))
    limits.ask("booking", ANNE, now=now - HOUR)
    limits.ask("booking", ANNE, now=now)
    tasks.forget_counts()
    assert old
    assert not old & set(Count.objects.values_list("pk", flat=True))
    assert Count.objects.count() == 4


COUNTING = """
import datetime as dt, sys
import django
django.setup()
from django.db import connection
from booking import limits
from booking.limits import Sender
from booking.models import Count
if "make" in sys.argv:
    with connection.schema_editor() as editor:
        editor.create_model(Count)
print("ready", flush=True)
sys.stdin.readline()
now = dt.datetime(2026, 11, 21, 12, 10, tzinfo=dt.UTC)
allowed = [limits.ask("booking", Sender("203.0.113.7"), now=now).wait_min for _ in range(60)]
print(allowed.count(None))
"""


def test_a_limit_holds_over_three_processes(tmp_path):
    environment = bare(
        DATA_DIR=str(tmp_path),
        DEMO="true",
        CACHALOT_ENABLED="false",
        DJANGO_SETTINGS_MODULE="config.settings",
        LIMIT_BOOKINGS_ADDRESS_H="50",
        LOG_LEVEL="ERROR",
    )
    counting = []
    for more in (["make"], [], []):
        process = subprocess.Popen(
            [sys.executable, "-c", COUNTING, *more],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        counting.append(process)
        if more:
            assert process.stdout.readline() == "ready\n"
    for process in counting[1:]:
        assert process.stdout.readline() == "ready\n"
    for process in counting:
        process.stdin.write("now\n")
        process.stdin.flush()
    allowed = [int(process.communicate(timeout=600)[0]) for process in counting]
    assert sum(allowed) == 50, allowed
    with sqlite3.connect(tmp_path / "site.sqlite3") as database:
        (highest,) = database.execute("SELECT max(number) FROM booking_count").fetchone()
    assert 50 <= highest <= 52, "each of the others may have been one too late"


# --- The visitor's address --------------------------------------------------------------------


@pytest.fixture
def proxies(settings):
    from ipaddress import ip_network

    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def from_(remote, forwarded=None):
    meta = {"REMOTE_ADDR": remote}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return address_of(meta)


def test_without_named_proxies_nobody_is_believed():
    assert from_("10.0.0.1", "203.0.113.7") == "10.0.0.1"


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the left part is anybody's invention
        ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),  # no proxy of ours
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),  # somebody inside
        ("10.0.0.1", "203.0.113.7:51234", "203.0.113.7"),
        ("10.0.0.1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("fd00::1", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", None, "fe80::/64"),
        ("", "203.0.113.7", "203.0.113.7"),  # a socket: nobody but our proxy reaches it
        ("", "", ""),
    ],
)
def test_the_visitors_address_is_the_right_most_that_is_no_proxy_of_ours(
    remote, forwarded, address
):
    assert from_(remote, forwarded) == address


def test_behind_a_socket_without_named_proxies_nobody_can_tell():
    assert from_("", "203.0.113.7") == ""


def test_a_household_with_ipv6_is_one_address():
    assert from_("2001:db8:1:2:aaaa::1") == from_("2001:db8:1:2:bbbb::2")
    assert from_("2001:db8:1:2::1") != from_("2001:db8:1:3::1")
