"""The picture of a course, or its cover."""

from django import template

from catalog.covers import cover
from catalog.models import CoursePicture

register = template.Library()


@register.filter
def picture_of(course):
    """The picture of a course as it can be shown; None where there is none."""
    try:
        return course.picture
    except CoursePicture.DoesNotExist:
        return None


register.filter("cover", cover)
