"""What the tests of the refresh share: a run against the simulator, and a look at the copy."""

from catalog.models import Course, CourseDate, Product
from catalog.refresh import refresh_catalog
from catalog.upstream import open_frontcore
from frontcore import Priority

BOOKABLE, FULL, WITH_VAT, CANCELLED, POSTPONED = 13100001, 13100002, 13100003, 13100004, 13100005
HIDDEN, ONLINE = 13100007, 13100008


def run(kind="full", **more):
    """One refresh as the worker would make it."""
    with open_frontcore(Priority.REFRESH) as api:
        return refresh_catalog(api, kind, **more)


def the_copy():
    """What visitors can see of the copy, to be compared before and after."""
    return {
        "courses": set(
            Course.objects.listed().values_list("remote_id", "title", "content_hash", "changed_at")
        ),
        "dates": set(
            CourseDate.objects.listed().values_list("remote_id", "content_hash", "changed_at")
        ),
        "products": set(
            Product.objects.filter(withdrawn_at=None).values_list("remote_id", "content_hash")
        ),
    }


def date(remote_id):
    return CourseDate.objects.get(remote_id=remote_id)


def listed(remote_id):
    return CourseDate.objects.listed().filter(remote_id=remote_id).exists()
