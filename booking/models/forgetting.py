"""How a booking forgets its people."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from booking.models.bookings import hashed
from booking.models.event import BookingEvent
from booking.models.mail import Mail
from booking.models.steps import Steps

#: What was typed of people into a booking. A sole trader's company is a person, too.
PERSONAL = (
    "booker_firstname",
    "booker_lastname",
    "booker_email",
    "booker_phone",
    "company",
    "company_number",
    "gln_number",
    "invoice_reference",
    "invoice_email",
    "invoice_address",
    "invoice_zipcode",
    "invoice_city",
    "campaign_code",
    "voucher_code",
)
#: The same of what belongs to it, by the name of the relation.
PERSONAL_OF = {
    "participants": {"firstname": "", "lastname": "", "email": ""},
    "mails": {"to": "", "subject": "", "text": "", "html": "", "calendar": "", "problem": ""},
    "answers": {"value": ""},
    "changes": {"firstname": "", "lastname": "", "email": "", "message": "", "answer": ""},
    "look_ups": {"candidates": [], "problem": ""},
    "follow_ups": {"problem": ""},
}


class Forgetting(Steps):
    """The last step. What is counted and what was booked when stays: reference, date, numbers,
    totals, status, moments and the history, none of which tells of anybody."""

    def forget_people(self, allowed, *, by="worker", now=None):
        """Empty everything that tells of people, in one transaction, if the booking is still as
        `allowed` says.

        How many rows were emptied, by what they are; None, and nothing written, if it is not.
        Its secret link and its form lead nowhere from then on.
        """
        nobody = dict.fromkeys(PERSONAL, "")
        seed = get_random_string(32, "0123456789abcdef")
        with transaction.atomic():
            done = self._change(
                allowed,
                BookingEvent.What.ANONYMISED,
                by=by,
                **nobody,
                link_seed=seed,
                link_hash=hashed(self._link_under(settings.SECRET_KEY, seed)),
                form_hash=hashed(get_random_string(40)),
                content_hash=hashed(get_random_string(40)),
                team_link=None,
                anonymised_at=now or timezone.now(),
            )
            if not done:
                return None
            self.mails.filter(state=Mail.State.FAILED).update(state=Mail.State.DROPPED)
            emptied = {
                name: getattr(self, name).update(**values) for name, values in PERSONAL_OF.items()
            }
        return {"bookings": 1} | emptied
