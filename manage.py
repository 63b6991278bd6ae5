#!/usr/bin/env python
"""The usual door. A mistake in the environment is a sentence here, not a traceback."""

import gc
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from environs import EnvError

    gc.disable()  # nothing of what is loaded now is garbage before the end
    try:
        django.setup()  # reads the settings, and so the environment
    except (ImproperlyConfigured, EnvError) as error:
        sys.exit(f"{error}\nWhat the site reads from the environment stands in README.md.")
    gc.freeze()
    gc.enable()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
