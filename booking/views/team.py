"""The link of a customer who books often: it fills in the form, and is remembered by a cookie.

Only the form reads that cookie; the public pages neither read nor set any.
"""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from booking.models import TeamLink
from booking.views.guards import secret

COOKIE, REMEMBERED = "team", timedelta(days=30)


@sensitive_variables()
@secret
@require_safe
def team(request, token):
    link = TeamLink.objects.by_token(token)
    if link is None:
        return render(request, "booking/team_gone.html", {"noindex": True}, status=404)
    until = min(link.expires_at, timezone.now() + REMEMBERED)
    context = {"link": link, "until": until, "noindex": True}
    response = render(request, "booking/team.html", context)
    response.set_cookie(
        COOKIE,
        token,
        max_age=until - timezone.now(),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def team_of(request):
    """The link that this browser came by, if it still holds."""
    token = request.COOKIES.get(COOKIE)
    return TeamLink.objects.by_token(token) if token else None


def forget_team(response):
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
