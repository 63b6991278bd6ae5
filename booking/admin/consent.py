"""What the visitor has accepted, and what else was shown: text, version, language and moment."""

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from catalog.templatetags.formats import sanitised


class Consent:
    """For the booking's page."""

    consent_fields = ["terms_accepted_at", "accepted_texts"]

    def accepted_texts(self, booking):
        texts = [text for text in (booking.terms, booking.withdrawal, booking.privacy) if text]
        return format_html_join("", "{}", ((in_full(text),) for text in texts)) or "–"

    accepted_texts.short_description = _("accepted, and shown beside it")


def in_full(text):
    """One text behind its name, to be opened."""
    since = f"{timezone.localtime(text.published_at):%d.%m.%Y %H:%M}"
    return format_html(
        '<details><summary>{} {} ({}), {} {}</summary><div lang="{}">{}</div></details>',
        text.get_kind_display(),
        text.version,
        text.get_language_display(),
        _("in force from"),
        since,
        text.language,
        sanitised(text.text),
    )
