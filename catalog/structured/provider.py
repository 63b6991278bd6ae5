"""Who holds the courses, and the site."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from catalog.structured.graph import absolute, told


def reference():
    """What other nodes of a page name the provider by: `organisation` stands beside them."""
    return {"@id": f"{settings.SITE_URL}/#provider"}


def name_of(provider):
    """As the foot of each page has it."""
    return provider.name or gettext("Course catalogue")


def organisation(provider):
    return {
        "@type": "Organization",
        **reference(),
        "name": name_of(provider),
        "url": absolute(reverse("home")),
    }


def whole_organisation(provider):
    """With what the foot of each page tells: for the front page."""
    lines = [line.strip() for line in provider.address.splitlines()]
    logo = absolute(provider.logo.url) if provider.logo_width else ""
    return told(
        organisation(provider)
        | {
            "logo": logo,
            "telephone": provider.phone,
            "address": ", ".join(filter(None, lines)),
            "taxID": provider.organisation_number,
        }
    )


def website(provider):
    """The site, and how it is searched."""
    words = "{search_term_string}"
    return {
        "@type": "WebSite",
        "name": name_of(provider),
        "url": absolute(reverse("home")),
        "inLanguage": get_language(),
        "publisher": reference(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{absolute(reverse('course_list'))}?q={words}",
            },
            "query-input": "required name=search_term_string",
        },
    }
