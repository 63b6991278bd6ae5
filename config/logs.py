"""What is logged and where to: lines on the console, mails to ADMINS; nothing anybody typed."""

#: Scanners try host names all day, and send whatever they like; one line each is enough.
NO_FAULT_OF_OURS = ("DisallowedHost", "RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")


def logs(level):
    """Django's LOGGING; `level` is that of our own loggers and of the queue's."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "config.discretion.DiscreetFormatter",
                "format": "{asctime} {levelname} {name} [{process}] {message}",
                "style": "{",
            }
        },
        "filters": {
            "discreet": {"()": "config.discretion.MaskAddresses"},
            "without results": {"()": "config.discretion.WithoutResults"},
            "one line": {"()": "config.discretion.OneLine"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["discreet"],
            },
            "mail_admins": {
                "class": "django.utils.log.AdminEmailHandler",
                "level": "ERROR",
                "filters": ["discreet"],
                "reporter_class": "config.discretion.FramesOnly",
            },
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "django": {
                "handlers": ["console", "mail_admins"],
                "level": "WARNING",
                "propagate": False,
            },
            **{
                f"django.security.{name}": {
                    "handlers": ["console"],
                    "filters": ["one line"],
                    "propagate": False,
                }
                for name in NO_FAULT_OF_OURS
            },
            "django-q": {"level": level, "filters": ["without results"]},
            **{name: {"level": level} for name in ("catalog", "booking", "frontcore", "config")},
        },
    }
