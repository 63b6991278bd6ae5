"""“Send me my link again”: the same answer for everybody, and all bookings in one mail."""

from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from booking import letters, tasks
from booking.models import Booking, Mail
from tests.booking.conftest import filled

PAGE = "/booking/lenker/"
KARI, NOBODY = "kari@bygg.example", "nobody@else.example"


@pytest.fixture
def bookings(make_booking, work):
    """A confirmed booking and a newer one on the waiting list, of the same address; no mails."""
    both = work(make_booking()), work(make_booking(13100002))
    Mail.objects.all().delete()
    return both


def ask(client, address):
    return client.post(PAGE, {"email": address})


def sent():
    tasks.send_mails()
    return outgoing.outbox


def test_the_mail_lists_all_bookings_of_the_address_the_newest_first(client, bookings):
    confirmed, waiting = bookings
    ask(client, KARI)
    (message,) = sent()
    assert message.to == [KARI]
    assert message.subject == "Påmeldingene dine hos Fjordskolen"
    for booking in bookings:
        assert booking.reference in message.body
        assert booking.coursedate.course.title in message.body
        assert f"http://testserver/booking/{booking.link_token}/" in message.body
        assert booking.link_token in message.alternatives[0].content
    assert message.body.index(waiting.reference) < message.body.index(confirmed.reference)
    assert "på venteliste, ikke en plass ennå" in message.body
    stored = Mail.objects.get(kind=Mail.Kind.LINKS)
    assert all(booking.link_token not in stored.text + stored.html for booking in bookings)


def test_nobody_learns_whether_an_address_is_known(client, bookings):
    answers, work = [], []
    for address in (KARI, NOBODY):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(client, address)
        answers.append((answer.status_code, answer["Location"], client.get(answer["Location"])))
        work.append([query["sql"].split("(")[0][:40] for query in queries])
    (status, location, page), (other_status, other_location, other_page) = answers
    assert (status, location) == (other_status, other_location) == (303, "/booking/lenker/sendt/")
    assert page.content == other_page.content
    assert work[0] == work[1]
    assert Mail.objects.count() == 2, "one row, whoever asks"


def test_an_unknown_address_gets_no_mail(client, bookings):
    ask(client, NOBODY)
    assert not sent()
    assert Mail.objects.get().state == Mail.State.DROPPED


def test_addresses_compare_without_regard_to_capitals(client, bookings):
    ask(client, "KARI@Bygg.example")
    (message,) = sent()
    assert bookings[0].reference in message.body


def test_letters_that_only_look_alike_open_nothing(client, bookings):
    """Some databases fold them: the dotless i of another domain is not the i of this one."""
    Booking.objects.update(booker_email="mike@exampi.example")
    Mail.objects.plan_links("mike@exampı.example", "nb")
    assert not sent()


def test_it_lists_nothing_older_than_a_year_and_nothing_of_others(client, bookings, make_booking):
    old, _new = bookings
    Booking.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=370))
    other = make_booking(fields=filled("Per Ås", booker_email="nina@else.example"))
    Mail.objects.all().delete()
    ask(client, KARI)
    (message,) = sent()
    assert old.reference not in message.body
    assert other.reference not in message.body


def test_a_booking_whose_link_is_lost_does_not_keep_the_others_from_their_reader(client, bookings):
    """It was made under a SECRET_KEY that nobody has any more."""
    lost, other = bookings
    Booking.objects.filter(pk=lost.pk).update(link_hash="0" * 64)
    ask(client, KARI)
    (message,) = sent()
    assert f"/booking/{other.link_token}/" in message.body
    assert lost.reference in message.body, "it can still be named on the phone"
    assert "secret-link-of" not in message.body + message.alternatives[0].content


def test_a_link_that_is_lost_after_the_mail_was_written_does_not_stop_it(client, bookings):
    lost, other = bookings
    ask(client, KARI)
    Mail.objects.update(**letters.write(Mail.objects.get()))
    Booking.objects.filter(pk=lost.pk).update(link_hash="0" * 64)
    (message,) = sent()
    assert f"/booking/{other.link_token}/" in message.body


def test_three_an_hour_for_an_address_and_silence_beyond(client, bookings):
    answers = {ask(client, KARI.upper() if number % 2 else KARI)["Location"] for number in range(5)}
    assert len(answers) == 1
    assert len(sent()) == 3
    ask(client, "ola@bygg.example")
    assert Mail.objects.count() == 4, "another address is not held up"


def test_looking_at_the_page_does_nothing(client, provider):
    page = client.get(PAGE, {"email": KARI})
    assert page.status_code == 200
    assert not Mail.objects.exists()
    assert "noindex" in page["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in page.content.decode()
    assert client.get("/en/booking/links/").status_code == 200


def test_what_is_no_address_is_said_beside_the_field(client, provider):
    page = client.post(PAGE, {"email": "kari"})
    assert page.status_code == 200
    text = page.content.decode()
    assert 'aria-invalid="true"' in text
    assert 'id="error-summary"' in text
    assert not Mail.objects.exists()


def test_another_site_cannot_ask_for_somebody(provider):
    assert Client(enforce_csrf_checks=True).post(PAGE, {"email": KARI}).status_code == 403


def test_the_mail_is_in_the_language_of_the_page(client, bookings):
    client.post("/en/booking/links/", {"email": KARI})
    (message,) = sent()
    assert message.subject == "Your bookings with Fjordskolen"
    assert "/en/booking/" in message.body


def test_the_way_to_it_is_on_every_page_and_where_a_link_leads_nowhere(client, provider):
    assert f'href="{PAGE}"' in client.get("/").content.decode()
    for lost in (reverse("receipt", args=["x" * 40]), "/finnes-ikke/"):
        page = client.get(lost)
        assert page.status_code == 404
        assert f'href="{PAGE}"' in page.content.decode()


def test_no_address_is_kept_in_the_arguments_of_a_task(client, bookings):
    ask(client, KARI)
    assert all(KARI not in str(task.task) for task in OrmQ.objects.all())
