"""Characters that no name and no subject needs, and that deceive whoever reads it."""

import unicodedata

#: Marks that turn the direction of what follows; not the joiners, which some names need.
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
#: Control characters, halves of characters, those of private use and of no use at all.
NO_WRITING = {"Cc", "Cs", "Co", "Cn"}


def one_line(text):
    """The text in one line, without characters that steer the reader's screen or a mail's head."""
    kept = (
        letter
        for letter in " ".join(str(text).split())
        if letter not in TURNING and unicodedata.category(letter) not in NO_WRITING
    )
    return "".join(kept).strip()
