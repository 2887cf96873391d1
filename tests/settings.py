"""The desk's settings for tests: a home of its own that is gone afterwards; SHOUHU_TESTS_ON=postgresql for PostgreSQL."""

import atexit
import os
import shutil
import tempfile

from tests.servers import postgresql, postgresql_binaries

_home = tempfile.mkdtemp(prefix="shouhu-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["SHOUHU_HOME"] = _home
os.environ.pop("SHOUHU_DATABASE", None)
if os.environ.get("SHOUHU_TESTS_ON") == "postgresql":
    _binaries = postgresql_binaries()
    assert _binaries, "SHOUHU_TESTS_ON=postgresql needs the server: apt install postgresql"
    _server = postgresql(_binaries)
    _socket = _server.__enter__()
    atexit.register(_server.__exit__, None, None, None)
    os.environ["SHOUHU_DATABASE"] = f"postgresql://postgres@{str(_socket).replace('/', '%2F')}/postgres"

from shouhu.config.settings import *  # noqa: E402, F403

if "postgresql" not in str(DATABASES["default"]["ENGINE"]):  # noqa: F405
    # In a file: a database in memory is one connection, which a served test's threads would share.
    DATABASES["default"]["TEST"] = {"NAME": f"{_home}/tests.sqlite3"}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"  # type: ignore[index]  # noqa: F405
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
