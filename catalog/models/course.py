"""Courses, their texts in each language, and what they cost."""

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog.models.category import Category, Level
from catalog.models.copied import Copied, slug_of
from catalog.models.languages import written_language

LAST_LETTERS = str.maketrans({"æ": "{a", "ä": "{b", "ø": "|a", "ö": "|b", "å": "}"})


def alphabetical(title):
    """What to sort titles by, in Norwegian order: æ, ø and å come last. (SQLite's own order is
    that of code points: Å before Æ, and capitals before small letters.)"""
    letters = unicodedata.normalize("NFC", title).casefold().translate(LAST_LETTERS)
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", letters)
        if not unicodedata.combining(letter)
    )


class CourseQuerySet(models.QuerySet):
    def listed(self):
        """Courses that are shown to the public in lists."""
        return self.filter(public=True, withdrawn_at=None)

    def reachable(self):
        """Courses that have a page: listed, or withdrawn and once public (200, later 410)."""
        return self.filter(public=True)

    def not_gone(self, now=None):
        """Without those that were withdrawn so long ago that their page answers 410."""
        long_ago = (now or timezone.now()) - settings.TOMBSTONE_PERIOD
        return self.exclude(withdrawn_at__lt=long_ago)

    @property
    def _dates(self):
        """All course dates, found by their relation: their module stands on this one."""
        return self.model.dates.rel.related_model.objects

    def with_dates(self, on=None, *, gatherings=False):
        """Add `course.listed_dates`: its dates in public lists, soonest first (1 query); with
        their gatherings and instructors if wanted (3 more)."""
        dates = self._dates.listed(on).with_where().order_by("starts_on", "start_time", "pk")
        if gatherings:
            dates = dates.with_gatherings()
        return self.prefetch_related(Prefetch("dates", queryset=dates, to_attr="listed_dates"))

    def with_next_dates(self, number=4):
        """Add `course.next_dates`: the first few listed dates that are on (1 query)."""
        dates = self._dates.listed().not_cancelled().with_where()
        dates = dates.order_by("starts_on", "start_time", "pk")[:number]
        return self.prefetch_related(Prefetch("dates", queryset=dates, to_attr="next_dates"))

    def in_order(self):
        """Primary keys of these courses in Norwegian alphabetical order (1 query)."""
        found = sorted(self.values_list("title", "pk"), key=lambda row: alphabetical(row[0]))
        return [pk for title, pk in found]

    def alike(self, course):
        """Other listed courses with dates to book that share a category with it: those that share
        most of them first, then the one whose date is soonest."""
        ahead = self._dates.bookable().filter(course=OuterRef("pk")).order_by("starts_on")
        others = self.listed().filter(categories__in=Category.objects.filter(course=course))
        others = others.exclude(pk=course.pk).annotate(
            shared=Count("categories"), soonest=Subquery(ahead.values("starts_on")[:1])
        )
        return others.filter(soonest__isnull=False).order_by("-shared", "soonest", "title")

    def taught_by(self, person):
        """Listed courses that some public date of which names that instructor."""
        dates = self._dates.filter(instructors=person, public=True)
        return self.listed().filter(pk__in=dates.values("course"))

    def with_picture(self):
        """Load what its picture or its cover needs (1 query)."""
        return self.select_related("picture").prefetch_related("categories")

    def with_prices(self):
        """Load what `course.price` needs (1 query)."""
        products = Product.objects.filter(withdrawn_at=None, kind=Product.Kind.COURSE)
        return self.prefetch_related(
            Prefetch("products", queryset=products.order_by("pk"), to_attr="course_products")
        )


class Course(Copied):
    """A course; dates are when it is held. Source: GET /courses."""

    title = models.CharField(_("title"), max_length=300)
    slug = models.SlugField(max_length=80, editable=False)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    kind = models.CharField(_("type"), max_length=50, blank=True)
    public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_("Active and of type public: unknown types are hidden."),
    )
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, verbose_name=_("level"))
    form_of_teaching = models.PositiveIntegerField(_("form of teaching"), null=True, blank=True)
    language = models.CharField(_("language of teaching"), max_length=10, blank=True)
    categories = models.ManyToManyField(Category, blank=True, verbose_name=_("categories"))
    duration_value = models.DecimalField(
        _("duration"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    duration_unit = models.CharField(_("unit of duration"), max_length=20, blank=True)
    list_price = models.DecimalField(
        _("price of the course"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="NOK")
    price_comment = models.CharField(_("comment on the price"), max_length=300, blank=True)
    text_languages = models.JSONField(_("languages of the texts"), default=list, blank=True)
    external_booking_url = models.URLField(_("books elsewhere"), max_length=500, blank=True)
    email_more_info = models.EmailField(_("e-mail for questions"), blank=True)
    appeared_at = models.DateTimeField(null=True, editable=False)  # when it first became public

    objects = CourseQuerySet.as_manager()

    class Meta(Copied.Meta):
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]
        indexes = [
            models.Index(
                fields=["title"],
                name="catalog_course_listed",
                condition=Q(public=True, withdrawn_at=None),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("course", args=[self.remote_id, self.slug])

    @staticmethod
    def slug_of(title):
        """The part of the address made from the title: "På sjø" becomes "pa-sjo"."""
        return slug_of(title, otherwise="kurs")

    @property
    def is_withdrawn(self):
        return self.withdrawn_at is not None

    def is_gone(self, now=None):
        """Withdrawn so long ago that its page answers 410."""
        now = now or timezone.now()
        return self.is_withdrawn and now - self.withdrawn_at > settings.TOMBSTONE_PERIOD

    @cached_property
    def prices(self):
        """The products that one participant may buy, each a price of its own."""
        products = getattr(self, "course_products", None)
        if products is None:
            products = self.products.filter(withdrawn_at=None, kind=Product.Kind.COURSE)
            products = list(products.order_by("pk"))
        return products

    @cached_property
    def main_product(self):
        """The product that a booking without further choice buys; None if the course has none."""
        return next((product for product in self.prices if product.is_main), None)

    @property
    def price(self):
        """Price for one participant as Frontcore states it, or None where none is set.

        With or without VAT as settings.PRICES_INCLUDE_VAT says.
        """
        return self.main_product.price if self.main_product else self.list_price

    @property
    def vat_percent(self):
        """VAT on the price, or None where no product tells."""
        return self.main_product.vat_percent if self.main_product else None

    @property
    def vat_words(self):
        """How the price relates to VAT, in words."""
        if self.vat_percent == 0:
            return _("no VAT")
        if settings.PRICES_INCLUDE_VAT:
            return _("incl. VAT")
        return _("plus VAT, if any") if self.vat_percent is None else _("excl. VAT")

    @property
    def is_vat_included(self):
        """Whether the stated price holds the VAT; None where nobody knows, or there is none."""
        if self.vat_percent == 0:
            return None
        if settings.PRICES_INCLUDE_VAT:
            return True
        return None if self.vat_percent is None else False

    @property
    def price_with_vat(self):
        """What a private person pays, where the stated price lacks the VAT; else None."""
        if settings.PRICES_INCLUDE_VAT or not self.vat_percent or self.price is None:
            return None
        full = self.price * (1 + self.vat_percent / 100)
        return full.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def title_language(self):
        """Language of the title (it has but one), as HTML names it."""
        return "en" if self.language == "en" else "nb"

    def open_dates(self, other_than=None):
        """Its dates that may be booked or waited for (needs `with_dates`)."""
        return [date for date in self.listed_dates if date.offer and date != other_than]

    @property
    def first_choice(self):
        """The date to offer first: the soonest that has seats, else the soonest that may be waited
        for, else the soonest that opens later; None where no date is open (needs `with_dates`)."""
        open_dates = self.open_dates()
        with_seats = (date for date in open_dates if date.offer != "waiting")
        later = (date for date in self.listed_dates if date.obstacle() == "not_open")
        return next(with_seats, None) or next(iter(open_dates), None) or next(later, None)

    @property
    def form_words(self):
        """How it is taught, as its listed dates say; without dates, as Frontcore says."""
        online = {date.is_virtual for date in getattr(self, "listed_dates", [])}
        if online == {True, False}:
            return _("Classroom or online")
        if online == {True}:
            return _("Online")
        return _("Classroom") if self.form_of_teaching == 1 else ""

    def text(self, language=None):
        """The stored text in that language (default: the active one), else in any; or None."""
        wanted = "no" if written_language(language) == "nb" else "en"
        texts = {text.language: text for text in self.texts.all()}
        return texts.get(wanted) or texts.get("no") or next(iter(texts.values()), None)


class CourseText(models.Model):
    """The long texts of a course in one language, sanitised. Source: GET /courses/:id."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    lead = models.TextField(_("lead"), blank=True)
    description = models.TextField(_("description"), blank=True)
    audience = models.TextField(_("for whom"), blank=True)
    prerequisites = models.TextField(_("prerequisites"), blank=True)
    duration = models.TextField(_("duration"), blank=True)
    credits = models.TextField(_("certificate"), blank=True)
    submissions = models.TextField(_("submissions"), blank=True)
    place = models.TextField(_("about the place"), blank=True)
    hotel_info = models.TextField(_("accommodation"), blank=True)
    content_hash = models.CharField(max_length=40, editable=False)
    fetched_at = models.DateTimeField(_("fetched"), editable=False)
    changed_at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        verbose_name = _("course text")
        verbose_name_plural = _("course texts")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "language"], name="catalog_one_text_per_language"
            )
        ]

    SECTIONS = (
        "description",
        "audience",
        "prerequisites",
        "duration",
        "credits",
        "submissions",
        "place",
        "hotel_info",
    )

    def __str__(self):
        return f"{self.course} ({self.language})"

    @property
    def html_language(self):
        return "nb" if self.language == "no" else self.language

    def is_in(self, language):
        """Whether whoever reads that interface language reads their own."""
        norwegian = language[:2] in {"nb", "nn"}
        return norwegian if self.html_language == "nb" else self.html_language == language[:2]

    def sections(self):
        """Yield (anchor, heading, html) of each section that has text; the html is sanitised."""
        for name in self.SECTIONS:
            if html := getattr(self, name):
                yield name.replace("_", "-"), self._meta.get_field(name).verbose_name, html


class Product(Copied):
    """What one participant pays for. Source: GET /orders/products."""

    class Kind(models.IntegerChoices):
        ADDITION = 1, _("addition")
        COURSE = 2, _("course")

    course = models.ForeignKey(
        Course, models.CASCADE, null=True, blank=True, related_name="products"
    )
    title = models.CharField(_("title"), max_length=300)
    label = models.CharField(_("label"), max_length=200, blank=True)
    kind = models.PositiveSmallIntegerField(_("type"), choices=Kind.choices)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="NOK")
    vat_percent = models.DecimalField(_("VAT, per cent"), max_digits=5, decimal_places=2)
    is_main = models.BooleanField(_("main price"), default=False)
    is_member = models.BooleanField(_("member price"), default=False)

    class Meta(Copied.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["title"]

    def __str__(self):
        return f"{self.title} ({self.label})" if self.label else self.title
