"""An old booking in a database of its own, forgotten; prints what is still found in its files.

Run with `python -m tests.booking.forgetting_on_disk` and the environment of a demo.
"""

import json

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from booking import person, retention  # noqa: E402
from tests.booking.forgetting import TYPED, make_old_booking, secrets_of  # noqa: E402


def found(words):
    files = settings.DATA_DIR.glob("site.sqlite3*")
    kept = b"".join(path.read_bytes() for path in files)
    kept += b"".join(path.read_bytes() for path in retention.mail_files())
    return [word for word in words if word.encode() in kept]


def main():
    call_command("set_up", verbosity=0)
    words = secrets_of(make_old_booking())
    settings.EMAIL_FILE_PATH.mkdir()
    mail = settings.EMAIL_FILE_PATH / "one.log"
    mail.write_text(f"To: {TYPED['booker_email'].upper()}")
    connection.close()
    before = found(words)
    person.forget(TYPED["booker_email"], by="test")
    retention.forget()  # the team link, which belongs to no booking
    print(json.dumps({"before": len(before), "after": found(words), "mails": mail.exists()}))


if __name__ == "__main__":
    main()
