"""What every template may use."""

from django.conf import settings

from catalog.models import Provider


def site(request):
    return {"provider": Provider.current(), "demo": settings.DEMO}
