"""What a page weighs before its pictures."""

from audit.registry import of_site


@of_site("weight", "A page with its styles and scripts is light, compressed as it travels.")
def weight(site):
    for address, weighed in weights(site):
        if weighed > site.heaviest_allowed:
            yield (
                address,
                (
                    f"weighs {weighed / 1000:.1f} kB with its styles and scripts, "
                    f"over {site.heaviest_allowed / 1000:g} kB"
                ),
            )


def weights(site):
    """(address, bytes) of each page."""
    for page in site.pages.values():
        parts = (site.answers.get(address) for address in page.weighed)
        yield page.address, page.transferred + sum(one.transferred for one in parts if one)
