"""All settings, in one file, from the environment (and `.env` beside manage.py, if there is one).

Readers are strict: a missing secret or an unknown word stops the start with the variable's name.
Every variable read here stands in `.env.example` and in the README; a test compares them.
"""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import languages
from config.environment import (
    address,
    env,
    folders,
    mail_addresses,
    networks,
    number,
    one_of,
    readers,
    required,
    several,
)
from config.logs import logs

BASE_DIR = Path(__file__).resolve().parent.parent


def kept_secret(path):
    """A secret of the demo's own, made once and kept in its data folder."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


# --- Which site this is ---------------------------------------------------------------------

DEMO = env.bool("DEMO", False)  # made-up school, key and secret of its own, never indexed
DEBUG = env.bool("DEBUG", False)
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
try:  # for its owner only: bookings, and caches that are pickles
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"Set DATA_DIR to a folder: {error.strerror}.") from None

SECRET_KEY = kept_secret(DATA_DIR / "secret-key") if DEMO else required("SECRET_KEY")
SECRET_KEY_FALLBACKS = several("SECRET_KEY_FALLBACKS")  # earlier keys, while links live
ALLOWED_HOSTS = several("ALLOWED_HOSTS", "localhost", "127.0.0.1", "[::1]")
SITE_URL = address("SITE_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = several("CSRF_TRUSTED_ORIGINS")
HTTPS = env.bool("HTTPS", not (DEMO or DEBUG))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its templates: FORM_RENDERER looks for them among the apps
    "cachalot",
    "django_q",
    "django_htmx",
    "config",
    "catalog",
    "booking",
    "audit",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.HeadWithoutBody",
    "config.middleware.Compressed",
    "config.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageFromPath",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            *folders("TEMPLATE_DIRS"),  # a customer's own, first
            BASE_DIR / "templates",
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "catalog.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Databases and caches -------------------------------------------------------------------

SQLITE_OPTIONS = {
    # Without the first two, several processes meet "database is locked" at once.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;"
        "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
        "PRAGMA secure_delete=ON;"  # what is forgotten is not left in the file's free pages
    ),
}


def sqlite(path, **options):
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": SQLITE_OPTIONS | options,
    }


DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")


def named_database(url):
    try:
        return dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except (KeyError, ValueError):
        raise ImproperlyConfigured(
            "Set DATABASE_URL to something like postgres://user:password@host/name."
        ) from None


DATABASES = {
    "default": named_database(DATABASE_URL) if DATABASE_URL else sqlite(DATA_DIR / "site.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache must be one that web processes and the worker share: with a cache of each process's
# own, pages stay stale after a refresh (config/checks.py makes that an error).
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "site",
        },
        "queue": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "queue",
        },
    }
else:
    DATABASES["cache"] = sqlite(
        DATA_DIR / "cache.sqlite3",
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA mmap_size=134217728;",
    )
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "shared_cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        },
        # django-q2 writes its status twice a second; the pages' cache is none of its business.
        "queue": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "queue-status",
        },
    }
DATABASE_ROUTERS = ["config.routers.CacheRouter"]

CACHALOT_ENABLED = env.bool("CACHALOT_ENABLED", True)
CACHALOT_DATABASES = ("default",)
CACHALOT_ONLY_CACHABLE_APPS = ("catalog",)
CACHALOT_UNCACHABLE_TABLES = (
    "django_migrations",
    "catalog_refresh",
    "catalog_refreshproblem",
    "catalog_held",
    "catalog_staged",
    "catalog_generation",
    "catalog_finding",
    "catalog_removed",
    "catalog_checked",
    "catalog_heartbeat",
    "catalog_searchdocument",
)
CACHALOT_TIMEOUT = 300  # bounds every staleness, should an invalidation ever be missed
SILENCED_SYSTEM_CHECKS = ["cachalot.W001"]  # DatabaseCache is not on its list; it was measured

# --- Background work ------------------------------------------------------------------------

REFRESH_TIMEOUT_S = number("REFRESH_TIMEOUT_S", 900, 60)
WORKERS = env.int("WORKERS", 3)
if WORKERS < 2:
    raise ImproperlyConfigured("Set WORKERS to 2 or more: a refresh would hold up every booking.")
Q_CLUSTER = {
    "name": "site",
    "label": _("Background work"),
    "orm": "default",  # also with Redis: its broker loses running tasks when killed
    "cache": "queue",
    "workers": WORKERS,  # a refresh occupies one; bookings have the others
    "queue_limit": 3,
    "bulk": 1,
    "timeout": REFRESH_TIMEOUT_S + 60,
    "retry": 4 * (REFRESH_TIMEOUT_S + 60),
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 250,
    "poll": 0.5,
    "max_rss": 300_000,
}
DELTA_EVERY = timedelta(minutes=number("DELTA_EVERY_MIN", 5, 1))
FULL_EVERY = timedelta(minutes=number("FULL_EVERY_MIN", 30, 1))
LISTS_EVERY = timedelta(hours=number("LISTS_EVERY_H", 24, 1))
WORKER_SILENT_AFTER = timedelta(minutes=5)  # it reports each minute
REFRESH_STALE_AFTER = timedelta(minutes=number("REFRESH_STALE_AFTER_MIN", 120, 1))
BRAKE_SHARE = number("BRAKE_SHARE", 0.2, 0, 1)  # more than this share and this many removals …
BRAKE_COUNT = number("BRAKE_COUNT", 5, 0)  # … in 24 hours wait for staff
TEXTS_PER_RUN = number("TEXTS_PER_RUN", 20, 1)
SMALL_SCHOOL_DATES = number("SMALL_SCHOOL_DATES", 1000, 0)  # up to so many a delta is a full pass
# Put in place by `manage.py install_schedules`; django-q2 looks every 30 seconds.
SCHEDULES = {
    "refresh": {"func": "catalog.tasks.refresh_when_due", "minutes": 1},
    "send bookings": {"func": "booking.tasks.send_due_bookings", "minutes": 1},
    "send mails": {"func": "booking.tasks.send_mails", "minutes": 1},
    "tell of dates": {"func": "booking.tasks.tell_of_dates", "minutes": 1},
    "forget drafts": {"func": "booking.tasks.forget_drafts", "minutes": 60},
    "forget counts": {"func": "booking.tasks.forget_counts", "minutes": 60},
    "forget people": {"func": "booking.tasks.forget_people", "minutes": 24 * 60},
    "follow up": {"func": "booking.tasks.follow_up", "minutes": 1},
    "heartbeat": {"func": "catalog.tasks.beat", "minutes": 1},
}

# --- Frontcore ------------------------------------------------------------------------------

FRONTCORE = {
    "key": env.str("FRONTCORE_API_KEY", "demo") if DEMO else required("FRONTCORE_API_KEY"),
    "base_url": address("FRONTCORE_URL", "https://api.frontcore.com/v2"),
    "connect_timeout_s": number("FRONTCORE_CONNECT_TIMEOUT_S", 5.0, 0.1),
    "read_timeout_s": number("FRONTCORE_READ_TIMEOUT_S", 10.0, 0.1),
    "read_total_s": number("FRONTCORE_READ_TOTAL_S", 30.0, 1),
    "write_total_s": number("FRONTCORE_WRITE_TOTAL_S", 25.0, 1),
    "rate": number("FRONTCORE_RATE", 5.0, 0, 50),  # starts a second, all processes together
    "pace_path": DATA_DIR / "pace.sqlite3",
    "cache_path": DATA_DIR / "frontcore-cache.sqlite3",
}

# --- The catalogue's rules ------------------------------------------------------------------

PRICES_INCLUDE_VAT = env.bool("PRICES_INCLUDE_VAT", False)
CAPACITY_ZERO_IS_UNKNOWN = env.bool("CAPACITY_ZERO_IS_UNKNOWN", True)
POSTPONED_BOOKABLE = env.bool("POSTPONED_BOOKABLE", False)
SHOW_INSTRUCTORS = env.bool("SHOW_INSTRUCTORS", True)
MAPS = "https://www.google.com/maps/dir/?api=1&destination={goal}"
DIRECTIONS_URL = env.str("DIRECTIONS_URL", MAPS)  # {goal}: coordinates of a venue, or its address
if "{goal}" not in DIRECTIONS_URL:
    raise ImproperlyConfigured("Set DIRECTIONS_URL with {goal} where the way is to lead to.")
FEW_SEATS = number("FEW_SEATS", 3, 0)
SEATS_SHOWN = one_of("SEATS_SHOWN", "few", "number", "band")  # "few": a number when few are left
TOMBSTONE_PERIOD = timedelta(days=number("TOMBSTONE_DAYS", 60, 0))
FEED_PAST_PERIOD = timedelta(days=number("FEED_PAST_DAYS", 30, 0))  # after its end
FEED_CANCELLED_PERIOD = timedelta(days=number("FEED_CANCELLED_DAYS", 90, 1))  # since it was

# --- The booking's rules --------------------------------------------------------------------

BOOKING_MAX_PARTICIPANTS = number("BOOKING_MAX_PARTICIPANTS", 20, 1)
BOOKING_FIRST_BYTE = timedelta(seconds=15)  # after the claim; what has not left by then stays
# Longer than that, the call, and the wait for the database (20 s) to write down its end.
BOOKING_LEASE = BOOKING_FIRST_BYTE + timedelta(seconds=FRONTCORE["write_total_s"] + 20)
BOOKING_SEND_AGAIN_AFTER = BOOKING_LEASE + timedelta(minutes=10)
SETTLE_BY_ITSELF = env.bool("SETTLE_BY_ITSELF", True)  # only where one order matches in everything
BOOKING_UNSENT_EXPIRES = timedelta(hours=number("BOOKING_UNSENT_EXPIRES_H", 24, 1))
CODE_CHECK_TIMEOUT_S = number("CODE_CHECK_TIMEOUT_S", 3.0, 0.1)
SEND_PRODUCTS = env.bool("SEND_PRODUCTS", False)  # the price group of each participant
FRONTCORE_RECEIPTS = env.bool("FRONTCORE_RECEIPTS", False)  # it mails participants by itself
DRAFT_PERIOD = timedelta(hours=number("DRAFT_H", 24, 1))
RETAIN_DAYS = {  # how long people stay in our tables (booking/retention.py)
    "confirmed": number("RETAIN_CONFIRMED_DAYS", 180, 1),  # after the last day of the course
    "waiting": number("RETAIN_WAITING_DAYS", 30, 1),  # likewise
    "refused": number("RETAIN_REFUSED_DAYS", 30, 1),  # after the last that happened to it
    "cancelled": number("RETAIN_CANCELLED_DAYS", 90, 1),  # likewise
    "other": number("RETAIN_OTHER_DAYS", 30, 1),  # what belongs to no booking
}
RETAIN_INTEREST = timedelta(days=number("RETAIN_INTEREST_DAYS", 365, 1))  # who waits for a date
INTEREST_TO = mail_addresses("INTEREST_TO")  # whom to tell of them, but for the provider's address
# What is written to Frontcore about the people of a booking that stands there; 0: nothing. The
# ids are Frontcore's: of the legal basis, and of the account's own purposes and consents.
LEGAL_BASIS = number("LEGAL_BASIS", 0, 0, 9)
LEGAL_PURPOSE = number("LEGAL_PURPOSE", 0, 0)
LEGAL_CONSENT = number("LEGAL_CONSENT", 0, 0)
if LEGAL_BASIS and not LEGAL_PURPOSE:
    raise ImproperlyConfigured("Set LEGAL_PURPOSE as well: a legal basis is nothing without one.")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIMITS = {  # (what, for whom): at most so many within so long (booking/limits.py)
    ("post", "address"): (number("LIMIT_POSTS_ADDRESS_MIN", 120, 1), MINUTE),
    ("post", "site"): (number("LIMIT_POSTS_SITE_MIN", 1200, 1), MINUTE),
    ("look", "address"): (number("LIMIT_LOOKS_ADDRESS_MIN", 30, 0), MINUTE),
    ("look", "site"): (number("LIMIT_LOOKS_SITE_MIN", 90, 0), MINUTE),
    ("booking", "address"): (number("LIMIT_BOOKINGS_ADDRESS_H", 60, 1), HOUR),
    ("booking", "site"): (number("LIMIT_BOOKINGS_SITE_H", 1000, 1), HOUR),
    ("asked", "address"): (number("LIMIT_ASKED_ADDRESS_MIN", 60, 0), MINUTE),
    ("asked", "site"): (number("LIMIT_ASKED_SITE_MIN", 240, 0), MINUTE),
    ("code", "form"): (number("LIMIT_CODES_FORM_H", 20, 1), HOUR),
    ("code", "address"): (number("LIMIT_CODES_ADDRESS_H", 200, 1), HOUR),
    ("code", "site"): (number("LIMIT_CODES_SITE_H", 1000, 1), HOUR),
    ("code", "same"): (number("LIMIT_CODES_SAME_H", 30, 1), HOUR),
    ("link", "address"): (number("LIMIT_LINKS_ADDRESS_H", 20, 1), HOUR),
    ("link", "site"): (number("LIMIT_LINKS_SITE_H", 500, 1), HOUR),
    ("link", "same"): (number("LIMIT_LINKS_SAME_H", 3, 1), HOUR),
    ("interest", "address"): (number("LIMIT_INTEREST_ADDRESS_H", 30, 1), HOUR),
    ("interest", "site"): (number("LIMIT_INTEREST_SITE_H", 500, 1), HOUR),
    ("interest", "same"): (number("LIMIT_INTEREST_SAME_H", 10, 1), HOUR),
}
LIMIT_DATA_ADDRESS_MIN = number("LIMIT_DATA_ADDRESS_MIN", 240, 1)  # catalog/callers.py
MIN_FILL_S = number("MIN_FILL_S", 3, 0)  # who fills the form faster is asked to press once more
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")

# --- Mail -----------------------------------------------------------------------------------

EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_PORT = number("EMAIL_PORT", 587, 1, 65535)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "noreply@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
ADMINS = [("", one) for one in mail_addresses("ADMINS")]
MAILED_BY_FRONTCORE = ("confirmed", "waiting", "cancelled")  # to participants, where it does mail
WHOM_WE_TELL = ["booker"] if FRONTCORE_RECEIPTS else ["booker", "participants"]
MAIL_TO = {  # who gets which mail about a booking
    "received": readers("MAIL_RECEIVED", "booker"),
    "confirmed": readers("MAIL_CONFIRMED", *WHOM_WE_TELL),
    "waiting": readers("MAIL_WAITING", *WHOM_WE_TELL),
    "refused": readers("MAIL_REFUSED", "booker"),
    "uncertain": readers("MAIL_UNCERTAIN", "booker"),
    "cancelled": readers("MAIL_CANCELLED", *WHOM_WE_TELL),
}
MAIL_PATIENCE = timedelta(seconds=number("MAIL_PATIENCE_S", 120, 0))  # the page tells it first
MAIL_DOMAIN = urlsplit(SITE_URL).hostname

# --- Languages, time ------------------------------------------------------------------------

LOCALE_PATHS = [
    *folders("LOCALE_DIRS"),  # languages and words of your own
    BASE_DIR / "locale",
]
LANGUAGE_CODE = languages.DEFAULT
LANGUAGES = languages.found(LOCALE_PATHS)
USE_I18N = True
TIME_ZONE = "Europe/Oslo"
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [
    *folders("STATIC_DIRS"),  # a customer's own, first
    BASE_DIR / "static",
]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
MEDIA_URL = "media/"  # what staff upload: pictures of courses, the logo
MEDIA_ROOT = Path(env.str("MEDIA_DIR", "") or DATA_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.Storage"},
}

# --- People and safety ----------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "booking.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_HSTS_SECONDS = number("HSTS_SECONDS", 31_536_000, 0)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", True)
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = logs(env.log_level("LOG_LEVEL", "INFO"))
