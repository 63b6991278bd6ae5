from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import messages


class Command(BaseCommand):
    help = "Collects the messages of the source into locale/ and compiles them."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--compile", action="store_true", help="only compile what is there")
        parser.add_argument("--check", action="store_true", help="fail if a message is missing")
        parser.add_argument("--merge", nargs="+", default=[], help="take translations from files")
        parser.add_argument("--language", default="nb", help="of the files to merge (nb)")

    def handle(self, *args, **options):
        if options["check"]:
            self.check_complete()
        elif not options["compile"]:
            collected = messages.collect(settings.BASE_DIR)
            for path in messages.catalogues():
                ours = path.parts[-3] == options["language"]
                messages.update(path, collected, options["merge"] if ours else ())
                lacking = len(list(messages.missing(path, collected)))
                self.stdout.write(f"{path.parts[-3]}: {len(collected)} messages, {lacking} missing")
        messages.compile_all()

    def check_complete(self):
        collected = messages.collect(settings.BASE_DIR)
        lacking = [
            f"{path.parts[-3]}: {message.id!r} ({message.locations[0][0]})"
            for path in messages.catalogues()
            for message in messages.missing(path, collected)
        ]
        if lacking:
            raise CommandError("Not translated:\n  " + "\n  ".join(lacking))
