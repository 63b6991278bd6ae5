"""Give a course its picture from a file, as staff do in the admin: for many at once."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from catalog import pictures
from catalog.models import Course, CoursePicture
from catalog.store import announce


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("course", type=int, help="its id in Frontcore")
        parser.add_argument("file", type=Path, help="a picture in JPEG, PNG or WebP")
        parser.add_argument("alternative", help="what it shows, in words, in bokmål")
        parser.add_argument("--english", default="", help="the same in English")

    def handle(self, *args, **options):
        course = Course.objects.filter(remote_id=options["course"]).first()
        if course is None:
            raise CommandError(f"The copy has no course {options['course']}.")
        try:
            with options["file"].open("rb") as file:
                made = pictures.made_of(File(file))
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from None
        except ValidationError as error:
            raise CommandError(f"{options['file']}: {error.messages[0]}") from None
        with transaction.atomic():
            picture = CoursePicture.objects.filter(course=course).first()
            picture = picture or CoursePicture(course=course)
            picture.alternative, picture.alternative_en = options["alternative"], options["english"]
            pictures.keep(picture, made)
        announce()
