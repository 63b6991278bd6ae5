"""The picture of a course, which staff upload."""

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models.course import Course


class CoursePicture(models.Model):
    """One picture of a course, in the sizes that pages need, made once when it is stored.

    `digest` names the content: a new picture has new addresses, so each may be kept for ever.
    """

    course = models.OneToOneField(Course, models.CASCADE, related_name="picture")
    image = models.ImageField(
        _("picture"), upload_to="pictures/", width_field="width", height_field="height"
    )
    alternative = models.CharField(
        _("what the picture shows"),
        max_length=300,
        help_text=_("Read aloud to those who do not see it; the title of the course says nothing."),
    )
    alternative_en = models.CharField(
        _("what the picture shows, in English"), max_length=300, blank=True
    )
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    digest = models.CharField(max_length=40, editable=False)
    widths = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("picture of a course")
        verbose_name_plural = _("pictures of courses")

    def __str__(self):
        return self.alternative

    def name_of(self, width):
        return f"pictures/{self.digest}-{width}.webp"

    @property
    def srcset(self):
        """Every size with its width, as `<img srcset>` has them."""
        return ", ".join(f"{default_storage.url(self.name_of(w))} {w}w" for w in self.widths)

    @property
    def alternative_shown(self):
        """(what it shows, in words; the language of the words)"""
        if self.alternative_en and get_language()[:2] == "en":
            return self.alternative_en, "en"
        return self.alternative, "nb"
