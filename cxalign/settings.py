"""One settings file, read top to bottom. The environment decides; unset means the embedded default on this machine.

``DEBUG`` is off by default and never needed to run. What an installation open to others must set is checked at
start (``cxalign/checks.py``).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# --- Who may reach it -------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
"""Absolute links and mails use this address, never the host that a request claims."""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
IS_LOCAL = set(ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]", "testserver"}
"""Bound to this machine only: the one case in which settings may be left out."""


def local_secret_key() -> str:
    """A key of this machine's own, made once and kept beside its data."""
    path = DATA_DIR / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or (local_secret_key() if IS_LOCAL else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PUBLIC_SITE = env.bool("PUBLIC_SITE", default=True)
"""False makes the whole site and the API login-only."""
EMBEDDING = env.bool("EMBEDDING", default=True)
"""False gives no badge, no framed page and no oEmbed to other sites. A login-only site never gives any."""
EMBED_ANCESTORS = env.list("EMBED_ANCESTORS", default=["*"])
"""The sites that may frame a scorecard, as a content policy names them; ``*`` for all."""
PUBLICATION_POLICY = env.str("PUBLICATION_POLICY", default="solo")

# --- What it is made of -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "cxalign.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "axes",
    "cxalign.apps.CxalignConfig",
    "cxalign.accounts",
    "cxalign.practices",
    "cxalign.plans",
    "cxalign.portfolios",
    "cxalign.watches",
    "cxalign.exports.apps.ExportsConfig",
    "brands",
    "scoring",
]

MIDDLEWARE = [
    "cxalign.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "cxalign.middleware.Compression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cxalign.middleware.PermissionsPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cxalign.middleware.LoginOnly",
    "cxalign.accounts.signing_in_again.SignInAgain",
    "cxalign.middleware.BlindWhileCoding",
    "cxalign.middleware.OwnTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cxalign.middleware.Caching",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cxalign.urls"
WSGI_APPLICATION = "cxalign.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cxalign.pages.context.site",
            ],
            "builtins": ["cxalign.templatetags.cxalign"],
        },
    }
]

# --- Where it keeps its data ------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'cxalign.sqlite3'}")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False  # with SQLite in immediate mode two readers would lock each other out
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000; "
            "PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {}).update(
        connect_timeout=5, options="-c statement_timeout=15000 -c idle_in_transaction_session_timeout=60000"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache("CACHE_URL", default="locmemcache://"),
}

# --- Who signs in -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_IPWARE_META_PRECEDENCE_ORDER = ["REMOTE_ADDR"]  # what a client claims about its address counts for nothing
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "cxalign.accounts.signing_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # locking by account alone is meant: an address costs an attacker nothing

# --- Safe by default --------------------------------------------------------------------------------------------------

BEHIND_HTTPS = env.bool("BEHIND_HTTPS", default=not IS_LOCAL)
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^api/", r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_HTTPS
SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TRUST_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_ENGINE = "cxalign.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # from the sign-in, however busy
SESSION_IDLE_AGE = 2 * 3600  # of people who have a desk
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_HTTPS else "csrf"
CSRF_FAILURE_VIEW = "cxalign.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BEHIND_HTTPS else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Languages --------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "cxalign" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
FORMAT_MODULE_PATH = ["cxalign.formats"]

# --- Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static-collected"
GENERATED_STATIC = DATA_DIR / "static"
"""Web fonts, made at set-up."""
GENERATED_STATIC.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "cxalign" / "static", GENERATED_STATIC]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Background work --------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("BROKER_URL", default="memory://localhost/")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY = False  # a lost wake-up heals by itself; a request must not wait for the broker
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.02}
    if CELERY_BROKER_URL.startswith("memory:")
    else {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}
)
CELERY_TIMEZONE = TIME_ZONE

# --- Mails ------------------------------------------------------------------------------------------------------------

MAIL_IS_FILED = not env.str("EMAIL_URL", default="")
"""Without a mail server every mail is kept as a file, so that nothing is lost; screens say so."""
MAIL_FOLDER = DATA_DIR / "mail"
if MAIL_IS_FILED:
    EMAIL_BACKEND = "cxalign.mailfiles.EmailBackend"
    EMAIL_FILE_PATH = str(MAIL_FOLDER)
else:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 20
MAIL_DOMAIN = urlsplit(BASE_URL).hostname or "localhost"
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"cxalign@{MAIL_DOMAIN}")
VOICES_PER_HOUR = env.int("VOICES_PER_HOUR", default=10)
"""How many replies and reports may come from one connection in an hour; 0 for no limit."""
TRIALS_PER_HOUR = env.int("TRIALS_PER_HOUR", default=300)
"""How many invented cases one connection may have judged in an hour; 0 for no limit."""

EXPORTS_PER_HOUR = env.int("EXPORTS_PER_HOUR", default=200)
"""How many slides, workbooks, reports and pictures one reader may have made in an hour; 0 for no limit."""

# --- The API ----------------------------------------------------------------------------------------------------------

API_RATE = env.str("API_RATE", default="60/min")
API_KEY_RATE = env.str("API_KEY_RATE", default="600/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["cxalign.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["cxalign.api.permissions.PublicOrSignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["cxalign.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "cxalign.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "cxalign.api.errors.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,  # no hidden ?format=: an unknown parameter is an error
}
SPECTACULAR_SETTINGS = {
    "TITLE": "cxalign API",
    "DESCRIPTION": "Brands, what they promised, what they did in a crisis, and the verdicts published about them.",
    "LICENSE": {"name": "CC-BY-4.0", "identifier": "CC-BY-4.0"},
    "SERVERS": [{"url": "/"}],
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["cxalign.api.schema.told_once"],
}

# --- The trail of changes ---------------------------------------------------------------------------------------------

TRAIL_HEAD_MAIL = env.list("TRAIL_HEAD_MAIL", default=[])
"""Who is mailed the end of the trail every day: somebody who cannot write to this machine."""

# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "cxalign.logs.json_line_formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

SITE_NAME = "cxalign"
LEGAL = {
    "publisher": env.str("LEGAL_PUBLISHER", default=""),
    "host": env.str("LEGAL_HOST", default=""),
    "contact": env.str("LEGAL_CONTACT", default=""),
    "funding": env.str("LEGAL_FUNDING", default=""),
    "terms": {"fr": env.str("LEGAL_TERMS_FR", default=""), "en": env.str("LEGAL_TERMS_EN", default="")},
}
