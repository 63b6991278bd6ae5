"""How participants, users, customers, orders, codes and legal bases are spelled in JSON."""

from datetime import date
from decimal import Decimal
from typing import Any

from . import words
from .records import Campaign, Customer, LegalBasis, Order, Participant, User, Voucher
from .shapes import Json, Shapes, number
from .words import titled

FIRST_CONSENT = "2026-04-01T10:00:00+02:00"


class PeopleShapes(Shapes):
    """The spelling of everything that a booking makes."""

    def user(self, each: User) -> Json:
        address = {"address": "", "address_2": "", "address_3": "", "zipcode": "", "city": ""}
        return {
            "id": each.id,
            "firstname": each.firstname,
            "lastname": each.lastname,
            "email": each.email,
            "username": each.username,
            "phone": each.phone,
            "company": each.company,
            "orgnr": each.orgnr,
            "position": "",
            "department": None,
            "legaldepartment": None,
            "date_of_birth": each.date_of_birth,
            "invoice_address": address | {"invoice_phone": ""},
            "home_address": address,
            "work_address": address,
            "external_id": "",
            "created_at": each.created_at,
            "updated_at": each.updated_at,
        }

    def participant(self, each: Participant, includes: set[str]) -> Json:
        """Keys in alphabetical order; its date is spelled unlike any other date."""
        course = self.books.courses.get(each.course_id)
        code, spelled = words.PARTICIPANT_STATUSES[each.status_id]
        found = {
            "archived_at": each.archived_at,
            "booker_admin_user": None,
            "booker_email": each.booker_email,
            "booker_language_id": None,
            "booker_name": each.booker_name,
            "booker_phone": each.booker_phone,
            "certificate_issued_at": None,
            "completed": each.completed,
            "course": {
                "id": each.course_id,
                "title": course.title if course else "",
                "reference": course.reference if course else None,
                "created_at": course.created_at if course else each.created_at,
                "updated_at": course.updated_at if course else each.updated_at,
            },
            "coursedate": self.participants_date(each),
            "created_at": each.created_at,
            "custom_properties": each.custom_properties,
            "id": each.id,
            "paid": {"id": each.paid_id, "title": words.PAID[each.paid_id][self.language]},
            "passed": each.passed,
            "status": {
                "id": each.status_id,
                "title": spelled[self.language],
                "status_code": code,
            },
            "updated_at": each.updated_at,
            "user": self.user(self.books.users[each.user_id]),
        }
        if "attendance" in includes:
            found = {"archived_at": found.pop("archived_at"), "attendance": []} | found
        return found

    def participants_date(self, each: Participant) -> Json | None:
        when = self.books.coursedates.get(each.coursedate_id)
        if when is None:
            return None
        place = self.books.places.get(when.place_id)
        location = self.books.locations.get(when.location_id)
        language = when.teaching_language
        return {
            "id": when.id,
            "idCourse": when.course_id,
            "idStatus": when.status_id,
            "week": date.fromisoformat(when.start_at).isocalendar().week,
            "start_at": when.start_at,
            "end_at": when.end_at,
            "deadline_at": when.deadline_at,
            "time_start": (when.start_time_at or "00:00")[:5],
            "time_end": (when.end_time_at or "00:00")[:5],
            "timezone": "Europe/Oslo",
            "gmt_offset": None,
            "place": place.title if place else "",
            "is_virtual": when.is_virtual,
            "event_url": when.event_url or None,
            "internal_note": None,
            "idLocation": str(when.location_id or ""),
            "teaching_language": words.LANGUAGES[language][self.language],
            "idTeachingLanguage": language,
            "location_cancellation_days": None,
            "is_deleted": when.deleted_at is not None,
            "location": self.location(location) if location else None,
        }

    def customer(self, each: Customer, employees: bool = False) -> Json:
        code, country = words.COUNTRIES[159]
        empty = dict.fromkeys(("address", "address_2", "address_3", "zipcode", "city"))
        found = {
            "id": each.id,
            "title": each.title,
            "department": None,
            "phone": each.phone,
            "fax": None,
            "email": each.email,
            "webaddress": None,
            "orgnr": each.orgnr,
            "invoice_email": each.invoice_email,
            "customer_reference_id": f"K-{each.id - 70000}",
            "customer_reference": each.customer_reference,
            "note": None,
            "idStatus": "1",
            "turnover": None,
            "idParentCustomer": None,
            "invoice_method": "electronic",
            "country": {"id": 159, "title": country[self.language], "code": code},
            "status": "Active",
            "type": each.type,
        }
        if employees:
            private = each.type == "Private"
            listed = [self.books.users[user_id] for user_id in each.user_ids if private]
            found["employees"] = [self.user(one) for one in listed]
        return found | {
            "duedate_days": 14,
            "seller": None,
            "invoice_address": each.invoice_address,
            "post_address": empty,
            "visit_address": empty,
            "custom_properties": None,
            "created_at": each.created_at,
            "updated_at": each.updated_at,
        }

    def order(self, each: Order, includes: set[str]) -> Json:
        course = self.books.courses.get(each.course_id)
        when = self.books.coursedates.get(each.coursedate_id)
        detail = ""
        if when:
            place = self.books.places.get(when.place_id)
            days = [f"{day[8:]}.{day[5:7]}.{day[:4]}" for day in (when.start_at, when.end_at)]
            detail = " - ".join([*days, place.title if place else ""])
        found = {
            "id": each.id,
            "title": f"{course.title if course else ''} #{each.id}",
            "title_detailed": detail,
            "is_paid": each.is_paid,
            "payment_method": each.payment_method,
            "your_reference": each.invoice_reference,
            "booker": each.booker_name,
            "gln_number": each.gln_number,
            "customer": self.customer(self.books.customers[each.customer_id]),
            "lines": [self._line(each, line, includes) for line in each.lines],
            "currency": each.currency,
            "exported_at": each.exported_at,
            "created_at": each.created_at,
            "updated_at": each.updated_at,
        }
        if "campaign" in includes:
            known = self.books.campaigns.get((each.campaign_code or "").lower())
            found["campaign"] = self.campaign(known) if known else None
        return found

    def _line(self, order: Order, line: dict[str, Any], includes: set[str]) -> Json:
        vat = line["vat"]
        related = {
            "course_id": order.course_id,
            "coursedate_id": order.coursedate_id,
            "participant_ids": line["participant_ids"],
        }
        if "lines.database_relations.course" in includes:
            related["course"] = self.course(self.books.courses[order.course_id])
        if "lines.database_relations.participants" in includes:
            people = [self.books.participants[one] for one in line["participant_ids"]]
            related["participants"] = [self.participant(one, set()) for one in people]
        return {
            "id": line["id"],
            "title": line["title"],
            "quantity": line["quantity"],
            "price": number(line["price"]),
            "vat": {"id": words.VATS.get(vat, 9), "vat": vat, "name": f"{vat:.2f}%"},
            "product_id": line["product_id"],
            "database_relations": related,
        }

    def campaign(self, each: Campaign) -> Json:
        today = str(self.books.clock.today())
        expired, waiting = each.ends_on < today, each.starts_on > today
        return {
            "id": str(each.id),
            "title": each.title,
            "type": "Campaign",
            "active": each.active,
            "discount_type": each.discount_type,
            "discount_value": number(each.discount_value),
            "currency": "nok",
            "expired": expired,
            "waiting": waiting,
            "running": each.active and not expired and not waiting and not each.is_archived,
            "campaign_code": each.campaign_code,
            "uses_code": True,
            "is_archived": each.is_archived,
        }

    def voucher(self, each: Voucher) -> Json:
        return {
            "id": str(each.id),
            "currency": "nok",
            "code": each.code,
            "balance": f"{Decimal(each.balance):.2f}",
            "is_expired": self.voucher_expired(each),
            "is_deleted": each.is_deleted,
            "expires_at": each.expires_at,
            "archived_at": each.archived_at,
            "created_at": each.created_at,
        }

    def voucher_expired(self, each: Voucher) -> bool:
        return each.expires_at < self.books.clock.now().strftime("%Y-%m-%d %H:%M:%S")

    def legal_basis(self, each: LegalBasis) -> Json:
        consent = None
        if each.consent is not None:
            title, version = words.CONSENTS[each.consent]
            consent = {"id": each.consent, "title": title, "version": version}
            consent |= {"created_at": FIRST_CONSENT, "updated_at": FIRST_CONSENT}
            consent |= {"deleted_at": None}
        purpose = titled(words.PURPOSES, each.purpose, self.language)
        return {
            "id": each.id,
            "idLead": None,
            "consent": consent,
            "legal_basis": titled(words.LEGAL_BASES, each.legal_basis, self.language),
            "purpose": purpose
            | {"created_at": FIRST_CONSENT, "updated_at": None, "deleted_at": None},
            "source": titled(words.SOURCES, each.source, self.language),
            "comment": each.comment,
            "created_at": each.created_at,
            "updated_at": each.updated_at,
            "deleted_at": each.deleted_at,
        }
