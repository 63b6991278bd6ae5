"""What a visitor has typed so far, kept for a short while so that nothing is lost."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.models.bookings import hashed


def new_form_token(coursedate):
    """The name of one rendering of the form: one form, one booking.

    It is signed, so that it also proves that the form was shown here for this very date.
    """
    return signer_of(coursedate).sign(secrets.token_urlsafe(24))


def renewed_token(token, coursedate, other=None):
    """A fresh token for a form that goes on, for that date or another. It keeps the moment of the
    first rendering, so that who has filled the form already need not wait again."""
    signer = signer_of(other or coursedate)
    if is_form_token(token, coursedate):
        signer.moment = token.split(signer.sep)[1]
    return signer.sign(secrets.token_urlsafe(24))


def is_form_token(token, coursedate, max_age=None):
    """Whether that token was made here for that date (within the last `max_age`, if given)."""
    try:
        signer_of(coursedate).unsign(token, max_age=max_age)
    except BadSignature:
        return False
    return True


class FormSigner(TimestampSigner):
    """Signs with the present moment, or with that of another token."""

    moment = None

    def timestamp(self):
        return self.moment or super().timestamp()


def signer_of(coursedate):
    """Of a date to book or, for a form about a course, of that."""
    what = "interest" if coursedate._meta.model_name == "course" else "form"
    return FormSigner(sep=".", salt=f"booking.{what}.{coursedate.remote_id}")


class DraftQuerySet(models.QuerySet):
    def keep(self, token, owner, coursedate, typed, outcome):
        """Save what was typed under that token, over what was there."""
        draft = self.model(
            token_hash=hashed(token),
            owner_hash=hashed(owner),
            coursedate=coursedate,
            typed=typed,
            outcome=outcome,
        )
        self.bulk_create(
            [draft],
            update_conflicts=True,
            unique_fields=["token_hash"],
            update_fields=["owner_hash", "coursedate", "typed", "outcome", "saved_at"],
        )

    def of(self, token):
        return self.kept().filter(token_hash=hashed(token or "")).first()

    def to_show(self, token, owner, coursedate):
        """The draft of that token, for the browser that typed it only: an address with somebody
        else's token would otherwise let two people write into one form."""
        return (
            self.kept()
            .filter(token_hash=hashed(token or ""), owner_hash=hashed(owner), coursedate=coursedate)
            .first()
        )

    def kept(self, now=None):
        """Drafts whose time is not over; nobody is shown any other, purged or not."""
        return self.filter(saved_at__gte=(now or timezone.now()) - settings.DRAFT_PERIOD)

    def forgotten(self, now=None):
        """Drafts whose time is over."""
        return self.filter(saved_at__lt=(now or timezone.now()) - settings.DRAFT_PERIOD)


class Draft(models.Model):
    """The content of a form after its last POST, found by the form's token, purged by a task.

    `outcome` says what the visitor was answered: whether the content was checked, objections that
    needed the network, and the price lines and kind of place that were shown.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    owner_hash = models.CharField(max_length=64, editable=False)
    coursedate = models.ForeignKey("catalog.CourseDate", models.CASCADE, related_name="+")
    typed = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now, db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self):
        return f"{self.coursedate_id} {self.saved_at:%d.%m.%Y %H:%M}"

    def belongs_to(self, owner):
        """Whether that browser has filled in this form."""
        return self.owner_hash == hashed(owner)
