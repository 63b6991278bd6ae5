"""What every template may use."""

from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import override

from catalog.colours import Palette
from catalog.models import Generation, Provider


def site(request):
    """The site's own words for every page. What costs a query is asked only where it is shown."""
    provider = SimpleLazyObject(Provider.current)
    return {
        "provider": provider,
        "accent_path": SimpleLazyObject(lambda: accent_path(provider)),
        "demo": settings.DEMO,
        "show_instructors": settings.SHOW_INSTRUCTORS,
        "site_url": settings.SITE_URL,
        "privacy_path": SimpleLazyObject(lambda: reverse("terms", args=["privacy"])),
        "other_languages": SimpleLazyObject(lambda: languages_of(request)),
        "checked_at": cache(last_checked),
    }


def accent_path(provider):
    """Where the stylesheet of the provider's colour lies, the same in each language; empty where
    the site has its own colour."""
    if not provider.accent:
        return ""
    try:
        palette = Palette.of(provider.accent)
    except ValueError:  # no form lets it through, but a fixture may
        return ""
    with override(settings.LANGUAGE_CODE):
        return reverse("accent", args=[palette.name])


def languages_of(request, address=None, **query):
    """This page in each language, as {code, name, path}; empty for a page that has but one. The
    query is what the address must carry to show the same in another language; `address`, where
    the state of a page has one of its own, holds path and query already."""
    if request.resolver_match is None:
        return []
    more = f"?{urlencode(query)}" if query else ""
    found = [
        {"code": code, "name": name, "path": translate_url(address or request.path, code) + more}
        for code, name in settings.LANGUAGES
    ]
    return found if len({language["path"] for language in found}) > 1 else []


def last_checked():
    """When the copy on air was last compared with Frontcore; None before the first refresh."""
    return Generation.objects.values_list("checked_at", flat=True).first()
