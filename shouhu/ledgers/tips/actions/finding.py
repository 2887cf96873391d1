"""核查结论: what was found, by which evidence and law, and which facts of the institution it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.engines.rules.facts import declared
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.values import changed, from_json, to_json
from shouhu.ledgers.tips.actions.attaching import attach
from shouhu.ledgers.tips.actions.writing import Incomplete, Paper, locked, move, said
from shouhu.ledgers.tips.models import OUTCOMES, Finding
from shouhu.ledgers.units.models import Post


@transaction.atomic
def conclude(
    *, tip_id: int, outcome: str, facts: str, evidence: str, basis: Sequence[str], changes: Mapping[str, Any],
    found_on: date, recovered_fen: int | None = None, n_persons: int | None = None, papers: Sequence[Paper] = (),
    by: Post, at: datetime,
) -> Finding:  # fmt: skip
    """
    This function will record what the verification found. What it changes in the register is written by ``settle_tip`` of
    the disposals, which calls this.

    :param outcome: a name of OUTCOMES but for ``elsewhere``.
    :param basis: clauses and articles; needed where the tip is borne out.
    :param changes: fact name to value, as the finding shows them; they need a linked institution. What is known is no change.
    :param papers: evidence: photos, records.
    :raises Incomplete: something is missing, or does not go with the outcome.
    """
    tip, step = locked(tip_id, "conclude", by)
    if outcome not in OUTCOMES or outcome == "elsewhere":
        raise Incomplete("请选择核查结论：属实、部分属实、不属实或无法核实")
    kept = [one.strip() for one in basis if one.strip()]
    if outcome in ("true", "partly") and not kept:
        raise Incomplete("结论为属实或部分属实的，请写明依据的条款")
    if found_on > localdate(at):
        raise Incomplete("核查日期不能晚于今天")
    if changes and tip.institution is None:
        raise Incomplete("要改动机构的信息，请先请专项办把线索关联到这家机构")
    if changes and outcome == "unclear":
        raise Incomplete("无法核实的线索不能改动机构的信息")
    if unknown := [name for name in changes if name not in declared()]:
        raise Incomplete(f"没有这些信息项：{'、'.join(unknown)}")
    linked = tip.institution
    known = institutions.facts_of(institutions.version(linked, linked.n)) if linked else {}
    Finding.objects.filter(tip=tip, replaced_at=None).update(replaced_at=at)
    made = Finding.objects.create(
        tip=tip, outcome=outcome, facts=said(facts, "请写明查明的事实"), evidence=said(evidence, "请写明有哪些证据"), basis=kept,
        changes={name: to_json(value) for name, value in changed(known, changes).items()}, recovered_fen=recovered_fen,
        n_persons=n_persons, found_on=found_on, recorded_at=at, recorded_by=by,
    )  # fmt: skip
    if papers:
        attach(tip, papers, by, at, finding=made)
    move(tip, "conclude", [], by, at, state=step.to, says=OUTCOMES[outcome])
    return made


def changes_of(finding: Finding) -> dict[str, Any]:
    """This function will give the facts that a finding shows, as the register takes them."""
    return {name: None if value is None else from_json(name, value) for name, value in finding.changes.items()}
