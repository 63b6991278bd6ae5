"""Terms and conditions, right of withdrawal, privacy notice."""

from django.utils.translation import get_language

from catalog import heads
from catalog.context import languages_of
from catalog.models import Terms
from catalog.views.pages import Page


class TermsPage(Page):
    template_name = "catalog/terms.html"

    def get_context_data(self, **kwargs):
        kind = Terms.Kind(kwargs["kind"])
        terms, own_words = Terms.objects.in_force(kind), Terms.objects.own_words()
        other_language = terms is not None and terms.language != get_language()
        return super().get_context_data(
            head=heads.of_terms(kind.label, terms),
            terms=terms,
            kind_words=kind.label,
            noindex=terms is None or other_language,
            other_language=other_language,
            alternates=[
                each for each in languages_of(self.request) if (kind, each["code"]) in own_words
            ],
            **kwargs,
        )
