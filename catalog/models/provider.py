"""What the provider's own staff write: who they are, and the terms a visitor accepts."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models.languages import interface_languages, written_language


class Provider(models.Model):
    """The training provider whose site this is: one row."""

    name = models.CharField(_("name"), max_length=200)
    organisation_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.TextField(_("address"), blank=True)
    logo = models.FileField(
        _("logo"),
        upload_to="provider/",
        blank=True,
        help_text=_(
            "SVG, PNG, WebP or JPEG, at most 1 MB. A light logo without a ground of its own suits"
            " the dark header best; a dark one gets a white plate."
        ),
    )
    logo_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    logo_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    logo_is_light = models.BooleanField(default=False, editable=False)
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        help_text=_("Six digits after a #, e.g. #d5e14e. Empty: the site's own."),
    )
    privacy_url = models.URLField(_("privacy notice elsewhere"), blank=True)
    embedding_sites = models.TextField(
        _("sites that may embed"),
        blank=True,
        help_text=_(
            "One host a line, such as www.example.no; *.example.no is all below that domain, and a"
            " line with * alone every site. Empty: nobody may, and your lists are links there."
        ),
    )
    cancel_free_days = models.PositiveSmallIntegerField(
        _("days before the start until which visitors may cancel free of charge"),
        null=True,
        blank=True,
        help_text=_("Empty: visitors ask your staff to cancel."),
    )
    cancel_fee_days = models.PositiveSmallIntegerField(
        _("days before the start until which visitors may cancel with a fee"),
        null=True,
        blank=True,
        help_text=_("Empty: never; later cancellations are requests to your staff."),
    )

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("provider")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="catalog_only_one_provider")
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    def clean(self):
        free, fee = self.cancel_free_days, self.cancel_fee_days
        if fee is not None and (free is None or fee >= free):
            sentence = _("With a fee means later than free of charge: fewer days before the start.")
            raise ValidationError({"cancel_fee_days": sentence})

    @classmethod
    def current(cls):
        """The one provider; an unnamed one (not saved) until staff have filled it in."""
        return cls.objects.select_related("card").first() or cls(name="")


class TermsQuerySet(models.QuerySet):
    def in_force(self, kind, language=None, now=None):
        """The newest published text of that kind in that language, else in the nearest that it
        has; or None."""
        language = language or get_language() or settings.LANGUAGE_CODE
        published = self.filter(kind=kind, published_at__lte=now or timezone.now())
        newest = published.order_by("-published_at", "-pk")
        nearest = dict.fromkeys([language, written_language(language), settings.LANGUAGE_CODE])
        found = (newest.filter(language=one).first() for one in nearest)
        return next(filter(None, found), None)

    def own_words(self, now=None):
        """{(kind, language): since when the newest text of that kind in that very language is in
        force}"""
        published = self.filter(published_at__lte=now or timezone.now())
        rows = published.order_by("published_at", "pk")
        rows = rows.values_list("kind", "language", "published_at")
        return {(kind, language): since for kind, language, since in rows}


class Terms(models.Model):
    """One version of a text in one language. A new version is a new row: bookings keep the one
    that was accepted."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("terms and conditions")
        WITHDRAWAL = "withdrawal", _("right of withdrawal")
        PRIVACY = "privacy", _("privacy notice")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.TERMS)
    language = models.CharField(_("language"), max_length=5, choices=interface_languages)
    version = models.CharField(_("version"), max_length=50)
    text = models.TextField(_("text"), help_text=_("HTML is allowed; it is sanitised when shown."))
    published_at = models.DateTimeField(_("in force from"), default=timezone.now)

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        ordering = ["kind", "language", "-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "version"], name="catalog_terms_version_once"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version} ({self.language})"
