"""What a page lists, in its order, and where it lies."""

from catalog.structured.graph import absolute, told


def item_list(things):
    """By their addresses alone: each page tells the rest of itself."""
    elements = [
        {"@type": "ListItem", "position": position, "url": absolute(thing.get_absolute_url())}
        for position, thing in enumerate(things, start=1)
    ]
    return [{"@type": "ItemList", "itemListElement": elements}] if elements else []


def breadcrumbs(trail):
    """The crumbs that lead somewhere, and the page itself."""
    crumbs = [*(crumb for crumb in trail.above if crumb.address), trail.here]
    elements = [
        {
            "@type": "ListItem",
            "position": position,
            "name": crumb.label,
            "item": absolute(crumb.address),
        }
        for position, crumb in enumerate(crumbs, start=1)
    ]
    return [told({"@type": "BreadcrumbList", "itemListElement": elements})]
