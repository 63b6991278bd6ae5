"""What is written about single people: once, and what counts as yes."""

import pytest
import requests

from frontcore import Frontcore, LegalBasisRequest, NotThere, Refused, Unavailable, Uncertain
from frontcore.records.bookings import ParticipantRecord
from tests.ports import PATIENCE_S

from .conftest import KEY, answers_with, http, make_booking

BASIS = LegalBasisRequest(legal_basis=2, purpose=117, source=6, comment="Booking K4WT7RZB")


@pytest.fixture
def person(api):
    """Somebody who stands in the simulator's books."""
    api.book(make_booking())
    return api.participants(13100001)[0]


def set_properties(api):
    return api.set_properties(5100001, {"allergi": "nøtter"})


def add_legal_basis(api):
    return api.add_legal_basis(455001, BASIS)


WRITES = pytest.mark.parametrize("write", [set_properties, add_legal_basis])


def test_a_participant_is_told_with_user_and_own_fields(api, person, answer):
    assert person.user_id
    assert person.properties is None
    api.set_properties(person.id, {"allergi": "nøtter", "nivå": 2})
    (again,) = api.participants(13100001)
    assert again.properties == {"allergi": "nøtter", "nivå": 2}
    example = ParticipantRecord.from_api(answer("participant_single"))
    assert (example.id, example.user_id) == (5100001, 455001)
    assert "nøtter" not in repr(again)


@pytest.mark.parametrize("odd", ["text", [1, 2], 7])
def test_own_fields_of_unknown_form_cost_no_participant(odd, answer):
    record = ParticipantRecord.from_api(answer("participant_single") | {"custom_properties": odd})
    assert record.properties is None
    assert [note.field for note in record.notes] == ["properties"]


def test_a_legal_basis_is_written_as_the_documents_say(api, person, frontcore_server, answer):
    api.add_legal_basis(person.user_id, BASIS.model_copy(update={"consent": 151}))
    headers = {"X-API-Key": frontcore_server.key}
    address = f"{frontcore_server.url}/privacy/users/{person.user_id}/legalbases"
    (row,) = requests.get(address, headers=headers, timeout=PATIENCE_S).json()
    told = [row[name]["id"] for name in ("legal_basis", "purpose", "source", "consent")]
    assert told == [2, 117, 6, 151]
    assert row["comment"] == "Booking K4WT7RZB"
    assert set(BASIS.as_body()) <= set(answer("legalbasis_create_request"))


def test_the_documented_answers_mean_yes(raw_server, answer):
    server = raw_server(
        answers_with(http(answer("legalbasis_create_response")), http(answer("participant_single")))
    )
    with Frontcore(key=KEY, base_url=server.url) as api:
        add_legal_basis(api)
        set_properties(api)


@pytest.mark.parametrize("nothing", [b"", b"{}", b"[]", b"null"])
def test_an_empty_answer_means_yes_only_where_the_documents_show_one(raw_server, nothing):
    server = raw_server(answers_with(http(nothing)))
    with Frontcore(key=KEY, base_url=server.url) as api:
        set_properties(api)
        with pytest.raises(Uncertain):
            add_legal_basis(api)
        with pytest.raises(Uncertain):
            api.book(make_booking())


def test_an_answer_about_another_participant_is_uncertain(raw_server, answer):
    server = raw_server(answers_with(http(answer("participant_single") | {"id": 5100002})))
    with Frontcore(key=KEY, base_url=server.url) as api, pytest.raises(Uncertain):
        set_properties(api)


@WRITES
def test_whom_there_is_not_is_not_there(write, api):
    with pytest.raises(NotThere):
        write(api)


def test_an_unknown_purpose_is_refused(api, person):
    with pytest.raises(Refused) as caught:
        api.add_legal_basis(person.user_id, BASIS.model_copy(update={"purpose": 99}))
    assert caught.value.code == "fields_not_valid"


@WRITES
@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("busy", Unavailable),
        ("reset", Uncertain),
        ("accept_then_close", Uncertain),
        ("html_500", Uncertain),
        ("accept_then_unavailable", Uncertain),
    ],
)
def test_each_write_is_sent_once_and_sorted_as_bookings_are(
    write, fault, meaning, frontcore_server, api
):
    api.book(make_booking())
    frontcore_server.fault("*", "/p**", fault)
    with pytest.raises(meaning) as caught:
        write(api)
    sent = [row for row in frontcore_server.requests() if row["method"] != "GET"]
    assert len(sent) == 2
    assert "nøtter" not in caught.value.sentence
