from config.views import forbidden


def csrf_failure(request, reason=""):
    return forbidden(request)
