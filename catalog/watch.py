"""Tells staff by mail when the copy has become too old: once for each outage."""

import logging

from django.conf import settings
from django.core.mail import mail_admins
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from catalog.models import Generation, Refresh

log = logging.getLogger("catalog.watch")


def tell_if_stale(now=None):
    """Mail ADMINS if the copy is older than settings.REFRESH_STALE_AFTER and they do not know yet.

    Returns whether a mail was sent. A mail that could not be sent is tried again.
    """
    now = now or timezone.now()
    generation = Generation.current()
    if not generation.is_stale(now) or not settings.ADMINS:
        return False
    mine = Generation.objects.filter(pk=generation.pk, stale_told_at=None)
    if not mine.update(stale_told_at=now):
        return False
    try:
        with translation.override(settings.LANGUAGE_CODE):
            mail_admins(_("The catalogue is not being refreshed"), message(generation))
    except OSError as error:
        log.warning("The mail about the old copy could not be sent: %s", type(error).__name__)
        Generation.objects.filter(pk=generation.pk).update(stale_told_at=None)
        return False
    return True


def message(generation):
    last = Refresh.objects.exclude(error="").first()
    lines = [
        _("The site still shows the last good copy from Frontcore, of %(moment)s.")
        % {"moment": moment(generation.checked_at)},
        _("What the last refresh ran into: %(error)s") % {"error": last.error if last else "-"},
        f"{settings.SITE_URL}/admin/catalog/refresh/",
    ]
    return "\n\n".join(lines)


def moment(at):
    return f"{timezone.localtime(at):%d.%m.%Y %H:%M}" if at else "-"
