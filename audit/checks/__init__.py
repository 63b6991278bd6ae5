"""What is looked for. A check registers itself under its name; reports keep this order."""

from audit.checks import (  # noqa: F401, I001
    errors,
    links,
    heads,
    languages,
    structured,
    sitemaps,
    markup,
    outside,
    headers,
    weight,
    files,
)  # fmt: skip
