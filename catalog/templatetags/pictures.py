"""The picture of a course, or its cover."""

from django import template

from catalog.covers import cover
from catalog.models import CoursePicture
from catalog.pictures import is_there

register = template.Library()
register.filter("cover", cover)


@register.filter
def picture_of(course):
    """The picture of a course; None where it has none, or where its file is lost."""
    try:
        picture = course.picture
    except CoursePicture.DoesNotExist:
        return None
    return picture if is_there(picture) else None
