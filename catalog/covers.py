"""The drawn cover of a course that has no picture."""

from django.utils.html import format_html


def cover(course):
    """The cover as SVG, for the eye only: it says nothing that the title does not say."""
    return format_html('<svg class="cover" viewBox="0 0 120 80" aria-hidden="true"></svg>{}', "")
