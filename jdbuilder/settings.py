"""All settings, from environment variables. docs/operations.md lists them."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from jdbuilder import database_settings, log_settings
from jdbuilder.account_settings import *  # noqa: F403  # of django-allauth

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to a long random text that stays the same between"
            " starts, or set DEBUG=1 on a machine for development."
        )
    SECRET_KEY = "for-development-only-never-in-production"  # noqa: S105

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "jdbuilder.urls"
WSGI_APPLICATION = "jdbuilder.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "roles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "jdbuilder.static_files.CollectedFiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "js_lib_bootstrap5",
    "bs_icon_templates",
    "csp",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]

MIDDLEWARE = [
    "jdbuilder.logs.RequestId",
    "jdbuilder.monitoring.AcceptAnyHost",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jdbuilder.compression.CompressText",
    "csp.middleware.CSPMiddleware",
    "roles.middleware.SessionsDuringOutages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "roles.middleware.AnswerOutages",
    "roles.middleware.LimitWork",
    "roles.middleware.ResubmitAfterLogin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "roles.middleware.RequireSecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "roles.middleware.StartBackgroundWork",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"


# Database

DATABASES = {
    "default": database_settings.database(
        env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
    )
}


# Caches: one that all processes share, for limits of attempts, and one of each process

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}


# Accounts and sign-in (roles/web/accounts/)

AUTH_USER_MODEL = "roles.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds; invitations have their own

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]


# Files. MEDIA_ROOT has no URL: views check permissions and send the files.

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jdbuilder.static_files.ScreenFonts",
]
MEDIA_ROOT = DATA_DIR / "media"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "jdbuilder.static_files.StaticFiles"
    },
}
# Without collectstatic, WhiteNoise looks up each file on request.
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "roles.web.shared.upload_handler.UploadHandler",
]

# The wizard posts a whole section: about twenty fields for each line (limits.LINES_LIMIT).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024


# Security

HTTPS = env.bool("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # monitors request them over plain HTTP
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
# Both bind other sites of the organization, and can't be taken back for months. So they are off
# unless the organization asks for them, and that isn't a finding of `check --deploy`.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# A header such as X-Forwarded-Proto: the proxy sets it to "https" and removes visitors' own.
if proxy_header := env.str("SECURE_PROXY_SSL_HEADER", default=""):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{proxy_header.upper().replace('-', '_')}", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}


# Language and time

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")


# Email

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="jd-builder@localhost")
EMAIL_TIMEOUT = 20  # seconds, so that an email server that doesn't answer doesn't block a worker
# The product's address in emails and on public pages. If it is empty, the host of the request
# is used, and the first of ALLOWED_HOSTS in emails that no request triggers.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
PORT = env.str("PORT", default="8000")  # of bin/run, for links in emails without HTTPS


# Background work

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Where it runs: "web" is a thread of the process that serves pages, "worker" `manage.py work`.
BACKGROUND = env.str("BACKGROUND", default="web")
if BACKGROUND not in ("web", "worker"):
    raise ImproperlyConfigured('BACKGROUND is "web" or "worker".')
# A worker whose heartbeat is older than this is considered dead, and another takes over.
LEASE_SECONDS = env.float("LEASE_SECONDS", default=60)


# Work in child processes (roles/bounded_work/): parsing uploads, decoding images, rendering files

WORK_PROCESSES = env.int("WORK_PROCESSES", default=2)  # of each process of the site
WORK_SECONDS = env.float("WORK_SECONDS", default=30)  # ten times as long in the background
WORK_MEMORY = env.int("WORK_MEMORY", default=1024)  # MiB of each child
# Requests that wait for such work at a time, each with its thread. Others are refused for a moment.
WORK_QUEUE = env.int("WORK_QUEUE", default=6)
WORK_STARTS_EARLY = True  # with the first request, rather than with the first work


# Monitoring: the token for /metrics, which is off without one

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")


# Log: one stream, without personal names, query strings or form fields

LOG_FORMAT = env.str("LOG_FORMAT", default="text")
if LOG_FORMAT not in ("text", "json"):
    raise ImproperlyConfigured('LOG_FORMAT is "text" or "json".')

LOGGING = log_settings.logging(LOG_FORMAT, debug=DEBUG)


# Error reports to Sentry, off without an address

if SENTRY_DSN := env.str("SENTRY_DSN", default=""):
    from jdbuilder import error_reports

    error_reports.start(SENTRY_DSN)
