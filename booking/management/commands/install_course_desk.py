from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

WORKED_WITH = {  # what the desk may do: with bookings and what belongs to them, and look at dates
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
    "catalog": ["view_course", "view_coursedate", "view_seats", "view_gathering", "view_product"],
}


class Command(BaseCommand):
    help = (
        "Makes the staff group of the course desk, unless it is there; then it is the provider's."
    )

    def handle(self, *args, verbosity, **options):
        names = {"Course desk"}  # in every language: another one may have been the first
        for code in [*dict(settings.LANGUAGES), settings.LANGUAGE_CODE]:
            with translation.override(code):
                name = _("Course desk")
                names.add(name)
        if Group.objects.filter(name__in=names).exists():
            return
        group = Group.objects.create(name=name)
        for app, codenames in WORKED_WITH.items():
            rights = Permission.objects.filter(content_type__app_label=app, codename__in=codenames)
            group.permissions.add(*rights)
        if verbosity:
            self.stdout.write(f"Made the group {group.name} for the staff who take calls.")
