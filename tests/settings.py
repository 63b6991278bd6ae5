"""The site's own settings with what a test run needs in the environment, and nothing patched."""

import os
import tempfile
from pathlib import Path

for name in list(os.environ):
    if name.startswith(("FRONTCORE_", "EMAIL_")):
        del os.environ[name]
FOLDER = tempfile.mkdtemp(prefix="course-catalogue-tests-")
os.environ |= {
    "DATA_DIR": FOLDER,
    "STATIC_ROOT": FOLDER,
    "SECRET_KEY": "only-for-tests-" + "x" * 50,
    "FRONTCORE_API_KEY": "test-key-that-must-never-leak",
    "FRONTCORE_URL": "http://127.0.0.1:9/v2",  # nobody listens: a test names its simulator
    "HTTPS": "false",
    "DEBUG": "false",
    "DEMO": "false",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "MIN_FILL_S": "0",  # a test fills the form faster than people do
    "CODE_CHECK_TIMEOUT_S": "20",  # a busy machine answers late, and that is not what is tested
}

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, FRONTCORE  # noqa: E402

# Tests ask freely; those about the pace make one of their own.
FRONTCORE |= {"rate": 0, "pace_path": None}
# The cache shared between processes has tests of its own, with processes of their own.
CACHALOT_ENABLED = False
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "queue": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
DATABASES.pop("cache", None)  # noqa: F405
SILENCED_SYSTEM_CHECKS = ["cachalot.W001", "config.E001"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_FILE_PATH = Path(DATA_DIR) / "mail"
