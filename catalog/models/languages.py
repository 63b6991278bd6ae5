"""Interface languages, and the two that Frontcore and the provider's staff write in."""

from django.conf import settings
from django.utils.translation import get_language


def interface_languages():
    """Choices of a model's field. A function, so that one more language is no migration."""
    return settings.LANGUAGES


def written_language(language=None):
    """Which of "nb" and "en" is the nearer to an interface language (default: the active one)."""
    language = language or get_language() or settings.LANGUAGE_CODE
    return "nb" if language[:2] in {"nb", "nn", "no"} else "en"
