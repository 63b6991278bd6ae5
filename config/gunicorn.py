"""Settings of the web server: `gunicorn -c config/gunicorn.py config.wsgi`.

Sync workers: threads halve the pages a second here. The price page of the booking form is the only
one that waits for Frontcore, for some seconds at most, so there are a few workers more than cores.
"""

import gc
import sys

from environs import EnvError
from gunicorn.glogging import Logger

from config.discretion import MaskAddresses, discreet, one_line
from config.environment import env


class DiscreetLogger(Logger):
    """An access log without the secret tokens of booking pages, and without query strings."""

    def atoms(self, response, request, environ, request_time):
        atoms = super().atoms(response, request, environ, request_time)
        for name in ("r", "U", "f"):
            atoms[name] = one_line(discreet((atoms[name] or "-").split("?")[0]))
        atoms["q"] = ""
        return atoms

    def setup(self, cfg):
        super().setup(cfg)
        self.error_log.addFilter(MaskAddresses())


try:
    bind = env.str("BIND", "127.0.0.1:8000")
    workers = env.int("WEB_WORKERS", 4)
    accesslog = env.str("ACCESS_LOG", "-")
except EnvError as error:
    sys.exit(f"{error}\nWhat the site reads from the environment stands in README.md.")
worker_class = "sync"
timeout = 60  # the form asks upstream with limits well below this
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
logger_class = DiscreetLogger
# It would lie in the home folder under one name for all sites of a user.
control_socket_disable = True
# Loaded once, before there are workers: each then takes half the memory and starts at once.
preload_app = True


def when_ready(_server):
    gc.freeze()  # what the workers share is never looked through for garbage, and so stays shared
