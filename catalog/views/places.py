"""Where courses are held."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog import heads, timetable, trail
from catalog.models import CourseDate, Venue
from catalog.models.course import alphabetical
from catalog.views.pages import Page, dates_on_page, to_right_address


@require_safe
def venue(request, remote_id, slug):
    """A venue: where it is, how to get there, and what is held there."""
    venue = get_object_or_404(Venue.objects.shown(), remote_id=remote_id)
    if slug != venue.slug:
        return to_right_address(request, venue)
    now = timetable.current()
    held = now.dates_with("venue", remote_id)
    page, dates = dates_on_page(request, held, CourseDate.objects.with_course())
    context = {
        "head": heads.of_venue(venue, page),
        "venue": venue,
        "trail": trail.of_venue(venue),
        "page": page,
        "dates": dates,
        "neighbours": neighbours_of(venue, now),
        "noindex": not dates,
    }
    return render(request, "catalog/venue.html", context)


def neighbours_of(venue, now):
    """Other venues in the same town where something is held."""
    if venue.is_virtual or not venue.city:
        return []
    others = Venue.objects.filter(city=venue.city, is_virtual=False).exclude(pk=venue.pk)
    others = [other for other in others if other.remote_id in now.found_by["venue"]]
    return sorted(others, key=lambda other: alphabetical(other.name))


class VenueList(Page):
    """Every venue where something is held, by county; the online ones last."""

    template_name = "catalog/venue_list.html"

    def get_context_data(self, **kwargs):
        used = timetable.current().found_by["venue"]
        venues = list(Venue.objects.filter(remote_id__in=used))
        for venue in venues:
            venue.dates_ahead = len(used[venue.remote_id])
        venues.sort(key=lambda venue: (venue.is_virtual, *order(venue)))
        return super().get_context_data(
            head=heads.of_venues(), venues=venues, noindex=not venues, **kwargs
        )


def order(venue):
    """By county, then town, then name; those of no county after the others."""
    county = (not venue.county, alphabetical(venue.county))
    return (*county, alphabetical(venue.city), alphabetical(venue.name))
