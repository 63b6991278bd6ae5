"""How often something was done lately; the memory of the limits."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import connections, models, router
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(hours=2)  # no limit looks further back than an hour


class CountQuerySet(models.QuerySet):
    def add(self, stretches):
        """Count one more of each in {key: since}; {key: number} with this one."""
        return self._write(stretches, first=1, then="booking_count.number + 1")

    def take_back(self, stretches):
        """One less of each in {key: since}, and never less than none."""
        one = "CASE WHEN booking_count.number > 0 THEN 1 ELSE 0 END"
        self._write(stretches, first=0, then=f"booking_count.number - {one}")

    def _write(self, stretches, first, then):
        """One statement in which the database itself reckons: no two processes read the same number
        and write it back. It locks the rows in the order of their keys, so that no two wait for
        each other crosswise (an UPDATE would lock them as it finds them)."""
        connection = connections[router.db_for_write(self.model)]
        since_field = self.model._meta.get_field("since")
        values = []
        for key, since in sorted(stretches.items()):
            values += [key, since_field.get_db_prep_value(since, connection), first]
        rows = ", ".join(["(%s, %s, %s)"] * len(stretches))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO booking_count (key, since, number) VALUES {rows} "  # noqa: S608
                f"ON CONFLICT (key, since) DO UPDATE SET number = {then} RETURNING key, number",
                values,
            )
            return dict(cursor.fetchall())

    def numbers(self, stretches):
        """{key: number} of those in {key: since} that have been counted at all."""
        return dict(self._of(stretches).values_list("key", "number"))

    def _of(self, stretches):
        each = (Q(key=key, since=since) for key, since in stretches.items())
        return self.filter(reduce(or_, each))

    def over(self, now=None):
        """Counts that no limit looks at any more."""
        return self.filter(since__lt=(now or timezone.now()) - KEPT_FOR)


class Count(models.Model):
    """How often, within a stretch of time that begins at `since`. `key` is a keyed hash: neither
    an address nor a code can be read from it."""

    key = models.CharField(max_length=64)
    since = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    objects = CountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = [models.UniqueConstraint(fields=["key", "since"], name="booking_count_once")]
        indexes = [models.Index(fields=["since"], name="booking_count_since")]

    def __str__(self):
        return f"{self.since:%d.%m.%Y %H:%M}: {self.number}"
