from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from booking import person, retention

BY = "command: forget_people"


class Command(BaseCommand):
    help = "Empties bookings of personal data when their time is over (docs/personal-data.md)."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument("--email", help="one person's bookings now, whatever their age")

    def handle(self, *args, dry_run, email, **options):
        if email:
            self.one_person(email.strip(), dry_run)
        else:
            self.all_that_is_over(dry_run)

    def all_that_is_over(self, dry_run):
        now = timezone.now()
        self.stdout.write("To be forgotten (nothing is changed):" if dry_run else "Forgotten:")
        over = retention.what_is_over(now) if dry_run else retention.forget(now, by=BY)
        for kind, counts in over.items():
            self.stdout.write(f"  {kind}: {in_words(counts)}")
        self.tell_kept(retention.kept_for_staff(now))

    def one_person(self, email, dry_run):
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError("This is no e-mail address.") from None
        done, kept = person.what_would_go(email) if dry_run else person.forget(email, by=BY)
        if dry_run:
            references = [one.reference for one in person.finished(person.bookings_of(email))]
            self.stdout.write(f"To be forgotten (nothing is changed): {in_words(done)}")
            self.stdout.write(f"  {' '.join(references)}" if references else "  no booking")
        else:
            self.stdout.write(f"Forgotten: {in_words(done)}")
        self.tell_kept(kept)

    def tell_kept(self, bookings):
        references = [booking.reference for booking in bookings]
        if references:
            self.stdout.write(
                "Kept, because the course is ahead or somebody must settle something first: "
                + " ".join(references)
            )


def in_words(counts):
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing"
