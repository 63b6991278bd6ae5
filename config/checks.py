"""Mistakes in the set-up that would otherwise show late, or never."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from config import messages

OF_ONE_PROCESS = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)


@register(Tags.caches)
def cache_is_shared(app_configs, **kwargs):
    """cachalot accepts a cache of one process without a word; the others then stay stale."""
    if settings.CACHES["default"]["BACKEND"] in OF_ONE_PROCESS:
        return [
            Error(
                "The default cache is one that each process has for itself.",
                hint="Pages would stay stale after a refresh: use the embedded cache or REDIS_URL.",
                id="config.E001",
            )
        ]
    return []


@register(Tags.translation)
def catalogues_are_compiled(app_configs, **kwargs):
    """Without its compiled catalogue a language loses its words and its addresses."""
    return [
        Error(
            f"The messages of {path.parts[-3]} are not compiled.",
            hint="Run: manage.py messages --compile",
            id="config.E002",
        )
        for path in messages.catalogues()
        if not path.with_suffix(".mo").exists()
    ]


@register()
def nobody_gets_two_mails(app_configs, **kwargs):
    """Where Frontcore mails the participants, ours would be the second one about the same."""
    if not settings.FRONTCORE_RECEIPTS:
        return []
    return [
        Error(
            f"Participants would get two mails: from Frontcore, and ours of kind {kind}.",
            hint=f"Take participants out of MAIL_{kind.upper()}, or set FRONTCORE_RECEIPTS=false.",
            id="config.E003",
        )
        for kind in settings.MAILED_BY_FRONTCORE
        if "participants" in settings.MAIL_TO[kind]
    ]


@register(Tags.files)
def pictures_can_be_kept(app_configs, **kwargs):
    """Else the first upload would tell, with an error."""
    folder = Path(settings.MEDIA_ROOT).absolute()
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"Nothing can be written to the folder of uploads, {folder}.",
            hint="Set MEDIA_DIR to a folder that the site's user may write to.",
            id="config.E004",
        )
    ]


@register(Tags.security)
def visitors_are_told_apart(app_configs, **kwargs):
    """Behind a proxy that is not named, all visitors have one address, and share its limits."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and not settings.TRUSTED_PROXIES:
        return [
            Warning(
                "The site is behind a proxy, and TRUSTED_PROXIES does not name it.",
                hint="All visitors share the limits of one address: name the proxy's addresses.",
                id="config.W001",
            )
        ]
    return []
