"""What a plan of this kind usually names and this one lacks: owners, deadlines, phases, a day for reports, what 大额 means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shouhu.engines.plans.plan import Plan


@dataclass(frozen=True)
class Gap:
    """Something missing; ``says`` is one Chinese sentence, ``where`` the items concerned."""

    code: str
    says: str
    where: tuple[str, ...] = ()


def check(plan: Plan) -> tuple[Gap, ...]:
    """This function will list what is missing, the plan's head first; nothing for a document that is no plan."""
    return tuple(_gaps(plan)) if plan.kind == "campaign_plan" else ()


def _gaps(plan: Plan) -> Iterable[Gap]:
    if plan.issuer is None:
        yield Gap("issuer", "没有载明发文单位")
    if not plan.phases:
        yield Gap("phases", "没有划分阶段")
    undated = tuple(phase.where for phase in plan.phases if not (phase.start or phase.end or phase.duration))
    if undated:
        yield Gap("phase_days", f"{len(undated)}个阶段没有起止时间", undated)
    if any("XXXX" in (day or "") for phase in plan.phases for day in (phase.start, phase.end)):
        yield Gap("year", "阶段的日期没有年份，需要确认")
    if not plan.tasks:
        yield Gap("tasks", "没有读到工作任务")
    if ownerless := tuple(task.no for task in plan.tasks if not task.owners):
        yield Gap("owners", f"{len(ownerless)}项任务没有写明责任单位", ownerless)
    if plan.tasks and all(task.deadline is None for task in plan.tasks):
        yield Gap("deadlines", "所有任务都没有写明完成时限")
    elif endless := tuple(task.no for task in plan.tasks if task.deadline is None):
        yield Gap("deadlines", f"{len(endless)}项任务没有写明完成时限", endless)
    if not plan.bodies:
        yield Gap("bodies", "没有写明领导小组、专项办等工作机构")
    if not plan.recurring_reports:
        yield Gap("reports", "没有写明定期报送什么、何时报送")
    elif vague := tuple(report.where for report in plan.recurring_reports if " " not in report.rule):
        yield Gap("report_days", f"{len(vague)}项报送没有写明在哪一天", vague)
    if not plan.channels:
        yield Gap("channels", "没有写明线索举报渠道")
    yield from _terms(plan)
    if plan.colour_rules and not plan.measures:
        yield Gap("measures", "划分了风险颜色，但没有写明各颜色的处置措施")
    if untitled := tuple(annex.no for annex in plan.annexes if annex.title is None):
        yield Gap("annexes", f"附件{'、'.join(untitled)}没有标题")


def _terms(plan: Plan) -> Iterable[Gap]:
    """大额, 频繁, 过快 in a colour's condition need a figure to be applied."""
    for word, defined in (("大额", r"倍|元"), ("过快", r"网点|分支|门店"), ("频繁", r"变更|更换")):
        where = tuple(dict.fromkeys(rule.where for rule in plan.colour_rules if word in rule.condition))
        if where and not any(re.search(defined, f"{t.quantity}{t.unit or ''}") for t in plan.thresholds):
            yield Gap("threshold", f"“{word}”没有界定数值", where)
