"""What a page or a mail claims about a booking, by the words the site uses."""

import re

from django.utils import translation

from booking.letters import SUBJECTS

#: The heading of the visitor's page → what it claims.
HEADINGS = {
    "You are booked": "booked",
    "The participant is booked": "booked",
    "You are on the waiting list": "waiting",
    "The participant is on the waiting list": "waiting",
    "The booking did not go through": "nothing",
    "We have your request": "not yet",
    "We do not know yet": "unknown",
    "We are sending your booking": "on its way",
    "We are cancelling the booking": "being cancelled",
    "We do not know yet whether it is cancelled": "unknown",
    "The booking is cancelled": "cancelled",
    "You have taken the request back": "nothing",
}
#: How those that count are said of more than one.
OF_MANY = {
    "The participant is booked": "The participants are booked",
    "The participant is on the waiting list": "The participants are on the waiting list",
}
#: Wherever they stand.
PHRASES = {
    "The booking is confirmed. Order number %(order)s.": "booked",
    "Everything is in order: the booking of %(course)s is confirmed.": "booked",
    "Nothing has been booked": "nothing",
    "Nothing has been booked, and nothing is to be paid. The reason:": "nothing",
    "Nothing has been booked, and you owe nothing.": "nothing",
    "This booking is cancelled.": "cancelled",
    "Your place on this course is cancelled.": "cancelled",
}
#: The kind of a mail, by its subject → what it claims.
MAILS = {
    "confirmed": "booked",
    "waiting": "waiting",
    "refused": "nothing",
    "not_cancelled": "not cancelled",
}


def literal(words):
    """The longest piece of a translated sentence that holds no value."""
    pieces = re.split(r"%\(\w+\)s", translation.gettext(words))
    return max(pieces, key=len).strip()


def said(text):
    return {claim for words, claim in PHRASES.items() if literal(words) in text}


def ways_to_say(words):
    """A heading as translated: for one person and for several, where that differs."""
    if many := OF_MANY.get(words):
        return [translation.ngettext(words, many, number) for number in (1, 2)]
    return [translation.gettext(words)]


def of_page(heading, text):
    """The claims of a page in bokmål, from its heading and its text."""
    with translation.override("nb"):
        headings = {said: claim for words, claim in HEADINGS.items() for said in ways_to_say(words)}
        return sorted(said(text) | {headings[heading]} if heading in headings else set())


def of_mail(subject, text):
    with translation.override("nb"):
        found = {
            claim
            for kind, claim in MAILS.items()
            if subject.startswith(str(SUBJECTS[kind]).split(":")[0])
        }
        return sorted(said(text) | found)
