"""What may go wrong with a question, by names that programs may rely on (RFC 9457). Each is an
anchor on the page about open data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    status: int
    words: str


KINDS = {
    "bad-choice": Kind(400, _("A filter has a value that cannot be understood")),
    "bad-parameter": Kind(400, _("Something in the question cannot be understood")),
    "not-found": Kind(404, _("There is nothing at this address")),
    "no-such-page": Kind(404, _("The list has no such page")),
    "wrong-method": Kind(405, _("The address is for reading only")),
    "gone": Kind(410, _("It was offered once, and no longer is")),
    "too-many": Kind(429, _("Too many questions from one network")),
}


class Problem(Exception):
    """What is told instead of an answer: its kind, and str() of it, a sentence about this case in
    the language of the address. `gone`: what is known of what is no longer offered."""

    def __init__(self, kind, sentence, *, gone=None, headers=None):
        super().__init__(sentence)
        self.kind, self.gone, self.headers = kind, gone, headers or {}

    @property
    def status(self):
        return KINDS[self.kind].status

    @property
    def title(self):
        return str(KINDS[self.kind].words)
