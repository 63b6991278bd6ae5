"""What staff see of the copy, and what they write themselves. Nothing here calls Frontcore: the
buttons queue work for the worker."""

from catalog.admin import courses, dates, places, provider, refreshes, synonyms
from catalog.admin.copied import HTTPS, ReadOnly

__all__ = ["HTTPS", "ReadOnly", "courses", "dates", "places", "provider", "refreshes", "synonyms"]
