"""
Settings of the desk. Everything a district may set is an environment variable that begins with SHOUHU_.

SHOUHU_HOME       folder for database, keys and uploads (default: var/ beside start.py)
SHOUHU_DATABASE   postgresql://user:password@host:port/name; without it SQLite in SHOUHU_HOME
SHOUHU_HOSTS      host names under which the desk is reached, separated by commas
SHOUHU_HTTPS      1 when the desk is served over https
SHOUHU_PUBLIC_HOSTS  names under which there is the public site only, at /, separated by commas
SHOUHU_PROXIES    addresses of own proxies, whose word on a visitor's address is believed (for rate limits), separated by commas
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shouhu.ledgers.vault.keys import KeyRing

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("SHOUHU_HOME") or ROOT / "var").resolve()
KEYS = KeyRing.kept_in(HOME / "keys")
FILES = HOME / "files"
SECRET_KEY = KEYS.derived("django").hex()
HTTPS = os.environ.get("SHOUHU_HTTPS") == "1"
DEBUG = False
PUBLIC_HOSTS: frozenset[str] = frozenset(filter(None, os.environ.get("SHOUHU_PUBLIC_HOSTS", "").lower().split(",")))
PROXIES: frozenset[str] = frozenset(filter(None, os.environ.get("SHOUHU_PROXIES", "").split(",")))
ALLOWED_HOSTS = [
    "127.0.0.1", "localhost", "[::1]", *filter(None, os.environ.get("SHOUHU_HOSTS", "").split(",")), *PUBLIC_HOSTS,
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "shouhu.ledgers.vault",
    "shouhu.ledgers.journal",
    "shouhu.ledgers.units",
    "shouhu.ledgers.campaigns",
    "shouhu.ledgers.institutions",
    "shouhu.ledgers.surveys",
    "shouhu.ledgers.informants",
    "shouhu.ledgers.tips",
    "shouhu.ledgers.ratings",
    "shouhu.ledgers.clearances",
    "shouhu.ledgers.disposals",
    "shouhu.ledgers.supervision",
    "shouhu.jobs",
    "shouhu.web",
    "shouhu.public",
]

MIDDLEWARE = [
    "shouhu.web.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shouhu.config.hosts.hosts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shouhu.web.language.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shouhu.web.access.sitting",
]

ROOT_URLCONF = "shouhu.config.urls"
WSGI_APPLICATION = "shouhu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "shouhu.web.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "shouhu.web.templatetags.desk"],
        },
    }
]


def _database() -> dict[str, object]:
    address = os.environ.get("SHOUHU_DATABASE")
    if not address:
        # An acknowledged act must survive a power cut: synchronous=FULL. What is erased is overwritten: secure_delete.
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-20000", "mmap_size=134217728",
                   "journal_size_limit=67108864")  # fmt: skip
        options = {
            "transaction_mode": "IMMEDIATE", "timeout": 20,
            "init_command": "".join(f"PRAGMA {pragma};" for pragma in pragmas),
        }  # fmt: skip
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "shouhu.sqlite3", "OPTIONS": options}
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
    }


DATABASES = {"default": _database()}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "units.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account-login"

SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE  # what is handed in lies on no disk before it is sealed
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE, LANGUAGE_COOKIE_SECURE = True, "Lax", HTTPS
TRANSLATIONS = ROOT / "shouhu" / "web" / "locale"
LOCALE_PATHS = [HOME / "locale"]  # where jobs.setup compiles the translations to
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _files_of(package: str, *path: str) -> Path:
    """Where an installed package keeps its static files, found without importing it."""
    spec = find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))).joinpath(*path)


STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [
    ("vendor/bootstrap", _files_of("django_include_bootstrap", "static")),
    ("vendor/htmx", _files_of("django_htmx", "static", "django_htmx")),
    ("vendor/leaflet", _files_of("leaflet", "static", "leaflet")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "shouhu.config.logs.Wordless", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    # What somebody typed into the address by mistake, a receipt for example, is not written down, nor what a photo tells of its
    # camera and owner, whatever level somebody sets to look for a fault.
    "loggers": {"django.request": {"level": "ERROR"}, "PIL": {"level": "WARNING"}},
}
