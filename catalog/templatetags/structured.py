"""`{% structured "course" "breadcrumbs" %}`: what the page shows, for machines.

Each part is made of what the page's context holds anyway.
"""

from django import template

from catalog.structured import courses, events, lists, provider
from catalog.structured.graph import as_script

register = template.Library()


def course(page):
    dates = [*page["dates"], *page["later_dates"]]
    return [courses.course(page["course"], page["text"], dates), organisation(page)]


def gone_course(page):
    return [courses.gone_course(page["course"], page["text"]), organisation(page)]


def event(page):
    return [events.whole_event(page["date"], page["text"]), organisation(page)]


def organisation(page):
    return provider.organisation(page["provider"])


def site(page):
    return [provider.whole_organisation(page["provider"]), provider.website(page["provider"])]


def course_list(page):
    return lists.item_list(page["page"].object_list)


def date_list(page):
    if "weeks" not in page:
        return []
    days = [dates for *_, days in page["weeks"] for _, dates in days]
    return lists.item_list([date for dates in days for date in dates])


def breadcrumbs(page):
    return lists.breadcrumbs(page["trail"]) if "trail" in page else []


PARTS = {
    part.__name__: part
    for part in (course, gone_course, event, site, course_list, date_list, breadcrumbs)
}


@register.simple_tag(takes_context=True)
def structured(context, *parts):
    return as_script([node for part in parts for node in PARTS[part](context)])
