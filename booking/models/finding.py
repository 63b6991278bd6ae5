"""Finding a booking by whatever a caller says."""

import re

from django.db import models
from django.db.models import Q

from booking.models.participant import Participant

NUMBER = re.compile(r"[(+]*\d[\d\s().+/-]*")
#: A reference in two halves. It has no vowels, so that no two short names are taken for one.
SPELT_OUT = re.compile(r"([2-9B-DF-HJKMNP-RTV-Z]{4})[ -]([2-9B-DF-HJKMNP-RTV-Z]{4})")
FEWEST_DIGITS = 5  # fewer are part of an address or a company's name
LARGEST_ID = 2**63 - 1
BOOKER = ("booker_firstname", "booker_lastname", "booker_email", "company", "invoice_reference")
AROUND = '#,;:<>()[]"“”«»'  # what stands around a word that was copied from a list or a mail
PERSON = ("firstname", "lastname", "email")


class FindingQuerySet(models.QuerySet):
    def matching(self, words):
        """Bookings in which each of the words stands: reference, order number, phone in any
        spelling, or part of a name, an e-mail, the company or its own reference.

        Where a word is the whole of a reference, number or e-mail, it is that and no part of
        another."""
        found = self
        for word in words_of(words):
            named = found.named(word)
            found = named if named.exists() else found.filter(about(word))
        return found

    def named(self, word):
        """Bookings of which this word is the whole reference, number, phone or e-mail."""
        if "@" in word:
            people = Participant.objects.filter(email__iexact=word).values("booking")
            return self.filter(Q(booker_email__iexact=word) | Q(pk__in=people))
        digits = digits_of(word)
        if not (NUMBER.fullmatch(word) and len(digits) >= FEWEST_DIGITS):
            return self.filter(reference=word.upper())
        return self.filter(
            numbered(digits) | Q(reference=word) | Q(booker_phone__in=dialled(digits))
        )


def words_of(text):
    """The words of a search; a number with spaces in it is one, and so is a reference."""
    text = text.strip().lstrip("#")
    if NUMBER.fullmatch(text) and len(digits_of(text)) >= FEWEST_DIGITS:
        return [text]
    if reference := SPELT_OUT.fullmatch(text.upper()):
        return ["".join(reference.groups())]
    words = (word.strip(AROUND) if not NUMBER.fullmatch(word) else word for word in text.split())
    return [word for word in words if word]


def about(word):
    """What one word may be about."""
    matches = Q(reference__iexact=word) | any_of(BOOKER, word)
    matches |= Q(pk__in=Participant.objects.filter(any_of(PERSON, word)).values("booking"))
    digits = digits_of(word)
    if NUMBER.fullmatch(word) and len(digits) >= FEWEST_DIGITS:
        # As stored (+4741200000) without the plus, the 00 or the zero that others put in front.
        matches |= Q(booker_phone__contains=digits.lstrip("0")) | numbered(digits)
    return matches


def numbered(digits):
    matches = Q(company_number=digits)
    if int(digits) <= LARGEST_ID:
        matches |= Q(order_id=int(digits)) | Q(remote_booking_id=int(digits))
    return matches


def dialled(digits):
    """The whole numbers that somebody may mean who dials these digits."""
    digits = digits.lstrip("0")
    return {f"+{digits}", f"+47{digits}"}


def any_of(names, word):
    matches = Q()
    for spelling in spellings(word):
        for name in names:
            matches |= Q(**{f"{name}__icontains": spelling})
    return matches


def spellings(word):
    """SQLite tells Å from å where it should not."""
    return {word} if word.isascii() else {word.lower(), word.upper(), word.capitalize()}


def digits_of(text):
    return re.sub(r"\D", "", text)
