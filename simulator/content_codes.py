"""Campaign and voucher codes, the same in every school. README.md lists them."""

from datetime import date, timedelta

from .records import Campaign, Voucher

Day = timedelta(days=1)


def campaigns(today: date, course_ids: dict[str, int]) -> list[Campaign]:
    """One of each kind; `course_ids` by course reference."""
    last_month, next_month = str(today - 30 * Day), str(today + 30 * Day)
    year = str(today + 400 * Day)
    only = [course_ids[name] for name in ("truck-t1-t4", "hms-leder") if name in course_ids]
    return [
        Campaign(1701, "SOMMER10", "Sommerkampanje 10 %", "Percent", 10, last_month, year),
        Campaign(1702, "SPAR500", "500 kr avslag", "Value", 500, last_month, year),
        Campaign(
            1703, "BARETRUCK", "Truck og HMS 15 %", "Percent", 15, last_month, year, course_ids=only
        ),
        Campaign(1704, "FJOR20", "Fjorårets 20 %", "Percent", 20, "2020-01-01", "2020-12-31"),
        Campaign(1705, "SNART25", "Kommer snart 25 %", "Percent", 25, next_month, year),
        Campaign(
            1706, "ARKIV5", "Gammel kampanje", "Percent", 5, last_month, year, is_archived=True
        ),
        Campaign(1707, "PAUSE30", "Satt på pause", "Percent", 30, last_month, year, active=False),
        Campaign(1708, "GRATIS100", "Gratis plass", "Percent", 100, last_month, year),
        Campaign(1709, "TREDEL", "Odde prosent", "Percent", 12.34, last_month, year),
        Campaign(1710, "BLÅBÆR", "Æøå i koden", "Percent", 10, last_month, year),
    ]


def vouchers(today: date) -> list[Voucher]:
    created = f"{today - 60 * Day} 09:30:12"
    ends, ended = f"{today + 400 * Day} 23:59:59", f"{today - Day} 23:59:59"
    return [
        Voucher(331, "GAVE50000", "50000.00", ends, created),
        Voucher(332, "GAVE1500", "1500.00", ends, created),
        Voucher(333, "SMÅPENGER", "99.98", ends, created),
        Voucher(334, "TOMT", "0.00", ends, created),
        Voucher(335, "UTLØPT", "2000.00", ended, created),
        Voucher(336, "SLETTET", "2000.00", ends, created, is_deleted=True, archived_at=ended),
    ]
