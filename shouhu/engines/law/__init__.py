"""What may be cited: the sources, and the clauses of them that our data relies on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml


class UnknownClause(Exception):
    """A citation that no declared source answers for; ``str()`` names it, in Chinese."""


@dataclass(frozen=True)
class Source:
    """A document, regulation or law; ``in_force`` is None where it names no date, ``mark`` as in ``sources.yaml``."""

    id: str
    title: str
    issuer: str | None
    number: str | None
    kind: str
    in_force: date | None
    clauses: dict[str, str]
    mark: str = ""
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True)
class Citation:
    """A clause of a source; ``str()`` is how screens and letters print it: title and path, never our id."""

    source: Source
    path: str

    @property
    def about(self) -> str:
        """What the clause is about, in our words."""
        return self.source.clauses[self.path]

    def __str__(self) -> str:
        return f"《{self.source.title}》{self.path}{self.caveat}"

    @property
    def caveat(self) -> str:
        """〔待核〕 where we know the clause from memory only."""
        return "〔待核〕" if self.path in self.source.unverified else ""


@cache
def sources() -> dict[str, Source]:
    """This function will give every declared source by id."""
    text = (files(__package__) / "sources.yaml").read_text("utf-8")
    return {
        row["id"]: Source(**{**row, "unverified": tuple(row.get("unverified", ()))}) for row in yaml.safe_load(text)
    }


@cache
def cite(clause: str) -> Citation:
    """
    This function will resolve a clause such as ``"001 二(二)二是"`` (source id, blank, path).

    :raises UnknownClause: no such source, or a path that ``sources.yaml`` does not list.
    """
    source_id, _, path = clause.partition(" ")
    source = sources().get(source_id)
    if source is None or path not in source.clauses:
        raise UnknownClause(f"条款“{clause}”不在法源目录中，请先在 sources.yaml 登记")
    return Citation(source, path)
