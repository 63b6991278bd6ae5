"""Display titles in both languages of the account, and the ids they belong to."""

from typing import Any

STATUSES = {
    1: {"en": "To be defined", "no": "Ikke bestemt"},
    2: {"en": "Will run", "no": "Gjennomføres"},
    3: {"en": "Canceled", "no": "Avlyst"},
    4: {"en": "Postponed", "no": "Utsatt"},
}
PARTICIPANT_STATUSES = {
    1: ("status_confirmed", {"en": "Confirmed", "no": "Bekreftet"}),
    2: ("status_overbooked", {"en": "Overbooked", "no": "Overbooket"}),
    3: ("status_waitinglist", {"en": "Waitinglist", "no": "Venteliste"}),
    4: ("status_deregistered", {"en": "Deregistered", "no": "Avmeldt"}),
    7: ("status_unconfirmed", {"en": "Unconfirmed", "no": "Ubekreftet"}),
    8: (
        "status_deregistered_with_fee",
        {"en": "Deregistered with fee", "no": "Avmeldt med gebyr"},
    ),
}
PAID = {1: {"en": "Not paid", "no": "Ikke betalt"}, 2: {"en": "Paid", "no": "Betalt"}}
LEVELS = {
    6: {"en": "Courses", "no": "Kurs"},
    8: {"en": "Seminars", "no": "Seminar"},
    15: {"en": "Corporate training", "no": "Bedriftsintern opplæring"},
    21: {"en": "Beginners", "no": "Grunnkurs"},
    22: {"en": "Advanced", "no": "Videregående"},
    23: {"en": "Refresher", "no": "Repetisjon"},
}
FORMS = {1: {"en": "Classroom", "no": "Klasserom"}}
ROLES = {1: {"en": "Participant", "no": "Deltaker"}}
LANGUAGES = {"no": {"en": "Norwegian", "no": "Norsk"}, "en": {"en": "English", "no": "Engelsk"}}
COUNTRIES = {
    159: ("NO", {"en": "Norway", "no": "Norge"}),
    203: ("SE", {"en": "Sweden", "no": "Sverige"}),
}
UNITS = {
    "minutes": (7, {"en": ("Minute", "Minutes"), "no": ("Minutt", "Minutter")}),
    "hours": (6, {"en": ("Hour", "Hours"), "no": ("Time", "Timer")}),
    "days": (1, {"en": ("Day", "Days"), "no": ("Dag", "Dager")}),
    "weeks": (2, {"en": ("Week", "Weeks"), "no": ("Uke", "Uker")}),
    "months": (3, {"en": ("Month", "Months"), "no": ("Måned", "Måneder")}),
    "semester": (4, {"en": ("Semester", "Semester"), "no": ("Semester", "Semester")}),
    "years": (5, {"en": ("Year", "Year"), "no": ("År", "År")}),
}
CATEGORIES = {
    "hms": (11, {"en": "Health and safety", "no": "HMS og arbeidsmiljø"}),
    "brann": (12, {"en": "Hot work and fire", "no": "Varme arbeider og brannvern"}),
    "truck": (13, {"en": "Trucks, cranes and lifting", "no": "Truck, kran og løft"}),
    "maskin": (14, {"en": "Construction machines", "no": "Anleggsmaskiner"}),
    "forstehjelp": (15, {"en": "First aid", "no": "Førstehjelp"}),
    "elektro": (16, {"en": "Electrical", "no": "Elektro"}),
    "bygg": (17, {"en": "Scaffolds and heights", "no": "Stillas og arbeid i høyden"}),
    "ledelse": (18, {"en": "Leadership", "no": "Ledelse"}),
    "it": (19, {"en": "IT", "no": "IT og kontorstøtte"}),
    "transport": (20, {"en": "Transport", "no": "Transport og farlig gods"}),
}
LEGAL_BASES = {
    1: {"en": "Consent", "no": "Samtykke"},
    2: {"en": "Contractual matters", "no": "Avtale"},
    3: {"en": "Legal obligation", "no": "Rettslig forpliktelse"},
    7: {"en": "Protecting vital interests", "no": "Vitale interesser"},
    8: {"en": "Public interest", "no": "Allmenn interesse"},
    9: {"en": "Legitimate interest", "no": "Berettiget interesse"},
    11: {"en": "Withdrawn", "no": "Trukket tilbake"},
}
SOURCES = {
    1: {"en": "Changes made to My page", "no": "Endringer på Min side"},
    2: {"en": "E-mail", "no": "E-post"},
    3: {"en": "Incoming request", "no": "Innkommende henvendelse"},
    4: {"en": "Chat", "no": "Chat"},
    5: {"en": "Registration form", "no": "Registreringsskjema"},
    6: {"en": "Booking module", "no": "Bookingmodul"},
    7: {"en": "Import", "no": "Import"},
    8: {"en": "Other integration", "no": "Annen integrasjon"},
    9: {"en": "Unknown", "no": "Ukjent"},
}
PURPOSES = {
    117: {"en": "Course administration", "no": "Kursadministrasjon"},
    118: {"en": "Marketing", "no": "Markedsføring"},
}
CONSENTS = {151: ("Ja, send meg nytt om kurs én gang i måneden", 1)}
VATS = {0: 1, 15: 2, 25: 3}
CURRENCIES = {
    "aed": "Emirati dirham", "all": "Albanian lek", "aud": "Australian dollars",
    "brl": "Brazilian real", "byr": "Belarussian ruble", "cad": "Canadian dollar",
    "chf": "Swiss franc", "cny": "Chinese yuan", "czk": "Czech koruna", "dkk": "Danish kroner",
    "eur": "Euro", "gbp": "British pounds", "huf": "Hungarian forints",
    "idr": "Indonesian Rupiah", "ils": "Israeli shekel", "inr": "Indian rupee",
    "isk": "Icelandic krona", "jpy": "Japanese yen", "ltl": "Lithuanian litas",
    "mxn": "Mexican peso", "nok": "Norwegian kroner", "pln": "Polish zloty",
    "ron": "Romanian leu", "rsd": "Serbian dinar", "rub": "Russian rubles",
    "sar": "Saudi Arabian Riyal", "sek": "Swedish kroner", "sgd": "Singapore dollar",
    "usd": "US dollar",
}  # fmt: skip
EXCHANGE_RATES = ("nok", "eur", "sek")  # the others exist but have no rate on this account


def titled(ids: dict[Any, dict[str, str]], key: Any, language: str) -> dict[str, Any]:
    """`{"id": ..., "title": ...}`."""
    return {"id": key, "title": ids[key][language]}
