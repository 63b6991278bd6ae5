"""What an audit found, for people and for programs."""

from collections import Counter
from urllib.parse import urlsplit

from audit.checks.weight import weights

FEW_SENTENCES, FEW_PAGES = 5, 3


def figures(site, seconds):
    address, heaviest = max(weights(site), key=lambda one: one[1], default=("", 0))
    return {
        "pages": len(site.pages),
        "answers": len(site.answers),
        "links": site.links,
        "external": len(site.external),
        "sitemap_entries": len(site.entries),
        "things": site.things,
        "left_out": len(site.left_out),
        "heaviest_kb": round(heaviest / 1000, 1),
        "heaviest": address,
        "seconds": round(seconds, 1),
    }


def in_words(figures):
    """The figures in a few lines."""
    return (
        f"{figures['pages']:,} pages, {figures['answers']:,} answers, {figures['links']:,} links, "
        f"{figures['external']:,} addresses elsewhere, {figures['sitemap_entries']:,} entries of "
        f"sitemaps, {figures['things']:,} things in structured data; {figures['seconds']} s.\n"
        f"Heaviest page: {figures['heaviest_kb']} kB, {urlsplit(figures['heaviest']).path}\n"
        f"{figures['left_out']:,} addresses like others were left out (--sample 0 asks for each)."
    )


def summary(faults):
    kinds, pages = ({getattr(fault, part) for fault in faults} for part in ("kind", "page"))
    return (
        f"{counted(len(faults), 'fault')} of {counted(len(kinds), 'kind')} "
        f"on {counted(len(pages), 'page')}."
    )


def counted(number, what):
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def grouped(faults):
    """{kind: {sentence: pages}}: what is wrong everywhere is said once."""
    found = {}
    for fault in faults:
        found.setdefault(fault.kind, {}).setdefault(fault.sentence, []).append(fault.page)
    return found


def lines(faults, explanations, *, all_of_them=False):
    """(is a heading, line) of a report by kind; of many the first few, and how many more."""
    counts = Counter(fault.kind for fault in faults)
    for kind, sentences in grouped(faults).items():
        yield True, f"{kind} ({counts[kind]}): {explanations[kind]}"
        few = len(sentences) if all_of_them else FEW_SENTENCES
        for sentence, pages in [*sentences.items()][:few]:
            some = len(pages) if all_of_them else FEW_PAGES
            for page in pages[:some]:
                yield False, f"  {page} {sentence}"
            if len(pages) > some:
                yield False, f"    and so do {len(pages) - some:,} more"
        if len(sentences) > few:
            yield False, f"  and {len(sentences) - few:,} others of the kind (-v 2 tells all)"
        yield False, ""


def for_programs(site, faults, figures):
    return {
        "site": site.origin,
        "figures": figures,
        "faults": [
            {"kind": fault.kind, "page": fault.page, "sentence": fault.sentence} for fault in faults
        ],
        "external": sorted(site.external),
        "left_out": sorted(site.left_out),
    }
