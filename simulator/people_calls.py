"""The calls about people and papers: participants, users, customers, orders, legal bases."""

from typing import Any

from . import words
from .answers import Answer, error
from .booking import Desk
from .books import Books
from .people import PeopleShapes
from .queries import Query, common, includes, page, truth, whole_number, within
from .records import LegalBasis, Participant
from .shapes import Json
from .switches import Switches


class PeopleCalls:
    def __init__(self, books: Books, switches: Switches, shapes: PeopleShapes, desk: Desk) -> None:
        self.books = books
        self.switches = switches
        self.shapes = shapes
        self.desk = desk

    def _now(self) -> str:
        return self.books.clock.now().strftime("%Y-%m-%d %H:%M:%S")

    # -- participants -------------------------------------------------------------------------

    def participants(self, query: Query) -> Answer:
        listed = list(self.books.participants.values())
        for name in ("course_id", "coursedate_id", "user_id", "customer_id"):
            wanted = whole_number(query, name)
            ignored = name == "coursedate_id" and not self.switches.participants_filter
            if wanted is not None and not ignored:
                listed = [each for each in listed if self._belongs(each, name) == wanted]
        kept = page(common(listed, query, self._now()), query, self.switches)
        asked = includes(query)
        return Answer([self.shapes.participant(each, asked) for each in kept])

    def _belongs(self, each: Participant, name: str) -> int:
        if name == "customer_id":
            return self.books.orders[each.order_id].customer_id
        return getattr(each, name)

    def participant(self, query: Query, key: int) -> Answer:
        return Answer(self.shapes.participant(self._participant(key), includes(query)))

    def change_participant(self, body: Json, key: int) -> Answer:
        each = self._participant(key)
        wrong = []
        status, paid = each.status_id, each.paid_id
        if "idStatus" in body:
            status = _known(body["idStatus"], words.PARTICIPANT_STATUSES, "idStatus", wrong)
        if "idPaid" in body:
            paid = _known(body["idPaid"], words.PAID, "idPaid", wrong)
        custom = body.get("custom_properties", each.custom_properties)
        if custom is not None and not isinstance(custom, (dict, list)):
            wrong.append("custom_properties")
        if wrong:
            raise error(f"Field(s) not valid: {', '.join(wrong)}")
        each.paid_id = paid
        for name in ("completed", "passed"):
            if name in body:
                setattr(each, name, truth(body[name]))
        each.custom_properties = custom or None
        self.desk.set_status(each, status)
        return Answer(self.shapes.participant(each, set()))

    def _participant(self, key: int) -> Participant:
        each = self.books.participants.get(key)
        if each is None:
            raise error("Participant not found", 404)
        return each

    # -- orders and customers -----------------------------------------------------------------

    def orders(self, query: Query) -> Answer:
        """Without `exported` what went to accounting is left out."""
        listed = list(self.books.orders.values())
        if not truth(query.get("exported", "0")):
            listed = [each for each in listed if each.exported_at is None]
        course_id = whole_number(query, "course_id")
        if course_id is not None:
            listed = [each for each in listed if each.course_id == course_id]
        kept = common(listed, query, self._now())
        kept = within(
            kept,
            query,
            self._now(),
            exported_at=lambda each: (each.exported_at or "")[:19].replace("T", " "),
        )
        asked = includes(query)
        return Answer([self.shapes.order(each, asked) for each in page(kept, query, self.switches)])

    def order(self, query: Query, key: int) -> Answer:
        """One order, in an array."""
        each = self.books.orders.get(key)
        if each is None:
            raise error("Order not found", 404)
        return Answer([self.shapes.order(each, includes(query))])

    def customers(self, query: Query) -> Answer:
        listed = common(self.books.customers.values(), query, self._now())
        kept = page(listed, query, self.switches)
        return Answer([self.shapes.customer(each, employees=True) for each in kept])

    def customer(self, query: Query, key: int) -> Answer:
        each = self.books.customers.get(key)
        if each is None:
            raise error("Customer not found", 404)
        with_people = each.type == "Private" or "employees" in includes(query)
        return Answer(self.shapes.customer(each, employees=with_people))

    # -- users --------------------------------------------------------------------------------

    def search_users(self, query: Query) -> Answer:
        names = ("email", "firstname", "lastname", "username")
        wanted = {name: str(query[name]).lower() for name in names if query.get(name)}
        if not wanted:
            raise error(f"Missing field(s): {','.join(names)}")
        found = [
            each
            for each in self.books.users.values()
            if all(getattr(each, name).lower() == value for name, value in wanted.items())
        ]
        return Answer([self.shapes.user(each) for each in found])

    def check_credentials(self, body: Json) -> Answer:
        missing = [name for name in ("username", "password") if not body.get(name)]
        if missing:
            raise error(f"Missing field(s): {','.join(missing)}")
        raise error("Wrong username or password", 401)

    def anonymize(self, body: Json, key: int) -> Answer:
        user = self.books.users.get(key)
        if user is None:
            raise error("User not found", 404)
        user.firstname, user.lastname, user.date_of_birth = "Anonymous", "User", "1988-01-01"
        for name in ("email", "username", "phone", "company", "orgnr"):
            setattr(user, name, "")
        self.books.changed("users", key)
        return Answer(self.shapes.user(user))

    # -- legal bases --------------------------------------------------------------------------

    def legal_bases(self, query: Query, user_id: int | None = None) -> Answer:
        """Of one user, or of all and then with the user."""
        listed = [
            each
            for each in self.books.legalbases.values()
            if not each.deleted_at and user_id in (None, each.user_id)
        ]
        kept = page(common(listed, query, self._now()), query, self.switches)
        found = [self.shapes.legal_basis(each) for each in kept]
        if user_id is None:
            for shape, each in zip(found, kept, strict=True):
                user = self.books.users[each.user_id]
                names = {"firstname": user.firstname, "lastname": user.lastname}
                shape["user"] = {"id": user.id} | names
        return Answer(found)

    def add_legal_basis(self, body: Json, user_id: int) -> Answer:
        if user_id not in self.books.users:
            raise error("User not found", 404)
        each = LegalBasis(self.books.next_id("legalbases"), user_id, **self._legal_fields(body))
        self.books.add("legalbases", each)
        return Answer(self.shapes.legal_basis(each) | {"idUser": user_id})

    def change_legal_basis(self, body: Json, user_id: int, key: int) -> Answer:
        each = self._legal_basis(user_id, key)
        for name, value in self._legal_fields(body).items():
            setattr(each, name, value)
        self.books.changed("legalbases", key)
        return Answer(self.shapes.legal_basis(each) | {"idUser": user_id})

    def delete_legal_basis(self, body: Json, user_id: int, key: int) -> Answer:
        each = self._legal_basis(user_id, key)
        each.deleted_at = self.books.clock.stamp()
        self.books.changed("legalbases", key)
        return Answer(self.shapes.legal_basis(each) | {"idUser": user_id})

    def _legal_basis(self, user_id: int, key: int) -> LegalBasis:
        each = self.books.legalbases.get(key)
        if each is None or each.user_id != user_id or each.deleted_at:
            raise error("Legal basis not found", 404)
        return each

    def _legal_fields(self, body: Json) -> dict[str, Any]:
        required = ("legal_basis", "purpose", "source")
        missing = [name for name in required if body.get(name) in (None, "")]
        if missing:
            raise error(f"Missing field(s): {','.join(missing)}")
        wrong: list[str] = []
        tables = (words.LEGAL_BASES, words.PURPOSES, words.SOURCES)
        fields: dict[str, Any] = {
            name: _known(body[name], table, name, wrong)
            for name, table in zip(required, tables, strict=True)
        }
        if body.get("consent") not in (None, ""):
            fields["consent"] = _known(body["consent"], words.CONSENTS, "consent", wrong)
        if wrong:
            raise error(f"Field(s) not valid: {', '.join(wrong)}")
        return fields | {"comment": body.get("comment")}

    # -- what consents and purposes there are -------------------------------------------------

    def privacy_list(self, query: Query, name: str) -> Answer:
        tables = {
            "purposes": words.PURPOSES,
            "legalbases": words.LEGAL_BASES,
            "sources": words.SOURCES,
        }
        if name == "consents":
            return Answer([{"id": key, "title": row[0]} for key, row in words.CONSENTS.items()])
        language = self.shapes.language
        return Answer([words.titled(tables[name], key, language) for key in tables[name]])


def _known(value: Any, table: dict, name: str, wrong: list[str]) -> int:
    """The id as a number; an unknown one is added to `wrong`."""
    try:
        key = int(value)
    except (TypeError, ValueError):
        key = -1
    if key not in table:
        wrong.append(name)
    return key
