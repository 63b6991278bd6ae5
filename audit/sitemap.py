"""A sitemap, or an index of sitemaps, as robots read it."""

from dataclasses import dataclass

from lxml import etree

OF_SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@dataclass(frozen=True)
class Entry:
    address: str
    changed: str  # as it was written; empty where it is not said


@dataclass(frozen=True)
class Sitemap:
    address: str
    entries: tuple = ()
    others: tuple = ()  # the sitemaps an index names

    @staticmethod
    def is_one(answer):
        return answer.kind in {"application/xml", "text/xml"} and b"sitemaps.org" in answer.body

    @classmethod
    def of(cls, answer):
        """Empty where it cannot be read; that is for a check to say."""
        try:
            root = etree.fromstring(answer.body, etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError:
            return cls(answer.address)
        return cls(
            answer.address,
            tuple(
                Entry(said(one, "loc"), said(one, "lastmod"))
                for one in root.iter(f"{OF_SITEMAPS}url")
            ),
            tuple(said(one, "loc") for one in root.iter(f"{OF_SITEMAPS}sitemap")),
        )


def said(element, name):
    return (element.findtext(f"{OF_SITEMAPS}{name}") or "").strip()
