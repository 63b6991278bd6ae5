from django.core.management.base import BaseCommand

from booking import person


class Command(BaseCommand):
    help = "Prints all that is kept about one person, as JSON, to be handed over on request."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args, email, **options):
        self.stdout.write(person.as_json(person.everything_about(email.strip())))
