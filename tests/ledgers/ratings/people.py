"""Who acts in these tests, facts that give each colour, and a few steps that many tests take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions
from shouhu.ledgers.ratings.models import Decision, Standing
from shouhu.ledgers.units.models import Person, Post, Tenure, Unit
from tests.office import AT, COUNTY, divisions, post

FACTS: dict[str, dict[str, Any]] = {
    "red": {"collapsed": True},
    "orange": {"complained": ("机构",)},
    "yellow": {"false_publicity": True},
    "decide": {"promises_return": True},
    "unknown": {"collapsed": None},
    "green": {},
}
"""What must differ from an institution with nothing to find."""
NOTHING: dict[str, Any] = {
    "collapsed": False, "complained": (), "false_publicity": False, "promises_return": False, "assets": 5_000_000,
    "liabilities": 1_000_000, "funds_regular": True, "funds_for_construction": False,
}  # fmt: skip
TODAY = date(2026, 11, 18)


def sitting(name: str, role: str = "campaign_office", code: str = COUNTY) -> Post:
    """This function will give the post of a person, so that several sit in one office; the same name gives the same."""
    found = Post.objects.filter(code=name).first()
    if found:
        return found
    divisions()
    unit, _ = Unit.objects.get_or_create(code=code, name=f"{code}office", kind="other")
    made = Post.objects.create(code=name, title=role, role=role, unit=unit)
    person = Person.objects.create(username=name, name=name, must_change_password=False)
    Tenure.objects.create(post=made, person=person, from_on=date(2026, 1, 1))
    return made


def learn(institution: Institution, colour: str, *, minutes: int = 0, by: Post | None = None) -> Standing:
    """This function will record facts that give a colour, rate, and give what counts then."""
    at = AT + timedelta(minutes=minutes)
    institution.refresh_from_db()
    by = by or post()
    institutions.revise(institution_id=institution.pk, base=institution.n, changes={**NOTHING, **FACTS[colour]},
                        cause="edit", by=by, at=at)  # fmt: skip
    actions.rate(institution_ids=[institution.pk], ruleset_id="001", by=by, at=at)
    return Standing.objects.get(institution=institution)


def decided(institution: Institution, colour: str, *, days: int = 30, minutes: int = 0) -> Decision:
    """This function will have two persons give a colour."""
    at = AT + timedelta(minutes=minutes)
    proposed = actions.propose(institution_id=institution.pk, colour=colour, reason="现场核查情况", by=sitting("analyst", "analyst"),
                               expires_on=TODAY + timedelta(days), at=at)  # fmt: skip
    return actions.approve(decision_id=proposed.pk, by=sitting("signer"), at=at)
