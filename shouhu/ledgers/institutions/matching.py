"""Which rows of an import are institutions that are known already; what is not sure is left to a person."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shouhu.engines.documents.checks import is_uscc
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions import queries
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.institutions.values import Facts
from shouhu.ledgers.units.codes import span

SETTLED = ("survey", "objection", "clearance", "tip")
"""Origins that a register does not overrule by itself."""


@dataclass(frozen=True)
class Match:
    """What is to become of a row: a decision, the institution it matches, and why a person should look."""

    decision: str
    matched: Institution | None = None
    doubt: str = ""


def match(rows: Sequence[tuple[str, Facts]], code: str) -> list[Match]:
    """
    This function will match rows (code and facts of each) to the institutions inside a division, in three queries.

    By 统一社会信用代码 first, else by name in the same village; a decision ``ask`` is for a person.
    """
    low, high = span(code)
    usccs = {facts["uscc"] for _, facts in rows if is_uscc(facts.get("uscc") or "")}
    names = {facts["name"][:120] for _, facts in rows if facts.get("name")}
    known = Institution.objects.filter(queries.visible(), merged_into=None)
    inside = known.filter(code__gte=low, code__lt=high)
    by_uscc: dict[str, list[Institution]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[Institution]] = defaultdict(list)
    for one in inside.filter(uscc__in=usccs).order_by("pk"):
        by_uscc[one.uscc].append(one)
    for one in inside.filter(name__in=names).order_by("pk"):
        by_name[one.name, one.code[:9]].append(one)
    elsewhere = set(known.filter(uscc__in=usccs).exclude(code__gte=low, code__lt=high).values_list("uscc", flat=True))
    return [_match(at, facts, by_uscc, by_name, elsewhere) for at, facts in rows]


def overrules(facts: Facts, now: Facts, origins: Mapping[str, Sequence[str]]) -> str:
    """This function will name the facts settled by a survey or objection that a row would change; none: empty."""
    titles = [
        declared()[name].title
        for name, value in facts.items()
        if now.get(name) not in (None, value) and name in origins and origins[name][0] in SETTLED
    ]
    return "、".join(titles[:5]) + ("等" if len(titles) > 5 else "")


def _match(
    code: str,
    facts: Facts,
    by_uscc: Mapping[str, list[Institution]],
    by_name: Mapping[tuple[str, str], list[Institution]],
    elsewhere: set[str],
) -> Match:
    if not code or not facts.get("name"):
        return Match("skip")
    name, uscc = facts["name"][:120], facts.get("uscc") or ""
    if found := by_uscc.get(uscc, []):
        one = found[0]
        if len(found) > 1:
            return Match("ask", one, f"有 {len(found)} 家机构是同一代码（{one.number} 等），请先合并或指明")
        return Match("update", one)
    if found := by_name.get((name, code[:9]), []):
        same = [one for one in found if one.code == code]
        one = (same or found)[0]
        if len(found) > 1:
            return Match("ask", one, f"同一镇街有 {len(found)} 家同名机构（{one.number} 等），看不出是哪一家")
        if uscc and one.uscc and uscc != one.uscc:
            return Match("ask", one, f"与 {one.number} 同名，代码不同（原为 {one.uscc}）")
        if not same:
            return Match("ask", one, f"与 {one.number} 同名，所在村居不同")
        if _differs(facts.get("address"), one.address):
            return Match("ask", one, f"与 {one.number} 同名，地址不同（原为“{one.address[:40]}”）")
        return Match("update", one)
    if uscc in elsewhere:
        return Match("ask", None, "同一代码的机构已在本批次范围以外登记，请与上级核对")
    return Match("new")


def _differs(one: str | None, other: str) -> bool:
    """Two addresses that are known and not the same text, whatever the punctuation."""
    return bool(one and other) and _bare(one or "") != _bare(other)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()
