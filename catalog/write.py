"""Puts rows into the copied tables, in a transaction of its caller.

Only what is news is written, and an answer that was asked for earlier than what is stored never
overwrites it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from catalog.differ import COPIED, DETAIL, SEATS
from catalog.models import SOURCE, Checked, Course, CourseDate, CourseText, Gathering, Seats

# What is pointed to comes before what points to it. A date brings its gatherings.
ORDER = (
    *("level", "category", "place", "venue", "instructor"),
    *("course", "detail", "text no", "text en", "product", "date", "seats"),
)

OWNERS = ("course", "date")
# What a look at one date sees, and the newest of which is kept in mind (`Checked`).
LOOKED_AT = ("place", "venue", "instructor", "product", "date")


@dataclass
class Written:
    """What `write` has done. `skipped`: ids of rows that point to nothing we know."""

    created: int = 0
    changed: int = 0
    skipped: tuple = ()

    def __bool__(self):
        return bool(self.created or self.changed)


def write(kind, rows, now):
    """Write rows of one kind, each id once, and return Written. To be called in a transaction."""
    if not rows:
        return Written()
    if kind == "seats":
        return write_seats(rows)
    if kind == "detail":
        return write_details(rows, now)
    if kind.startswith("text "):
        return write_texts(kind.removeprefix("text "), rows, now)
    rows, skipped, points_to = resolved(kind, rows)
    rows = not_older_than_looks(kind, rows)
    stored = {
        found[0]: found
        for found in COPIED[kind]
        .objects.select_for_update()
        .filter(source=SOURCE, remote_id__in=[row.remote_id for row in rows])
        .values_list("remote_id", "fetched_at", "content_hash", "withdrawn_at", "pk")
    }
    rows = [row for row in rows if is_news(row, stored.get(row.remote_id))]
    if not rows:
        return Written(skipped=skipped)
    pks = upsert(kind, rows, points_to, now)
    write_many(kind, rows, pks)
    if kind == "course":
        dates_follow(pks.values())
    if kind == "date":
        write_gatherings(rows, pks, now)
    created = sum(row.remote_id not in stored for row in rows)
    return Written(created, len(rows) - created, skipped)


def is_news(row, stored):
    """Whether the row is newer than what is stored under its id, and says something else."""
    if stored is None:
        return True
    _, fetched_at, content_hash, withdrawn_at, _ = stored
    if moment(row) < fetched_at:
        return False
    return withdrawn_at is not None or content_hash != row.digest()


def moment(row):
    return datetime.fromisoformat(row.fetched_at)


def not_older_than_looks(kind, rows):
    """Without what was asked for before somebody looked at that very thing and stored what he saw;
    a look that found nothing new has left no trace in the row itself."""
    if kind not in LOOKED_AT:
        return rows
    looks = dict(
        Checked.objects.filter(
            source=SOURCE, kind=kind, remote_id__in=[row.remote_id for row in rows]
        ).values_list("remote_id", "at")
    )
    return [row for row in rows if moment(row) >= looks.get(row.remote_id, moment(row))]


def resolved(kind, rows):
    """(rows, skipped, {(field, remote id): pk}): what the rows point to in the copy. What belongs
    to a course or date that the copy does not have is skipped; any other unknown link is empty."""
    points_to = {}
    for name in {name for row in rows for name in row.links}:
        target = COPIED[kind]._meta.get_field(name).related_model
        wanted = {row.links[name] for row in rows if row.links.get(name)}
        found = target.objects.filter(source=SOURCE, remote_id__in=wanted)
        points_to |= {(name, key): pk for key, pk in found.values_list("remote_id", "pk")}

    def is_known(row):
        owners = [(name, key) for name, key in row.links.items() if key and name in OWNERS]
        return all(owner in points_to for owner in owners)

    skipped = tuple(row.remote_id for row in rows if not is_known(row))
    return [row for row in rows if is_known(row)], skipped, points_to


def upsert(kind, rows, points_to, now):
    """Insert or overwrite the rows; return their keys by remote id."""
    model = COPIED[kind]
    public = public_courses(kind, points_to)
    objects = []
    for row in rows:
        values = dict(row.values)
        for name, remote_id in row.links.items():
            values[f"{name}_id"] = points_to.get((name, remote_id))
        if kind == "date":
            values["public"] = row.listed and values["course_id"] in public
        objects.append(
            model(
                source=SOURCE,
                remote_id=row.remote_id,
                content_hash=row.digest(),
                fetched_at=moment(row),
                changed_at=now,
                **values,
            )
        )
    model.objects.bulk_create(
        objects,
        update_conflicts=True,
        unique_fields=["source", "remote_id"],
        update_fields=[*values, "content_hash", "fetched_at", "changed_at", "withdrawn_at"],
    )
    return {each.remote_id: each.pk for each in objects}


def public_courses(kind, points_to):
    if kind != "date":
        return set()
    courses = {pk for (name, _), pk in points_to.items() if name == "course"}
    return set(Course.objects.filter(pk__in=courses, public=True).values_list("pk", flat=True))


def write_many(kind, rows, pks):
    """Bring the many-to-many fields in step, touching only what differs."""
    for name in {name for row in rows for name in row.many}:
        column = COPIED[kind]._meta.get_field(name)
        through, target = column.remote_field.through, column.related_model
        own, other = f"{column.m2m_column_name()}", f"{column.m2m_reverse_name()}"
        wanted_ids = {key for row in rows for key in row.many.get(name) or ()}
        keys = dict(
            target.objects.filter(source=SOURCE, remote_id__in=wanted_ids).values_list(
                "remote_id", "pk"
            )
        )
        told = [row for row in rows if row.many.get(name) is not None]
        wanted = {
            (pks[row.remote_id], keys[key]) for row in told for key in row.many[name] if key in keys
        }
        links = through.objects.filter(**{f"{own}__in": [pks[row.remote_id] for row in told]})
        stored = {(mine, its): pk for pk, mine, its in links.values_list("pk", own, other)}
        gone = [pk for pair, pk in stored.items() if pair not in wanted]
        if gone:
            through.objects.filter(pk__in=gone).delete()
        new = sorted(wanted - stored.keys())
        if new:
            through.objects.bulk_create(through(**{own: mine, other: its}) for mine, its in new)


def write_gatherings(rows, pks, now):
    """The gatherings of dates that were written; those no longer told are withdrawn."""
    told = [row for row in rows if row.parts is not None]
    parts = {
        part.remote_id: replace(part, links=part.links | {"date": row.remote_id})
        for row in told
        for part in row.parts
    }
    stored = Gathering.objects.filter(
        date__in=[pks[row.remote_id] for row in told], withdrawn_at=None
    )
    gone = [pk for pk, remote_id in stored.values_list("pk", "remote_id") if remote_id not in parts]
    if gone:
        Gathering.objects.filter(pk__in=gone).update(withdrawn_at=now)
    write("gathering", list(parts.values()), now)


def dates_follow(course_pks):
    """Give the dates of those courses the flag that fits their course's."""
    own = {"is_visible": True, "parent_remote_id": None, "deleted_upstream": False}
    dates = CourseDate.objects.filter(course__in=list(course_pks))
    for change, public in (
        (dates.filter(course__public=True, public=False, **own), True),
        (dates.filter(course__public=False, public=True), False),
    ):
        if change.exists():
            change.update(public=public)


def write_details(rows, now):
    """Columns of a course that come from the call for one course, beside its own hash."""
    courses = {
        course.remote_id: course
        for course in Course.objects.select_for_update().filter(
            source=SOURCE, remote_id__in=[row.remote_id for row in rows]
        )
    }
    changed = []
    for row in rows:
        course = courses.get(row.remote_id)
        if course and any(getattr(course, name) != value for name, value in row.values.items()):
            for name, value in row.values.items():
                setattr(course, name, value)
            course.changed_at = now
            changed.append(course)
            kept = course.text_languages or ["no"]
            CourseText.objects.filter(course=course).exclude(language__in=kept).delete()
    if changed:
        Course.objects.bulk_update(changed, [*DETAIL, "changed_at"])
    return Written(changed=len(changed))


def write_texts(language, rows, now):
    rows = {row.remote_id: row for row in rows}
    stored = dict(
        CourseText.objects.filter(
            course__source=SOURCE, course__remote_id__in=rows, language=language
        ).values_list("course__remote_id", "content_hash")
    )
    courses = Course.objects.filter(source=SOURCE, remote_id__in=rows)
    objects = [
        CourseText(
            course_id=pk,
            language=language,
            content_hash=rows[remote_id].digest(),
            fetched_at=moment(rows[remote_id]),
            changed_at=now,
            **rows[remote_id].values,
        )
        for remote_id, pk in courses.values_list("remote_id", "pk")
        if stored.get(remote_id) != rows[remote_id].digest()
    ]
    if not objects:
        return Written()
    names = [*next(iter(rows.values())).values, "content_hash", "fetched_at", "changed_at"]
    CourseText.objects.bulk_create(
        objects,
        update_conflicts=True,
        unique_fields=["course", "language"],
        update_fields=names,
    )
    created = len({each.remote_id for each in rows.values()} - stored.keys())
    return Written(created=created, changed=max(0, len(objects) - created))


def write_seats(rows):
    """Seats have no hash: the columns are compared."""
    rows = {row.remote_id: row for row in not_older_than_looks("date", rows)}
    dates = CourseDate.objects.filter(source=SOURCE, remote_id__in=rows)
    keys = dict(dates.values_list("remote_id", "pk"))
    seats = Seats.objects.select_for_update().filter(date__in=keys.values())
    stored = {each.date_id: each for each in seats}
    objects = []
    for remote_id, pk in keys.items():
        row, old = rows[remote_id], stored.get(pk)
        if old is None or (
            moment(row) >= old.fetched_at
            and any(getattr(old, name) != value for name, value in row.values.items())
        ):
            objects.append(Seats(date_id=pk, fetched_at=moment(row), **row.values))
    if objects:
        Seats.objects.bulk_create(
            objects,
            update_conflicts=True,
            unique_fields=["date"],
            update_fields=[*SEATS, "fetched_at"],
        )
    return Written(changed=len(objects))
