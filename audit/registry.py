"""Checks by name. Each is a small function of what it looks at:

- of an answer: `find(answer) → sentences`
- of a page: `find(page) → sentences`
- of the site, when all of it has been seen: `find(site) → (address, sentence) pairs`
"""

from collections.abc import Callable
from dataclasses import dataclass

CHECKS = {}


@dataclass(frozen=True)
class Check:
    name: str
    explanation: str
    subject: str  # "answer", "page" or "site"
    find: Callable


@dataclass(frozen=True, order=True)
class Fault:
    kind: str
    sentence: str
    page: str


def register(subject):
    def named(name, explanation):
        def keep(find):
            CHECKS[name] = Check(name, explanation, subject, find)
            return find

        return keep

    return named


of_answer, of_page, of_site = map(register, ("answer", "page", "site"))


def choose(only=(), skip=()):
    """The checks that are wanted; KeyError names one that does not exist."""
    for name in (*only, *skip):
        CHECKS[name]
    return [
        check for name, check in CHECKS.items() if (not only or name in only) and name not in skip
    ]
