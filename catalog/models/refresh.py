"""The refresh's own books: each run, what went wrong in it, what it holds back, its generation.

None of these tables is cached (settings.CACHALOT_UNCACHABLE_TABLES).
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models.copied import SOURCE


class RefreshQuerySet(models.QuerySet):
    def running(self):
        return self.filter(ended_at=None)

    def good(self):
        return self.filter(outcome=Refresh.Outcome.GOOD)


class Refresh(models.Model):
    """One run that copies from Frontcore, from its start to its end."""

    class Kind(models.TextChoices):
        DELTA = "delta", _("what has changed")
        FULL = "full", _("all dates ahead")
        LISTS = "lists", _("lists and prices")
        APPLY = "apply", _("all dates, held removals applied")

    class Outcome(models.TextChoices):
        GOOD = "good", _("good")
        HELD = "held", _("good, removals held back")
        FAILED = "failed", _("failed")
        LOST = "lost", _("lost: the worker died or was too slow")

    source = models.CharField(_("system"), max_length=20, default=SOURCE, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    beat_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    phase = models.CharField(_("doing"), max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0)
    held = models.PositiveIntegerField(_("held back"), default=0)
    bad = models.PositiveIntegerField(_("bad items"), default=0)
    error = models.TextField(_("error"), blank=True)

    objects = RefreshQuerySet.as_manager()

    class Meta:
        verbose_name = _("refresh")
        verbose_name_plural = _("refreshes")
        ordering = ["-started_at", "-pk"]
        get_latest_by = "started_at"
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(ended_at=None), name="catalog_one_refresh_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {timezone.localtime(self.started_at):%d.%m.%Y %H:%M}"

    @property
    def is_running(self):
        return self.ended_at is None

    @property
    def took(self):
        """Duration as timedelta; of a running one, until now."""
        return (self.ended_at or timezone.now()) - self.started_at


class RefreshProblem(models.Model):
    """One item that could not be read, by kind, id and field. Never a value: it may be personal."""

    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="problems")
    kind = models.CharField(_("kind"), max_length=30)
    remote_id = models.BigIntegerField(_("id in Frontcore"), null=True, blank=True)
    field = models.CharField(_("field"), max_length=100, blank=True)
    problem = models.CharField(_("problem"), max_length=300)

    class Meta:
        verbose_name = _("bad item")
        verbose_name_plural = _("bad items")

    def __str__(self):
        return f"{self.kind} {self.remote_id or '?'}: {self.field} {self.problem}"


class Held(models.Model):
    """A row that Frontcore no longer has, still shown because too many went missing at once."""

    source = models.CharField(_("system"), max_length=20, default=SOURCE, editable=False)
    kind = models.CharField(_("kind"), max_length=30)
    remote_id = models.BigIntegerField(_("id in Frontcore"))
    title = models.CharField(_("title"), max_length=300)
    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="held_rows")
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("held removal")
        verbose_name_plural = _("held removals")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "remote_id"], name="catalog_held_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.remote_id}: {self.title}"


class Staged(models.Model):
    """An answer as it arrived, waiting for the switch. Emptied when the run ends."""

    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="staged")
    kind = models.CharField(max_length=30)
    remote_id = models.BigIntegerField()
    payload = models.JSONField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refresh", "kind", "remote_id"], name="catalog_staged_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.remote_id}"


class Generation(models.Model):
    """The number of the copy on air, raised after each switch; whoever caches keys by it."""

    source = models.CharField(max_length=20, default=SOURCE, unique=True)
    number = models.PositiveBigIntegerField(default=0)
    pending = models.BooleanField(default=False)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("generation")

    def __str__(self):
        return f"{self.source} {self.number}"


class Finding(models.Model):
    """Something found out about this account that the documentation leaves open."""

    source = models.CharField(_("system"), max_length=20, default=SOURCE, editable=False)
    name = models.CharField(_("question"), max_length=100)
    answer = models.CharField(_("found"), max_length=300)
    found_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("finding about the account")
        verbose_name_plural = _("findings about the account")
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="catalog_finding_once")
        ]

    def __str__(self):
        return f"{self.name}: {self.answer}"
