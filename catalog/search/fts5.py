"""The search in SQLite: its own full text index (FTS5) over the documents, kept by triggers."""

from django.db import connection

WEIGHTS = "10.0, 4.0, 1.0"  # of title, names and text
MATCHING = """
    SELECT course.id
    FROM catalog_search
    JOIN catalog_course AS course ON course.id = catalog_search.rowid
    WHERE catalog_search MATCH %s AND course.public AND course.withdrawn_at IS NULL
"""
BEST_FIRST = f" ORDER BY bm25(catalog_search, {WEIGHTS}), course.title, course.id"


def matching(terms, columns, *, akin=False, best_first=True):
    """Primary keys of the listed courses that have each term in these columns of their document;
    with `akin`, words akin to a term count as well. In any order, or the best first."""
    wanted = " AND ".join(expression(term, akin) for term in terms)
    with connection.cursor() as cursor:
        cursor.execute(
            MATCHING + (BEST_FIRST if best_first else ""), [f"{{{' '.join(columns)}}} : ({wanted})"]
        )
        return [pk for (pk,) in cursor.fetchall()]


def expression(term, akin):
    """A term in the language of FTS5. Words consist of letters and digits only, and stand in
    quotes: nothing in them can be taken for an operator."""
    whole = [quoted(phrase) for phrase in term.phrases]
    any_of = [*whole, *(f"{each} *" for each in whole)]  # a whole word counts twice
    if akin and term.akin:
        names = " OR ".join(f"{quoted([word])} *" for word in term.akin)
        any_of.append(f"{{title names}} : ({names})")
    return f"({' OR '.join(any_of)})"


def quoted(phrase):
    return f'"{" ".join(phrase)}"'


def vocabulary():
    """Yield (word, column, in how many courses) of all words there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT term, col, doc FROM catalog_search_words")
        yield from cursor.fetchall()
