"""What tells a machine that fills forms from a person, without asking a third party.

Both tests may be wrong about a person: a password manager fills what nobody sees, and somebody may
be quick. So whoever fails gets the filled form back with what to do, and the next press goes on.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from booking.models import is_form_token

TRAP = "homepage"  # the field that people do not see
JUDGED = {"preview", "send"}
TRAPPED, TOO_FAST = "trap_filled", "too_fast"
SENTENCES = {
    TRAPPED: _(
        "A field that is to stay empty was filled in, perhaps by your browser. We have emptied "
        "it. Nothing else is lost: press once more."
    ),
    TOO_FAST: _(
        "That was quicker than people usually type, so we ask to be sure. Nothing is lost: press "
        "once more."
    ),
}


def objection(data, coursedate, sender):
    """The code of what makes this POST look like a machine's, or None. Who only changes rows has
    not filled in the form yet, and staff are known.

    The clock runs from the first rendering of the form, whose token is signed with the moment; a
    fresh token for a form that came back filled keeps it. A form without a token of ours was never
    shown to anybody.
    """
    if sender.is_staff or "remove" in data or data.get("action", "preview") not in JUDGED:
        return None
    if data.get(TRAP):
        return TRAPPED
    token = data.get("form", "")
    if settings.MIN_FILL_S and (
        not is_form_token(token, coursedate)
        or is_form_token(token, coursedate, max_age=settings.MIN_FILL_S)
    ):
        return TOO_FAST
    return None
