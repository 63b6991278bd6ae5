"""Going through what is due: one that breaks must not hold up the others."""

import logging

from catalog.upstream import NetworkInTransaction

logger = logging.getLogger(__name__)


def one_by_one(due, act, what):
    """Do `act` for each (reference, row) until it says False: Frontcore is away.

    Where it breaks (a mistake of ours), that one waits for the next sweep, or for its lease to be
    over, and the next ones have their turn.
    """
    for reference, row in due:
        try:
            if not act(row):
                break
        except NetworkInTransaction:
            raise
        except Exception:
            logger.exception("Booking %s: %s broke", reference, what)
