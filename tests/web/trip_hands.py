"""Two hands that can do the same: one points and clicks, the other has a keyboard and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import ElementHandle, Locator, Page, TimeoutError

MOST_STOPS = 400
"""Stops of the Tab key on one page; a control that is further away is not reachable."""
PATIENCE = 20
"""Looks, 50 ms apart, until the focus must be seen."""
STOP = """(wanted) => {
    const here = document.activeElement;
    const style = getComputedStyle(here);
    const box = here.getBoundingClientRect();
    const same = here.type === "radio" && wanted.type === "radio" && here.name === wanted.name && here.form === wanted.form;
    return {
        there: here === wanted || same,
        behind: here !== document.body && Boolean(wanted.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
        told: `${here.tagName.toLowerCase()} ${here.name ?? ""} ${here.textContent.trim().slice(0, 40)}`,
        seen: here === document.body || (box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth && style.visibility === "visible" && Number(style.opacity) > 0
            && (!here.matches(":focus") || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)),
    };
}"""
"""Not itself in focus is what has a part in focus that is the browser's own: the calendar of a field for a day."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
OPENING = "summary, a[href^='#']"


class Hand(Protocol):
    """What a person does on a page; ``what`` is a control itself or the words on it."""

    page: Page

    def press(self, what: Locator | str) -> None:
        """This function will press a control that stays on the page."""

    def follow(self, what: Locator | str) -> None:
        """This function will press a control that leads to another page, and wait for it."""

    def write(self, label: Locator | str, text: str) -> None:
        """This function will fill a field with a text, a number or a day (2026-11-22)."""

    def choose(self, label: Locator | str, option: str) -> None:
        """This function will choose from a list that folds out."""

    def tick(self, what: Locator) -> None:
        """This function will choose a radio button or tick a box."""

    def hand_in(self, label: Locator | str, file: Path) -> None:
        """This function will put a file into a field."""

    def take(self, what: Locator | str) -> Path:
        """This function will press a control that gives a file, and wait for it."""


def control(page: Page, what: Locator | str) -> Locator:
    """This function will find a button, a link or a fold by its words, with a count behind them or not."""
    if isinstance(what, Locator):
        return what
    words = re.compile(rf"^\s*{re.escape(what)}\s*\d*\s*$")
    return page.locator("button, a, summary").filter(has_text=words, visible=True).first


def field(page: Page, label: Locator | str) -> Locator:
    """This function will find a field by its label."""
    if isinstance(label, Locator):
        return label
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first


class Pointer:
    """Clicks and fills in, as a mouse or a finger does."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator | str) -> None:
        """This function will click."""
        control(self.page, what).click()

    def follow(self, what: Locator | str) -> None:
        """This function will click and wait for the next page."""
        with self.page.expect_navigation():
            self.press(what)

    def write(self, label: Locator | str, text: str) -> None:
        """This function will fill a field in."""
        field(self.page, label).fill(text)

    def choose(self, label: Locator | str, option: str) -> None:
        """This function will choose from a list."""
        found = field(self.page, label)
        found.select_option(value=_value(found, option))

    def tick(self, what: Locator) -> None:
        """This function will click a radio button or a box."""
        what.check()

    def hand_in(self, label: Locator | str, file: Path) -> None:
        """This function will click a file field and choose a file."""
        with self.page.expect_file_chooser() as opened:
            field(self.page, label).click()
        opened.value.set_files(file)

    def take(self, what: Locator | str) -> Path:
        """This function will click and wait for the file."""
        with self.page.expect_download() as begun:
            self.press(what)
        return Path(begun.value.path())


class Keyboard:
    """Tab, Shift+Tab, Enter, Space, arrow keys and letters; every stop on the way must show where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator | str) -> None:
        """This function will go to a control and press Enter, on a button Space."""
        found = control(self.page, what)
        self._reach(found)
        self.page.keyboard.press("Space" if found.evaluate("(one) => one.tagName === 'BUTTON'") else "Enter")

    def follow(self, what: Locator | str) -> None:
        """This function will do so and wait for the next page."""
        found = control(self.page, what)
        self._reach(found)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, label: Locator | str, text: str) -> None:
        """This function will type over what stands in a field."""
        found = field(self.page, label)
        self._reach(found)
        kind = found.get_attribute("type")
        if kind == "date":
            self._write_day(found, text)
            return
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text) if text.isascii() else self.page.keyboard.insert_text(text)
        assert found.input_value() == text

    def _write_day(self, found: Locator, text: str) -> None:
        """A browser's field for a day has parts, in the order of its language: whoever types sees which comes first."""
        assert DAY.fullmatch(text)
        year, month, day = text.split("-")
        for first, *rest in ((month, f"{day}{year}"), (day, f"{month}{year}"), (year, f"{month}{day}")):
            while found.evaluate("(one) => one === document.activeElement"):
                self.page.keyboard.press("Shift+Tab")
            self.page.keyboard.press("Tab")
            self.page.keyboard.type(first)
            if first == year:  # a year may have more digits than four
                self.page.keyboard.press("ArrowRight")
            self.page.keyboard.type("".join(rest))
            if found.input_value() == text:
                return
        raise AssertionError(f"the keys do not write {text}")

    def choose(self, label: Locator | str, option: str) -> None:
        """This function will go through a list with the arrow keys."""
        found = field(self.page, label)
        self._reach(found)
        wanted = _value(found, option)
        self.page.keyboard.press("Home")
        for _ in range(found.locator("option").count()):
            if found.input_value() == wanted:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrow keys do not lead to {option}")

    def tick(self, what: Locator) -> None:
        """This function will go to a box, or to the radio buttons and through them with the arrow keys."""
        self._reach(what)
        here = "(one) => one === document.activeElement"
        if what.get_attribute("type") == "checkbox" or (what.evaluate(here) and not what.is_checked()):
            self.page.keyboard.press("Space")
        for _ in range(20):
            if what.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError("the arrow keys do not lead to the radio button")

    def hand_in(self, label: Locator | str, file: Path) -> None:
        """This function will go to a file field and open the chooser with Space; who sees none open presses again."""
        found = field(self.page, label)
        for patience in (5_000, 10_000, 30_000):
            self._reach(found)
            try:
                with self.page.expect_file_chooser(timeout=patience) as opened:
                    self.page.keyboard.press("Space")
            except TimeoutError:
                continue
            opened.value.set_files(file)
            return
        raise AssertionError(f"Space opens no chooser at {label}")

    def take(self, what: Locator | str) -> Path:
        """This function will go to a control, press Enter and wait for the file."""
        self._reach(control(self.page, what))
        with self.page.expect_download() as begun:
            self.page.keyboard.press("Enter")
        return Path(begun.value.path())

    def _reach(self, found: Locator) -> None:
        found.wait_for(state="attached")
        wanted = found.element_handle()
        assert isinstance(wanted, ElementHandle)
        stop: dict[str, Any] = {}
        for _ in range(MOST_STOPS):
            stop = self._stop(wanted)
            assert stop["seen"], f"the focus cannot be seen on {stop['told']} of {self.page.url}"
            if stop["there"]:
                return
            self.page.keyboard.press("Shift+Tab" if stop["behind"] else "Tab")
        raise AssertionError(f"Tab does not lead to {found} on {self.page.url}, but to {stop['told']}")

    def _stop(self, wanted: ElementHandle) -> dict[str, Any]:
        """Where the focus is; a page may take a moment to scroll there."""
        for _ in range(PATIENCE):
            stop: dict[str, Any] = self.page.evaluate(STOP, wanted)
            if stop["seen"]:
                break
            self.page.wait_for_timeout(50)
        return stop


def _value(found: Locator, option: str) -> str:
    """The value of the option that begins so."""
    row = found.locator("option").filter(has_text=re.compile(rf"^\s*{re.escape(option)}")).first
    return row.get_attribute("value") or ""
