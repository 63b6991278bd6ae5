"""Norwegian wall-clock time, without a time zone database (a bare Python has none)."""

from datetime import UTC, date, datetime, timedelta, timezone

WINTER = timezone(timedelta(hours=1))
SUMMER = timezone(timedelta(hours=2))


def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month with 31 days (March and October, when Europe turns its clocks)."""
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def in_norway(moment: datetime) -> datetime:
    """The same moment on a Norwegian clock; both changes happen at 01:00 UTC."""
    utc = moment.astimezone(UTC)
    turns = [
        datetime(utc.year, month, last_sunday(utc.year, month).day, 1, tzinfo=UTC)
        for month in (3, 10)
    ]
    return utc.astimezone(SUMMER if turns[0] <= utc < turns[1] else WINTER)


def iso(moment: datetime) -> str:
    """`2025-11-04T12:58:01+01:00`, as on most objects."""
    return moment.isoformat(timespec="seconds")


def plain(moment: datetime) -> str:
    """`2025-11-04 12:58:01`, as on instructors and vouchers, and for comparing."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


class Clock:
    """Real time, moved by whole days where the command line asks for another today."""

    def __init__(self, shift_days: int = 0) -> None:
        self.shift = timedelta(days=shift_days)

    def now(self) -> datetime:
        return in_norway(datetime.now(UTC) + self.shift)

    def today(self) -> date:
        return self.now().date()

    def stamp(self) -> str:
        return iso(self.now())
