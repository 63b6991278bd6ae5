from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Brings database, cache, schedules and message catalogues in step with the code."
    requires_system_checks = ()

    def handle(self, *args, verbosity, **options):
        call_command("messages", "--compile")
        # Before the migrations: cachalot drops what it keeps of the tables they rewrite.
        if "cache" in settings.DATABASES:
            call_command("createcachetable", database="cache", verbosity=verbosity)
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("install_schedules", verbosity=verbosity)
        call_command("install_groups", verbosity=verbosity)
        for name in ("Provider", "Terms"):
            if verbosity and not apps.get_model("catalog", name).objects.exists():
                self.stdout.write(f"Still to do, in the admin under Catalogue: {name}.")
