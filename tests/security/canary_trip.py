"""
Canaries go through every function of the desk that has to do with tips: run as a program in a home of its own.

Prints a line of JSON with what was asked and what came out; what it leaves on the disk is searched by whoever started it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path


def main(folder: Path, n_tips: int) -> None:
    """This function will lead the canaries through the desk; ``folder`` is outside the home and takes what came out."""
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    django.setup()
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("markdown_it").setLevel(logging.INFO)  # tells every line of the manual, which is no secret
    logging.getLogger("shouhu").debug("the log tells everything")
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.security.canary_desk import Watch
    from tests.security.canary_ways import Trip

    watch = Watch(folder)
    watch.keep_deleted(settings.HOME, Path(os.environ["TMPDIR"]))
    trip = Trip(watch, n_tips)
    for step in trip.steps():
        step()
    sessions(folder)
    told = {
        "shown": sorted([route, who, sorted(kinds)] for (route, who), kinds in watch.shown.items() if kinds),
        "leaks": watch.leaks, "asked": watch.asked, "verbs": sorted(watch.verbs), "statuses": watch.statuses,
        "nameless": watch.nameless, "deleted": watch.n_deleted, "kept": trip.n_kept(),
    }  # fmt: skip
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()
    os._exit(0)  # the write-ahead log stays as it is after a crash


def sessions(folder: Path) -> None:
    """This function will write down what the sessions hold, which in the database is squeezed."""
    from django.contrib.sessions.models import Session

    told = [one.get_decoded() for one in Session.objects.all()]
    (folder / "sessions.json").write_text(json.dumps(told, ensure_ascii=False, default=str), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
