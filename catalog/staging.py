"""The table in which answers wait for the switch: memory does not grow with the catalogue."""

from catalog.differ import differing
from catalog.models import Staged
from catalog.shape import Row

CHUNK = 250  # two of these are in memory at a time, one on its way in, one on its way out


def stage(run, rows, fetched_at):
    """Put aside what the copy does not hold as it is; a later answer replaces an earlier one."""
    found = [row.fetched(fetched_at) for row in differing(rows)]
    Staged.objects.bulk_create(
        [
            Staged(
                refresh=run,
                kind=row.kind,
                remote_id=row.remote_id,
                payload=row.as_payload(),
                listed=row.listed,
                fetched_at=fetched_at,
            )
            for row in found
        ],
        update_conflicts=True,
        unique_fields=["refresh", "kind", "remote_id"],
        update_fields=["payload", "listed", "fetched_at"],
    )


def stage_gone(run, kind, remote_ids, fetched_at):
    """Note that Frontcore no longer has these; what was staged under their id wins."""
    Staged.objects.bulk_create(
        [
            Staged(refresh=run, kind=kind, remote_id=remote_id, fetched_at=fetched_at)
            for remote_id in remote_ids
        ],
        ignore_conflicts=True,
    )


def staged_rows(run, kind):
    """Yield the rows of that kind in lists of at most CHUNK."""
    last = 0
    staged = Staged.objects.filter(refresh=run, kind=kind, payload__isnull=False).order_by("pk")
    while chunk := list(staged.filter(pk__gt=last).values_list("pk", "payload")[:CHUNK]):
        last = chunk[-1][0]
        yield [Row.from_payload(payload) for _, payload in chunk]


def empty(run):
    """Throw away what a run has staged, in short steps."""
    while keys := list(Staged.objects.filter(refresh=run).values_list("pk", flat=True)[:CHUNK]):
        Staged.objects.filter(pk__in=keys).delete()
