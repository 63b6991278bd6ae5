"""Reads sitemaps as search engines do, and judges them by the schemas they are published with."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK, IMAGE = (
    "{http://www.w3.org/1999/xhtml}link",
    "{http://www.google.com/schemas/sitemap-image/1.1}image",
)
# What https://www.sitemaps.org/schemas/sitemap/0.9/{sitemap,siteindex}.xsd demand, in short.
SCHEMA = etree.XMLSchema(
    etree.fromstring("""
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
  targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <xsd:simpleType name="loc"><xsd:restriction base="xsd:anyURI">
    <xsd:minLength value="12"/><xsd:maxLength value="2048"/><xsd:pattern value="https?://.*"/>
  </xsd:restriction></xsd:simpleType>
  <xsd:simpleType name="lastmod"><xsd:union memberTypes="xsd:date xsd:dateTime"/></xsd:simpleType>
  <xsd:complexType name="url"><xsd:sequence>
    <xsd:element name="loc" type="loc"/>
    <xsd:element name="lastmod" type="lastmod" minOccurs="0"/>
    <xsd:any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
  </xsd:sequence></xsd:complexType>
  <xsd:complexType name="file"><xsd:sequence>
    <xsd:element name="loc" type="loc"/>
    <xsd:element name="lastmod" type="lastmod" minOccurs="0"/>
  </xsd:sequence></xsd:complexType>
  <xsd:element name="urlset"><xsd:complexType><xsd:sequence>
    <xsd:element name="url" type="url" maxOccurs="50000"/>
  </xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="sitemapindex"><xsd:complexType><xsd:sequence>
    <xsd:element name="sitemap" type="file" maxOccurs="50000"/>
  </xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>
""")
)


@dataclass
class Entry:
    address: str
    changed_at: dt.datetime | None
    alternates: dict  # {language: address}
    images: list


def tree(client, path):
    """What lies at a path, as a tree of elements; fails where it is no valid sitemap."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    root = etree.fromstring(answer.content)
    SCHEMA.assertValid(root)
    for image in root.iter(IMAGE):
        assert [etree.QName(part).localname for part in image] == ["loc"]
    for link in root.iter(LINK):
        assert link.attrib.keys() == ["rel", "hreflang", "href"]
    return root


def files(client):
    """{path: lastmod} of the files that the index names."""
    return {
        urlsplit(file.findtext(f"{SITEMAP}loc")).path: moment(file)
        for file in tree(client, "/sitemap.xml")
    }


def entries(client, path):
    """{path: Entry} of a file, or, where it is the index, of all its files."""
    if path == "/sitemap.xml":
        return {
            page: entry for file in files(client) for page, entry in entries(client, file).items()
        }
    found = {}
    for url in tree(client, path):
        address = url.findtext(f"{SITEMAP}loc")
        links = {link.get("hreflang"): link.get("href") for link in url.findall(LINK)}
        images = [image[0].text for image in url.findall(IMAGE)]
        assert urlsplit(address).path not in found, "twice"
        found[urlsplit(address).path] = Entry(address, moment(url), links, images)
    return found


def moment(element):
    text = element.findtext(f"{SITEMAP}lastmod")
    return text and dt.datetime.fromisoformat(text)
