"""
What watches a desk that canaries go through: every answer with its address and headers, every file that is deleted.

A page may show canaries where ``SHOWN`` says so; whatever else comes out anywhere is a leak.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import resolve, reverse
from django.utils.timezone import now

from shouhu.ledgers.units.models import Post
from tests.security.canary import STEMS, Informant, kinds_in
from tests.security.filled import Filled, form_with

ORIGINAL = frozenset({"words", "phone", "id_number", "card"})
"""What stands in the text of a tip."""
SHOWN: dict[tuple[str, str], tuple[frozenset[str], str]] = {
    ("public-form", "informant"): (
        ORIGINAL | {"address", "told", "name", "file"}, "informants see after a mistake what they wrote, and which file is not taken"),
    ("public-mine", "informant"): (
        frozenset({"message", "opinion", "file"}), "whoever has the receipt reads their own messages again"),
    ("tip-take", "campaign_office"): (
        ORIGINAL | {"name", "address", "told", "file"}, "a form with a mistake comes back to whoever typed it"),
    ("tip-arrival", "campaign_office"): (
        frozenset({"words"}), "a list is looked through before it is taken in: the beginning of each text, no informant"),
    ("tip-page", "campaign_office"): (
        ORIGINAL | {"address", "told", "message", "opinion"}, "those who sort read the words as told; each reading is journalled"),
    ("tip-page", "analyst"): (
        ORIGINAL | {"address", "told", "message"}, "those who sort read the words as told; each reading is journalled"),
    ("tip-page", "member_unit"): (frozenset({"words"}), "the redacted copy, which a person looked through"),
    ("tip-page", "task_force"): (frozenset({"words"}), "the redacted copy, for the unit that helps"),
    ("tip-page", "leader"): (frozenset({"words"}), "the redacted copy"),
    ("tip-sort", "campaign_office"): (
        ORIGINAL | {"address", "told", "message"}, "sorting and redacting are done with the words as told, and added, beside the form"),
    ("tip-hand", "campaign_office"): (frozenset({"words"}), "the redacted copy is looked at before a unit gets it"),
    ("tip-verify", "member_unit"): (frozenset({"words"}), "the redacted copy, beside the conclusion"),
    ("tip-file", "campaign_office"): (frozenset({"photo", "paper"}), "the original of a file, for those who sort; journalled"),
    ("informant-read", "campaign_office"): (
        frozenset({"name", "phone", "address"}), "the one reading of an identity by the named viewer"),
}  # fmt: skip
"""Route and who asked → what may stand on the page, and why."""


@dataclass
class Watch:
    """Everything that came out of the desk."""

    folder: Path
    """Outside the home: where addresses and headers are written, and deleted files are kept."""
    shown: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    verbs: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    nameless: list[str] = field(default_factory=list)
    """Files without a name, which nobody could search afterwards."""
    n_deleted: int = 0

    def keep_deleted(self, *roots: Path) -> None:
        """This function will keep every file below these folders that is deleted from now on, as it was then."""
        inside = tuple(f"{root}/" for root in roots)
        kept = self.folder / "deleted"
        kept.mkdir()

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event == "os.remove":
                path, folder = Path(os.fsdecode(arguments[0])), arguments[1]
                if isinstance(folder, int) and folder >= 0:
                    path = Path(f"/proc/self/fd/{folder}").readlink() / path
                if str(path).startswith(inside) and path.is_file() and not path.is_symlink():
                    self.n_deleted += 1
                    os.link(path, kept / f"{self.n_deleted}-{path.name}")
            elif event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_TMPFILE == os.O_TMPFILE:
                self.nameless.append(str(arguments[0]))

        sys.addaudithook(hook)

    def look(self, response: Any, url: str, method: str, who: str) -> None:
        """This function will note an answer, and a leak where its page shows what it may not."""
        route = str(resolve(url.partition("?")[0]).url_name) if response.status_code not in (404, 403) else "nowhere"
        self.asked[route] += 1
        self.statuses[response.status_code] += 1
        body = b"".join(response.streaming_content) if response.streaming else response.content
        title = re.search(rb"<title>(.*?)</title>", body, re.DOTALL)
        with (self.folder / "answers.txt").open("ab") as file:
            lines = [f"{method} {url} {response.status_code}", *(f"{name}: {value}" for name, value in response.headers.items()),
                     *(one.OutputString() for one in response.cookies.values())]  # fmt: skip
            file.write("\n".join(lines).encode("utf-8", "replace") + b"\n" + (title[1] if title else b"") + b"\n")
        found = kinds_in(body)
        may = SHOWN.get((route, who), (frozenset(), ""))[0]
        self.shown.setdefault((route, who), set()).update(found.keys() & may)
        if beyond := {kind: way for kind, way in found.items() if kind not in may}:
            self.leaks.append(f"{method} {url} ({route}) as {who}: {beyond}{_around(body, beyond)}")


def _around(body: bytes, kinds: dict[str, str]) -> str:
    """The line in which the first of them stands, for whoever looks for the cause."""
    text, stem = body.decode("utf-8", "replace"), STEMS[next(iter(kinds))]
    at = text.find(stem)
    return f" …{text[max(at - 150, 0) : at + 40]}…" if at >= 0 else ""


class Seat:
    """Somebody before a browser: at a post of the desk, or at home."""

    def __init__(self, watch: Watch, post: Post | None = None, informant: Informant | None = None) -> None:
        more: dict[str, Any] = {}
        if informant:
            more = {
                "REMOTE_ADDR": informant.network_address,
                "HTTP_USER_AGENT": f"Mozilla/5.0 ({informant.mark('agent')})",
            }
        self.client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1", **more)
        self.watch, self.post, self.who = watch, post, post.role if post else "informant"
        if post:
            self._sit(post)

    def _sit(self, post: Post) -> None:
        person = post.tenures.get(to_on=None).person
        self.client.force_login(person)
        session = SessionStore(self.client.cookies["session"].value)
        session.update({"seen": now().timestamp(), "began": now().timestamp(), "salt": person.session_salt, "post": post.pk,
                        "second_factor": True, "bell": [post.pk, 0, 1e11]})  # fmt: skip  # counted just now, as in tests.office
        session.save()

    def get(self, route: str, /, *args: Any, status: int = 200, **query: str) -> str:
        """This function will open a page."""
        url = route if route.startswith("/") else reverse(route, args=args)
        return self._answered(self.client.get(url, query), "GET", status)

    def post_to(self, url: str, sent: dict[str, Any], status: int = 302) -> str:
        """This function will send a form."""
        return self._answered(self.client.post(url, sent), "POST", status)

    def act(self, route: str, /, *args: Any, ask: str = "", status: int = 302, **sent: Any) -> str:
        """
        This function will open a form, fill it in and send it; the page that follows, or the answer where there is none.

        :param ask: a field by which the form is known; empty: the first that is filled in, and a bare form where none is.
        """
        self.watch.verbs.add(f"{route} {args[-1]}" if args and isinstance(args[-1], str) else route)
        url = reverse(route, args=args)
        page = self.get(url)
        form = form_with(page, ask or next(iter(sent), "csrfmiddlewaretoken"))
        return self.post_to(url, form.sent(**sent), status)

    def form(self, route: str, *args: Any, ask: str) -> Filled:
        """This function will open a page and give one of its forms."""
        return form_with(self.get(route, *args), ask)

    def _answered(self, response: Any, method: str, status: int) -> str:
        request = response.request
        url = request["PATH_INFO"] + (f"?{request['QUERY_STRING']}" if request["QUERY_STRING"] else "")
        self.watch.look(response, url, method, self.who)
        text = "" if response.streaming else response.content.decode("utf-8", "replace")
        assert response.status_code == status, f"{method} {url}: {response.status_code}\n{text[-4000:]}"
        if response.status_code == 302:
            there = response["Location"]
            return self.get(there) if there.startswith("/") and self.post else ""
        return text
