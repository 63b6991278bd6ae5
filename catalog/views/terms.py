"""Terms and conditions, right of withdrawal, privacy notice."""

from django.utils.translation import get_language

from catalog.models import Terms
from catalog.views.pages import Page


class TermsPage(Page):
    template_name = "catalog/terms.html"

    def get_context_data(self, **kwargs):
        kind = Terms.Kind(kwargs["kind"])
        terms = Terms.objects.in_force(kind)
        other_language = terms is not None and terms.language != get_language()[:2]
        return super().get_context_data(
            terms=terms,
            kind_words=kind.label,
            noindex=terms is None or other_language,
            other_language=other_language,
            **kwargs,
        )
