"""What robots.txt says to every robot."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Robots:
    rules: tuple = ()  # (is allowed, beginning of a path), of `User-agent: *`
    sitemaps: tuple = field(default_factory=tuple)

    @classmethod
    def of(cls, answer):
        """An answer that is none forbids nothing."""
        rules, sitemaps, for_all, was_rule = [], [], False, False
        text = answer.body.decode(errors="replace") if answer.status == 200 else ""
        for line in text.splitlines():
            name, _, value = line.partition("#")[0].partition(":")
            name, value = name.strip().lower(), value.strip()
            if name == "user-agent":
                for_all = (for_all and not was_rule) or value == "*"
                was_rule = False
            elif name in {"allow", "disallow"}:
                was_rule = True
                if for_all and value:
                    rules.append((name == "allow", value))
            elif name == "sitemap" and value:
                sitemaps.append(value)
        return cls(tuple(rules), tuple(sitemaps))

    @cached_property
    def is_closed(self):
        return not self.allow("/")

    def allow(self, address):
        """Whether a robot may ask for an address: the longest rule that fits decides."""
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        fitting = [
            (len(begin), allowed) for allowed, begin in self.rules if fits(begin, path or "/")
        ]
        return max(fitting)[1] if fitting else True


def fits(begin, path):
    if "*" not in begin and "$" not in begin:
        return path.startswith(begin)
    pattern = re.escape(begin.removesuffix("$")).replace(r"\*", ".*")
    return re.match(pattern + ("$" if begin.endswith("$") else ""), path) is not None
