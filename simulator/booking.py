"""POST /booking and what it leaves behind; deregistering."""

from decimal import Decimal

from . import words
from .answers import Answer, error, refusal
from .books import Books
from .codes import MESSAGES, Codes, refused
from .money import Person, Totals, cents, totals_of
from .people import PeopleShapes
from .queries import truth
from .records import (
    CANCELLED,
    CONFIRMED,
    DEREGISTERED,
    DEREGISTERED_FEE,
    GONE,
    TAKES_SEAT,
    UNCONFIRMED,
    WAITING,
    Campaign,
    Course,
    CourseDate,
    Customer,
    Order,
    Participant,
    Product,
    User,
    Voucher,
)
from .shapes import Json, number
from .switches import Switches

ENROLMENTS = (1, 2, 3, 7)  # those one can be enrolled with
PAYMENTS = ("invoice", "card_swedbank")


class Desk:
    """Takes bookings and gives them back. Nothing is written before everything is checked."""

    def __init__(self, books: Books, switches: Switches, shapes: PeopleShapes) -> None:
        self.books = books
        self.switches = switches
        self.shapes = shapes
        self.codes = Codes(books, switches, shapes)

    # -- booking ------------------------------------------------------------------------------

    def book(self, body: Json) -> Answer:
        config = body.get("config")
        config = config if isinstance(config, dict) else {}
        if self.switches.school_account_invalid:
            raise refused("school_account_invalid")
        date, course = self._date(body, config)
        self._check_payment(body)
        people = self._people(body, course)
        if truth(config.get("seats_availability_check")):
            wanted = sum(one.status_id in TAKES_SEAT for one in people)
            if wanted > self.books.free_seats(date):
                code = self.switches.seat_code
                raise refusal((code, MESSAGES["no_vacant_seats"]))
        campaign = self.codes.campaign(body, course)
        voucher = self.codes.voucher(body)
        totals = totals_of(self.switches, people, campaign)
        order = self._write(body, date, people, totals, campaign, voucher)
        return Answer({"successful": True, "summary": self._summary(order)})

    def _summary(self, order: Order) -> Json:
        return {
            "order_id": str(order.id),
            "booking_id": str(order.booking_id),
            "coursedate_id": str(order.coursedate_id),
            "currency": order.currency,
            "total_excl_vat": number(order.total_excl_vat),
            "total_incl_vat": number(order.total_incl_vat),
            "total_vat": number(order.total_vat),
            "number_of_participants": len(order.participant_ids),
        }

    def _date(self, body: Json, config: Json) -> tuple[CourseDate, Course]:
        try:
            date = self.books.coursedates.get(int(body.get("coursedate_id")))
        except (TypeError, ValueError):
            date = None
        if date is None or date.deleted_at:
            raise refused("course_date_identifier_invalid")
        course = self.books.courses.get(date.course_id)
        if course is None or not course.is_active:
            raise refused("course_identifier_invalid")
        if date.status_id == CANCELLED and truth(config.get("reject_cancelled_course_date")):
            raise refused("course_date_cancelled")
        if self.switches.visibility_enforced and not date.is_visible:
            raise refused("course_date_identifier_invalid")
        today = str(self.books.clock.today())
        if self.switches.deadline_enforced and (date.deadline_at or date.start_at) < today:
            raise refused("registration_deadline_passed")
        return date, course

    def _check_payment(self, body: Json) -> None:
        method = body.get("payment_method")
        if not method:
            raise error("Missing field(s): payment_method")
        if method not in PAYMENTS:
            raise error("Field(s) not valid: payment_method")
        currency = str(body.get("currency") or "nok")
        if currency not in words.CURRENCIES:
            raise refused("currency_missing")
        if currency not in words.EXCHANGE_RATES:
            raise refused("exchange_rate_does_not_exist")

    def _people(self, body: Json, course: Course) -> list[Person]:
        given = body.get("participants")
        if not isinstance(given, list) or not given:
            raise refused("participant_count_invalid")
        wrong, people = [], []
        for n, each in enumerate(given, start=1):
            each = each if isinstance(each, dict) else {}
            texts = {
                name: str(each.get(name) or "").strip()
                for name in ("firstname", "lastname", "email", "phone")
            }
            if not texts["firstname"] or not texts["lastname"]:
                wrong.append(("participant_name_invalid_empty", n))
            if not texts["email"]:
                wrong.append(("participant_email_invalid_empty", n))
            people.append(Person(**texts, status_id=self._status(each), products=[]))
        if wrong:
            raise refusal(*((code, MESSAGES[code].format(n=n)) for code, n in wrong))
        for n, (person, each) in enumerate(zip(people, given, strict=True), start=1):
            person.products = self._products(each, course, n)
        return people

    def _status(self, each: Json) -> int:
        try:
            status = int(each.get("status_id") or 1)
        except (TypeError, ValueError):
            status = 0
        if status not in ENROLMENTS:
            raise error("Field(s) not valid: status_id")
        return status

    def _products(self, each: Json, course: Course, n: int) -> list[tuple[Product, Decimal]]:
        if "products" not in each:
            main = self.books.main_product(course.id)
            if main is None:
                raise refused("default_course_product_missing")
            return [(main, cents(main.price))]
        given = each["products"]
        if not given:
            raise refused("participant_products_empty", n)
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise refused("participant_products_invalid", n)
        bought = [self._product(one, n) for one in given]
        own = [
            product
            for product, _ in bought
            if product.id_type == 2 and product.id_relation == course.id
        ]
        if not own:
            raise refused("participant_does_not_have_a_course_product", n)
        if len([product for product, _ in bought if product.id_type == 2]) > 1:
            raise refused("participant_have_multiple_course_products", n)
        return bought

    def _product(self, given: Json, n: int) -> tuple[Product, Decimal]:
        try:
            product = self.books.products.get(int(given.get("id")))
        except (TypeError, ValueError):
            product = None
        if product is None or product.is_archived or product.is_deleted:
            raise refused("participant_products_invalid", n)
        try:
            price = cents(given.get("price", product.price))
        except ArithmeticError:
            raise refused("participant_product_price_invalid", n) from None
        if price < 0:
            raise refused("participant_product_price_invalid", n)
        return product, price

    # -- writing ------------------------------------------------------------------------------

    def _write(
        self,
        body: Json,
        date: CourseDate,
        people: list[Person],
        totals: Totals,
        campaign: Campaign | None,
        voucher: Voucher | None,
    ) -> Order:
        used = min(Decimal(voucher.balance), totals.incl) if voucher else Decimal(0)
        order_id, booking_id = self.books.next_id("orders"), self.books.next_id("bookings")
        users = [self._user(one, body) for one in people]
        first = self.books.next_id("participants")
        ids = list(range(first, first + len(people)))
        exported = self.books.clock.stamp() if self.switches.export_at_once else None
        order = Order(
            id=order_id,
            booking_id=booking_id,
            coursedate_id=date.id,
            course_id=date.course_id,
            customer_id=self._customer(body, users).id,
            currency=str(body.get("currency") or "nok"),
            lines=[_line(each, order_id, n, ids) for n, each in enumerate(totals.lines)],
            participant_ids=ids,
            total_excl_vat=f"{totals.excl:.2f}",
            total_vat=f"{totals.vat:.2f}",
            total_incl_vat=f"{totals.incl:.2f}",
            payment_method=body["payment_method"],
            campaign_code=campaign.campaign_code if campaign else None,
            campaign_discount=f"{totals.discount:.2f}",
            voucher_code=voucher.code if voucher else None,
            voucher_used=f"{used:.2f}",
            booker_name=_text(body, "booker_name"),
            booker_email=_text(body, "booker_email"),
            booker_phone=_text(body, "booker_phone"),
            company=_text(body, "company"),
            invoice_reference=_text(body, "invoice_reference"),
            gln_number=_text(body, "gln_number"),
            exported_at=exported,
        )
        self.books.add("orders", order)
        for key, one, user in zip(ids, people, users, strict=True):
            self._enrol(key, one, user, order)
        if campaign:
            campaign.uses += 1
            self.books.changed("campaigns", campaign.campaign_code.lower())
        if voucher:
            voucher.balance = f"{Decimal(voucher.balance) - used:.2f}"
            self.books.changed("vouchers", voucher.code.lower())
        return order

    def _enrol(self, key: int, one: Person, user: User, order: Order) -> None:
        participant = Participant(
            key,
            order.coursedate_id,
            order.course_id,
            order.id,
            order.booking_id,
            user.id,
            one.status_id,
            booker_name=order.booker_name,
            booker_email=order.booker_email,
            booker_phone=order.booker_phone,
        )
        self.books.add("participants", participant)
        self.count(self.books.coursedates[order.coursedate_id], one.status_id, 1)

    def count(self, date: CourseDate, status_id: int, change: int) -> None:
        """Move a person in or out of the date's counts, by enrolment status."""
        names = {CONFIRMED: "confirmed", UNCONFIRMED: "unconfirmed", WAITING: "waiting"}
        if name := names.get(status_id):
            setattr(date, name, max(getattr(date, name) + change, 0))
            self.books.changed("coursedates", date.id)

    def _user(self, one: Person, body: Json) -> User:
        """The known user with this e-mail and name, or a new one, with a username of its own."""
        mail = one.email.lower()
        same_mail = [each for each in self.books.users.values() if each.email.lower() == mail]
        for each in same_mail:
            if (each.firstname, each.lastname) == (one.firstname, one.lastname):
                return each
        username = f"{one.email}_{one.firstname}_{one.lastname}" if same_mail else one.email
        user = User(
            self.books.next_id("users"), one.firstname, one.lastname, one.email, username,
            one.phone, str(body.get("company") or ""),
        )  # fmt: skip
        return self.books.add("users", user)

    def _customer(self, body: Json, users: list[User]) -> Customer:
        company, orgnr = _text(body, "company"), _text(body, "company_number") or ""
        title = company or _text(body, "booker_name") or f"{users[0].firstname} {users[0].lastname}"
        kind = "Company" if company else "Private"
        mail = _text(body, "invoice_email") or _text(body, "booker_email")
        for each in self.books.customers.values():
            if (each.title, each.type, each.orgnr, each.invoice_email) == (
                title, kind, orgnr, mail,
            ):  # fmt: skip
                return each
        address = {
            "address": _text(body, "invoice_address_1"),
            "address_2": _text(body, "invoice_address_2"),
            "address_3": _text(body, "invoice_address_3"),
            "zipcode": _text(body, "invoice_zipcode"),
            "city": _text(body, "invoice_city"),
        }
        customer = Customer(
            self.books.next_id("customers"), title, kind, orgnr, _text(body, "booker_email"),
            _text(body, "booker_phone"), mail, _text(body, "booker_name"), address,
            [users[0].id],
        )  # fmt: skip
        return self.books.add("customers", customer)

    # -- giving back --------------------------------------------------------------------------

    def deregister(self, booking_id: int, body: Json) -> Answer:
        """Everybody of the booking who is still in; their seats are free again."""
        order_id = self.books.bookings.get(booking_id)
        if order_id is None:
            message = "We can not find any booking with given ID."
            raise refusal(("resource_not_found", message), status=404)
        config = body.get("config")
        fee = truth(config.get("with_fee")) if isinstance(config, dict) else False
        affected = []
        for key in self.books.orders[order_id].participant_ids:
            each = self.books.participants[key]
            if each.status_id not in GONE:
                self.set_status(each, DEREGISTERED_FEE if fee else DEREGISTERED)
                affected.append(self.shapes.participant(each, set()))
        return Answer({"successful": True, "booking_id": str(booking_id), "participants": affected})

    def set_status(self, each: Participant, status_id: int) -> None:
        """Give a participant another enrolment status and move the seats with it."""
        date = self.books.coursedates.get(each.coursedate_id)
        if date:
            self.count(date, each.status_id, -1)
        each.status_id = status_id
        if date:
            self.count(date, status_id, 1)
        self.books.changed("participants", each.id)


def _line(line: Json, order_id: int, n: int, participant_ids: list[int]) -> Json:
    product: Product = line["product"]
    return {
        "id": 910_000 + (order_id - 301_455) * 10 + n + 1,
        "title": product.title,
        "quantity": line["quantity"],
        "price": f"{line['price']:.2f}",
        "vat": product.vat,
        "product_id": product.id,
        "participant_ids": [participant_ids[index] for index in line["people"]],
    }


def _text(body: Json, name: str) -> str | None:
    value = body.get(name)
    return str(value) if value not in (None, "") else None
