"""What a program asks of a list, and the page of it that it gets."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.public_data import shapes
from catalog.public_data.operations import LAST_PAGE, MOST_PER_PAGE, PER_PAGE, taken_by
from catalog.public_data.problems import Problem
from catalog.selection import Selection
from catalog.views.answers import kept_answer
from catalog.views.courses import ORDERS

JSON = "application/json"


def data(request, make, state="", **headers):
    """What `make()` returns, a shape, as an answer that is kept."""
    made = []

    def body():
        made.append(True)
        return make().model_dump_json()

    response = kept_answer(request, body, JSON, state=state, **headers)
    response.was_made = bool(made)
    return response


# --- What is asked --------------------------------------------------------------------------


def check_names(request):
    """Refuse what this address does not take: a filter that is misspelt would find everything."""
    takes = taken_by(request.resolver_match.url_name)
    for asked in request.GET:
        if asked not in takes:
            sentence = _("“%(name)s” is nothing that this address takes.")
            raise Problem("bad-parameter", sentence % {"name": asked[:100]})


def one(request, name):
    """The text of a parameter that may stand there once; None where it does not."""
    texts = request.GET.getlist(name)
    if len(texts) > 1:
        sentence = _("“%(name)s” stands there more than once.")
        raise Problem("bad-parameter", sentence % {"name": name})
    return texts[0] if texts else None


def number(request, name, most, otherwise):
    text = one(request, name)
    if text is None:
        return otherwise
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text) or int(text) > most:
        sentence = _("“%(name)s” is a whole number from 1 to %(most)d.")
        raise Problem("bad-parameter", sentence % {"name": name, "most": most})
    return int(text)


def order(request):
    """The order that is asked for; None for the usual one."""
    text = one(request, "sort")
    if text is not None and text not in ORDERS:
        sentence = _("“%(name)s” is either left out or one of these: %(choices)s.")
        words = {"name": "sort", "choices": ", ".join(ORDERS)}
        raise Problem("bad-parameter", sentence % words)
    return text


# --- What it gets ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A page of a list, which is that of a selection, in some order."""

    path: str
    selection: Selection
    sort: str | None
    page: int
    per_page: int
    total: int

    @property
    def pages(self):
        return max(1, -(-self.total // self.per_page))

    def of(self, rows):
        return rows[(self.page - 1) * self.per_page : self.page * self.per_page]

    def query(self, page):
        per_page = self.per_page if self.per_page != PER_PAGE else None
        page = page if page > 1 else None
        return self.selection.query(sort=self.sort, page=page, per_page=per_page)

    def address(self, page):
        query = self.query(page)
        return f"{settings.SITE_URL}{self.path}{'?' if query else ''}{query}"

    @property
    def links(self):
        """{relation: address} of the pages; None where there is none."""
        return {
            "self": self.address(self.page),
            "first": self.address(1),
            "prev": self.address(self.page - 1) if self.page > 1 else None,
            "next": self.address(self.page + 1) if self.page < self.pages else None,
            "last": self.address(self.pages),
        }

    @property
    def header(self):
        return ", ".join(f'<{to}>; rel="{name}"' for name, to in self.links.items() if to)


def listing(request, rows, shape, fill, selection=None, sort=None):
    """The page of these rows that is asked for; `fill` makes items of some of them."""
    part = Part(
        request.path,
        Selection() if selection is None else selection,
        sort,
        number(request, "page", LAST_PAGE, 1),
        number(request, "per_page", MOST_PER_PAGE, PER_PAGE),
        len(rows),
    )
    if part.page > part.pages:
        sentence = _("There is no page %(page)d: the last one is %(last)d.")
        raise Problem("no-such-page", sentence % {"page": part.page, "last": part.pages})

    def make():
        return shape(
            total=part.total,
            page=part.page,
            pages=part.pages,
            per_page=part.per_page,
            links=shapes.Links(**part.links),
            items=fill(part.of(rows)),
        )

    return data(request, make, state=part.query(part.page), Link=part.header)
