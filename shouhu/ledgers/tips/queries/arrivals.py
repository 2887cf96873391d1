"""Lists of other platforms as an office may see them: what a list would add, and what goes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localdate

from shouhu.ledgers.informants import queries as informants
from shouhu.ledgers.tips import sheets
from shouhu.ledgers.tips.models import OUTCOMES, STATES, Arrival, Finding, Message, Step, Tip
from shouhu.ledgers.tips.queries.lists import Filters, narrowed
from shouhu.ledgers.tips.queries.sight import seen
from shouhu.ledgers.units import queries as units
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.units.sheets import Problem
from shouhu.ledgers.vault import actions as vault

CHANNELS = (
    "platform_12337", "hotline_12345", "fundraising_12345", "hotline_110", "national", "superior", "department",
)  # fmt: skip
"""By what ways lists come."""


def arrivals(scope: Scope) -> QuerySet[Arrival]:
    """This function will give the lists that the office brought, the latest first."""
    rows = Arrival.objects.filter(uploaded_by__unit=scope.post.unit_id)
    return rows.select_related("file", "uploaded_by__unit", "taken_by").order_by("-uploaded_at", "-pk")


@dataclass(frozen=True)
class Plan:
    """What taking a list in will do; with ``problems`` nothing is taken."""

    new: tuple[sheets.Incoming, ...]
    known: tuple[str, ...]
    """Numbers that came before."""
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]

    @property
    def n_named(self) -> int:
        """How many of the new ones tell who told."""
        return sum(1 for one in self.new if one.identity)


def plan(scope: Scope, arrival: Arrival, at: datetime) -> Plan:
    """
    This function will read a list and compare it with the tips that came the same way before; nothing is written.

    :raises Unimportable: it does not read as it did when it was brought.
    """
    places = dict(units.tree(scope, localdate(at)).values_list("code", "name"))
    reading = sheets.read(vault.content_of(arrival.file), arrival.file.name, arrival.mapping, places, at)
    numbers = [row.outer_number for row in reading.rows]
    came = set(
        Tip.objects.filter(channel=arrival.channel, outer_number__in=numbers).values_list("outer_number", flat=True)
    )
    new = tuple(row for row in reading.rows if row.outer_number not in came)
    problems = list(reading.problems)
    if any(row.identity for row in new) and informants.key_in_use() is None:
        problems.append(
            Problem(
                "文件",
                "举报人",
                "名单里有举报人信息，保密员还没有建立密钥，无法密封；请先建立密钥，或把这几列改为不使用",
            )
        )
    return Plan(new, tuple(one for one in numbers if one in came), tuple(problems), tuple(reading.remarks))


# --- what goes back


@dataclass(frozen=True)
class Result:
    """A tip as the platform that it came from is told."""

    outer_number: str
    received_on: date
    state: str
    outcome: str
    answer: str
    handed_on: date | None
    concluded_on: date | None
    answered_on: date | None
    resolved_on: date | None


def back(scope: Scope, channel: str, since: date, until: date) -> QuerySet[Tip]:
    """This function will give the tips with numbers of another platform that were received in a period, the first first."""
    rows = seen(scope).exclude(outer_number="").select_related("merged_into")
    filters = Filters(until, scope.post, show="all", channel=channel, since=since, until=until)
    return narrowed(rows, filters).order_by("received_at", "pk")


def results(scope: Scope, tips: Sequence[Tip]) -> Iterator[Result]:
    """This function will give what is told about tips; of a merged one: how far the other has come, and its answer."""
    wanted = {tip.merged_into_id or tip.pk for tip in tips}
    main = {tip.pk: tip for tip in seen(scope).filter(pk__in=wanted)}
    found = dict(Finding.objects.filter(tip__in=main, replaced_at=None).values_list("tip", "outcome"))
    answers: dict[int, Message] = {}
    for said in Message.objects.filter(tip__in=main, is_answer=True).order_by("sent_at", "pk"):
        answers[said.tip_id] = said
    days: dict[tuple[int, str], date] = {}
    steps = Step.objects.filter(tip__in=main, verb__in=("assign", "conclude", "pass_on")).order_by("recorded_at", "pk")
    for tip_id, verb, at in steps.values_list("tip", "verb", "recorded_at"):
        days[tip_id, verb] = localdate(at)
    for tip in tips:
        pk = tip.merged_into_id or tip.pk
        other = main.get(pk, tip)
        answer = answers.get(pk)
        yield Result(
            outer_number=tip.outer_number, received_on=localdate(tip.received_at), state=STATES[other.state],
            outcome=OUTCOMES.get(found.get(pk, ""), ""), answer=answer.text if answer else "",
            handed_on=days.get((pk, "assign")), concluded_on=days.get((pk, "conclude")) or days.get((pk, "pass_on")),
            answered_on=localdate(answer.sent_at) if answer else None,
            resolved_on=localdate(other.resolved_at) if other.resolved_at else None,
        )  # fmt: skip
