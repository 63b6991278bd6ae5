"""A calendar program's view of our calendars, by another library than the one that writes them."""

import datetime as dt

import vobject


class Client:
    """What a program knows after it has read a calendar."""

    def __init__(self, answer):
        self.bytes = answer.content
        self.calendar = vobject.readOne(self.bytes.decode())
        self.events = {event.uid.value: event for event in self.calendar.contents.get("vevent", [])}
        self.lines = dict(zip(self.events, blocks(self.bytes), strict=True))

    def __getitem__(self, row):
        return self.events[uid_of(row)]

    def __contains__(self, row):
        return uid_of(row) in self.events

    def said(self, row):
        """The entry byte for byte."""
        return self.lines[uid_of(row)]

    @property
    def head(self):
        return self.bytes.split(b"\r\nBEGIN:VEVENT\r\n")[0]

    def summary(self):
        """A line for each entry, for people."""
        return "\n".join(
            " ".join([value(event, "dtstart").strftime("%d.%m. %H:%M"), uid, text_of(event)])
            for uid, event in self.events.items()
        )


def blocks(content):
    """The text of each entry, in their order."""
    parts = content.split(b"\r\nBEGIN:VEVENT\r\n")[1:]
    return [part.split(b"\r\nEND:VEVENT")[0] for part in parts]


def uid_of(row):
    kind = "date" if hasattr(row, "starts_on") else "gathering"
    return f"{kind}-{row.remote_id}@frontcore"


def value(event, name):
    """A moment in UTC, a day, or a text; None where the entry has none."""
    if name not in event.contents:
        return None
    found = event.contents[name][0].value
    return found.astimezone(dt.UTC) if isinstance(found, dt.datetime) else found


def text_of(event):
    status, number = value(event, "status"), value(event, "sequence")
    return f"{value(event, 'summary')} [{status}, {number}]"
