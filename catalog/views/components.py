"""Every part of the pages in every state, on one page."""

from catalog import specimens
from catalog.views.pages import Page


class Components(Page):
    """For whoever changes how the site looks; linked from no page."""

    template_name = "catalog/components.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(noindex=True, **specimens.all_of_them(), **kwargs)
