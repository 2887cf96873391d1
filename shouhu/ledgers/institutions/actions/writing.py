"""The one way in which institutions, versions, places and hands get written: for a single form and for 500 rows alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.timezone import localdate
from pypinyin import Style, lazy_pinyin

from shouhu.ledgers.institutions import counted
from shouhu.ledgers.institutions.models import Batch, Hand, Institution, Numbering, Place, Version
from shouhu.ledgers.institutions.values import Facts, stored
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused

_COPIED = {"name": 120, "uscc": 18, "address": 200, "kind": 30, "operation": 10}
NAMED = ("legal_representative", "principal", "investor")
"""The facts that name people of whom a row of ``Hand`` is kept."""
_AT_ONCE = 500


class Nameless(Refused):
    """An institution needs a name."""

    def __init__(self) -> None:
        super().__init__("请填写机构或场所名称；没有招牌的，写“地址＋用途”，例如“河东路12号老年公寓”")


@dataclass(frozen=True)
class Newcomer:
    """An institution to be: its facts, the code where it is, and what made it known (``reference``)."""

    facts: Mapping[str, Any]
    code: str
    reference: str = ""
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Change:
    """What is newly known about an institution; ``current`` is its present version and ``facts`` that version's facts."""

    institution: Institution
    current: Version
    facts: Facts
    changes: Mapping[str, Any]
    reference: str = ""
    origins: Mapping[str, Any] = field(default_factory=dict)
    """Origins to keep where a change only restores what was known before."""


def create(
    newcomers: Sequence[Newcomer], *, source: str, cause: str, by: Post, at: datetime, batch: Batch | None = None
) -> list[Institution]:
    """
    This function will write institutions with their first versions, places and hands, and journal them.

    :raises Nameless: the facts of one hold no name.
    """
    if not all(one.facts.get("name") for one in newcomers):
        raise Nameless
    day = localdate(at)
    numbers = _numbers(one.code for one in newcomers)
    made = Institution.objects.bulk_create(
        [
            Institution(number=number, code=one.code, source=source, found_at=at, found_by=by, batch=batch,
                        latitude=one.point and one.point[0], longitude=one.point and one.point[1], **copied(one.facts))
            for number, one in zip(numbers, newcomers, strict=True)
        ],
        batch_size=_AT_ONCE,
    )  # fmt: skip
    pairs = list(zip(made, newcomers, strict=True))
    Version.objects.bulk_create(
        [
            _version(institution, 1, one.facts, {key: [cause, one.reference, day.isoformat()] for key in one.facts},
                     cause=cause, reference=one.reference, reason="", by=by, at=at, batch=batch)
            for institution, one in pairs
        ],
        batch_size=_AT_ONCE,
    )  # fmt: skip
    Place.objects.bulk_create(
        [Place(institution=one, code=one.code, address=one.address, source=cause) for one in made], batch_size=_AT_ONCE
    )
    Hand.objects.bulk_create(
        [hand for institution, one in pairs for hand in _hands(institution, one.facts, NAMED, cause)],
        batch_size=_AT_ONCE,
    )
    acts = [
        journal.Act("institution.registered", journal.named(institution), institution.code,
                    {name: (None, value) for name, value in one.facts.items() if value is not None})
        for institution, one in pairs
    ]  # fmt: skip
    journal.record_many(acts=acts, by=by.code, at=at)
    return made


def write(
    changes: Sequence[Change],
    *,
    cause: str,
    by: Post,
    at: datetime,
    on: date | None = None,
    reason: str = "",
    batch: Batch | None = None,
    verb: str = "institution.revised",
    dated: bool = False,
) -> list[Version]:
    """
    This function will write a version for each change of an institution that the caller has locked, and journal them.

    :param on: the day on which it was learnt; the day of ``at`` if not given.
    :param dated: the change is a dated event whose places and hands the caller wrote, and which is counted here.
    :raises Nameless: the name of one would be gone.
    """
    day = on or localdate(at)
    proved = counted.proved([one.institution.pk for one in changes if dated or counted.FACTS & set(one.changes)],
                            localdate(at))  # fmt: skip
    versions, acts, hands, same = [], [], [], []
    for one in changes:
        institution = one.institution
        stated = {**one.facts, **one.changes}
        more = counted.more(stated, proved.get(institution.pk, {}))
        facts = {**stated, **more}
        if not facts.get("name"):
            raise Nameless
        moved = {name: value for name, value in {**one.changes, **more}.items() if one.facts.get(name) != value}
        origins = {
            **one.current.origins,
            **{key: [cause, one.reference, day.isoformat()] for key in one.changes},
            **one.origins,
            **{key: ["events", "", day.isoformat()] for key in more},
        }
        institution.n += 1
        renewed = {name: value for name, value in copied(facts).items() if getattr(institution, name) != value}
        for name, value in renewed.items():
            setattr(institution, name, value)
        if renewed:
            institution.save(update_fields=["n", *renewed])
        else:
            same.append(institution.pk)
        versions.append(
            _version(institution, institution.n, facts, origins, cause=cause, reference=one.reference, reason=reason,
                     by=by, at=at, batch=batch)
        )  # fmt: skip
        roles = [role for role in NAMED if role in moved]
        if roles and not dated:
            # A name corrected without a day is no change of hands; the version keeps what stood there before.
            Hand.objects.filter(institution=institution, role__in=roles, to_on=None).delete()
            hands += _hands(institution, facts, roles, cause)
        acts.append(
            journal.Act(verb, journal.named(institution), institution.code,
                        {name: (one.facts.get(name), value) for name, value in moved.items()})
        )  # fmt: skip
    Institution.objects.filter(pk__in=same).update(n=F("n") + 1)
    made = Version.objects.bulk_create(versions, batch_size=_AT_ONCE)
    Hand.objects.bulk_create(hands, batch_size=_AT_ONCE)
    journal.record_many(acts=acts, by=by.code, at=at)
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


def hand(institution: Institution, role: str, name: str, source: str, **days: Any) -> Hand:
    """This function will give the row of a person behind an institution, not written yet."""
    return Hand(institution=institution, role=role, name=name, name_hash=settings.KEYS.blind(name, "person"),
                source=source, **days)  # fmt: skip


def people(names: Any) -> list[str]:
    """This function will take apart the names in one cell: 张某、李某."""
    return [name.strip() for name in str(names or "").replace("，", "、").split("、") if name.strip()]


def _hands(institution: Institution, facts: Mapping[str, Any], roles: Iterable[str], source: str) -> list[Hand]:
    return [hand(institution, role, name, source) for role in roles for name in people(facts.get(role))]


def _is(value: Any, word: str) -> bool | None:
    return None if value is None else value == word


def _version(
    institution: Institution, n: int, facts: Mapping[str, Any], origins: Mapping[str, Any], **rest: Any
) -> Version:
    plain, personal = stored(facts)
    by, at = rest.pop("by"), rest.pop("at")
    return Version(
        institution=institution, n=n, facts=plain, personal=personal, recorded_at=at, recorded_by=by,
        origins={name: origins[name] for name in (*plain, *personal)}, **rest,
    )  # fmt: skip


def _numbers(codes: Iterable[str]) -> list[str]:
    """The next numbers of the counties that the codes lie in."""
    counties = [code[:6] for code in codes]
    following = {}
    for county, wanted in Counter(counties).items():
        row, _ = Numbering.objects.select_for_update().get_or_create(county=county)
        following[county] = row.last
        Numbering.objects.filter(county=county).update(last=F("last") + wanted)
    numbers = []
    for county in counties:
        following[county] += 1
        numbers.append(f"{county}-{following[county]:06d}")
    return numbers
