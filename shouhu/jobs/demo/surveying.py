"""What surveyors and reviewers have on their desks this morning: visits planned, work in one name, photos, a crossed sheet."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from django.db.models import QuerySet
from PIL import Image, ImageDraw

from shouhu.demo.dice import Dice
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment, Sheet
from shouhu.ledgers.units.models import Post


def carry_on(offices: Offices, dice: Dice, days: Days) -> None:
    """This function will put the last days' doings on the days."""
    eve = days.as_of - timedelta(days=1)
    days.put(moment(eve, 18), lambda at: _hand_out(offices, dice, at))
    days.put(moment(eve, 18, 30), lambda at: _photograph(dice, at))
    days.put(moment(eve, 19), lambda at: _cross(offices, at))


def _hand_out(offices: Offices, dice: Dice, at: datetime) -> None:
    """A part of what is still to be surveyed is given to one grid worker each, and the days of the next visits are set."""
    left = Assignment.objects.filter(round__closed_at=None, withdrawn_at=None, sheets=None).order_by("pk")
    for row in left.select_related("unit"):
        town = offices.at(row.code[:9] + "000", "task_force")[0]
        grid = offices.at(row.code, "grid_worker")
        if row.unit_id != town.unit_id or not (grid or dice.chance(0.6)):
            continue
        by: Post = grid[0] if grid else town
        if grid:
            surveys.reassign(assignment_ids=[row.pk], post_id=by.pk, by=town, at=at)
        on = at.date() + timedelta(days=dice.between(1, 7))
        surveys.plan_visit(assignment_id=row.pk, on=on, by=by, at=at)


def _photograph(dice: Dice, at: datetime) -> None:
    for sheet in _waiting().select_related("submitted_by")[:4]:
        for caption in ("front", "prices"):
            surveys.attach_photo(sheet_id=sheet.pk, content=picture(dice), token=f"{dice.between(0, 2**52):032x}",
                                 caption=caption, by=sheet.submitted_by, at=at)  # fmt: skip


def _cross(offices: Offices, at: datetime) -> None:
    """Somebody at the county corrects a fact of which a sheet under review says something else."""
    sheet = _waiting().select_related("assignment__institution").filter(answers__n_beds__isnull=False).first()
    if sheet:
        institution = sheet.assignment.institution
        disposals.settle_act(institutions.revise, institution_id=institution.pk, base=institution.n, cause="edit", at=at,
                             changes={"n_beds": sheet.answers["n_beds"] + 6}, by=offices["office"],
                             reason="按民政备案床位数更正")  # fmt: skip


def _waiting() -> QuerySet[Sheet]:
    return Sheet.objects.filter(accepted_at=None, returned_at=None, superseded_at=None).order_by("pk")


def picture(dice: Dice) -> bytes:
    """This function will draw a wall, a door, a sign: enough to be seen as a picture, and nobody's house."""
    picture = Image.new("RGB", (640, 480), (dice.between(150, 220), dice.between(150, 220), dice.between(150, 220)))
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        left, top = dice.between(0, 560), dice.between(0, 400)
        colour = (dice.between(40, 200), dice.between(40, 200), dice.between(40, 200))
        draw.rectangle((left, top, left + dice.between(20, 160), top + dice.between(20, 120)), fill=colour)
    draw.rectangle((260, 200, 380, 479), fill=(90, 60, 40))
    saved = BytesIO()
    picture.save(saved, "JPEG")
    return saved.getvalue()
