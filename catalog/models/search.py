"""What a search looks through: the words of each course, and words that mean the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.course import Course


class SearchDocument(models.Model):
    """The words by which a course is found, folded (`catalog.search.words`) and weighed: its
    title; its category, level, places and instructors; its texts. `catalog.search.documents`
    rewrites them where they change; in SQLite triggers pass that on to the full text index."""

    course = models.OneToOneField(
        Course, models.CASCADE, related_name="search_document", primary_key=True
    )
    title = models.TextField()
    names = models.TextField()
    text = models.TextField()
    made_of = models.CharField(max_length=200, default="")  # which texts, of what moments

    class Meta:
        verbose_name = _("words of a course")
        verbose_name_plural = _("words of courses")

    def __str__(self):
        return self.title


class Synonym(models.Model):
    """Words that mean the same to those who search: who types one finds them all."""

    words = models.CharField(
        _("words that mean the same"),
        max_length=500,
        help_text=_("With commas between, e.g. “forklift, truck, pallet truck”."),
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self):
        return self.words
