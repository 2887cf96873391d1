"""Plans for tests: the invented ones of the reader's tests as Word files, handed in and read."""

from __future__ import annotations

from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from docx import Document

from shouhu.ledgers.campaigns import actions
from shouhu.ledgers.campaigns.models import Campaign, PlanPaper
from shouhu.ledgers.units.models import Post, Unit
from tests import office

GOLD = Path(__file__).parents[2] / "engines/plans/gold"
COLOURS, DISTRICT, TOWN_PLAN, TELECOM = (
    "remediation_four_colours", "district_overlap", "town_under_county", "police_telecom",
)  # fmt: skip
_TOKENS = count(1 << 60)


def docx(name: str) -> bytes:
    """This function will write an invented plan as a Word file, a line a paragraph."""
    return written((GOLD / f"{name}.txt").read_text("utf-8"))


def written(text: str) -> bytes:
    """This function will write a text as a Word file."""
    document, file = Document(), BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def handed_in(
    name: str, by: Post, *, campaign: Campaign | None = None, content: bytes = b"", ending: str = ".docx"
) -> PlanPaper:
    """This function will hand a plan in and read it."""
    paper = actions.hand_in(
        content=content or docx(name), name=f"{name}{ending}", token=f"{next(_TOKENS):032x}",
        campaign_id=campaign.pk if campaign else None, by=by, at=office.AT,
    )  # fmt: skip
    return actions.read_paper(paper_id=paper.pk, at=office.AT)


def departments() -> dict[str, Post]:
    """This function will staff the county: its office, departments and two towns' task forces."""
    posts = {"office": office.post()}
    for name, kind in (
        ("民政局", "civil_affairs"), ("公安分局", "police"), ("市场监督管理局", "market_regulation"), ("政法委", "political_legal"),
    ):  # fmt: skip
        posts[kind] = seat(f"望澜区{name}", kind, office.COUNTY, "member_unit")
    for code, name in ((office.TOWN, "清河镇"), (office.OTHER_TOWN, "南渡镇")):
        posts[name] = seat(f"{name}工作专班", "task_force", code, "task_force")
    return posts


def seat(unit: str, kind: str, code: str, role: str) -> Post:
    """This function will make an office with a post and somebody who holds it."""
    post = office.post(role, code, holder=unit)
    post.unit = Unit.objects.create(code=code, name=unit, kind=kind)
    post.save(update_fields=["unit"])
    return post


def said(paper: PlanPaper, kind: str) -> list[dict[str, Any]]:
    """This function will give what the items of a kind say now."""
    return [one.said for one in paper.items.filter(kind=kind).order_by("position")]
