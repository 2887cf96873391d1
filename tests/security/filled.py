"""Forms of a page with what stands in them, as a browser without scripts would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Filled:
    """A form: where it is sent, and the values that it holds."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    """All names that it asks for, also those without a value."""

    def sent(self, **more: Any) -> dict[str, Any]:
        """This function will give what is sent, with what somebody fills in; None takes a value away."""
        return {name: value for name, value in {**self.values, **more}.items() if value is not None}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Filled] = []
        self._here: Filled | None = None
        self._area: str | None = None
        self._text = ""
        self._choice: str | None = None
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._here = Filled(given.get("action", ""))
            self.forms.append(self._here)
        if self._here is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea":
            self._area, self._text = name, ""
            self._here.names.add(name)
        elif tag == "select":
            self._choice, self._first = name, None
            self._here.names.add(name)
        elif tag == "option" and self._choice:
            if self._first is None:
                self._first = given.get("value", "")
                self._here.values.setdefault(self._choice, [self._first])
            if "selected" in given:
                self._here.values[self._choice] = [given.get("value", "")]

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self._here is not None
        self._here.names.add(name)
        kind = given.get("type", "text")
        if kind in ("submit", "file", "button") or (kind in ("radio", "checkbox") and "checked" not in given):
            return
        self._here.values.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._here is None:
            return
        if tag == "textarea" and self._area is not None:
            self._here.values.setdefault(self._area, []).append(self._text.removeprefix("\n"))
            self._area = None
        elif tag == "select":
            self._choice = None
        elif tag == "form":
            self._here = None


def forms_of(page: str) -> list[Filled]:
    """This function will read the forms of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_with(page: str, name: str) -> Filled:
    """This function will give the form of a page that asks for something."""
    found = [one for one in forms_of(page) if name in one.names]
    assert found, f"no form asks for {name}: {[sorted(one.names) for one in forms_of(page)]}"
    return found[0]
