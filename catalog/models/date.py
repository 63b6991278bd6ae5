"""When and where a course is held, and whether it can be booked."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.copied import Copied, InCalendars
from catalog.models.course import Course, Product
from catalog.models.offer import Form, Obstacle, Offer
from catalog.models.place import Instructor, Place, Venue
from catalog.models.seats import Seats


class CourseDateQuerySet(models.QuerySet):
    def listed(self, on=None):
        """Dates in public lists on that day (default: today): ahead, and not past their deadline
        unless Frontcore says to show them still. Cancelled ones are listed as cancelled."""
        on = on or timezone.localdate()
        in_time = Q(closes_on=None) | Q(closes_on__gte=on) | Q(shown_after_deadline=True)
        return self.filter(in_time, public=True, withdrawn_at=None, starts_on__gte=on)

    def bookable(self, now=None):
        """Listed dates that a visitor may book at that moment; the rule of `obstacle` in SQL,
        but for the clock time of dates that start on the very day. Openings are compared by the
        minute, so that the query cache meets the same question again."""
        now = (now or timezone.now()).replace(second=0, microsecond=0)
        on = timezone.localdate(now)
        unavailable = [CourseDate.Status.CANCELLED]
        if not settings.POSTPONED_BOOKABLE:
            unavailable.append(CourseDate.Status.POSTPONED)
        return (
            self.listed(on)
            .filter(Q(closes_on=None) | Q(closes_on__gte=on))
            .filter(course__external_booking_url="", course__withdrawn_at=None)
            .filter(Q(status=None) | ~Q(status__in=unavailable))
            .filter(Q(opening=None) | Q(opening__opens_at__lte=now))
        )

    def with_free_seats(self):
        """Dates that are not full, as `Seats.is_full` has it: unknown is not full."""
        unknown = Q(seats=None) | Q(seats__free=None, seats__says_full=False)
        if settings.CAPACITY_ZERO_IS_UNKNOWN:
            no_capacity = Q(seats__capacity=None) | Q(seats__capacity=0)
            nobody = Q(seats__booked=None) | Q(seats__booked=0)
            unknown |= no_capacity & nobody
        return self.filter(unknown | Q(seats__says_full=False, seats__free__gt=0))

    def not_cancelled(self):
        return self.filter(Q(status=None) | ~Q(status=CourseDate.Status.CANCELLED))

    def not_off(self):
        """Dates that people will meet on, as far as anybody knows: the rule of `is_off`."""
        off = [CourseDate.Status.CANCELLED, CourseDate.Status.POSTPONED]
        return self.filter(Q(status=None) | ~Q(status__in=off), withdrawn_at=None)

    def with_course(self):
        """Load what a row in a list over all courses shows (2 queries)."""
        products = Product.objects.filter(withdrawn_at=None, kind=Product.Kind.COURSE)
        return (
            self.with_where()
            .select_related("course")
            .prefetch_related(
                Prefetch(
                    "course__products", queryset=products.order_by("pk"), to_attr="course_products"
                )
            )
        )

    def reachable(self):
        """Dates that have a page: public ones, withdrawn or past included."""
        return self.filter(public=True, course__public=True)

    def followed(self, now=None):
        """Dates that feeds tell of, whether they are listed or not: public ones until a while after
        their end, and for a longer while what was cancelled or withdrawn, so that every calendar
        that holds it hears of it."""
        now = now or timezone.now()
        told_of_since = now - settings.FEED_CANCELLED_PERIOD
        ended_since = timezone.localdate(now) - settings.FEED_PAST_PERIOD
        held = Q(withdrawn_at=None, ends_on__gte=ended_since)
        cancelled = Q(status=CourseDate.Status.CANCELLED, changed_at__gte=told_of_since)
        withdrawn = Q(withdrawn_at__gte=told_of_since)
        return self.reachable().filter(held | Q(cancelled, withdrawn_at=None) | withdrawn)

    def with_where(self):
        """Load what a date row shows: place, venue, seats, opening, the town of the first gathering
        (some dates have their venue there only), and whether it meets online, in a room or both.
        No further query."""
        meetings = Gathering.objects.filter(date=OuterRef("pk"), withdrawn_at=None)
        meetings = meetings.filter(venue__isnull=False)
        town = Coalesce(NullIf("venue__city", Value("")), "venue__title")
        first = meetings.order_by("starts_at").values(town=town)[:1]
        return self.select_related("place", "venue", "seats", "opening").annotate(
            meeting_town=Subquery(first),
            meets_online=Exists(meetings.filter(venue__is_virtual=True)),
            meets_in_room=Exists(meetings.filter(venue__is_virtual=False)),
        )

    def with_meetings(self):
        """Load when the gatherings are, and where (1 query)."""
        held = Gathering.objects.filter(withdrawn_at=None).select_related("venue")
        in_order = held.order_by("starts_at")
        return self.prefetch_related(Prefetch("gatherings", in_order, to_attr="meetings"))

    def with_gatherings(self):
        """Load the gatherings with venue and instructors, and when one was dropped (3 queries)."""
        dropped = Gathering.objects.filter(date=OuterRef("pk"), withdrawn_at__isnull=False)
        last = dropped.order_by("-withdrawn_at").values("withdrawn_at")[:1]
        dates = self.with_meetings().annotate(gathering_dropped_at=Subquery(last))
        return dates.prefetch_related("meetings__instructors", "instructors")


class CourseDate(InCalendars, Copied):
    """One date of one course (Frontcore: coursedate). Dates are of the date's own time zone."""

    class Status(models.IntegerChoices):
        TO_BE_CONFIRMED = 1, pgettext_lazy("course date", "to be confirmed")
        WILL_RUN = 2, pgettext_lazy("course date", "will run")
        CANCELLED = 3, pgettext_lazy("course date", "cancelled")
        POSTPONED = 4, pgettext_lazy("course date", "postponed")

    course = models.ForeignKey(Course, models.PROTECT, related_name="dates")
    title = models.CharField(_("title"), max_length=300)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    start_time = models.TimeField(_("from"), null=True, blank=True)
    end_time = models.TimeField(_("to"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=50, blank=True)
    closes_on = models.DateField(_("last day to book"), null=True, blank=True)
    shown_after_deadline = models.BooleanField(_("shown after the deadline"), default=False)
    status = models.PositiveSmallIntegerField(
        _("status"), choices=Status.choices, null=True, blank=True
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name=_("place"))
    place_note = models.CharField(_("about the place"), max_length=300, blank=True)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, verbose_name=_("venue"))
    is_virtual = models.BooleanField(_("online"), default=False)
    language = models.CharField(_("language of teaching"), max_length=10, blank=True)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    is_visible = models.BooleanField(_("visible in Frontcore"), default=True)
    parent_remote_id = models.BigIntegerField(_("part of date"), null=True, blank=True)
    deleted_upstream = models.BooleanField(_("deleted in Frontcore"), default=False)
    event_url = models.URLField(
        _("meeting link"),
        max_length=500,
        blank=True,
        help_text=_("Shown only on the receipt and in mails after confirmation."),
    )
    instructors = models.ManyToManyField(Instructor, blank=True, verbose_name=_("instructors"))
    public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_("Visible, not part of another date, not deleted, and its course is public."),
    )
    appeared_at = models.DateTimeField(null=True, editable=False)  # when it first became public

    objects = CourseDateQuerySet.as_manager()

    class Meta(Copied.Meta):
        verbose_name = _("course date")
        verbose_name_plural = _("course dates")
        ordering = ["starts_on", "start_time", "pk"]
        indexes = [
            # What the calendar filters on stands in the row itself: with a join, statistics lead
            # SQLite to start from the places and sort every date.
            models.Index(
                fields=["starts_on", "start_time", "id"],
                name="catalog_date_calendar",
                condition=Q(public=True, withdrawn_at=None),
            ),
            models.Index(fields=["course", "starts_on"], name="catalog_date_of_course"),
            models.Index(
                fields=["-appeared_at"],
                name="catalog_date_newest",
                condition=Q(public=True, withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.starts_on:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse(
            "course_date", args=[self.course.remote_id, self.course.slug, self.remote_id]
        )

    @property
    def zone(self):
        return ZoneInfo(self.timezone or settings.TIME_ZONE)

    @property
    def starts_at(self):
        """Aware moment of the start; midnight where Frontcore has no clock time."""
        return dt.datetime.combine(self.starts_on, self.start_time or dt.time(), tzinfo=self.zone)

    @property
    def ends_at(self):
        """Aware moment of the end; None where nobody can tell, as when it is before the start."""
        if self.start_time is None or self.end_time is None:
            return None
        ends_at = dt.datetime.combine(self.ends_on, self.end_time, tzinfo=self.zone)
        return ends_at if ends_at > self.starts_at else None

    @property
    def lasts_several_days(self):
        return self.ends_on != self.starts_on

    @property
    def is_cancelled(self):
        return self.status == self.Status.CANCELLED

    @property
    def is_withdrawn(self):
        return self.withdrawn_at is not None

    def is_gone(self, now=None):
        """Withdrawn so long ago that its page answers 410."""
        now = now or timezone.now()
        return self.is_withdrawn and now - self.withdrawn_at > settings.TOMBSTONE_PERIOD

    def has_started(self, now=None):
        now = now or timezone.now()
        if self.start_time is None:
            return self.starts_on < timezone.localdate(now, self.zone)
        return self.starts_at <= now

    def deadline_has_passed(self, now=None):
        """The deadline is a day, open to its end (in the date's own time zone)."""
        return bool(self.closes_on) and self.closes_on < timezone.localdate(
            now or timezone.now(), self.zone
        )

    @property
    def closes_today(self):
        return self.closes_on == timezone.localdate(timezone.now(), self.zone)

    @property
    def opens_at(self):
        """The moment from which it may be booked; None where staff have set none."""
        opening = getattr(self, "opening", None)  # a missing row is an AttributeError as well
        return opening and opening.opens_at

    def opens_later(self, now=None):
        """Whether booking has not opened yet."""
        return self.opens_at is not None and self.opens_at > (now or timezone.now())

    def obstacle(self, now=None):
        """The Obstacle to booking this date at that moment, or None. Seats are no obstacle:
        a full date has a waiting list."""
        if self.is_withdrawn or not self.public:
            return Obstacle.WITHDRAWN
        if self.course.is_withdrawn or not self.course.public:
            return Obstacle.WITHDRAWN
        if self.is_cancelled:
            return Obstacle.CANCELLED
        if self.has_started(now):
            return Obstacle.PAST
        if self.status == self.Status.POSTPONED and not settings.POSTPONED_BOOKABLE:
            return Obstacle.POSTPONED
        if self.deadline_has_passed(now):
            return Obstacle.DEADLINE
        if self.opens_later(now):
            return Obstacle.NOT_OPEN
        if self.course.external_booking_url:
            return Obstacle.ELSEWHERE
        return None

    @property
    def offer(self):
        """What a visitor may do about this date now."""
        obstacle = self.obstacle()
        if obstacle == Obstacle.ELSEWHERE:
            return Offer.ELSEWHERE
        if obstacle:
            return Offer.NOTHING
        return Offer.WAITING if self.known_seats.is_full else Offer.BOOK

    @property
    def is_or_will_be_open(self):
        """Whether its last day to book still tells a visitor something."""
        return self.obstacle() in {None, Obstacle.ELSEWHERE, Obstacle.NOT_OPEN}

    @property
    def wants_another(self):
        """Whether who looks at it has to look for another one: it is full, or cannot be booked
        here or elsewhere."""
        return self.offer in {Offer.NOTHING, Offer.WAITING}

    @property
    def is_called_off(self):
        """It will not be held, as far as anybody can say: calendars take its entry out."""
        return self.is_cancelled or self.is_withdrawn or not self.public

    @property
    def is_to_come(self):
        """Whether people will meet on it, as far as anybody knows, and have not met yet."""
        never = {Obstacle.WITHDRAWN, Obstacle.CANCELLED, Obstacle.PAST, Obstacle.POSTPONED}
        return not self.is_off and self.obstacle() not in never

    @property
    def is_off(self):
        """Nobody will meet on this date: cancelled, postponed or no longer offered."""
        return self.is_withdrawn or self.status in {self.Status.CANCELLED, self.Status.POSTPONED}

    @property
    def other_zone(self):
        """The date's time zone where it is not the site's; else empty."""
        return self.timezone if self.timezone != settings.TIME_ZONE else ""

    @property
    def own_meetings(self):
        """Its gatherings (needs `with_gatherings`) where they say more than the date itself:
        several of them, or one with a theme."""
        meetings = getattr(self, "meetings", [])
        return meetings if len(meetings) > 1 or any(meeting.theme for meeting in meetings) else []

    @property
    def teachers(self):
        """Instructors of the date and its gatherings, each once (needs `with_gatherings`); empty
        where the setting SHOW_INSTRUCTORS hides them."""
        if not settings.SHOW_INSTRUCTORS:
            return []
        found = list(self.instructors.all())
        for meeting in getattr(self, "meetings", []):
            found += meeting.teachers
        return list(dict.fromkeys(found))

    @property
    def seats_matter(self):
        """Whether anybody still asks how many are free: it is on, and its deadline not past."""
        is_on = not self.is_off and self.obstacle() != Obstacle.WITHDRAWN
        return is_on and not self.deadline_has_passed()

    @property
    def known_seats(self):
        """The seats of this date, or an empty Seats (state unknown) where none are stored."""
        try:
            return self.seats
        except Seats.DoesNotExist:
            return Seats(date=self)

    @property
    def form(self):
        """How it is held (needs `with_where` to know the venues of gatherings)."""
        venue_online = self.venue is not None and self.venue.is_virtual
        is_online = self.is_virtual or venue_online or getattr(self, "meets_online", False)
        in_room = self.venue is not None and not self.venue.is_virtual
        return Form.of(is_online, in_room or getattr(self, "meets_in_room", False))

    @property
    def where(self):
        """Place in words: online, town, or venue; empty when Frontcore does not say (needs
        `with_where` to know the venues of gatherings)."""
        if self.is_virtual:
            return _("Online")
        if self.place:
            return self.place.title
        if self.place_note:
            return self.place_note
        if self.venue:
            return self.venue.city or self.venue.name
        return getattr(self, "meeting_town", None) or ""


class Gathering(InCalendars, Copied):
    """One meeting of a date that has several."""

    date = models.ForeignKey(CourseDate, models.CASCADE, related_name="gatherings")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, verbose_name=_("venue"))
    theme = models.CharField(_("theme"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    event_url = models.URLField(_("meeting link"), max_length=500, blank=True)
    instructors = models.ManyToManyField(Instructor, blank=True, verbose_name=_("instructors"))
    told_apart = models.BooleanField(default=False, editable=False)  # calendars know its entry

    class Meta(Copied.Meta):
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["starts_at"]

    def __str__(self):
        return f"{self.starts_at:%d.%m.%Y %H:%M}"

    @property
    def known_end(self):
        """Its end; None where nobody can tell: one that is not after the start is a slip."""
        return self.ends_at if self.ends_at and self.ends_at > self.starts_at else None

    @property
    def teachers(self):
        """Instructors; empty where the setting SHOW_INSTRUCTORS hides them."""
        return list(self.instructors.all()) if settings.SHOW_INSTRUCTORS else []
