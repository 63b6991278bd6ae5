"""The calls about single people on a date: who they are, and what is written about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .answers import Yes
from .errors import Uncertain
from .lists import Lists, local_text, quiet_id
from .records.bookings import LegalBasisRequest, ParticipantRecord
from .transport import Call, Transport


class People:
    """A part of ``Frontcore``."""

    _transport: Transport
    _lists: Lists

    def participants(
        self, coursedate_id: int, created_since: datetime | None = None
    ) -> tuple[ParticipantRecord, ...]:
        """The people on a date, deregistered ones too, with their status.

        The API's own filter is not trusted; others' participants are left out here. An item that
        cannot be read is BadAnswer: "not there" must never be said of half a list.
        Source: GET /participants, docs and live use.
        """
        params: list[tuple[str, str | int]] = [("coursedate_id", int(coursedate_id))]
        if created_since is not None:
            params.append(("created_at_min", local_text(created_since)))
        found = self._lists.whole(
            "/participants", "participant", ParticipantRecord.from_api, params
        )
        return tuple(person for person in found if person.coursedate_id == coursedate_id)

    def set_properties(self, participant_id: int, properties: Mapping[str, Any]) -> None:
        """Write a participant's own fields; ``properties`` is all of them. Sent once.

        Whether fields that are left out are kept is unknown, so name those that were there.
        Errors as for ``book``; NotThere for an unknown participant. An older page of the docs shows
        an empty answer, which counts as yes.
        Source: PUT /participants/:id, docs (``custom_properties`` on the newer page only).
        """
        call = Call(
            "PUT /participants/:id",
            "PUT",
            f"/participants/{int(participant_id)}",
            body={"custom_properties": dict(properties)},
            yes=Yes.RECORD_OR_NOTHING,
        )
        body = self._transport.write(call)
        if body is not None and quiet_id(body, "id") != participant_id:
            raise Uncertain(f"{call.name}: the answer is about another participant")

    def add_legal_basis(self, user_id: int, request: LegalBasisRequest) -> None:
        """Write why a person's data may be kept. Sent once; twice would make two records.

        Errors as for ``book``; NotThere for an unknown user. The answer's ``idUser`` is not looked
        at: in the docs it is the record's own id.
        Source: POST /privacy/users/:id/legalbases, docs.
        """
        call = Call(
            "POST /privacy/users/:id/legalbases",
            "POST",
            f"/privacy/users/{int(user_id)}/legalbases",
            body=request.as_body(),
            yes=Yes.RECORD,
        )
        body = self._transport.write(call)
        if quiet_id(body, "id") is None:
            raise Uncertain(f"{call.name}: the answer has no readable id")
