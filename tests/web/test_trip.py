"""
The whole trip in a real browser: import, assign, survey on a phone without a network, sync, colour, measures, close, list.

By the pages alone, as the posts whose work it is, once by pointer and once by keyboard alone; over https, the phone under a name
of its own; on PostgreSQL too (SHOUHU_TESTS_ON=postgresql). SHOUHU_PICTURES=FOLDER keeps a picture of every station.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.web import trip_disposal as disposal
from tests.web import trip_survey as survey
from tests.web.chromium import ARGUMENTS as PLAIN
from tests.web.chromium import CHROMIUM, needs_chromium
from tests.web.trip_desk import DESK, PHONE, Desk, Home, served, staffed_home
from tests.web.trip_hands import Keyboard, Pointer
from tests.web.trip_seats import Office, Seat

ARGUMENTS = [*PLAIN, "--lang=zh-CN",
             f"--host-resolver-rules=MAP {DESK} 127.0.0.1, MAP {PHONE} 127.0.0.1, MAP * ~NOTFOUND"]  # fmt: skip
HANDS: dict[str, type[Pointer | Keyboard]] = {"pointer": Pointer, "keyboard": Keyboard}
# By hand on SQLite, by keyboard on PostgreSQL; both on both in the soak.
SOME = (
    HANDS if os.environ.get("SHOUHU_SOAK") == "1" else ["keyboard" if os.environ.get("SHOUHU_TESTS_ON") else "pointer"]
)
PATIENCE = 90_000
pytestmark = needs_chromium


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return staffed_home(tmp_path_factory.mktemp("trip") / "prepared")


@pytest.fixture(params=SOME)
def desk(request: pytest.FixtureRequest, prepared: Home) -> Iterator[tuple[str, Desk]]:
    with served(prepared.copied(f"trip-{request.param}")) as desk:
        yield request.param, desk


@pytest.fixture
def screens(desk: tuple[str, Desk], tmp_path: Path) -> Iterator[Office]:
    """Four browsers' worth of cookies; whatever is not for the desk's two names is an error."""
    kind, here = desk
    pictures = Path(os.environ.get("SHOUHU_PICTURES") or tmp_path / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        trust = f"--ignore-certificate-errors-spki-list={here.spki}"
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, trust], env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        asked: list[str] = []
        count = [0]

        def seat(host: str, width: int, height: int) -> Seat:
            context = context_of(browser, here.url(host), width, height)
            context.on("request", lambda request: asked.append(request.url))
            page = context.new_page()
            return Seat(HANDS[kind](page), page, pictures, count)

        yield Office(
            seat(DESK, 1366, 768), seat(DESK, 1366, 768), seat(DESK, 1366, 768), seat(PHONE, 390, 844), tmp_path
        )
        browser.close()
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("blob:", "data:"))} == {DESK, PHONE}


def context_of(browser: Browser, url: str, width: int, height: int) -> BrowserContext:
    """This function will make a screen of a size whose addresses begin alike."""
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=url, locale="zh-CN",
                                  timezone_id="Asia/Shanghai")  # fmt: skip
    context.set_default_timeout(PATIENCE)
    return context


def test_the_trip(screens: Office) -> None:
    expect.set_options(timeout=PATIENCE)
    survey.log_in(screens)
    survey.bring_in_the_register(screens)
    survey.give_the_work_out(screens)
    survey.survey_at_the_door(screens)
    survey.accept_and_read_the_colour(screens)
    disposal.take_the_measures(screens)
    survey.survey_again(screens)
    disposal.let_the_colour_fall(screens)
    disposal.close(screens)
    disposal.read_the_list(screens)
