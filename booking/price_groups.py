"""Price groups: several prices of one course, of which each participant takes one."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from booking.price import Places, rounded
from catalog.models import Product


@dataclass(frozen=True)
class Group:
    """A price that a participant may choose. `key` names it in the form."""

    key: str
    name: str
    product: Product

    @property
    def is_ordinary(self):
        return self.product.is_main


def offered(course):
    """The groups of a course, the ordinary price first; none where it has but one price."""
    main = course.main_product
    if main is None:
        return []
    others = [
        product
        for product in course.prices
        if product != main and product.currency == main.currency
    ]
    if not others:
        return []
    products = [main, *others]
    names = [name_of(product) for product in products]
    return [
        Group(
            str(product.remote_id), name if names.count(name) == 1 else str(product.title), product
        )
        for product, name in zip(products, names, strict=True)
    ]


def name_of(product):
    if product.label:
        return product.label
    if product.is_main:
        return _("Ordinary price")
    return _("Member price") if product.is_member else product.title


def places_of(course, chosen):
    """What is booked, as a list of Places, for people who have chosen these groups (or None); in
    the order in which the groups are offered, whoever is named first."""
    groups = offered(course)
    if not groups:
        return [Places(len(chosen), course.price, course.vat_percent)]
    keys = {group.key for group in groups}  # one that is gone since counts as the ordinary price
    counted = Counter(
        group.key if group and group.key in keys else groups[0].key for group in chosen
    )
    return [
        Places(
            counted[group.key],
            group.product.price,
            group.product.vat_percent,
            group.name,
            group.product.remote_id,
            by_staff=group != groups[0] and not settings.SEND_PRODUCTS,
        )
        for group in groups
        if counted[group.key]
    ]


def prices_stand(price_lines, course):
    """Whether every price in these lines is still what the course costs."""
    lines = [line for line in price_lines if line["kind"] == "course"]
    if not lines:
        return course.price is None
    prices = {product.remote_id: product.price for product in course.prices}
    for line in lines:
        price = prices.get(line["product"]) if line.get("product") else course.price
        if price is None or rounded(price) != Decimal(line["unit"]):
            return False
    return True
