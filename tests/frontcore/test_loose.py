"""What may come as several things becomes one thing, or a refusal that tells no value."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from frontcore import loose

NOTHING = [None, "", [], {}]


@pytest.mark.parametrize("empty", NOTHING)
@pytest.mark.parametrize(
    "read",
    [
        loose.whole,
        loose.reference,
        loose.number,
        loose.price,
        loose.flag,
        loose.text,
        loose.day,
        loose.clock,
        loose.moment,
        loose.zone_name,
        loose.link,
    ],
)
def test_every_way_to_say_nothing_is_none(read, empty):
    assert read(empty) is None


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (loose.whole, 12, 12),
        (loose.whole, "12", 12),
        (loose.whole, " 12 ", 12),
        (loose.whole, 12.0, 12),
        (loose.whole, "12.00", 12),
        (loose.whole, "-3", -3),
        (loose.whole, 0, 0),
        (loose.whole, "0", 0),
        (loose.reference, "637", 637),
        (loose.reference, 0, None),
        (loose.reference, "0", None),
        (loose.number, "999.98", Decimal("999.98")),
        (loose.number, 12.34, Decimal("12.34")),
        (loose.number, "1 500,50", Decimal("1500.50")),
        (loose.number, 0, Decimal(0)),
        (loose.price, 0, None),
        (loose.price, "0.00", None),
        (loose.price, 1500, Decimal(1500)),
        (loose.flag, True, True),
        (loose.flag, 1, True),
        (loose.flag, "1", True),
        (loose.flag, "true", True),
        (loose.flag, False, False),
        (loose.flag, 0, False),
        (loose.flag, "0", False),
        (loose.text, 123, "123"),
        (loose.text, "  ", None),
        (loose.text, " Oslo\x00", "Oslo"),
        (loose.day, "2027-01-12", date(2027, 1, 12)),
        (loose.day, "2027-01-12 23:59:59", date(2027, 1, 12)),
        (loose.day, "2027-01-12T23:30:00Z", date(2027, 1, 13)),
        (loose.day, "0000-00-00", None),
        (loose.clock, "08:30:00", time(8, 30)),
        (loose.clock, "08:30", time(8, 30)),
        (loose.clock, "8:30", time(8, 30)),
        (loose.zone_name, "Europe/Oslo", "Europe/Oslo"),
        (loose.link, "https://example.no/x", "https://example.no/x"),
        (loose.link, "www.example.no/x", "https://www.example.no/x"),
        (loose.link, "javascript:alert(1)", None),
        (loose.link, "data:text/html,x", None),
        (loose.link, "https://[", None),
        (loose.properties, [], {}),
        (loose.properties, None, {}),
        (loose.properties, {"a": "1", "b": None, "c": ""}, {"a": "1"}),
    ],
)
def test_the_same_thing_in_other_clothes_is_the_same_thing(read, value, expected):
    assert read(value) == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (loose.whole, "kari@example.no"),
        (loose.whole, True),
        (loose.whole, 12.5),
        (loose.whole, {"kari@example.no": 1}),
        (loose.whole, float("nan")),
        (loose.reference, -1),
        (loose.number, "kari@example.no"),
        (loose.number, float("inf")),
        (loose.number, "1.234.567"),
        (loose.price, -1),
        (loose.flag, "kari@example.no"),
        (loose.flag, 2),
        (loose.text, ["kari@example.no"]),
        (loose.day, "kari@example.no"),
        (loose.day, "2027-02-30"),
        (loose.clock, "25:00"),
        (loose.clock, "kari@example.no"),
        (loose.moment, "kari@example.no"),
        (loose.zone_name, "Kari/Nordmann"),
        (loose.zone_name, "../../etc/passwd"),
        (loose.properties, "kari@example.no"),
    ],
)
def test_what_cannot_be_read_is_refused_without_repeating_it(read, value):
    with pytest.raises(ValueError, match=r"\w") as caught:
        read(value)
    assert "kari" not in str(caught.value).lower()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-11-04T12:58:01+01:00", datetime(2025, 11, 4, 11, 58, 1, tzinfo=UTC)),
        ("2026-07-01T10:00:00+02:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-07-01 10:00:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-01-01 10:00", datetime(2026, 1, 1, 9, tzinfo=UTC)),
        ("2026-01-01T10:00:00Z", datetime(2026, 1, 1, 10, tzinfo=UTC)),
    ],
)
def test_moments_are_aware_and_without_a_zone_they_are_norwegian(value, expected):
    assert loose.moment(value) == expected


@pytest.mark.parametrize("value", [0, "0", 0.0, 91, None])
def test_a_latitude_of_zero_or_beyond_the_pole_is_unknown(value):
    assert loose.angle(value, 90) is None
