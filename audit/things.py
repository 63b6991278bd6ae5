"""The things that a page's structured data speaks of."""


def things(page):
    """Each object with a type, the outer before those within it."""
    return [thing for _, said in page.structured for thing in within(said)]


def within(said):
    if isinstance(said, list):
        for one in said:
            yield from within(one)
    elif isinstance(said, dict):
        if "@type" in said:
            yield said
        for value in said.values():
            yield from within(value)


def types(thing):
    said = thing.get("@type", ())
    return {said} if isinstance(said, str) else set(said)
