"""The site's door to Frontcore: the one place that opens it with the settings."""

from django.conf import settings
from django.db import connections

from frontcore import Frontcore, Priority


class NetworkInTransaction(RuntimeError):
    """Someone is about to call Frontcore while a database transaction is open."""


def refuse_inside_transaction():
    """Raise NetworkInTransaction where a transaction is open on any database.

    A slow answer would hold the lock, and a rollback would forget what Frontcore has done. The
    block in which Django's own TestCase wraps a test does not count, as with `durable=True`.
    """
    for connection in connections.all(initialized_only=True):
        blocks = connection.atomic_blocks
        if any(not block._from_testcase for block in blocks):
            raise NetworkInTransaction("Save first, call after: a transaction is open.")


def open_frontcore(priority=Priority.VISITOR, **limits):
    """Frontcore as the settings describe it, to be used in a `with` statement.

    `limits`: tighter time limits than the settings', where a person waits for the page.
    """
    options = settings.FRONTCORE | limits
    return Frontcore(**options, priority=priority, guard=refuse_inside_transaction)
