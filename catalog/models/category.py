"""How courses are sorted: by subject, which may lie within another, and by level."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models.copied import Copied, slug_of


class Level(Copied):
    title = models.CharField(_("level"), max_length=200)

    class Meta(Copied.Meta):
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["title"]

    def __str__(self):
        return self.title


class Category(Copied):
    """A subject. Frontcore's categories are one flat list; how they nest is for staff to say: the
    refresh never writes `parent`."""

    title = models.CharField(_("category"), max_length=200)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs under"),
        help_text=_("A category above also shows the courses of those under it."),
    )

    class Meta(Copied.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["title"]

    def __str__(self):
        return self.title

    @property
    def slug(self):
        return slug_of(self.title, otherwise="kategori")

    def get_absolute_url(self):
        return reverse("category", args=[self.remote_id, self.slug])

    def clean(self):
        above, seen = self.parent, {self.pk}
        while above:
            if above.pk in seen:
                raise ValidationError({"parent": _("A category cannot lie within itself.")})
            seen.add(above.pk)
            above = above.parent
