"""Another rule set: what the preview shows is what happens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shouhu.engines.rules.rulesets import NotRateable
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.ratings import actions, queries
from shouhu.ledgers.ratings.models import Rating, Standing
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests.ledgers.ratings.people import FACTS, NOTHING, TODAY, decided, learn, sitting
from tests.office import AT, COUNTY, FAR_VILLAGE, VILLAGE, institution

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def campaign(code: str = COUNTY) -> Campaign:
    return Campaign.objects.create(
        title="专项行动", code=code, ruleset_id="001", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31)
    )


def test_what_the_preview_shows_is_what_adopting_does() -> None:
    lead = campaign()
    for n, colour in enumerate(FACTS):
        learn(institution(f"{colour}一", VILLAGE if n % 2 else FAR_VILLAGE), colour)
    # 002-10 and 000-19 judge these otherwise than 001: an unregistered site, 爆雷 or its influence alone, publicity and dealings.
    more: dict[str, dict[str, Any]] = {
        "未登记": {"registered": "未登记"},
        "有影响": {"bad_influence": True},
        "关联": {"related_dealings": True},
    }
    others = [institution(name, **{**NOTHING, **facts}) for name, facts in more.items()]
    actions.rate(institution_ids=[one.pk for one in others], ruleset_id="001", by=sitting("signer"), at=AT)
    decided(others[2], "orange")
    new = institution("新院")
    scope = Scope.of(sitting("chief"))

    seen = queries.preview(scope, "000-19", TODAY)
    before = {one.institution_id: (one.colour, one.falls_to) for one in Standing.objects.all()}
    assert Rating.objects.filter(ruleset_id="000-19").count() == 0
    assert {one.institution.name: (one.stands, one.becomes, one.falls_to) for one in seen.movers} == {
        "未登记": ("orange", "orange", "decide"), "有影响": ("red", "red", "decide"), "关联": ("orange", "orange", "decide"),
        "yellow一": ("yellow", "yellow", "decide"), "red一": ("red", "red", "decide"),
    }  # fmt: skip
    assert [one.loses is not None for one in seen.movers if one.institution.name == "关联"] == [True]
    assert all(one.by for one in seen.movers)
    assert (seen.n_up, seen.n_down, seen.n_unrated) == (0, 5, 1)
    assert sum(seen.table.values()) == len(before)

    actions.adopt(ruleset_id="000-19", campaign_id=lead.pk, by=sitting("chief"), at=LATER)
    after = {one.institution_id: (one.colour, one.falls_to) for one in Standing.objects.exclude(institution=new)}
    moved = {one.institution.pk: (one.becomes, one.falls_to) for one in seen.movers}
    assert after == {**before, **moved}
    lead.refresh_from_db()
    assert lead.ruleset_id == "000-19"
    assert Standing.objects.get(institution=new).rating.ruleset_id == "000-19"

    # Back again: what waits is taken back, and what rises does so at once.
    back = queries.preview(scope, "001", TODAY)
    actions.adopt(ruleset_id="001", campaign_id=lead.pk, by=sitting("chief"), at=LATER + timedelta(hours=1))
    shown = {one.institution.pk: (one.becomes, one.falls_to) for one in back.movers}
    assert {pk: (one.colour, one.falls_to) for pk in shown for one in [Standing.objects.get(institution=pk)]} == shown


@pytest.mark.parametrize(("ruleset", "why"), [("001", "正在使用"), ("/etc/passwd", "没有这套规则")])
def test_what_is_not_adopted(ruleset: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        actions.adopt(ruleset_id=ruleset, campaign_id=campaign().pk, by=sitting("chief"), at=AT)


def test_the_rules_of_a_division_above_and_rules_without_colours_are_not_adopted() -> None:
    with pytest.raises(Refused, match="上级"):
        actions.adopt(ruleset_id="000-19", campaign_id=campaign("990100000000").pk, by=sitting("chief"), at=AT)
    with pytest.raises(NotRateable):
        actions.adopt(ruleset_id="003", campaign_id=campaign().pk, by=sitting("chief"), at=AT)
