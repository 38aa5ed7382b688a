"""Django's settings. What differs between installations comes from the environment; see environment.py."""

from __future__ import annotations

import os
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from comity.site import environment

try:
    HERE = environment.read(os.environ)
except environment.BadSettingError as error:
    raise SystemExit(str(error)) from None

os.umask(0o077)  # what this process writes its owner alone reads
DATA = HERE.data
DEBUG = HERE.debug
DEMO = HERE.demo
SECRET_KEY = HERE.secret_key or environment.kept_secret_key(DATA)
ALLOWED_HOSTS = HERE.hosts
ADDRESS = HERE.address
CSRF_TRUSTED_ORIGINS = [ADDRESS]

ROOMS = [
    "comity.ui",
    "comity.audit",
    "comity.outbox",
    "comity.jobs",
    "comity.search",
    "comity.editing",
    "comity.people",
    "comity.office",
    "comity.imports",
    "comity.files",
    "comity.notifications",
    "comity.partners",
    "comity.followups",
    "comity.meetings",
    "comity.services",
    "comity.charter",
    "comity.inbox",
    "comity.rates",
    "comity.usage",
    "comity.billing",
    "comity.surveys",
    "comity.councils",
    "comity.stakeholders",
    "comity.business",
    "comity.tickets",
    "comity.applications",
    "comity.outages",
    "comity.levels",
    "comity.itsm",
    "comity.requests",
    "comity.health",
    "comity.patterns",
    "comity.adoption",
    "comity.briefing",
    "comity.demo",
    "comity.site",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    *ROOMS,
    # After our rooms, so that theirs are the templates and words of sign-in.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "comity.site.limits.TakeTurns",
    "comity.office.middleware.ReadSettingsOnce",
    "comity.surveys.middleware.AnswerAsNobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comity.people.middleware.EndOldSessions",
    "comity.people.middleware.KeepFromCaches",
    "comity.office.middleware.ReadersOwn",
    "comity.people.middleware.SignInFirst",
    "comity.people.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "comity.site.urls"
ASGI_APPLICATION = "comity.site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "comity.ui.frame.context",
                "comity.office.context.office",
                "comity.notifications.context.unread",
                "comity.site.navigation.context",
            ],
        },
    }
]

# --- Databases and background work -----------------------------------------------------------------------------------

REQUESTS_AT_ONCE = 10  # in each web process; the others wait their turn
DATABASES: dict[str, dict[str, Any]] = {"default": HERE.database}
ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if ON_SQLITE:
    # Writers queue up at the beginning of a transaction instead of failing in the middle of it; readers never wait.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; PRAGMA journal_size_limit=67108864; "
            "PRAGMA secure_delete=ON;"
        ),
    }
else:
    # Each request runs on a thread of its own, so connections are kept in a pool and not by thread. Two more than are
    # worked on at once, for files that are still being sent.
    pool = {"min_size": 1, "max_size": REQUESTS_AT_ONCE + 2, "timeout": 10}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool

# Sign-in attempts are counted here. Several processes need one count: with PostgreSQL it is in the database.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if ON_SQLITE
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["comity.people.backends.Backend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "comity.people.weak_passwords.NotObvious"},
]
PASSWORD_RESET_TIMEOUT = 4 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SET_UP_URL = "office:set-up"
IDLE_MINUTES = HERE.idle_minutes
SESSION_LONGEST = 12 * 3600  # seconds, however busy
SECOND_FACTOR = HERE.second_factor
UI_PLACES = {"stay": "people:stay", "language": "people:language"}

ACCOUNT_ADAPTER = "comity.people.sign_in.account.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "comity.people.sign_in.forms.LoginForm",
    "reauthenticate": "comity.people.sign_in.forms.ReauthenticateForm",
    "change_password": "comity.people.sign_in.forms.ChangePasswordForm",
    "reset_password": "comity.people.sign_in.forms.ResetPasswordForm",
    "reset_password_from_key": "comity.people.sign_in.forms.ResetPasswordKeyForm",
    "user_token": "comity.people.sign_in.forms.UserTokenForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # ours hold across processes: comity/people/throttle.py
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

MFA_ADAPTER = "comity.people.sign_in.factors.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "comity.people.sign_in.forms.AuthenticateForm",
    "reauthenticate": "comity.people.sign_in.forms.ReauthenticateCodeForm",
    "activate_totp": "comity.people.sign_in.forms.ActivateAppForm",
    "reauthenticate_webauthn": "comity.people.sign_in.forms.ReauthenticatePasskeyForm",
    "add_webauthn": "comity.people.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "comity.people.sign_in.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is proved by the invitation that was mailed to it
MFA_TOTP_ISSUER = "Comity"
MFA_RATE_LIMITS = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HERE.for_real

# --- Languages and times ---------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
USE_I18N = True
FORMAT_MODULE_PATH = "comity.site.formats"
USE_TZ = True
TIME_ZONE = "America/New_York"

# --- Files -----------------------------------------------------------------------------------------------------------

UPLOAD_LIMIT = HERE.upload_limit_mb * 1_000_000  # bytes of one file
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a bulk change may name some thousand rows
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

LAST_BACKUP = DATA / "last-backup.json"
# Heads of the trail: a file of our own, and who else keeps them.
TRAIL_HEADS, TRAIL_WITNESSES = DATA / "trail-heads", HERE.trail_witnesses
SERVICENOW_SECRET = HERE.servicenow_secret

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "files"
USAGE_ENGINE = HERE.usage_engine  # what rates usage: duckdb, in this process, or spark
USAGE_URL = HERE.usage_url  # of the rows of usage; without one they lie in the data folder
# Files are served as they lie while debugging, and in a tree where `comity migrate` has not collected them yet.
WHITENOISE_USE_FINDERS = DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "comity.site.storage.StaticStorage"},
}

# --- Mail: written to the outbox, handed to this server by the worker -------------------------------------------------

DEFAULT_FROM_EMAIL = SERVER_EMAIL = HERE.mail_from
EMAIL_TIMEOUT = 20
# Mail to partners' own addresses, and the name by which our server signs what it found out of the sender (RFC 8601).
MAIL_IN, MAIL_IN_SERVER = HERE.mail_in, HERE.mail_in_server
if HERE.mail:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = HERE.mail.host, HERE.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = HERE.mail.user, HERE.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = HERE.mail.start_tls, HERE.mail.ssl
else:
    # Without a mail server nothing leaves; the Outbox page shows what would have.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MAIL_LEAVES = HERE.mail is not None

# --- What browsers are told ------------------------------------------------------------------------------------------

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
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HERE.https
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HERE.https else 0

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HERE.for_real
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "comity.office.sessions"
if HERE.for_real:
    # A browser takes these names only from this very host, over https.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- The log: everything to standard output, for whatever collects it --------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"error_id": {"()": "comity.site.errors.ErrorIdFilter"}},
    "formatters": {
        "line": {
            "()": "comity.site.errors.WithoutTokens",
            "format": "{asctime} {levelname} {name} {message}{error_id}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
            "style": "{",
        }
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "filters": ["error_id"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stdout"], "level": HERE.log_level},
    "loggers": {
        "django": {"handlers": [], "level": HERE.log_level, "propagate": True},
        # A page that is not there, or not for this person, is no event.
        "django.request": {"level": "ERROR"},
        # Every address asks for itself; the server's line for each of them is left to the proxy in front.
        "uvicorn.access": {"level": "WARNING"},
    },
}
