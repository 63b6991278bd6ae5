"""Structured data says what the page says."""

from audit.registry import of_page


@of_page("structured-data", "Structured data is JSON and says what the page says.")
def structured_data(page):
    for text, said in page.structured:
        if said is None:
            yield f"has structured data that is no JSON: {text[:60]}"
