"""What buttons and pasted text do to the list of participants, before anything is judged."""

from django.conf import settings

from booking import paste

SEVERAL = 5  # rows at once, for who books for a whole team
NAMES = ("firstname", "lastname", "email")
ADDING = {"add", "add-several"}


def change(typed, data):
    """Add or take out a row if that is what was pressed; the part of the page to go on with, or
    None."""
    rows = typed["participants"]
    if "remove" in data:
        number = data["remove"]
        if number.isdecimal() and int(number) < len(rows):
            del rows[int(number)]
        typed["participants"] = rows or [{}]
        return "participants"
    if data.get("action") not in ADDING:
        return None
    first_new = len(rows) + 1
    rows += [{} for _ in range(SEVERAL if data["action"] == "add-several" else 1)]
    return f"participant-{first_new}"


def put_in(typed, left_before=""):
    """Put the people of the pasted text into the list: into its empty rows and after the filled
    ones, as many as one booking takes. What could not be read and who is too many stay in the text
    area. Returns what to say about it; None where nothing new was pasted (`left_before` is what
    the last press left there)."""
    text = typed["paste"].strip()
    if not text or text == left_before.strip():
        return None
    pasted = paste.read(text)
    filled = [row for row in typed["participants"] if any(row.get(n, "").strip() for n in NAMES)]
    others = len(filled) + bool(typed["takes_part"])
    taken = max(0, min(len(pasted.people), settings.BOOKING_MAX_PARTICIPANTS - others))
    new = [{name: getattr(one, name) for name in NAMES} for one in pasted.people[:taken]]
    typed["participants"] = filled + new or [{}]
    typed["paste"] = pasted.rest(taken)
    return {
        "taken": taken,
        "too_many": len(pasted.people) - taken,
        "unread": len(pasted.unread),
        "has_phones": pasted.has_phones,
        "has_more": pasted.has_more,
    }
