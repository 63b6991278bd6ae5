"""Crawl and checks together."""

from audit import checks  # noqa: F401  they register themselves
from audit.addresses import origin
from audit.crawl import Crawl, Site
from audit.registry import Fault
from audit.things import things


def inspect(address, wanted, *, heaviest, **bounds):
    """(Site, its faults in the order of the checks). Silent is raised where nobody answers."""
    site = Site(origin(address), heaviest_allowed=heaviest)
    faults = set()

    def look(answer, page):
        subjects = {"answer": answer, "page": page}
        for check in wanted:
            if (subject := subjects.get(check.subject)) is not None:
                found = judged(check, subject)
                faults.update(Fault(check.name, said, answer.address) for said in found)
        site.things += len(things(page)) if page else 0

    Crawl(site, **bounds).run(look)
    for check in wanted:
        if check.subject == "site":
            faults.update(Fault(check.name, said, page) for page, said in check.find(site))
    order = {check.name: number for number, check in enumerate(wanted)}
    return site, sorted(faults, key=lambda fault: (order[fault.kind], fault))


def judged(check, subject):
    """What a check says. A page of a shape that it did not expect is a fault, and no end to all."""
    try:
        return [*check.find(subject)]
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return [f"is of a shape that was not expected: {error!r}"]
