"""Machines that fill forms are held up; people they are taken for lose nothing but one press."""

import re
import time

import pytest
from django.core.cache import cache
from django.core.signing import b62_encode
from django.test import Client
from django.urls import reverse

from booking.models import Booking, Count, Draft, is_form_token, renewed_token
from booking.models.draft import signer_of
from tests.booking.conftest import filled, reachable, unreachable
from tests.booking.copies import copied

VOUCHERS = ["FINNESIKKE", "TOMT", "UTLØPT", "SLETTET"]


def opened(coursedate, seconds_ago):
    """The token of a form that was shown so long ago."""
    signer = signer_of(coursedate)
    signer.timestamp = lambda: b62_encode(int(time.time()) - seconds_ago)
    return signer.sign("a-form")


def asked(simulator):
    return [row["path"] for row in simulator.requests("GET") if row["path"].count("/") > 1]


def about_codes(simulator):
    return [path for path in asked(simulator) if path.startswith(("/campaigns/", "/vouchers/"))]


# --- Honeypot and time ------------------------------------------------------------------------


def test_the_trap_is_hidden_from_eye_keyboard_and_screen_reader(visit):
    trap = visit().text.split('class="honeypot"')[1].split("</div>")[0]
    for words in ('aria-hidden="true"', 'tabindex="-1"', 'autocomplete="off"', "skal stå tomt"):
        assert words in trap


@pytest.mark.parametrize("action", ["preview", "send"])
def test_who_fills_the_trap_gets_the_form_back_and_nothing_is_saved(visit, simulator, action):
    visitor = visit()
    before = len(simulator.requests())
    visitor.press(action, filled(), homepage="https://buy.example")
    assert visitor.page.status_code == 422
    assert visitor.codes == {"trap_filled"}
    assert visitor.typed() == filled()
    assert not Draft.objects.exists()
    assert not Count.objects.exists()
    assert len(simulator.requests()) == before
    assert "buy.example" not in visitor.text
    assert 'aria-hidden="true"' not in visitor.text.split("homepage")[0][-200:], "it can be emptied"
    visitor.preview()
    assert visitor.page.context["is_checked"]


def test_who_is_too_quick_presses_once_more(visit, settings, simulator):
    visitor = visit()
    settings.MIN_FILL_S = 3
    visitor.preview(filled())
    assert visitor.page.status_code == 422
    assert visitor.codes == {"too_fast"}
    assert visitor.typed() == filled()
    assert not Draft.objects.exists()
    visitor.preview(form=opened(visitor.coursedate, 5))
    assert visitor.page.context["is_checked"]


def test_the_clock_runs_from_the_first_rendering(visit, settings):
    settings.MIN_FILL_S = 3
    visitor = visit()
    token = visitor.token
    visitor.preview(filled())
    assert visitor.token == token, "the same form, so the same clock"
    visitor.preview(form=opened(visitor.coursedate, 5)).press(
        "send", visitor.typed() | {"accept_terms": "on"}
    )
    assert Booking.objects.count() == 1, "booking right after the price is not too quick"


def test_a_form_that_comes_back_filled_is_not_too_quick_for_its_fresh_token(visit, settings):
    visitor = visit()
    settings.MIN_FILL_S = 3
    first = opened(visitor.coursedate, 5)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["kept"] = "another one"
    visitor.page = strict.post(visitor.address, filled() | {"form": first, "action": "preview"})
    assert visitor.codes == {"session_expired"}
    assert visitor.token != first
    visitor.preview(filled())
    assert visitor.page.context["is_checked"]
    sent = visitor.token
    visitor.book()
    visitor.go(visitor.address).preview(filled("Per Ås"), form=sent)
    assert visitor.page.context["is_checked"], "the form has sent a booking; this is another one"
    assert visitor.token != sent
    visitor.preview(filled("Åse Ås"))
    assert visitor.page.context["is_checked"]


def test_a_form_moved_to_another_date_keeps_its_clock(visit, settings):
    visitor, other = visit(), copied(13100003)
    settings.MIN_FILL_S = 3
    for first, step in ((opened(visitor.coursedate, 5), "checked"), (None, "refused")):
        token = renewed_token(first or visitor.token, visitor.coursedate, other)
        page = visitor.client.post(
            reverse("book", args=[other.remote_id]), {"form": token} | filled()
        )
        assert visitor.follow(page).page.context["outcome"]["step"] == step


def test_a_made_up_token_lends_its_moment_to_nobody(visit):
    date = visit().coursedate
    for token in ("", "made-up", "a.0.b", opened(date, 60) + "x"):
        assert is_form_token(renewed_token(token, date), date, max_age=30)
    assert not is_form_token(renewed_token(opened(date, 60), date), date, max_age=30)


def test_a_form_that_was_never_shown_is_too_quick(visit, settings):
    visitor = visit()
    settings.MIN_FILL_S = 3
    for token in ("", "made-up", opened(visitor.coursedate, 60) + "x"):
        page = visitor.client.post(visitor.address, filled() | {"form": token})
        assert page.status_code == 422
    assert not Draft.objects.exists()


def test_rows_may_be_added_as_quickly_as_one_likes(visit, settings):
    settings.MIN_FILL_S = 3
    visitor = visit()
    visitor.press("add", filled())
    assert not visitor.entry.has_errors
    assert len(visitor.entry.rows) == 3


def test_staff_are_known_and_not_held_up(visit, settings, most, admin_user):
    visitor = visit()
    visitor.client.force_login(admin_user)
    settings.MIN_FILL_S = 3
    most(post__address=1, booking__address=1, post__site=1, booking__site=1)
    for _ in range(3):
        visitor.preview(filled())
    visitor.book()
    assert Booking.objects.count() == 1
    assert not Count.objects.exists()


def test_a_browser_without_cookies_is_told_so(visit):
    visitor = visit()
    strict = Client(enforce_csrf_checks=True)
    visitor.page = strict.post(visitor.address, filled())
    assert visitor.codes == {"no_cookies"}
    assert "informasjonskapsler" in visitor.text
    assert visitor.typed() == filled()


def test_another_form_without_cookies_is_told_so_as_well(db):
    page = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {})
    assert page.status_code == 403
    assert "tar ikke vare på informasjonskapsler" in page.content.decode()


# --- Presses and bookings ---------------------------------------------------------------------


def test_when_many_press_the_stored_copy_answers_first(visit, simulator, most):
    most(look__address=2)
    visitor = visit()
    looks = []
    for _ in range(4):
        before = len(asked(simulator))
        visitor.preview(filled())
        assert visitor.page.context["is_checked"]
        assert visitor.page.context["outcome"]["unchecked"] == []
        looks.append(len(asked(simulator)) - before)
    assert looks == [1, 1, 0, 0]
    visitor.book()
    assert Booking.objects.count() == 1


def test_codes_are_checked_also_where_the_date_is_not_looked_at(visit, most):
    most(look__address=0)
    assert visit().preview(filled(campaign_code="FJOR20")).codes == {"campaign_expired"}


def test_when_too_many_press_the_filled_form_says_how_long_to_wait(visit, simulator, most):
    most(post__address=2)
    visitor = visit()
    visitor.preview(filled()).preview()
    drafts, before = list(Draft.objects.values()), len(simulator.requests())
    typed = visitor.typed() | {"accept_terms": "on"}
    visitor.press("send", typed | {"company": "Bygg Ny AS"})
    assert visitor.page.status_code == 429
    assert visitor.page["Retry-After"] == "60"
    assert visitor.codes == {"too_many_posts"}
    assert "Vent 1 minutt" in visitor.text
    assert visitor.typed() == typed | {"company": "Bygg Ny AS", "accept_terms": "True"}
    assert list(Draft.objects.values()) == drafts
    assert len(simulator.requests()) == before
    assert not Booking.objects.exists()


def test_who_is_held_up_after_the_price_still_sees_it(visit, most):
    visitor = visit(13100003).preview(filled())
    most(post__address=1)
    visitor.book()
    assert visitor.page.status_code == 429
    assert visitor.page.context["is_checked"]
    most(post__address=9)
    visitor.book()
    assert Booking.objects.count() == 1


def test_one_address_that_presses_too_much_holds_up_nobody_else(visit, most):
    most(post__address=1, post__site=3)
    visitor = visit()
    for _ in range(5):
        visitor.preview(filled())
    assert visitor.page.status_code == 429
    other = Client(REMOTE_ADDR="198.51.100.7")
    assert other.post(visitor.address, filled()).status_code == 303


def test_too_many_bookings_from_one_address_wait_and_lose_nothing(visit, simulator, most):
    most(booking__address=1)
    visit().preview(filled()).book()
    visitor = visit().preview(filled("Per Ås"))
    typed = visitor.typed()
    visitor.book()
    assert visitor.codes == {"too_many_bookings"}
    assert visitor.typed() == typed | {"accept_terms": "True"}
    assert visitor.page.context["is_checked"]
    assert Booking.objects.count() == 1
    most(booking__address=2)
    visitor.book()
    assert Booking.objects.count() == 2


def test_one_form_makes_one_booking_however_often_it_is_sent(visit, most):
    visitor = visit().preview(filled()).book()
    for _ in range(5):
        visitor.press_again()
    assert Booking.objects.count() == 1


def test_a_get_from_anywhere_counts_and_calls_nothing(visit, simulator):
    visitor = visit()
    before = len(simulator.requests())
    for number in range(20):
        Client(REMOTE_ADDR=f"198.51.100.{number}").get(visitor.address)
    assert len(simulator.requests()) == before
    assert not Count.objects.exists()


# --- Codes ------------------------------------------------------------------------------------


def guess(visit, address, **codes):
    """A fresh visitor from that address who tries codes."""
    visitor = visit()
    visitor.client = Client(REMOTE_ADDR=address)
    visitor.go(visitor.address)
    return visitor.preview(filled(**codes))


def body_of(visitor, *codes):
    text = visitor.text.replace(visitor.token, "TOKEN")
    for code in codes:
        text = text.replace(f'"{code}"', '"CODE"')
    # Both are made anew for each page: one against forgery, one with the second it was made in.
    return re.sub(r'(name="(?:csrfmiddlewaretoken|seen)" value=")[^"]+', r"\1TOKEN", text)


def test_many_guesses_from_many_addresses_reach_frontcore_so_often_and_no_more(
    visit, simulator, most
):
    """And what the guesser sees is the same for every code, whether it exists or not."""
    most(code__site=7)
    visitor = visit()
    before = len(about_codes(simulator))
    seen = {"under": set(), "over": set()}
    for number in range(36):
        # among the guesses: gift cards that are spent, expired, deleted, and after the limit good
        known = [*VOUCHERS, *(["GAVE1500"] * (number > 10))]
        code = known[number % len(known)] if number % 3 == 0 else f"GJETT{number}"
        client = Client(REMOTE_ADDR=f"2001:db8:0:{number:x}::1")
        page = client.post(visitor.address, filled(voucher_code=code))
        page = client.get(page["Location"].split("#")[0])
        visitor.page = page
        stage = "over" if visitor.codes == {"too_many_codes"} else "under"
        seen[stage].add((page.status_code, body_of(visitor, code)))
    assert len(about_codes(simulator)) - before <= 7
    assert len(seen["over"]) <= 2, "one but for the minute that the clock may pass"
    assert len(seen["under"]) == 1


@pytest.mark.parametrize("code", ["GAVE1500", "FINNESIKKE", "TOMT"])
def test_over_the_limit_no_code_is_asked_about_nor_booked_with(visit, simulator, most, code):
    most(code__address=1)
    visit().preview(filled(voucher_code="GJETT1"))
    before = len(about_codes(simulator))
    visitor = visit().preview(filled(voucher_code=code))
    assert visitor.codes == {"too_many_codes"}
    assert not visitor.page.context["is_checked"]
    assert visitor.typed()["voucher_code"] == code
    assert len(about_codes(simulator)) == before
    visitor.book()
    assert not Booking.objects.exists()
    visitor.preview(filled())
    assert visitor.page.context["is_checked"], "without a code the booking goes on"


def test_a_remembered_refusal_is_no_way_around_the_limit(visit, most):
    most(code__address=1)
    assert visit().preview(filled(voucher_code="TOMT")).codes == {"voucher_refused"}
    assert visit().preview(filled(voucher_code="TOMT")).codes == {"too_many_codes"}


def test_the_limit_of_a_form_holds_over_its_presses(visit, most):
    most(code__form=2)
    visitor = visit()
    codes = [visitor.preview(filled(campaign_code=f"GJETT{n}")).codes for n in range(3)]
    assert codes == [{"campaign_not_found"}, {"campaign_not_found"}, {"too_many_codes"}]
    assert visit().preview(filled(campaign_code="GJETT9")).codes == {"campaign_not_found"}


def test_the_same_code_refused_again_and_again_is_asked_about_so_often(visit, simulator, most):
    most(code__same=2)
    for number in range(5):
        cache.clear()  # the minute in which a refusal is remembered is over
        visitor = guess(visit, f"198.51.100.{number}", voucher_code="tomt" if number else "TOMT")
    assert visitor.codes == {"too_many_codes"}
    assert len(about_codes(simulator)) == 2
    assert guess(visit, "198.51.100.9", voucher_code="FINNESIKKE").codes == {"voucher_refused"}


def test_an_office_with_a_good_code_is_never_locked_out(visit, most):
    most(code__address=2, code__site=2, code__same=2)
    for _ in range(5):
        visitor = visit(13100003).preview(filled(campaign_code="SOMMER10", voucher_code="GAVE1500"))
        assert visitor.page.context["is_checked"]
    assert visitor.page.context["outcome"]["unchecked"] == []


def test_many_presses_with_a_good_code_ask_so_often_and_none_is_refused(visit, simulator, most):
    most(asked__address=7)
    visitor = visit()
    before = len(about_codes(simulator))
    told = []
    for _ in range(25):
        answer = visitor.client.post(
            visitor.address, filled(campaign_code="SOMMER10") | {"form": visitor.token}
        )
        assert answer.status_code == 303
        outcome = Draft.objects.get().outcome
        assert outcome["step"] == "checked"
        told.append(outcome["unchecked"])
    assert 7 <= len(about_codes(simulator)) - before <= 14, "the clock may pass a minute"
    assert [] in told
    assert ["campaign_code"] in told


def test_questions_about_good_codes_are_limited_over_all_addresses(visit, simulator, most):
    most(asked__site=3)
    before = len(about_codes(simulator))
    for number in range(9):
        visitor = guess(visit, f"198.51.100.{number}", voucher_code="GAVE1500")
        assert visitor.page.context["is_checked"]
    assert len(about_codes(simulator)) - before <= 6, "the clock may pass a minute"


def test_a_code_nobody_is_asked_about_any_more_is_a_try_when_it_is_booked(visit, simulator, most):
    """Or a booking would answer what the form does not."""
    most(asked__address=0, code__address=2)
    for number in range(2):
        visit().preview(filled(voucher_code=f"GJETT{number}")).book()
    assert Booking.objects.count() == 2
    visitor = visit().preview(filled(voucher_code="GJETT9"))
    assert visitor.codes == {"too_many_codes"}
    visitor.book()
    assert Booking.objects.count() == 2
    assert not about_codes(simulator)


def test_a_booking_does_not_answer_what_the_form_will_not(visit, settings, simulator, most):
    """While Frontcore is away a code is judged with the booking: that counts as a try."""
    most(code__address=2)
    unreachable(settings)
    for number in range(2):
        visit_of = visit_without_looking(visit, settings, simulator)
        visit_of.preview(filled(voucher_code=f"GJETT{number}")).book()
    assert Booking.objects.count() == 2
    visitor = visit_without_looking(visit, settings, simulator)
    visitor.preview(filled(voucher_code="GJETT9")).book()
    assert Booking.objects.count() == 2
    assert visitor.codes == {"too_many_codes"}
    visitor.preview(filled()).book()
    assert Booking.objects.count() == 3


def visit_without_looking(visit, settings, simulator):
    """A fresh form while Frontcore is away (its date was copied before)."""
    reachable(settings, simulator)
    visitor = visit()
    unreachable(settings)
    return visitor
