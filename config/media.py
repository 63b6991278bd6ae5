"""What staff have uploaded, or what was made of it: pictures of courses, the provider's logo.

Handed out by the site itself, through the storage, so that it works alike on one machine and on
several; a web server before it may serve the folder instead, with the same headers.
"""

import re
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

KINDS = {  # and no others: a page or a script is never handed out as such
    ".webp": "image/webp",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
}
NAMES = r"(?P<name>[a-z]+/[A-Za-z0-9_-][A-Za-z0-9_.-]*)"  # a folder and a file in it, no more
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # an SVG may hold a script
FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"


@require_safe
def media(request, name):
    """An uploaded picture. Where its name carries a digest of the content, for ever."""
    kind = KINDS.get(PurePosixPath(name).suffix)
    if kind is None:
        raise Http404
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    lasting = re.search(r"[0-9a-f]{16}", name)
    return HttpResponse(
        content,
        headers={
            "Content-Type": kind,
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": FOR_EVER if lasting else FOR_AN_HOUR,
        },
    )
