"""Booking on behalf of a caller: the visitor's own form, with a mark in its address and fields.

Anybody may send the mark; what it is worth is judged anew at every request.
"""

from django.utils.translation import gettext_lazy as _

MARK = {"desk": "1"}
CALLER_ACCEPTS = _("I have told the caller the terms and conditions, and the caller accepts them")


def is_marked(request):
    return MARK["desk"] in (request.POST.get("desk"), request.GET.get("desk"))


def clerk(request):
    """The user name of whoever books for a caller; "" for everybody else."""
    if not is_marked(request):  # the session of an ordinary visitor is not even looked at
        return ""
    user = request.user
    may = user.is_active and user.is_staff and user.has_perm("booking.add_booking")
    return user.get_username() if may else ""


def mark(request):
    """What keeps the mark in the form's address."""
    return MARK if clerk(request) else {}


def has_lapsed(request):
    """The form says that staff book, and nobody of them is signed in (any more): sent like that,
    the caller's booking would pass for one that the caller has made."""
    return is_marked(request) and not clerk(request)
