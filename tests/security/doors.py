"""The doors of the desk: the reviewed matrix of who may come in, and a knock that leaves nothing behind."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shouhu.ledgers.units.rights import roles
from tests.security.objects import FILES, RELATIONS

SOAK = os.environ.get("SHOUHU_SOAK") == "1"
ONE_IN = 1 if SOAK else 20
BELOW = ("own", "child")


@dataclass(frozen=True)
class Row:
    """A row of the matrix; its parts are told at the top of the file."""

    methods: list[str]
    roles: list[str] = field(default_factory=list)
    open: bool = False
    of: str = ""
    reach: list[str] = field(default_factory=lambda: list(BELOW))
    seen: list[str] = field(default_factory=list)
    hand: str = ""
    unit: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    verbs: list[str] = field(default_factory=lambda: [""])
    fixed: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    sends: str = ""


@dataclass(frozen=True)
class Knock:
    """One request: at which door, by whom, about an object of which relation."""

    route: str
    verb: str
    role: str
    seat: str
    relation: str
    method: str

    def is_chosen(self) -> bool:
        """This function will tell whether the short form makes this request."""
        return crc32(repr(self).encode()) % ONE_IN == 0

    def may(self) -> bool:
        """This function will tell what the matrix says."""
        row = matrix()[self.route]
        if self.role not in row.roles and row.roles != ["anybody"]:
            return False
        if not row.of:
            return True
        if row.hand:
            return self.role == row.hand and self.relation == "own"
        if self.role in row.unit:
            return self.relation == "own"
        if self.role in row.wide:
            return True
        reach = ["own"] if self.role == "institution" else [*row.reach, *row.seen]
        return self.relation in reach


@cache
def matrix() -> dict[str, Row]:
    """This function will read the matrix."""
    written = yaml.load((Path(__file__).parent / "matrix.yaml").read_text("utf-8"), yaml.BaseLoader)
    return {name: Row(**{**row, "open": row.get("open") == "true"}) for name, row in written.items()}


@cache
def routes() -> dict[str, URLPattern]:
    """This function will give every route of the desk by its name."""

    def walk(patterns: list[Any]) -> Iterator[URLPattern]:
        for one in patterns:
            yield from walk(one.url_patterns) if isinstance(one, URLResolver) else [one]

    return {str(one.name): one for one in walk(get_resolver().url_patterns)}


def knocks() -> list[Knock]:
    """This function will give every request that the matrix speaks of, of posts in a town and in the county."""
    return [
        Knock(route, verb, role, seat, relation, method)
        for route, row in matrix().items()
        if not row.open
        for verb in row.verbs
        for role in roles()
        for seat, relations in RELATIONS.items()
        for relation in (relations if row.of else ("own",))
        for method in ("GET", "POST")
    ]


def address(route: str, verb: str, named: dict[str, Any]) -> str:
    """This function will give the address of a page about an object."""
    row, given = matrix()[route], {**named, **matrix()[route].fixed}
    given |= {"verb": verb} if verb else {}
    path = reverse(route, kwargs={name: given[name] for name in routes()[route].pattern.converters})
    query = {name: given["code"] if value == "$code" else value for name, value in row.query.items()}
    return f"{path}?{urlencode(query)}" if query else path


def ask(
    client: Client,
    method: str,
    url: str,
    data: dict[str, Any] | None = None,
    sends: str = "",
    then: Callable[[], object] = lambda: None,
) -> tuple[int, str]:
    """
    This function will make a request of which nothing remains, and give status and text (workbooks unpacked); a fault gives 500.

    Where the answer leads elsewhere, the text is the address.

    :param then: called while what the request did is still there.
    """
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    data = dict(data or {})
    if sends and method == "POST":
        data[sends] = SimpleUploadedFile(sends, FILES[sends]())
    try:
        with transaction.atomic():
            answer: Any = getattr(client, method.lower())(url, data)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            then()
            transaction.set_rollback(True)
    except Exception as fault:
        return 500, f"{type(fault).__name__}: {fault}"
    finally:
        client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: cookie.value} if cookie else {})
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
    return answer.status_code, answer.get("Location") or content.decode("utf-8", "replace")


def plain(text: str) -> str:
    """This function will take away what differs from answer to answer: tokens, the minute of printing, the address asked for."""
    return re.sub(r"[A-Za-z0-9]{64}|\d{4}-\d\d-\d\d \d\d:\d\d|(?<=name=\"next\" value=\")[^\"]*", "", text)
