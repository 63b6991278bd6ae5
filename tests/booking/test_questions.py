"""The provider's own questions: asked, judged, kept, and stored in the words that were shown."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Answer, Booking, Draft, Question
from tests.booking.conftest import filled

Kind, AskedOf = Question.Kind, Question.AskedOf


def make_question(label="Allergier", **given):
    return Question.objects.create(label_nb=label, **given)


@pytest.fixture
def questions(db):
    """One of each kind: a text and a choice of each participant, a consent of the booker."""
    return {
        "diet": make_question(
            "Allergier", label_en="Allergies", asked_of=AskedOf.PARTICIPANT, help_nb="Maten."
        ),
        "size": make_question(
            "Størrelse på vernetøy",
            label_en="Size of overalls",
            kind=Kind.CHOICE,
            asked_of=AskedOf.PARTICIPANT,
            required=True,
            choices_nb="Liten\nMiddels\nStor",
            choices_en="Small\nMedium\nLarge",
        ),
        "photo": make_question(
            "Jeg samtykker til at det tas bilder på kurset.",
            label_en="I agree that photos are taken on the course.",
            kind=Kind.CONSENT,
        ),
    }


def name(question, row=None):
    prefix = "" if row is None else "own-" if row == "own" else f"participant-{row}-"
    return f"{prefix}question-{question.pk}"


def answered(questions, **changes):
    """A form as it should be filled in."""
    diet, size, photo = questions["diet"], questions["size"], questions["photo"]
    fields = filled(**changes)
    fields |= {name(diet, 0): "Nøtter & <skall>", name(size, 0): "Stor", name(size, 1): "Liten"}
    return fields | {name(photo): "True"}


def stored():
    return [
        (answer.participant and answer.participant.firstname, answer.label, answer.value)
        for answer in Answer.objects.select_related("participant")
    ]


def test_answers_are_stored_with_the_words_as_they_were_shown(booked, questions, work):
    before = timezone.now()
    booked(fields=answered(questions))
    assert stored() == [
        (None, "Jeg samtykker til at det tas bilder på kurset.", "Ja"),
        ("Ola", "Allergier", "Nøtter & <skall>"),
        ("Ola", "Størrelse på vernetøy", "Stor"),
        ("Åse", "Størrelse på vernetøy", "Liten"),
    ]
    consent = Answer.objects.get(participant=None)
    assert (consent.language, consent.question) == ("nb", questions["photo"])
    assert before <= consent.answered_at <= timezone.now()


def test_in_english_the_words_are_english(visit, questions):
    visitor = visit(language="en").preview(answered(questions))
    visitor.book()
    assert ("Ola", "Size of overalls", "Large") in stored()
    assert (None, "I agree that photos are taken on the course.", "Yes") in stored()
    assert set(Answer.objects.values_list("language", flat=True)) == {"en"}


def test_where_no_english_was_written_the_norwegian_is_shown(visit, db):
    make_question("Fakturamerke")
    assert "Fakturamerke" in visit(language="en").text


@pytest.mark.parametrize(
    ("row", "value", "code"),
    [(0, "", "required"), (0, "Enorm", "invalid_choice"), (1, "", "required")],
)
def test_the_server_judges_and_nothing_typed_is_lost(visit, questions, row, value, code):
    fields = answered(questions) | {name(questions["size"], row): value}
    visitor = visit().preview(fields)
    assert visitor.codes == {code}
    assert visitor.typed() == {name: value for name, value in fields.items() if value}


def test_a_required_consent_must_be_given(visit, questions):
    Question.objects.filter(pk=questions["photo"].pk).update(required=True)
    visitor = visit().preview(answered(questions) | {name(questions["photo"]): ""})
    assert visitor.codes == {"required"}
    assert "Her må du krysse av" in visitor.text


def test_a_consent_not_given_is_no_answer(booked, questions):
    booked(fields=answered(questions) | {name(questions["photo"]): ""})
    assert not Answer.objects.filter(participant=None).exists()


def test_who_books_answers_for_their_own_place_only_when_taking_part(visit, questions):
    fields = answered(questions)
    visitor = visit().preview(fields | {name(questions["size"], "own"): "Enorm"})
    assert visitor.page.context["is_checked"], "of no matter where the booker does not take part"
    visitor.preview(fields, takes_part="on")
    assert visitor.codes == {"required"}
    own = {name(questions["size"], "own"): "Middels"}
    visitor.preview(fields | own, takes_part="on").book()
    assert ("Kari", "Størrelse på vernetøy", "Middels") in stored()


def test_a_row_left_empty_needs_no_answers(visit, questions):
    visitor = visit().press("add-several", answered(questions))
    visitor.preview()
    assert visitor.page.context["is_checked"]


def test_only_what_is_asked_for_this_course_and_in_use_is_asked(visit, questions):
    from tests.factories import make_course

    make_question("Bare for andre", course=make_course())
    make_question("Ikke i bruk", active=False)
    visitor = visit()
    make_question("Bare for dette", course=visitor.coursedate.course, order=1)
    text = visitor.go(visitor.address).text
    assert "Bare for dette" in text
    assert "Bare for andre" not in text
    assert "Ikke i bruk" not in text
    assert text.index("Bare for dette") < text.index("Jeg samtykker")


@pytest.mark.parametrize(
    "change",
    [
        {"label_nb": "Jeg samtykker til film."},
        {"label_en": "I agree to films."},
        {"active": False},
        {"required": True},
    ],
)
def test_a_question_changed_after_the_price_is_shown_again(visit, questions, change):
    visitor = visit().preview(answered(questions))
    Question.objects.filter(pk=questions["photo"].pk).update(**change)
    visitor.press("send", answered(questions) | {"accept_terms": "on"})
    assert not Booking.objects.exists()
    assert "Du har endret noe" in visitor.text
    left = {name(questions["photo"])} if "active" in change else set()
    assert visitor.typed().items() >= {
        pair for pair in answered(questions).items() if pair[0] not in left
    }
    visitor.book()
    assert Booking.objects.count() == 1


def test_a_new_question_is_asked_before_anything_is_sent(visit, questions):
    visitor = visit().preview(answered(questions))
    make_question("Avdeling", required=True)
    visitor.press("send", answered(questions) | {"accept_terms": "on"})
    assert visitor.codes == {"required"}
    assert not Booking.objects.exists()


def test_other_answers_are_other_content(visit, questions):
    visitor = visit().preview(answered(questions))
    fields = answered(questions) | {name(questions["diet"], 1): "Melk"}
    visitor.press("send", fields | {"accept_terms": "on"})
    assert not Booking.objects.exists()


@pytest.mark.parametrize("draft_is_gone", [False, True])
def test_after_a_refusal_the_answers_are_still_there(
    booked, questions, work, simulator, draft_is_gone
):
    visitor = booked(fields=answered(questions))
    simulator.fault("POST", "/booking", "error", code="fields_not_valid", message="No.")
    work()
    if draft_is_gone:
        Draft.objects.all().delete()
    visitor.reload().go(visitor.link("Tilbake til det utfylte skjemaet"))
    answers = {n: value for n, value in answered(questions).items() if "question" in n}
    assert visitor.typed().items() >= answers.items()


def test_english_answers_come_back_as_well(booked, questions, work, simulator):
    visitor = booked(language="en", fields=answered(questions))
    simulator.fault("POST", "/booking", "error", code="fields_not_valid", message="No.")
    work()
    Draft.objects.all().delete()
    visitor.reload().go(visitor.link("Back to the filled form"))
    assert visitor.typed()[name(questions["size"], 0)] == "Stor"


def test_pasted_people_are_asked_too(visit, questions):
    visitor = visit().press("paste", answered(questions, paste="Siv Dal;siv@x.example"))
    assert visitor.typed()[name(questions["size"], 0)] == "Stor", "filled rows stay as they are"
    assert not visitor.entry.rows[2].errors, "a list cannot tell it"
    fields = visitor.typed()
    visitor.preview(fields)
    assert set(visitor.entry.rows[2].errors) == {name(questions["size"])}
    fields |= {name(questions["size"], 2): "Middels"}
    visitor.preview(fields).book()
    assert ("Siv", "Størrelse på vernetøy", "Middels") in stored()


def test_an_expired_session_keeps_the_answers(visit, questions):
    visitor = visit()
    visitor.page = Client(enforce_csrf_checks=True).post(visitor.address, answered(questions))
    assert visitor.page.status_code == 403
    assert visitor.typed() == answered(questions)


def test_answers_are_shown_on_the_receipt_as_text(booked, questions):
    visitor = booked(fields=answered(questions)).reload()
    assert "Svarene dine" in visitor.text
    assert "Nøtter &amp; &lt;skall&gt;" in visitor.page.content.decode()
    assert "Stor" in visitor.text


def test_staff_see_the_answers_of_a_booking(booked, questions, admin_client):
    booked(fields=answered(questions))
    booking = Booking.objects.get()
    page = admin_client.get(reverse("admin:booking_booking_change", args=[booking.pk]))
    text = page.content.decode()
    assert "Størrelse på vernetøy" in text
    assert "Jeg samtykker" in text


def test_what_was_answered_outlives_its_question(booked, questions):
    booked(fields=answered(questions))
    before = stored()
    Question.objects.all().delete()
    assert stored() == before


def test_staff_write_questions_and_see_how_they_look(admin_client, questions):
    page = admin_client.get(
        reverse("admin:booking_question_change", args=[questions["size"].pk])
    ).content.decode()
    assert "Middels</option>" in page
    assert admin_client.get(reverse("admin:booking_question_changelist")).status_code == 200
    assert admin_client.get(reverse("admin:booking_question_add")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "choice", "choices_nb": "Bare ett"}, "minst to valg"),
        ({"kind": "choice", "choices_nb": "Ja\nNei\nJa"}, "er like"),
        (
            {"kind": "choice", "choices_nb": "Ja\nNei\nVet ikke", "choices_en": "Yes\nNo"},
            "like mange valg på engelsk",
        ),
        ({"kind": "consent", "help_nb": "Med liten skrift"}, "hele samtykket"),
    ],
)
def test_a_question_that_cannot_work_is_not_saved(admin_client, fields, words):
    data = {"label_nb": "Spørsmål", "asked_of": "booker", "order": "1", "active": "on"} | fields
    page = admin_client.post(reverse("admin:booking_question_add"), data)
    assert words in page.content.decode()
    assert not Question.objects.exists()


def test_many_questions_cost_no_more_queries(visit, django_assert_max_num_queries):
    for number in range(12):
        make_question(f"Nummer {number}", asked_of=AskedOf.PARTICIPANT)
    visitor = visit().preview(filled(*[f"Deltaker{letter} Hansen" for letter in "ABCDEFGHIJ"]))
    with django_assert_max_num_queries(11):
        visitor.reload()
