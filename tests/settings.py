"""The desk's settings for tests: a home of its own that is gone afterwards, and PostgreSQL where one is asked for."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="shouhu-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["SHOUHU_HOME"] = _home

from shouhu.config.settings import *  # noqa: E402, F403

WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
