"""Settings of the web server: `gunicorn -c config/gunicorn.py config.wsgi`.

Sync workers: threads halve the pages a second here. The price page of the booking form is the only
one that waits for Frontcore, for some seconds at most, so there are a few workers more than cores.
"""

import os

from gunicorn.glogging import Logger

from config.discretion import MaskAddresses, discreet


class DiscreetLogger(Logger):
    """An access log without the secret tokens of booking pages, and without query strings."""

    def atoms(self, response, request, environ, request_time):
        atoms = super().atoms(response, request, environ, request_time)
        for name in ("r", "U", "f"):
            atoms[name] = discreet(atoms[name] or "-").split("?")[0]
        atoms["q"] = ""
        return atoms

    def setup(self, cfg):
        super().setup(cfg)
        self.error_log.addFilter(MaskAddresses())


bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "4"))
worker_class = "sync"
timeout = 60  # the form asks upstream with limits well below this
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
accesslog = os.environ.get("ACCESS_LOG", "-")
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
logger_class = DiscreetLogger
