"""What of an answer the copy does not hold as it is: only that is staged and written."""

from dataclasses import replace

from catalog.models import (
    SOURCE,
    Category,
    Course,
    CourseDate,
    CourseText,
    Gathering,
    Instructor,
    Level,
    Place,
    Product,
    Seats,
    Venue,
)

COPIED = {
    "level": Level,
    "category": Category,
    "place": Place,
    "venue": Venue,
    "instructor": Instructor,
    "course": Course,
    "product": Product,
    "date": CourseDate,
    "gathering": Gathering,
}
DETAIL = ("text_languages", "external_booking_url", "email_more_info")
SEATS = ("capacity", "free", "booked", "waiting", "free_waiting", "says_full")


def differing(rows):
    """The rows that are new, changed or withdrawn in the copy, the last of each id; the rest is
    there already. A query for each kind (dates: up to three)."""
    by_kind = {}
    for row in rows:
        by_kind.setdefault(row.kind, {})[row.remote_id] = row
    found = []
    for kind, of_kind in by_kind.items():
        known = hashes(kind, of_kind)
        if kind == "date":
            of_kind = {row.remote_id: row for row in completed(of_kind.values())}
        found += [row for key, row in of_kind.items() if known.get(key) != digest_of(row)]
    return found


def digest_of(row):
    return row.values if row.kind in ("seats", "detail") else row.digest()


def hashes(kind, remote_ids):
    """What is stored under those ids, by id, in the form of `digest_of`; withdrawn rows are left
    out, since storing them again lists them again."""
    ids = list(remote_ids)
    if kind == "seats":
        seats = Seats.objects.filter(date__source=SOURCE, date__remote_id__in=ids)
        return columns(seats, "date__remote_id", SEATS)
    if kind == "detail":
        courses = Course.objects.filter(source=SOURCE, remote_id__in=ids)
        return columns(courses, "remote_id", DETAIL)
    if kind.startswith("text "):
        texts = CourseText.objects.filter(course__source=SOURCE, course__remote_id__in=ids)
        language = kind.removeprefix("text ")
        return dict(
            texts.filter(language=language).values_list("course__remote_id", "content_hash")
        )
    rows = COPIED[kind].objects.filter(source=SOURCE, remote_id__in=ids, withdrawn_at=None)
    return dict(rows.values_list("remote_id", "content_hash"))


def columns(rows, key, names):
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows.values_list(key, *names)}


def completed(rows):
    """The date rows; where an answer did not tell instructors, with those of the copy."""
    rows = list(rows)
    silent = [row.remote_id for row in rows if row.many["instructors"] is None]
    if not silent:
        return rows
    taught_by = {}
    for date, person in CourseDate.objects.filter(
        source=SOURCE, remote_id__in=silent, instructors__isnull=False
    ).values_list("remote_id", "instructors__remote_id"):
        taught_by.setdefault(date, []).append(person)
    return [
        replace(row, many={"instructors": sorted(taught_by.get(row.remote_id, []))})
        if row.many["instructors"] is None
        else row
        for row in rows
    ]
