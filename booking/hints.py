"""What looks like a slip of the pen: told beside the price, and never in the way.

Nothing here asks the network. Whoever knows better books as it stands: a hint costs no press.
"""

from dataclasses import dataclass
from difflib import get_close_matches

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from stdnum import ean
from stdnum.no import orgnr

SENTENCES = {
    "typo": _("Did you mean %(suggestion)s?"),
    "twice": _("%(name)s stands here twice. If it is one person, take one of them out."),
    "one_address": _(
        "%(name)s and %(other)s have the same e-mail address. People are known by their address, "
        "so give each their own if you can."
    ),
    "booker_other_name": _(
        "This is your own e-mail address, but you have typed your name as %(other)s. People are "
        "known by their address, so check name and address."
    ),
    "phone_unusual": _("There is hardly a phone number like this. Check the digits."),
    "company_number_unusual": _(
        "This is not a Norwegian organisation number: its digits do not fit together. A number "
        "from another country is fine."
    ),
    "gln_unusual": _("The digits of this GLN do not fit together, so the invoice may go astray."),
}

# Where most people have their address; what is nearly one of these is probably meant to be.
FREQUENT = (
    "gmail.com",
    "hotmail.com",
    "hotmail.no",
    "outlook.com",
    "yahoo.com",
    "yahoo.no",
    "icloud.com",
    "online.no",
    "altibox.no",
    "broadpark.no",
    "getmail.no",
    "start.no",
    "lyse.net",
    "protonmail.com",
    "googlemail.com",
)
REAL = {"mail.com", "email.com", "ymail.com", "rocketmail.com", "fastmail.com"}  # as near as that
NEAR = 0.88
ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com"}
ENDINGS |= {"on": "no", "noo": "no", "nno": "no"}


@dataclass(frozen=True)
class Hint:
    """`field` is the bound field it is about, `whose` the legend of its row."""

    field: object
    code: str
    params: dict
    whose: str = ""

    @property
    def sentence(self):
        return SENTENCES[self.code] % self.params

    @property
    def id(self):
        return f"{self.field.auto_id}_{self.code}"


def of(entry):
    """The hints about a form that has been judged, each tied to its field for screen readers."""
    hints = [*about_booker(entry.form), *about_rows(entry)]
    for hint in hints:
        widget = hint.field.field.widget
        before = widget.attrs.get("aria-describedby") or hint.field.aria_describedby or ""
        widget.attrs["aria-describedby"] = f"{before} {hint.id}".strip()
    return hints


def about_booker(form):
    told = form.cleaned_data
    for name in ("booker_email", "invoice_email"):
        if suggestion := meant(told.get(name)):
            yield Hint(form[name], "typo", {"suggestion": suggestion})
    if is_unusual_phone(told.get("booker_phone")):
        yield Hint(form["booker_phone"], "phone_unusual", {})
    if told.get("company_number") and not orgnr.is_valid(told["company_number"]):
        yield Hint(form["company_number"], "company_number_unusual", {})
    if told.get("gln_number") and not is_gln(told["gln_number"]):
        yield Hint(form["gln_number"], "gln_unusual", {})


def about_rows(entry):
    """Only addresses that were typed count: who leaves one empty means the booker's."""
    booker = entry.form.cleaned_data
    own_name = f"{booker.get('booker_firstname', '')} {booker.get('booker_lastname', '')}"
    names, names_of = set(), {}
    if booker.get("takes_part"):
        names.add(plain(own_name))
    for row in entry.rows:
        told = row.cleaned_data
        name = f"{told.get('firstname', '')} {told.get('lastname', '')}".strip()
        if not name:
            continue
        if plain(name) in names:
            yield Hint(row["firstname"], "twice", {"name": name}, row.legend)
        names.add(plain(name))
        address = told.get("email") or ""
        if suggestion := meant(address):
            yield Hint(row["email"], "typo", {"suggestion": suggestion}, row.legend)
        other = names_of.setdefault(address.casefold(), name)
        if not address:
            continue
        if address.casefold() == booker.get("booker_email", "").casefold():
            if plain(name) != plain(own_name):
                yield Hint(row["email"], "booker_other_name", {"other": own_name}, row.legend)
        elif plain(name) != plain(other):
            params = {"name": other, "other": name}
            yield Hint(row["email"], "one_address", params, row.legend)


def plain(name):
    return " ".join(name.split()).casefold()


def is_unusual_phone(number):
    if not number:
        return False
    try:
        return not phonenumbers.is_valid_number(phonenumbers.parse(number, "NO"))
    except phonenumbers.NumberParseException:
        return True


def is_gln(digits):
    return len(digits) == 13 and ean.is_valid(digits)


# --- E-mail addresses -------------------------------------------------------------------------


def meant(address):
    """The address that was probably meant, or None."""
    name, at, domain = (address or "").rpartition("@")
    domain = domain.lower()
    if not at or domain in FREQUENT or domain in REAL:
        return None
    near = get_close_matches(domain, FREQUENT, n=1, cutoff=NEAR)
    if near:
        return f"{name}@{near[0]}"
    rest, dot, ending = domain.rpartition(".")
    return f"{name}@{rest}.{ENDINGS[ending]}" if dot and ending in ENDINGS else None


def end_meant(address):
    """How the address was probably meant to end, as far as that tells of nobody: gmail.com, .no;
    or None."""
    domain = (meant(address) or "").rpartition("@")[2]
    if not domain or domain in FREQUENT:
        return domain or None
    return "." + domain.rpartition(".")[2]


def is_end(text):
    """Whether that is something `end_meant` may answer."""
    return text in FREQUENT or text in {f".{ending}" for ending in ENDINGS.values()}


def judge_address(address):
    """ValidationError that says what is wrong with an e-mail address."""
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(wrong_with(address), code="invalid") from None


def wrong_with(address):
    """One sentence about an e-mail address that cannot be one."""
    name, _at, domain = address.rpartition("@")
    if "@" not in address:
        return _("An e-mail address has an @ in it, such as kari@example.no.")
    if address.count("@") > 1:
        return _("Write one e-mail address only, with one @.")
    if any(letter.isspace() for letter in address):
        return _("There is a space in this e-mail address. Take it out.")
    if "," in address or ";" in address:
        return _("There is a comma or semicolon in this e-mail address. Is it meant to be a dot?")
    if address.endswith(".") or ".." in address or name.startswith(".") or name.endswith("."):
        return _("There is a dot too many in this e-mail address.")
    if not address.isascii() and not name.isascii():
        return _(
            "Before the @ of an e-mail address there are only letters from a to z, digits and "
            "signs such as a dot: no æ, ø or å."
        )
    if not name:
        return _("Something is missing before the @ of this e-mail address.")
    if len(domain.rpartition(".")[2]) < 2 or "." not in domain:
        return _("Something is missing at the end of this e-mail address, such as .no or .com.")
    return _("This is not an e-mail address. It looks like kari@example.no.")
