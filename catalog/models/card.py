"""The social card of a course, or of the whole site: its picture where a page of it is shared."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.course import Course
from catalog.models.provider import Provider


class Card(models.Model):
    """A card that is made and stored. Its file is named by a digest of all that is drawn on it
    (`catalog.cards`), so that each may be kept for ever."""

    WIDTH, HEIGHT = 1200, 630
    FOLDER = "cards"

    course = models.OneToOneField(Course, models.CASCADE, null=True, related_name="card")
    provider = models.OneToOneField(Provider, models.CASCADE, null=True, related_name="card")
    file = models.CharField(max_length=60)
    alternative = models.CharField(max_length=600)  # what can be read on it

    class Meta:
        verbose_name = _("social card")
        verbose_name_plural = _("social cards")
        constraints = [
            models.CheckConstraint(
                condition=Q(course=None) ^ Q(provider=None), name="catalog_card_of_one"
            )
        ]

    def __str__(self):
        return self.alternative

    @property
    def name(self):
        """In the storage."""
        return f"{self.FOLDER}/{self.file}"

    @property
    def address(self):
        """With the host: what a page is shared with is fetched from elsewhere."""
        return urljoin(settings.SITE_URL, default_storage.url(self.name))
