"""Handing a plan in, reading it outside of the request, choosing one of several, writing one from a template, giving one up."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path, PurePath

from django.db import transaction

from shouhu.engines.plans import papers, reader, splitting
from shouhu.engines.plans.page import BadPlan, Paper
from shouhu.ledgers.campaigns import items, templates
from shouhu.ledgers.campaigns.models import Campaign, PlanItem, PlanPaper
from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.codes import within
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.kinds import shown_name

LARGEST = 20 << 20
"""Bytes of a plan's file."""


class PlanRefused(Refused):
    """A plan cannot be taken in, changed or adopted like this."""


@transaction.atomic
def hand_in(*, content: bytes, name: str, token: str, campaign_id: int | None, by: Post, at: datetime) -> PlanPaper:
    """
    This function will keep the file of a plan; ``read_paper`` reads it.

    :param token: 32 random hex digits, made by the face.
    :param campaign_id: whose sub-plan it is; None for a plan that a campaign is to be made from.
    :raises PlanRefused: an empty or too large file, or not the post's to hand in.
    """
    name = shown_name(name)
    if not content:
        raise PlanRefused(f"“{name}”是空的，请重新选择")
    if len(content) > LARGEST:
        raise PlanRefused(f"“{name}”超过 {LARGEST >> 20} MB，不像一份方案；请只保留方案正文，另存后重试")
    campaign = _campaign(campaign_id, by)
    file = vault.store(
        content=content, name=name, media_type="application/octet-stream", token=token, by=by.code, at=at
    )
    paper = PlanPaper.objects.create(
        unit=by.unit, file=file, name=PurePath(name).stem[:120], handed_in_at=at, handed_in_by=by, campaign=campaign
    )
    journal.record(verb="plan.handed_in", subject=paper, by=by.code, at=at, code=by.unit.code,
                   changes={"file": (None, file.content_hash)})  # fmt: skip
    return paper


def read_paper(*, paper_id: int, at: datetime) -> PlanPaper:
    """
    This function will read the plan that was handed in; of several in one file the chosen one, or else list them.

    :raises PlanRefused: it was read before, or cannot be read.
    """
    paper = PlanPaper.objects.select_related("file").get(pk=paper_id)
    if paper.state != "reading" or paper.file is None:
        raise PlanRefused("这份方案已经读过，请刷新页面查看")
    suffix = PurePath(paper.file.name).suffix.lower()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"方案{suffix}"
            path.write_bytes(vault.content_of(paper.file))
            parts = splitting.plans(papers.read(path))
    except BadPlan as error:
        raise PlanRefused(str(error)) from error
    if paper.part is None and len(parts) > 1:
        found = [reader.plan(part) for part in parts]
        told = [
            {"title": one.title, "kind": one.kind, "n_phases": len(one.phases), "n_tasks": len(one.tasks)}
            for one in found
        ]
        with transaction.atomic():
            PlanPaper.objects.filter(pk=paper_id, parts__isnull=True).update(parts=told)
        paper.refresh_from_db()
        return paper
    return _keep(paper_id, parts[paper.part or 0])


@transaction.atomic
def fail_reading(*, paper_id: int, why: str) -> None:
    """This function will note why a plan could not be read."""
    PlanPaper.objects.filter(pk=paper_id).update(failure=why[:300])


@transaction.atomic
def choose_part(*, paper_id: int, part: int, by: Post, at: datetime) -> PlanPaper:
    """
    This function will say which plan of a file that holds several is meant; ``read_paper`` reads it afterwards.

    :raises PlanRefused: no such part, or none to choose any more.
    """
    paper = PlanPaper.objects.select_for_update().get(pk=paper_id)
    require_own(paper, by)
    if paper.state != "choosing" or not 0 <= part < len(paper.parts or ()):
        raise PlanRefused("现在不能选择，请刷新页面查看")
    paper.part = part
    paper.save(update_fields=["part"])
    journal.record(
        verb="plan.chosen", subject=paper, by=by.code, at=at, code=by.unit.code, changes={"part": (None, part)}
    )
    return paper


@transaction.atomic
def write_paper(
    *, template_id: str, place: str, starts_on: date, campaign_id: int | None, by: Post, at: datetime
) -> PlanPaper:
    """
    This function will write a plan from a template of ours and read it as if it had been handed in.

    :param place: 区、县、镇 as it is called; the plan speaks of it.
    :raises PlanRefused: no such template or place, or not the post's to hand in.
    """
    if template_id not in templates.templates():
        raise PlanRefused("请选择样本")
    if not 2 <= len(place.strip()) <= 20:
        raise PlanRefused("请填写地区名称，例如“望澜区”，不超过20个字")
    title, text = templates.templates()[template_id].written(
        place=place.strip(), issuer=by.unit.name, starts_on=starts_on
    )
    paper = PlanPaper.objects.create(
        unit=by.unit, name=title[:120], handed_in_at=at, handed_in_by=by, campaign=_campaign(campaign_id, by)
    )
    journal.record(verb="plan.written", subject=paper, by=by.code, at=at, code=by.unit.code,
                   changes={"template": (None, template_id)})  # fmt: skip
    return _keep(paper.pk, papers.from_text(text, title))


@transaction.atomic
def drop_paper(*, paper_id: int, by: Post, at: datetime) -> PlanPaper:
    """
    This function will give a plan up that no campaign was made from.

    :raises PlanRefused: it was adopted, or given up already.
    """
    paper = PlanPaper.objects.select_for_update().get(pk=paper_id)
    require_own(paper, by)
    if paper.state in ("adopted", "dropped"):
        raise PlanRefused("这份方案已经采用或放弃，不能再放弃")
    paper.dropped_at, paper.dropped_by = at, by
    paper.save(update_fields=["dropped_at", "dropped_by"])
    journal.record(verb="plan.dropped", subject=paper, by=by.code, at=at, code=by.unit.code)
    return paper


@transaction.atomic
def take_back_drop(*, paper_id: int, by: Post, at: datetime) -> PlanPaper:
    """
    This function will take up again a plan that was given up.

    :raises PlanRefused: it was not given up.
    """
    paper = PlanPaper.objects.select_for_update().get(pk=paper_id)
    require_own(paper, by)
    if not paper.dropped_at:
        raise PlanRefused("这份方案没有放弃，不需要恢复")
    paper.dropped_at = paper.dropped_by = None
    paper.save(update_fields=["dropped_at", "dropped_by"])
    journal.record(verb="plan.resumed", subject=paper, by=by.code, at=at, code=by.unit.code)
    return paper


def require_own(paper: PlanPaper, by: Post) -> None:
    """
    This function will make sure that a post works on a plan of its own unit.

    :raises PlanRefused: another unit's plan, or a role that hands in none.
    """
    if by.role not in holders("campaign.plan"):
        raise PlanRefused("您的岗位不能办理方案，请由专项办、镇街专班或成员单位的承办岗办理")
    if paper.unit_id != by.unit_id:
        raise PlanRefused("这是别的单位上传的方案，只能查看；需要修改的请联系上传单位")


def _campaign(campaign_id: int | None, by: Post) -> Campaign | None:
    if by.role not in holders("campaign.plan"):
        raise PlanRefused("您的岗位不能上传方案，请由专项办、镇街专班或成员单位的承办岗办理")
    if campaign_id is None:
        if by.role not in holders("campaign.open"):
            raise PlanRefused("请选择本方案属于哪个专项行动；新的专项行动由专项办建立")
        return None
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None or not within(by.unit.code, campaign.code):
        raise PlanRefused("请选择本级或上级正在开展的专项行动")
    return campaign


@transaction.atomic
def _keep(paper_id: int, part: Paper) -> PlanPaper:
    """Write down what was read; a second worker that read the same finds it done."""
    paper = PlanPaper.objects.select_for_update().get(pk=paper_id)
    if paper.proposal is not None:
        return paper
    found = reader.plan(part)
    paper.text, paper.proposal = part.text, found.as_json()
    paper.name = (found.title or paper.name)[:120]
    paper.save(update_fields=["text", "proposal", "name"])
    PlanItem.objects.bulk_create(
        [
            PlanItem(paper=paper, kind=one.kind, position=one.position, read=one.says, said=one.says, start=one.start,
                     stop=one.stop, confidence=one.confidence)
            for one in items.items(paper.proposal)
        ],
        batch_size=500,
    )  # fmt: skip
    return paper
