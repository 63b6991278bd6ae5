from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

CATALOGUE = ["view_course", "view_coursedate", "view_seats", "view_gathering", "view_product"]
GROUPS = [
    # Works with bookings and who waits, and sees what is on offer.
    (
        _("Course desk"),
        {
            "booking": [
                "add_booking",
                "change_booking",
                "view_booking",
                "view_bookingevent",
                "view_participant",
                "view_answer",
                "view_mail",
                "change_mail",
                "view_changerequest",
                "change_changerequest",
                "view_followup",
                "view_interest",
                "change_interest",
            ],
            "catalog": [*CATALOGUE, "view_opening", "view_coursepicture"],
        },
    ),
    # Sees to how courses are found and shown, and sees nobody who has booked or waits.
    (
        _("Editors"),
        {
            "catalog": [
                *CATALOGUE,
                *("view_category", "change_category"),
                *("view_provider", "change_provider"),
                *("view_level", "view_place", "view_venue", "view_instructor"),
                *(
                    f"{verb}_{what}"
                    for verb in ("view", "add", "change", "delete")
                    for what in ("coursepicture", "opening", "synonym")
                ),
            ],
        },
    ),
]


class Command(BaseCommand):
    help = "Makes the groups of staff, unless they are there; then they are the provider's."

    def handle(self, *args, verbosity, **options):
        for words, rights in GROUPS:
            group = made(words, rights)
            if group and verbosity:
                self.stdout.write(f"Made the group {group.name} for staff.")


def made(words, rights):
    """The new group; None where there is one of that name."""
    names = set()  # in every language: another one may have been the first
    for code in [*dict(settings.LANGUAGES), settings.LANGUAGE_CODE]:
        with translation.override(code):
            names.add(name := str(words))
    if Group.objects.filter(name__in=names).exists():
        return None
    wanted = Q()
    for app, codenames in rights.items():
        wanted |= Q(content_type__app_label=app, codename__in=codenames)
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(wanted))
    return group
