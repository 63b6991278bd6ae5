"""Where a date is held."""

from catalog.models import Form
from catalog.structured.graph import absolute, one_or_all, told


def location_of(date, *, on_map=False):
    """What the page says of it: rooms, else the place in words; and online, where it is so. None
    where nobody knows yet. `on_map`: with what the way there is found by."""
    found = [] if date.form == Form.ONLINE else rooms_of(date, on_map)
    if not found and date.form == Form.CLASSROOM and date.where:
        found = [in_words(date)]
    if date.form != Form.CLASSROOM:
        found.append(online(date))
    return one_or_all(found) or None


def rooms_of(date, on_map):
    """Where the date has no room of its own, those of its gatherings."""
    if date.is_virtual:
        return []
    if date.venue:
        return [] if date.venue.is_virtual else [room(date.venue, on_map=on_map)]
    venues = dict.fromkeys(meeting.venue for meeting in date.own_meetings if meeting.venue)
    return [room_in_brief(venue) for venue in venues if not venue.is_virtual]


def location_of_meeting(meeting, date):
    """Of a gathering: where its own line on the page says nothing, that of the date."""
    if meeting.venue is None:
        return location_of(date)
    return online(date) if meeting.venue.is_virtual else room_in_brief(meeting.venue)


def online(date):
    """Held online. The address is that of our page: the meeting's own is for who has a place."""
    return {"@type": "VirtualLocation", "url": absolute(date.get_absolute_url())}


def room(venue, *, on_map=False):
    address = {
        "@type": "PostalAddress",
        "streetAddress": venue.address,
        "postalCode": venue.zipcode,
        "addressLocality": venue.city,
        "addressCountry": venue.country_code,
    }
    place = {
        "@type": "Place",
        "name": venue.name,
        "url": absolute(venue.get_absolute_url()),
        "address": told(address),
    }
    if on_map and venue.point:
        latitude, longitude = venue.point
        place["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return place


def room_in_brief(venue):
    """As a gathering names it: its name and town, with the way to its page."""
    town = {"@type": "PostalAddress", "addressLocality": venue.city} if venue.city else venue.name
    return {
        "@type": "Place",
        "name": venue.name,
        "url": absolute(venue.get_absolute_url()),
        "address": town,
    }


def in_words(date):
    """A town of the register, or what somebody wrote about the place."""
    words = str(date.where)
    is_written = not date.place and date.place_note
    address = words if is_written else {"@type": "PostalAddress", "addressLocality": words}
    return {"@type": "Place", "name": words, "address": address}
