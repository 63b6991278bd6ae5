"""Finds courses by words. One small interface, so that each database may do it its own way."""

import unicodedata

from catalog.models import Course

LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "ae"})


def folded(text):
    """Text as it is compared: any Unicode form and any case are one, and æ, ø and å are written
    as they are on a keyboard that lacks them."""
    letters = unicodedata.normalize("NFKC", text).casefold().translate(LETTERS)
    plain = unicodedata.normalize("NFKD", letters)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def courses(words):
    """Primary keys of the listed courses that fit all of the words, the best first."""
    wanted = folded(words).split()
    titles = Course.objects.listed().values_list("pk", "title")
    return [pk for pk, title in titles if all(word in folded(title) for word in wanted)]
