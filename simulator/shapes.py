"""How each record is spelled in JSON: as ugly as the real one, and differently in each place."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from . import words
from .books import Books
from .records import Course, CourseDate, Instructor, Location, Product
from .switches import Switches
from .words import titled

Json = dict[str, Any]
KURSGUIDEN = "https://www.kursguiden.no/kurs/"
TEXT_FIELDS = (
    "text_lead", "text_description", "text_place", "text_prerequisites", "text_duration",
    "text_credits", "text_submissions", "text_hotel_info", "text_audience",
)  # fmt: skip


def number(value: Any) -> int | float:
    """A JSON number: whole where it is whole, as PHP prints it."""
    exact = Decimal(str(value))
    return int(exact) if exact == exact.to_integral_value() else float(exact)


class Shapes:
    """The spelling of the catalogue, read from the books in the account's language."""

    def __init__(self, books: Books, switches: Switches) -> None:
        self.books = books
        self.switches = switches

    @property
    def language(self) -> str:
        return self.switches.titles

    # -- venues, places and people ------------------------------------------------------------

    def location(self, each: Location, short: bool = False) -> Json:
        """`short` is the embedding in a single date, which lacks two ids."""
        code, country = words.COUNTRIES[159]
        found = {
            "id": each.id,
            "title": each.title,
            "custom_title": each.custom_title,
            "address": each.address,
            "address2": None,
            "address3": None,
            "zipcode": each.zipcode,
            "city": each.city,
            "state": each.county,
            "county": each.county,
            "idCountry": 159,
            "country": country[self.language],
            "country_code": code,
            "idPlace": each.place_id,
            "lat": each.lat,
            "lng": each.lng,
            "timezone": None,
            "long_text": None,
            "short_text": each.short_text,
            "short_text_2": None,
            "capacity_min": each.capacity_min,
            "capacity_max": each.capacity_max,
            "capacity_overbook": each.capacity_overbook,
            "capacity_budget": None,
            "capacity_wait": each.capacity_wait,
            "idInstructor": None,
            "email_booking": None,
            "email_moreinfo": None,
            "is_default": each.is_default,
            "is_archived": each.is_archived,
            "is_virtual": each.is_virtual,
            "cancellation_days": None,
            "notification_days": None,
            "notification_role": None,
            "is_notification_enabled": False,
            "full_address": (
                f"{each.address}, {each.zipcode} {each.city}" if each.address else None
            ),
            "filtered_places": [],
        }
        if short:
            del found["idCountry"], found["idPlace"]
        return found | each.raw

    def place(self, each: CourseDate) -> Json:
        place = self.books.places.get(each.place_id)
        if place is None:
            return {"title_additional_info": each.place_note}
        return {
            "id": place.id,
            "title": place.title,
            "title_additional_info": each.place_note,
            "parent_id": place.parent_id,
            "parent_title": place.parent_title,
        }

    def embedded_instructor(self, each: Instructor) -> Json:
        name = f"{each.firstname} {each.lastname}"
        return {
            "id": each.id,
            "title": name,
            "name": name,
            "fullname": name,
            "phone": each.phone,
            "company": each.company,
            "position": each.position,
            "email": each.email,
            "is_archived": each.archived_at is not None,
        }

    def instructor(self, each: Instructor) -> Json:
        return {
            "id": each.id,
            "firstname": each.firstname,
            "lastname": each.lastname,
            "phone_prefix": "47",
            "phone": each.phone,
            "email": each.email,
            "position": each.position,
            "company": each.company,
            "description": None,
            "idUser": None,
            "archived_at": each.archived_at,
            "created_at": each.created_at[:19].replace("T", " "),
        }

    # -- courses and prices -------------------------------------------------------------------

    def duration(self, each: Course) -> Json | None:
        if each.duration_value is None:
            return None
        code = each.duration_unit
        unit_id, spelled = words.UNITS[code]
        one, many = spelled[self.language]
        unit = {"id": unit_id, "code": code, "title": one, "title_plural": many}
        return {"value": each.duration_value, "unit": unit}

    def categories(self, each: Course) -> list[Json] | None:
        if each.category is None:
            return None
        category_id, spelled = words.CATEGORIES[each.category]
        return [{"id": category_id, "title": spelled[self.language]}]

    def course(self, each: Course) -> Json:
        """The short form: in lists and inside dates."""
        return {
            "id": each.id,
            "title": each.title,
            "reference": each.reference,
            "is_active": each.is_active,
            "type": each.type,
            "kursguiden_url": f"{KURSGUIDEN}{each.title.replace(' ', '-')}/",
            "is_full_time": False,
            "is_part_time": True,
            "lessons_hours": None,
            "level": titled(words.LEVELS, each.level_id, self.language),
            "form_of_teaching": titled(words.FORMS, 1, self.language),
            "teaching_language": titled(words.LANGUAGES, each.teaching_language, self.language),
            "time_of_day": None,
            "duration": self.duration(each),
            "price": {
                "value": number(each.price_value),
                "currency": "NOK",
                "comment": each.price_comment,
            },
            "categories": self.categories(each),
            "tags": each.tags,
            "visit_address": "",
            "visit_address2": "",
            "visit_zipcode": "",
            "visit_city": "",
            "custom_properties": each.custom_properties,
        } | each.raw

    def full_course(self, each: Course, language: str, includes: set[str]) -> Json:
        """The single course: with its texts, which exist nowhere else."""
        texts = each.texts.get(language) or each.texts.get(each.teaching_language) or {}
        found = self.course(each) | {"description_languages": sorted(each.texts, reverse=True)}
        found |= {name: texts.get(name) for name in TEXT_FIELDS}
        found |= {
            "email_booking": "pamelding@fjordkompetanse.example",
            "email_more_info": "post@fjordkompetanse.example",
            "external_booking_url": each.external_booking_url,
            "external_more_info_url": None,
            "created_at": each.created_at,
            "updated_at": each.updated_at,
        }
        if "products" in includes:
            found["products"] = self.products_of(each.id)
        if "labels" in includes:
            found["labels"] = []
        if "provider" in includes:
            found["provider"] = {"id": 4711, "title": "Fjordkompetanse AS"}
        return found | each.raw

    def products_of(self, course_id: int) -> list[Json]:
        return [self.product(each) for each in self.books.products_of.get(course_id, [])]

    def product(self, each: Product) -> Json:
        """Keys in alphabetical order, unlike nearly everything else."""
        addon = each.id_type == 1
        currency = {"id": 1, "title": "NOK", "long_title": "Norwegian kroner"}
        group = {"id": 2, "title": "Add-ons"} if addon else {"id": 1, "title": "Courses"}
        linked = [self.books.products.get(product_id) for product_id in each.co_products]
        vat = {"id": words.VATS.get(each.vat, 9), "vat": each.vat, "name": f"{each.vat:.2f}%"}
        return {
            "account_number": "3000" if each.vat == 0 else "3010",
            "co_products": [{"id": one.id, "title": one.title} for one in linked if one],
            "cost_unit": None,
            "created_at": each.created_at,
            "currency": currency,
            "group": group,
            "id": each.id,
            "id_external_system": None,
            "id_product_regular_price": each.id_product_regular_price,
            "id_relation": each.id_relation,
            "id_type": each.id_type,
            "is_archived": each.is_archived,
            "is_deleted": each.is_deleted,
            "is_main_price": each.is_main_price,
            "is_member_price": each.is_member_price,
            "item_number": str(each.id),
            "price": number(each.price),
            "title": each.title,
            "title_label": each.title_label,
            "type": None,
            "updated_at": each.updated_at,
            "vat": vat,
        } | each.raw

    # -- dates --------------------------------------------------------------------------------

    def seats(self, each: CourseDate) -> Json:
        location = self.books.locations.get(each.location_id)
        overbook = (location.capacity_overbook if location else 0) or 0
        wait = (location.capacity_wait if location else 0) or 0
        return {
            "allocated_capacity": {
                "num": self.books.capacity(each),
                "num_overbooked": str(overbook),
                "num_waiting": str(wait),
            },
            "free": {
                "num": self.books.free_seats(each),
                "num_waiting": max(wait - each.waiting, 0),
            },
            "booking_status": {
                "num": each.confirmed + each.unconfirmed + each.waiting,
                "num_confirmed": each.confirmed,
                "num_unconfirmed": each.unconfirmed,
                "num_waiting": each.waiting,
            },
        }

    def seats_status(self, each: CourseDate) -> str:
        if self.books.capacity(each) == 0:
            return self.switches.zero_capacity
        return "open" if self.books.free_seats(each) else "fully_booked"

    def gatherings(self, each: CourseDate) -> list[Json]:
        """One for each day of teaching. The venue may be known here only."""
        start = date.fromisoformat(each.start_at)
        opens, closes = (each.start_time_at or "00:00:00"), (each.end_time_at or "23:59:00")
        location_id = each.gathering_location_id or each.location_id
        location = self.books.locations.get(location_id)
        known = self.books.instructors
        teachers = [known[one] for one in each.instructor_ids if one in known]
        now = self.books.clock.now().strftime("%Y-%m-%d %H:%M")
        several = len(each.gathering_days) > 1
        listed = []
        for count, days in enumerate(each.gathering_days, start=1):
            day = start + timedelta(days=days)
            listed.append(
                {
                    "id": 4_300_000 + (each.id - 13_000_000) * 20 + count,
                    "idInstance": each.id,
                    "gathering_at": f"{day} {opens[:5]}",
                    "gathering_end_at": f"{day} {closes[:5]}",
                    "idLocation": location_id if location else None,
                    "description": None,
                    "theme": f"Samling {count}" if several else None,
                    "event_url": each.event_url or None,
                    "created_at": each.created_at,
                    "is_future": f"{day} {opens[:5]}" > now,
                    "updated_at": each.created_at,
                    "instructors": [self.embedded_instructor(one) for one in teachers],
                    "location": self.location(location) if location else None,
                }
            )
        return listed

    def coursedate(self, each: CourseDate, single: bool = False) -> Json:
        """The nested form: calendar, per course, batch and one date."""
        course = self.books.courses[each.course_id]
        location = self.books.locations.get(each.location_id)
        found = self._date_core(each, course)
        found |= {
            "place": self.place(each),
            "location": self.location(location, short=single) if location else None,
            "gatherings": self.gatherings(each),
            "course": self.course(course),
            "status": titled(words.STATUSES, each.status_id, self.language),
            "contacts": [],
        }
        found["status"] = {"id": each.status_id, "idType": each.status_id} | found["status"]
        return _in_order(found) | each.raw

    def flat_coursedate(self, each: CourseDate, includes: set[str]) -> Json:
        """The form of GET /coursedates: flat ids, no gatherings, no instructors."""
        course = self.books.courses[each.course_id]
        location = self.books.locations.get(each.location_id)
        found = self._date_core(each, course)
        if "place" in includes:
            found["place"] = self.place(each)
            if "id" in found["place"]:
                found["place"]["id"] = str(found["place"]["id"])
        if "location" in includes:
            found["location"] = self.location(location) if location else None
        if "course" in includes:
            found["course"] = self.course(course)
        ids = {
            "course_id": each.course_id,
            "location_id": each.location_id,
            "place_id": each.place_id,
            "status_id": each.status_id,
        }
        return _in_order(found) | ids | each.raw

    def _date_core(self, each: CourseDate, course: Course) -> Json:
        title = each.title or course.title
        return {
            "coursedate_id": each.id,
            "title": title,
            "start_at": each.start_at,
            "start_time_at": each.start_time_at,
            "end_at": each.end_at,
            "end_time_at": each.end_time_at,
            "timezone": "Europe/Oslo" if each.id % 7 else None,
            "deadline_at": each.deadline_at,
            "event_url": each.event_url,
            "is_virtual": each.is_virtual,
            "is_visible": each.is_visible,
            "teaching_language": titled(words.LANGUAGES, each.teaching_language, self.language),
            "kursguiden_url": f"{KURSGUIDEN}{title.replace(' ', '-')}/",
            "visible_when_passed_deadline": each.visible_when_passed_deadline,
            "reference": each.reference,
            "parent_id": each.parent_id,
            "trigger_value": None,
            "seats_status": self.seats_status(each),
            "seats": self.seats(each),
            "custom_properties": each.custom_properties,
            "created_at": each.created_at,
            "updated_at": each.updated_at,
            "deleted_at": each.deleted_at,
        }


DATE_KEYS = (
    "coursedate_id", "title", "start_at", "start_time_at", "end_at", "end_time_at", "timezone",
    "deadline_at", "place", "event_url", "location", "is_virtual", "is_visible",
    "teaching_language", "kursguiden_url", "visible_when_passed_deadline", "reference",
    "parent_id", "trigger_value", "seats_status", "seats", "gatherings", "course",
    "custom_properties", "status", "created_at", "updated_at", "deleted_at", "contacts",
)  # fmt: skip


def _in_order(found: Json) -> Json:
    return {key: found[key] for key in DATE_KEYS if key in found}
