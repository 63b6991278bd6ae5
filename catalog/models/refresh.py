"""The refresh's own books: each run, what went wrong in it, what it holds back, its generation.

None of these tables is cached (settings.CACHALOT_UNCACHABLE_TABLES).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models.copied import SOURCE


class RefreshQuerySet(models.QuerySet):
    def running(self):
        return self.filter(ended_at=None)

    def good(self):
        """Runs whose copy went on air, those included that held removals back."""
        return self.filter(outcome__in=[Refresh.Outcome.GOOD, Refresh.Outcome.HELD])

    def of_dates(self):
        return self.exclude(kind=Refresh.Kind.LISTS)

    def of_all_dates(self):
        return self.filter(kind__in=[Refresh.Kind.FULL, Refresh.Kind.APPLY])


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

    class Phase(models.TextChoices):
        COURSES = "courses", _("reading courses")
        DATES = "dates", _("reading dates, by course")
        PRICES = "prices", _("reading prices")
        LISTS = "lists", _("looking for other lists")
        TEXTS = "texts", _("reading texts, by course")
        JUDGING = "judging", _("comparing")
        SWITCHING = "switching", _("putting it on air")

    source = models.CharField(_("system"), max_length=20, default=SOURCE, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    beat_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    phase = models.CharField(_("doing"), max_length=10, choices=Phase.choices, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    seats = models.PositiveIntegerField(_("dates with other seats"), default=0)
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


class Removed(models.Model):
    """A row that was taken out of the public lists: by a run, or (no `refresh`) by a look at one
    date. The brake adds these up over a day, but for those that staff have `released`."""

    source = models.CharField(_("system"), max_length=20, default=SOURCE, editable=False)
    refresh = models.ForeignKey(
        Refresh, models.CASCADE, related_name="removed_rows", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=30)
    remote_id = models.BigIntegerField(_("id in Frontcore"))
    title = models.CharField(_("title"), max_length=300)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    released = models.BooleanField(_("released by staff"), default=False)

    class Meta:
        verbose_name = _("removal")
        verbose_name_plural = _("removals")
        constraints = [
            models.UniqueConstraint(
                fields=["refresh", "kind", "remote_id"], name="catalog_removed_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.remote_id}: {self.title}"


class Staged(models.Model):
    """What differs from the copy, waiting for the switch. Emptied when the run ends.

    `payload` is a `catalog.shape.Row` as JSON; null: Frontcore no longer has the thing.
    `listed`: whether it will be in the public lists; null where that is no question.
    """

    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="staged")
    kind = models.CharField(max_length=30)
    remote_id = models.BigIntegerField()
    payload = models.JSONField(null=True)
    listed = models.BooleanField(null=True)
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
    stale_told_at = models.DateTimeField(_("staff told that it is old"), null=True, blank=True)

    class Meta:
        verbose_name = _("generation")

    def __str__(self):
        return f"{self.source} {self.number}"

    @classmethod
    def current(cls):
        return cls.objects.get_or_create(source=SOURCE)[0]

    @classmethod
    def hold(cls):
        """Let the writers of the copy in one after another: whoever calls this waits for the one
        before, and keeps the next one out until its own transaction ends. What is compared with
        the copy before this may be old by the time it is written. False where there is none yet."""
        return cls.objects.filter(source=SOURCE).update(source=SOURCE) == 1

    def is_stale(self, now=None):
        """Whether the copy has been without a good refresh for too long."""
        now = now or timezone.now()
        return self.checked_at is None or now - self.checked_at > settings.REFRESH_STALE_AFTER


class Checked(models.Model):
    """When a single thing was last asked for, whether or not it had changed. Apart from the
    copied rows, which an unchanged answer must not touch."""

    source = models.CharField(max_length=20, default=SOURCE, editable=False)
    kind = models.CharField(max_length=30)
    remote_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "remote_id"], name="catalog_checked_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.remote_id}"


class Heartbeat(models.Model):
    """The last sign of life of a background process; a health page reads it."""

    name = models.CharField(max_length=50, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return f"{self.name} {timezone.localtime(self.at):%d.%m.%Y %H:%M:%S}"

    @classmethod
    def of(cls, name):
        """Age of the last sign of life as timedelta; None if there never was one."""
        at = cls.objects.filter(name=name).values_list("at", flat=True).first()
        return at and timezone.now() - at


class Finding(models.Model):
    """Something found out about this account that the documentation leaves open."""

    class Question(models.TextChoices):
        COURSE_TYPES = "course types", _("types of courses; only “public” is shown")
        BATCH = "batch", _("dates of several courses in one call")
        DURATIONS = "durations", _("list of durations")
        LOCATIONS = "locations", _("list of venues")
        INSTRUCTORS = "instructors", _("list of instructors")

    class Answer(models.TextChoices):
        AVAILABLE = "available", _("available")
        MISSING = "missing", _("not available")
        UNREADABLE = "unreadable", _("not readable")
        NOT_NOW = "not now", _("gave no answer at the last try")

    source = models.CharField(_("system"), max_length=20, default=SOURCE, editable=False)
    name = models.CharField(_("question"), max_length=100, choices=Question.choices)
    answer = models.CharField(_("found"), max_length=300)
    found_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("finding about the account")
        verbose_name_plural = _("findings about the account")
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="catalog_finding_once")
        ]

    def __str__(self):
        return f"{self.get_name_display()}: {self.get_answer_display()}"

    def get_answer_display(self):
        """In words where it is one of the answers we know; else as it was found."""
        return dict(self.Answer.choices).get(self.answer, self.answer)

    @classmethod
    def note(cls, name, answer):
        """Remember the answer; `found_at` moves only when it differs from the last one."""
        known = cls.objects.filter(source=SOURCE, name=name).first()
        if known is None or known.answer != answer[:300]:
            cls.objects.update_or_create(
                source=SOURCE,
                name=name,
                defaults={"answer": answer[:300], "found_at": timezone.now()},
            )
