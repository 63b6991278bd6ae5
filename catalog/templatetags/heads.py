"""What the head of a page says to those who share it."""

from babel.core import get_global
from django import template

from catalog.templatetags.formats import locale_of

register = template.Library()


@register.filter
def og_locale(language):
    """nb_NO, en_GB: an interface language as Open Graph names it."""
    found = locale_of(language)
    likely = get_global("likely_subtags").get(found.language, "")
    territory = found.territory or likely.rpartition("_")[2]
    return f"{found.language}_{territory}" if territory else found.language


@register.filter
def card_beside(head, provider):
    """The Card to share the page with: its course's, else the site's; None before one is made."""
    return getattr(head.course, "card", None) or getattr(provider, "card", None)
