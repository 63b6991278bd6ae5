"""What a page shows, said again in the words of schema.org for search engines and other readers.

Each module makes its nodes from the objects that the page is made of, after it has been decided
what is shown: nothing here knows a rule of its own, and nothing is told that the page does not show
(tests/catalog/test_structured.py compares every value). The meeting link and whatever is personal,
but for the names of instructors, is never told.
"""
