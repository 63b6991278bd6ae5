"""A list of people, pasted from a spreadsheet, a mail or a list of addresses.

One line is one person. Columns stand in any order, separated by tab, semicolon or comma, or by
nothing but blanks; a first line of headings is understood in Norwegian and English. Nothing here
fails: what cannot be read is handed back as it was.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass

SEPARATORS = "\t;,"
LINES_READ, LETTERS_READ = 1000, 2000  # of a text, of a line
HEADINGS = {
    "firstname": "fornavn fornamn firstname first givenname given",
    "lastname": "etternavn etternamn lastname last surname familyname family",
    "name": "navn namn name fulltnavn fullname deltaker deltakere deltager participant "
    "participants ansatt person personer",
    "email": "epost email mail epostadresse emailaddress mailadresse emailadresse",
    "phone": "telefon tlf mobil mobile phone mobilnummer telefonnummer mobilnr tlfnr telefonnr "
    "phonenumber mobiltelefon cell",
}
HEADING_OF = {word: role for role, words in HEADINGS.items() for word in words.split()}
UNPLACED = ["unplaced"]
ALSO_NAMES = {"first", "last", "given", "family", "cell", "mail"}
PARTICLES = {"von", "van", "der", "den", "de", "af", "av", "la", "le", "di", "da", "del", "dos"}

BLANK = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff]+")
PHONE = re.compile(r"[+(]?\d[\d ().+/-]{4,}\d")
NUMBERING = re.compile(r"#?\d{1,4}[.):]?")
BULLET = re.compile(r"^(?:[-*•–·]+|\d{1,3}[.)])\s+(?=\S)")
PHONE_AT_END = re.compile(r"[ ,]\+?\d(?:[ -]?\d){7,13}$")
LETTER = re.compile(r"[^\W\d_]")
PLAIN = str.maketrans("æøåéöä", "aoaeoa")


@dataclass(frozen=True)
class Person:
    """Somebody of the list, as typed; what the line did not tell is empty."""

    firstname: str = ""
    lastname: str = ""
    email: str = ""
    line: str = ""  # where it was read from


@dataclass(frozen=True)
class Pasted:
    """What a text holds. Every line that is not blank is in `people` or in `unread`, but for the
    `heading`."""

    people: tuple[Person, ...] = ()
    unread: tuple[str, ...] = ()
    heading: str = ""
    has_phones: bool = False
    has_more: bool = False  # columns that we do not know

    def rest(self, taken):
        """The text that is left when so many of the people have been taken; it reads as before."""
        lines = [*self.unread, *(person.line for person in self.people[taken:])]
        if lines and self.heading:
            lines.insert(0, self.heading)
        return "\n".join(lines)


def read(text):
    """The people of a text."""
    lines = [one for line in text.splitlines() for one in one_each(line) if is_filled(one)]
    beyond, lines = lines[LINES_READ:], lines[:LINES_READ]
    separator = separator_of(lines)
    rows = [(line, cells_of(line, separator)) for line in lines]
    heading, roles = "", []
    if rows and (roles := headings_in(rows[0][1])):
        heading, rows = rows[0][0], rows[1:]
    if roles and roles != UNPLACED:
        reader = Columns(roles)
    else:
        reader = Guess([cells for _line, cells in rows], has_commas=separator == ",")
    people, unread = [], []
    for line, cells in rows:
        found = reader.person(cells) if len(line) <= LETTERS_READ else None
        if found:
            people.append(Person(*found, line=line))
        else:
            unread.append(line)
    return Pasted(tuple(people), (*unread, *beyond), heading, reader.has_phones, reader.has_more)


def tidy(text):
    """Without what cannot be seen, and with single blanks."""
    return BLANK.sub(" ", text.replace("\x00", "")).strip()


def is_filled(line):
    """Whether anything but separators stands in it."""
    return bool(tidy(line).strip(SEPARATORS + ' "'))


def one_each(line):
    """The line, or one for each address where it is a row of them, as mail programs write it."""
    parts = [part for part in line.split(";") if tidy(part)]
    return parts if len(parts) > 1 and all("@" in part for part in parts) else [line]


def separator_of(lines):
    """What stands in most lines; of two that do, the less common sign in names."""
    counted = {sign: sum(sign in line for line in lines) for sign in SEPARATORS}
    return max(SEPARATORS, key=counted.get)


def cells_of(line, separator):
    """The cells of one line, without blanks around them and without empty ones at its end."""
    if separator not in line:
        separator = separator_of([line])
    try:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=separator != "\t"))
    except (csv.Error, StopIteration):
        cells = line.split(separator)
    cells = [tidy(cell) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    if cells:
        cells[0] = BULLET.sub("", cells[0])
    return cells


# --- With headings ------------------------------------------------------------------------------


def headings_in(cells):
    """The role of each column, or [] where this is no line of headings. UNPLACED: headings with
    nothing but blanks between them, which say that there are columns and not where."""
    if len(cells) == 1 and len(words := cells[0].split()) > 1 and all(map(heading_of, words)):
        return UNPLACED
    if any("@" in cell or re.search(r"\d", cell) for cell in cells):
        return []
    known = [cell for cell in cells if heading_of(cell)]
    is_sure = len(known) > 1 or any(cell.casefold() not in ALSO_NAMES for cell in known)
    return [heading_of(cell) for cell in cells] if is_sure else []


def heading_of(cell):
    return HEADING_OF.get(re.sub(r"[\W_]", "", cell.casefold()), "")


class Columns:
    """Reads lines whose columns have headings."""

    def __init__(self, roles):
        self.roles = roles
        self.has_phones = self.has_more = False

    def person(self, cells):
        """(first name, last name, e-mail), or None where the line names nobody."""
        named = {}
        for at, cell in enumerate(cells):
            role = self.roles[at] if at < len(self.roles) else ""
            if not cell or NUMBERING.fullmatch(cell):
                continue
            self.has_phones |= role == "phone"
            self.has_more |= not role or role in named
            if role:
                named.setdefault(role, cell)
        first, last = split_name(named.get("name", ""))
        first, last = named.get("firstname", first), named.get("lastname", last)
        email = named.get("email", "")
        email = address_in(email)[0] or email
        return (first, last, email) if LETTER.search(first + last + email) else None


# --- Without headings ---------------------------------------------------------------------------


class Guess:
    """Reads lines by what their cells look like, and by what most lines do."""

    def __init__(self, rows, *, has_commas):
        self.has_commas = has_commas
        self.has_phones = self.has_more = False
        self.email_column = most([at for cells in rows for at, c in enumerate(cells) if "@" in c])
        apart, swapped = [], []
        for cells in rows:
            email, names = self.parts(cells)
            if len(names) > 1 and not any("," in name for name in names[:2]):
                apart.append(stand_apart(names, email))
                swapped.append(swaps(names, email))
        self.has_two_names = sum(apart) * 2 >= len(apart)
        self.last_comes_first = sum(swapped) > 0

    def parts(self, cells):
        """(e-mail, texts that may be names) of a line."""
        email, texts = "", {}
        for at, cell in enumerate(cells):
            if "@" in cell:
                self.has_more |= bool(email)
                address, cell = address_in(cell)
                email = email or address
            if PHONE.fullmatch(cell):
                self.has_phones = True
            elif LETTER.search(cell):
                texts[at] = cell
        if not email and self.email_column in texts and len(texts) > 1:
            email = texts.pop(self.email_column)  # where the others have an address
        names = list(texts.values())
        if len(cells) == 1 and names and (phone := PHONE_AT_END.search(names[0])):
            self.has_phones = True
            names[0] = names[0][: phone.start()].rstrip(" ,")
        return email, names

    def person(self, cells):
        """(first name, last name, e-mail), or None where the line names nobody."""
        email, names = self.parts(cells)
        if len(names) < 2:
            found = (*split_name(names[0] if names else ""), email)
            return found if any(found) else None
        first, last = names[:2]
        if not self.has_two_names or "," in first:
            self.has_more = True
            return *split_name(first), email
        self.has_more |= len(names) > 2
        is_swapped = self.last_comes_first if email else self.has_commas
        return (last, first, email) if is_swapped else (first, last, email)


def most(values):
    return Counter(values).most_common(1)[0][0] if values else None


def address_in(cell):
    """(the address in a cell, what else stands in it)"""
    for part in re.split(r"[\s<>(),;\"]+", cell):
        if "@" in part:
            rest = re.sub(r"[<>()]", " ", cell.replace(part, " "))
            return part.removeprefix("mailto:"), tidy(rest)
    return "", cell


def stand_apart(names, email):
    """Whether the first two texts look like a first name and a last name, rather than a whole name
    and something else."""
    return " " not in names[0] or any(part in local(email) for part in plain(names[1]).split())


def swaps(names, email):
    """1 where the address begins with the second name, -1 where with the first, else 0."""
    begins = [local(email).startswith(plain(name)[:3]) for name in names[:2]]
    return begins[1] - begins[0]


def local(email):
    return plain(email.partition("@")[0])


def plain(text):
    """For comparing names with addresses."""
    return text.casefold().translate(PLAIN)


def split_name(name):
    """(first, last): "Kari Anne Fjeld", "Fjeld, Kari Anne", "Jan van der Berg"."""
    last, _comma, first = name.partition(",")
    if last.strip() and first.strip(" ,"):
        return first.strip(" ,"), last.strip()
    words = name.replace(",", " ").split()
    at = len(words) - 1
    while at > 1 and words[at - 1].casefold() in PARTICLES:
        at -= 1
    return (" ".join(words[:at]), " ".join(words[at:])) if at > 0 else (" ".join(words), "")
