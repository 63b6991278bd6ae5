"""Mails go out at least once, under one Message-ID, and only while they are true."""

import email
import socketserver
import threading
from datetime import timedelta
from email.policy import default

import pytest
from django.core import mail as outgoing
from django.utils import timezone
from django_q.models import OrmQ

from booking import letters, mails, tasks
from booking.models import Booking, BookingEvent, Mail
from booking.models.mail import LEASE, PAUSES
from tests.booking.mailing import planned, sweep, to

Kind, Audience, State, Status = Mail.Kind, Mail.Audience, Mail.State, Booking.Status
SMTP = "django.core.mail.backends.smtp.EmailBackend"


# --- At least once --------------------------------------------------------------------------


HANG_UP = ""


class FailingServer(threading.Thread):
    """A mail server that answers each command with what it is told to (END: the end of a mail), and
    keeps the mails."""

    def __init__(self, replies):
        super().__init__(daemon=True)
        self.replies = replies
        taken = self.taken = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 here\r\n")
                while line := self.rfile.readline():
                    command = line.split()[0].upper().decode() if line.split() else ""
                    reply = replies.get(command, "250 ok")
                    if command == "DATA" and reply == "250 ok":
                        self.wfile.write(b"354 go on\r\n")
                        lines = iter(self.rfile.readline, b".\r\n")
                        taken.append(b"".join(lines).decode())
                        reply = replies.get("END", reply)
                        if reply == HANG_UP:
                            break
                    self.wfile.write(f"{reply}\r\n".encode())
                    if command == "QUIT":
                        break

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def run(self):
        self.server.serve_forever(poll_interval=0.01)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def mail_server(settings):
    """Start a mail server that refuses as told; the site sends to it from then on."""
    running = []

    def start(**replies):
        server = FailingServer(replies)
        server.start()
        running.append(server)
        settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = SMTP, False
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        return server

    yield start
    for server in running:
        server.stop()


def test_a_mail_that_cannot_be_sent_is_tried_again_and_given_up_after_a_day(
    confirmed, mail_server, caplog
):
    server = mail_server(RCPT="550 no such user ola@bygg.example")
    mail = Mail.objects.get(to="ola@bygg.example")
    Mail.objects.exclude(pk=mail.pk).delete()
    now, waited = timezone.now(), []
    for _ in range(len(PAUSES)):
        Mail.objects.update(due_at=timezone.now())
        tasks.send_mails()
        mail.refresh_from_db()
        assert mail.state == State.DUE
        waited.append(mail.due_at - mail.claimed_at)
    assert [round(pause / timedelta(minutes=1)) for pause in waited][:4] == [1, 5, 15, 60]
    assert sum(PAUSES, timedelta()) <= timedelta(hours=24)
    assert list(Mail.objects.undelivered()) == [mail]
    Mail.objects.update(due_at=now)
    tasks.send_mails()
    mail.refresh_from_db()
    assert mail.state == State.FAILED
    assert mail.problem == "SMTPRecipientsRefused 550"
    assert list(Mail.objects.undelivered()) == [mail]
    assert Booking.objects.needs_staff().count() == 1
    notes = confirmed.events.filter(what=BookingEvent.What.MAIL_FAILED).values_list("note")
    assert {note for (note,) in notes} == {"confirmed to participant: SMTPRecipientsRefused 550"}
    assert "ola" not in caplog.text
    assert not server.taken


def test_a_server_that_is_away_is_asked_once_a_sweep_and_disturbs_no_booking(
    make_booking, work, settings
):
    settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = SMTP, False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    booking = work(make_booking())
    assert booking.status == Status.CONFIRMED
    tasks.send_mails(booking.pk)
    assert Mail.objects.filter(attempts__gt=0).count() == 1
    assert Mail.objects.filter(state=State.SENT).count() == 0


def test_one_mail_that_fails_does_not_hold_up_the_others(confirmed, caplog):
    broken = Mail.objects.filter(to="kari@bygg.example", kind=Kind.CONFIRMED)
    broken.update(to="kari@bygg.example\r\nBcc: x@y.example")
    sweep()
    assert [message.to[0] for message in outgoing.outbox] == [
        "ola@bygg.example",
        "ase@bygg.example",
    ]
    assert Mail.objects.undelivered().get().problem == "BadHeaderError"
    assert "kari" not in caplog.text


def test_a_server_that_takes_a_mail_and_hangs_up_gets_it_again_as_the_same(confirmed, mail_server):
    server = mail_server(END=HANG_UP)
    mail = Mail.objects.get(to="kari@bygg.example", kind=Kind.CONFIRMED)
    Mail.objects.exclude(pk=mail.pk).delete()
    sweep()
    assert Mail.objects.undelivered().get() == mail
    server.replies.clear()
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    first, second = (email.message_from_string(taken, policy=default) for taken in server.taken)
    assert first["Message-ID"] == second["Message-ID"] == mail.message_id
    text = first.get_body("plain").get_content()
    assert text == second.get_body("plain").get_content()
    assert confirmed.link_token in text


def test_a_worker_that_died_after_sending_sends_the_same_mail_again(confirmed):
    mail = Mail.objects.get(to="kari@bygg.example", kind=Kind.CONFIRMED)
    Mail.objects.exclude(pk=mail.pk).delete()
    assert mail.claim()
    mail.keep_letter(**letters.write(mail))
    mails.message_of(mail).send()  # and here it dies
    tasks.send_mails()
    assert len(outgoing.outbox) == 1, "its lease still holds"
    assert not Mail.objects.undelivered().exists()
    Mail.objects.update(due_at=timezone.now(), claimed_at=timezone.now() - LEASE)
    assert Mail.objects.undelivered().exists()
    tasks.send_mails()
    first, second = outgoing.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == mail.message_id
    assert first.body == second.body
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_two_workers_send_it_once(confirmed):
    one = Mail.objects.get(to="ola@bygg.example")
    two = Mail.objects.get(to="ola@bygg.example")
    assert one.claim()
    assert not two.claim()


def test_a_late_end_does_not_overwrite_another_try(confirmed):
    slow = Mail.objects.get(to="ola@bygg.example")
    slow.claim()
    quick = Mail.objects.get(pk=slow.pk)
    Mail.objects.update(due_at=timezone.now())
    quick.claim(timezone.now())
    assert not slow.end_failed("late")
    assert quick.end_sent()


def test_a_settled_booking_queues_its_mails_at_once(make_booking, work):
    booking = work(make_booking())
    queued = [(task.task["func"], task.task["args"]) for task in OrmQ.objects.all()]
    assert ("booking.tasks.send_mails", (booking.pk,)) in queued


def test_the_history_tells_what_was_sent_and_names_nobody(confirmed):
    sweep()
    lines = confirmed.events.filter(what=BookingEvent.What.MAIL_SENT)
    assert sorted(line.note for line in lines) == [
        "confirmed to booker",
        "confirmed to participant",
        "confirmed to participant",
    ]
    assert {line.by for line in lines} == {"worker"}


# --- What is not true any more --------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        *((Kind.RECEIVED, status) for status in Status if status not in {"new", "sending"}),
        (Kind.UNCERTAIN, Status.CONFIRMED),
        (Kind.UNCERTAIN, Status.REFUSED),
        (Kind.CONFIRMED, Status.CANCELLED),
        (Kind.WAITING, Status.CANCELLED),
        (Kind.NOT_CANCELLED, Status.CANCELLED),
        (Kind.REFUSED, Status.NEW),
    ],
)
def test_what_has_become_untrue_is_not_sent(make_booking, kind, status):
    booking = make_booking()
    mail = planned(booking, kind)
    Booking.objects.update(status=status)
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.DROPPED
    assert not outgoing.outbox


def test_a_settled_booking_needs_no_mail_that_it_was_received(confirmed):
    sweep()
    assert Mail.objects.get(kind=Kind.RECEIVED).state == State.DROPPED


def test_who_has_seen_the_refusal_gets_no_mail_about_it(booked, work, simulator):
    visitor = booked()
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    booking = work()
    mail = Mail.objects.get(kind=Kind.REFUSED)
    assert mail.due_at > timezone.now() + timedelta(seconds=60)
    visitor.reload()
    booking.refresh_from_db()
    assert booking.refusal_shown_at
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.DROPPED


def test_who_has_left_before_the_refusal_gets_a_mail(booked, work, simulator, client):
    visitor = booked()
    simulator.edit(coursedate=13100001, set={"status_id": 3})
    work()
    client.head(visitor.location)  # a machine that looks whether the link is alive
    sweep()
    message = to("kari@bygg.example")
    assert message.subject.startswith("Påmeldingen gikk ikke gjennom: ")
    assert "avlyst" in message.body


def test_who_has_booked_again_from_the_same_form_gets_no_mail_about_the_first(make_booking):
    booking = make_booking()
    mail = planned(booking, Kind.REFUSED)
    Booking.objects.update(status=Status.REFUSED)
    booking.pk, booking.reference, booking.link_seed = None, "NEWER222", "f" * 32
    booking.content_hash, booking.status, booking._state.adding = "y", Status.NEW, True
    booking.save()
    sweep()
    mail.refresh_from_db()
    assert mail.state == State.DROPPED


def test_participants_who_heard_of_nothing_hear_of_no_cancellation(make_booking):
    booking = make_booking()
    Booking.objects.update(status=Status.CANCELLED)
    booking.refresh_from_db()
    planned(booking, Kind.CANCELLED)
    sweep()
    assert [message.to for message in outgoing.outbox] == [["kari@bygg.example"]]


def test_who_was_taken_out_meanwhile_gets_no_mail(confirmed):
    confirmed.participants.filter(firstname="Ola").delete()
    confirmed.participants.filter(firstname="Åse").update(email="pia@bygg.example")
    sweep()
    assert [message.to for message in outgoing.outbox] == [["kari@bygg.example"]]
