"""What the visitors of the campaign type, by kind of booking."""

DATES = {"private": 13100001, "company": 13100003, "waiting": 13100002, "voucher": 13100003}
LIKE = {  # how those book who cancel
    "cancel": "private",
    "cancel-company": "company",
    "cancel-waiting": "waiting",
    "regrets": "private",
}
COURSES = {13100001: 90001, 13100002: 90001, 13100003: 90002}
FIRST = ("Ola", "Åse", "Øystein", "Mette", "Nils", "Ragnhild", "Per", "Siv")
LAST = ("Hansen", "Ørn", "Fjeld", "Bakke", "Dahl", "Næss")
COMPANY = {
    "buyer": "company",
    "company": "Bygg Eksempel AS",
    "company_number": "974 760 673",
    "invoice_reference": "PO-4471",
    "invoice_email": "faktura@bygg.example",
    "invoice_address": "Postboks 12",
    "invoice_zipcode": "0155",
    "invoice_city": "Oslo",
}


def date_for(run):
    return DATES[LIKE.get(run.kind, run.kind)]


def typed_for(run):
    """The fields of this run's visitor, by name."""
    kind = LIKE.get(run.kind, run.kind)
    dice = run.dice("people")
    typed = {
        "buyer": "private",
        "booker_firstname": "Kari",
        "booker_lastname": dice.choice(LAST),
        "booker_email": "kari@bygg.example",
        "booker_phone": "41 20 00 00",
    }
    people = 1
    if kind == "company":
        typed |= COMPANY | {"campaign_code": "SOMMER10"}
        people = dice.randint(2, 5)
    elif kind == "waiting":
        people = dice.randint(1, 3)
    elif kind == "voucher":
        typed["voucher_code"] = "GAVE1500"
    if people == 1 and kind == "private" and dice.random() < 0.5:
        return typed | {"takes_part": "on"}
    for number, first in enumerate(dice.sample(FIRST, people)):
        typed |= {
            f"participant-{number}-firstname": first,
            f"participant-{number}-lastname": dice.choice(LAST),
            f"participant-{number}-email": f"deltaker{number}@bygg.example",
        }
    return typed
