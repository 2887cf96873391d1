"""Making an institution known, and recording what is learnt about it. Nothing is overwritten: every change is a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from pypinyin import Style, lazy_pinyin

from shouhu.engines.rules import words
from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions.models import Institution, Place, Version
from shouhu.ledgers.institutions.values import Facts, stored
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused, Stale

_COPIED = {"name": 120, "uscc": 18, "address": 200, "kind": 30, "operation": 10}


class Nameless(Refused):
    """An institution needs a name."""


class Conflict(Stale):
    """Two people changed the same facts; ``theirs`` and ``mine`` are both texts by fact name."""

    def __init__(self, theirs: Facts, mine: Facts) -> None:
        self.theirs, self.mine = theirs, mine
        told = "；".join(
            f"{declared()[name].title}：现为“{words.value(declared()[name], theirs.get(name))}”，"
            f"您填的是“{words.value(declared()[name], mine.get(name))}”"
            for name in mine
        )
        super().__init__(f"您打开之后，别人已改过同样的内容，请核对后再保存。{told}")


@transaction.atomic
def register(
    *,
    facts: Mapping[str, Any],
    code: str,
    source: str,
    by: Post,
    at: datetime,
    point: tuple[float, float] | None = None,
    cause: str = "found",
    reference: str = "",
) -> Institution:
    """
    This function will make an institution or site known, with its first version of facts.

    :param facts: fact name to value, as the rating engine takes them.
    :param code: 12-digit code of its village, or of its town where the village is not known.
    :param point: latitude and longitude, WGS 84.
    :raises Nameless: the facts hold no name.
    """
    if not facts.get("name"):
        raise Nameless("请填写机构或场所名称；没有招牌的，写“地址＋用途”，例如“河东路12号老年公寓”")
    latitude, longitude = point or (None, None)
    institution = Institution.objects.create(
        number=_next_number(code), code=code, source=source, found_at=at, found_by=by,
        latitude=latitude, longitude=longitude, **copied(facts),
    )  # fmt: skip
    _write(institution, 1, facts, dict.fromkeys(facts, [cause, reference, localdate(at).isoformat()]),
           cause=cause, reference=reference, reason="", by=by, at=at)  # fmt: skip
    Place.objects.create(institution=institution, code=code, address=institution.address, source=cause)
    journal.record(verb="institution.registered", subject=institution, by=by.code, at=at, code=code,
                   changes={name: (None, value) for name, value in facts.items() if value is not None})  # fmt: skip
    return institution


@transaction.atomic
def revise(
    *,
    institution_id: int,
    base: int,
    changes: Mapping[str, Any],
    cause: str,
    by: Post,
    at: datetime,
    on: date | None = None,
    reference: str = "",
    reason: str = "",
) -> Version:
    """
    This function will record changed facts as a new version; facts that others changed meanwhile are kept.

    :param base: number of the version that the person saw.
    :param changes: fact name to new value; None makes a fact unknown.
    :param on: the day on which it was learnt; the day of ``at`` if not given.
    :raises Conflict: one of the same facts was changed since ``base`` to something else.
    """
    from shouhu.ledgers.institutions.queries import facts_of, version

    institution = Institution.objects.select_for_update().get(pk=institution_id)
    current = version(institution, institution.n)
    now = facts_of(current)
    seen = now if base == institution.n else facts_of(version(institution, base))
    clash = {
        name for name, value in changes.items() if now.get(name) != seen.get(name) and now.get(name) != value
    }
    if clash:
        raise Conflict({name: now.get(name) for name in clash}, {name: changes[name] for name in clash})
    moved = {name: value for name, value in changes.items() if now.get(name) != value}
    facts = {**now, **moved}
    if not facts.get("name"):
        raise Nameless("机构或场所名称不能空着")
    origins = {**current.origins, **dict.fromkeys(changes, [cause, reference, (on or localdate(at)).isoformat()])}
    institution.n += 1
    for name, value in copied(facts).items():
        setattr(institution, name, value)
    institution.save()
    made = _write(institution, institution.n, facts, origins, cause=cause, reference=reference, reason=reason,
                  by=by, at=at)  # fmt: skip
    journal.record(verb="institution.revised", subject=institution, by=by.code, at=at, code=institution.code,
                   changes={name: (now.get(name), value) for name, value in moved.items()})  # fmt: skip
    return made


def copied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """This function will give the columns of an institution that repeat facts."""
    name = str(facts["name"])[:120]
    texts = {fact: str(facts.get(fact) or "")[:longest] for fact, longest in _COPIED.items()}
    return {
        **texts,
        "initials": "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:120],
        "is_registered": _is(facts.get("registered"), "已登记"),
        "is_filed": _is(facts.get("filed"), "已备案"),
    }


def _is(value: Any, word: str) -> bool | None:
    return None if value is None else value == word


def _write(institution: Institution, n: int, facts: Mapping[str, Any], origins: dict[str, Any], *, cause: str,
           reference: str, reason: str, by: Post, at: datetime) -> Version:  # fmt: skip
    plain, personal = stored(facts)
    return Version.objects.create(
        institution=institution, n=n, facts=plain, personal=personal,
        origins={name: origins[name] for name in (*plain, *personal)}, cause=cause, reference=reference,
        reason=reason, recorded_at=at, recorded_by=by,
    )  # fmt: skip


def _next_number(code: str) -> str:
    """The next number of a county; the journal's head, locked by every act, would not be held yet, so lock the last row."""
    county = code[:6]
    last = Institution.objects.select_for_update().filter(number__startswith=f"{county}-").order_by("-number").first()
    return f"{county}-{int(last.number.split('-')[1]) + 1 if last else 1:06d}"
