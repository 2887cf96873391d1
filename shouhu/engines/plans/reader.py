"""From a file to a plan: read, outline, extract."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shouhu.engines.plans import papers, passages, splitting
from shouhu.engines.plans.annexes import annexes
from shouhu.engines.plans.bodies import bodies
from shouhu.engines.plans.channels import channels
from shouhu.engines.plans.colours import colour_rules
from shouhu.engines.plans.kinds import head
from shouhu.engines.plans.measures import measures
from shouhu.engines.plans.outline import outline
from shouhu.engines.plans.page import Paper
from shouhu.engines.plans.phases import period, phases
from shouhu.engines.plans.plan import Plan
from shouhu.engines.plans.reporting import reports
from shouhu.engines.plans.tasks import tasks
from shouhu.engines.plans.thresholds import thresholds


def read(path: Path) -> Plan:
    """
    This function will read a file as one plan.

    :raises BadPlan: the file cannot be read; ``str()`` says in Chinese why.
    """
    return plan(papers.read(path))


def read_all(path: Path) -> tuple[Plan, ...]:
    """
    This function will read every plan of a file (精选19篇), in their order.

    :raises BadPlan: as ``read``.
    """
    return tuple(plan(part) for part in splitting.plans(papers.read(path)))


def read_text(text: str, name: str = "") -> Plan:
    """This function will read a plan that is given as text."""
    return plan(papers.from_text(text, name))


def plan(paper: Paper) -> Plan:
    """This function will extract a plan; only a campaign's plan has phases, tasks and all the rest."""
    parts = outline(paper)
    top = head(paper, parts)
    pieces = passages.passages(paper, parts)
    whole = Plan(paper.name, top.title, top.kind, top.issuer, top.doc_number, top.domain, top.level)
    if top.kind != "campaign_plan":
        return whole
    stages = phases(pieces)
    return replace(
        whole, period=period(pieces), phases=stages, tasks=tasks(pieces, stages), annexes=annexes(pieces),
        recurring_reports=reports(pieces), thresholds=thresholds(pieces), colour_rules=colour_rules(pieces),
        measures=measures(pieces), channels=channels(pieces), bodies=bodies(pieces),
    )  # fmt: skip
