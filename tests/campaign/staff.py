"""What staff do with what is left for them, going by what the site tells them and nothing else."""

from booking import tasks
from booking.models import Booking, LookUp
from tests.campaign import site

BY = "staff: campaign"
Status, Verdict = Booking.Status, LookUp.Verdict


def settle(run):
    """One round at the queue. Whether anything was done."""
    dice = run.dice("decisions")
    done = [
        STEPS[booking.status](booking, dice)
        for booking in Booking.objects.needs_staff()
        if booking.status in STEPS
    ]
    site.work_queue()
    return any(done)


def settle_uncertain(booking, dice):
    look = booking.last_look
    if look is None or look.verdict != Verdict.NOT_THERE:
        return False
    return dice.choice([booking.send_again, booking.write_off])(by=BY)


def settle_cancellation(booking, _dice):
    tasks.look_at_cancellation(booking.ask_for_look(by=BY).pk)
    verdict = booking.last_look_at_cancellation.verdict
    if verdict == Verdict.NOT_THERE:
        return booking.it_is_cancelled(by=BY)
    return verdict == Verdict.THERE and booking.it_still_stands(by=BY)


def settle_held(booking, dice):
    if not booking.hold:
        return False
    return dice.choice([booking.release, booking.write_off])(by=BY)


STEPS = {
    Status.UNCERTAIN: settle_uncertain,
    Status.CANCEL_UNCERTAIN: settle_cancellation,
    Status.NEW: settle_held,
}
