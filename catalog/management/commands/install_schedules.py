from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django_q.models import Schedule


class Command(BaseCommand):
    help = "Puts the schedules of the settings in place; removes all others."

    def handle(self, *args, verbosity, **options):
        with transaction.atomic():
            for name, wanted in settings.SCHEDULES.items():
                install(name, wanted)
            strangers = Schedule.objects.exclude(name__in=settings.SCHEDULES)
            removed = strangers.count()
            strangers.delete()
        if verbosity:
            self.stdout.write(f"{len(settings.SCHEDULES)} schedules in place, {removed} removed")


def install(name, wanted):
    """One schedule of that name; when it runs next is left alone where it is there already."""
    kept = Schedule.objects.filter(name=name).order_by("pk").first()
    Schedule.objects.filter(name=name).exclude(pk=kept and kept.pk).delete()
    kept = kept or Schedule(name=name)
    kept.func, kept.minutes = wanted["func"], wanted["minutes"]
    kept.schedule_type, kept.repeats = Schedule.MINUTES, -1
    kept.save()
