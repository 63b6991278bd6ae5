"""The common part of every copied row."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

SOURCE = "frontcore"
NORWEGIAN = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"} | dict.fromkeys("–—/", "-")
)


def slug_of(title, otherwise):
    """The part of an address made from a title: "På sjø 2–5 m" becomes "pa-sjo-2-5-m";
    `otherwise` where nothing is left of it."""
    return slugify(title.translate(NORWEGIAN))[:80].strip("-") or otherwise


class Copied(models.Model):
    """A row copied from a remote system, known by that system's name and its id there.

    Rows are withdrawn, never deleted: bookings and old links point to them. A row is written only
    if `content_hash` (of everything copied into it) changed, so `changed_at` tells when the remote
    content last differed. `fetched_at` is the moment the written content was fetched: an answer
    that is older never overwrites it.
    """

    source = models.CharField(_("system"), max_length=20, default=SOURCE, editable=False)
    remote_id = models.BigIntegerField(_("id in Frontcore"), editable=False)
    content_hash = models.CharField(max_length=40, editable=False)
    fetched_at = models.DateTimeField(_("fetched"), editable=False)
    changed_at = models.DateTimeField(_("changed"), editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            # The id first: addresses name it alone, and are looked up by this index.
            models.UniqueConstraint(
                fields=["remote_id", "source"], name="%(app_label)s_%(class)s_one_per_remote_id"
            )
        ]


def last_changed(*rows):
    """When any of these copied rows was last changed; where one is None, that of the others."""
    return max(row.changed_at for row in rows if row)


class InCalendars(models.Model):
    """A row that calendar programs keep an entry of, under its id alone. They take a later form of
    it only where its number has risen: `catalog.revisions` raises it whenever what the entry says
    has changed, and at no other time."""

    entry_hash = models.CharField(max_length=40, blank=True, default="", editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    stamped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def entry_changed_at(self):
        """When what its entry says has last changed."""
        return self.stamped_at or self.changed_at
