"""An objection is answered in time and with grounds, puts things right, and whoever got the old value is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions, queries
from shouhu.ledgers.ratings.models import Correction, Objection, Standing
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests.ledgers.ratings.people import TODAY, learn, sitting
from tests.office import AT, institution

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def filed(site: Institution, fact: str = "collapsed") -> Objection:
    return actions.file_objection(institution_id=site.pk, fact=fact, says="没有这回事", by=sitting("window"), at=AT)


def decide(objection: Objection, **more: Any) -> Objection:
    plain: dict[str, Any] = {"is_upheld": True, "grounds": "经查属实", "by": sitting("judge"), "at": LATER}
    return actions.decide_objection(objection_id=objection.pk, **{**plain, **more})


def given(site: Institution, receiver: str, *facts: str) -> None:
    actions.disclose(rows=[Standing.objects.get(institution=site)], receiver=receiver, what="四色名单", facts=facts,
                     by=sitting("window"), at=AT)  # fmt: skip


def test_an_upheld_objection_puts_the_fact_right_and_corrections_reach_all_who_had_the_old_value() -> None:
    site, other = institution("甲院"), institution("乙院")
    for one in (site, other):
        learn(one, "red")
        given(one, "区公安分局", "name")  # got the colour, which rests on the fact
    given(site, "区金融办", "name", "collapsed")
    objection = filed(site)
    assert objection.due_on == date(2026, 12, 9)  # 15 worked days after Wednesday 18 November
    decide(objection, value=False)

    site.refresh_from_db()
    version = institutions.version(site, site.n)
    assert (version.cause, version.reference, version.facts["collapsed"]) == (
        "objection",
        f"objection/{objection.pk}",
        False,
    )
    standing = Standing.objects.get(institution=site)
    assert (standing.colour, standing.falls_to) == ("red", "green")
    with pytest.raises(Refused, match="另一人"):
        actions.confirm_downgrade(
            institution_id=site.pk, colour="green", reason="已更正", by=sitting("judge"), at=LATER
        )
    owed = queries.corrections(Scope.of(sitting("judge")))
    assert [(one.disclosure.receiver, one.disclosure.institution.name) for one in owed] == [
        ("区公安分局", "甲院"),
        ("区金融办", "甲院"),
    ]
    assert actions.confirm_sent(correction_ids=[owed[0].pk], by=sitting("window"), at=LATER) == 1
    assert (
        actions.confirm_sent(
            correction_ids=[one.pk for one in Correction.objects.all()], by=sitting("window"), at=LATER
        )
        == 1
    )


def test_who_never_had_the_value_is_not_bothered() -> None:
    site = institution()
    learn(site, "red")
    given(site, "区公安分局", "name")
    decide(filed(site, "n_beds"), value=90)
    assert Correction.objects.count() == 0


def test_an_upheld_objection_to_the_colour_needs_a_second_signature_before_anything_changes() -> None:
    site = institution()
    learn(site, "decide")
    given(site, "区公安分局", "name")
    done = decide(filed(site, ""), colour="yellow", expires_on=TODAY + timedelta(90))
    assert done.decision is not None and done.decision.state == "proposed"
    assert Correction.objects.count() == 0 and Standing.objects.get().colour == "decide"
    with pytest.raises(Refused, match="提出人不能"):
        actions.approve(decision_id=done.decision.pk, by=sitting("judge"), at=LATER)
    actions.approve(decision_id=done.decision.pk, by=sitting("signer"), at=LATER)
    assert Standing.objects.get().colour == "yellow"
    assert [one.disclosure.receiver for one in Correction.objects.all()] == ["区公安分局"]


def test_what_is_not_upheld_changes_nothing() -> None:
    site = institution()
    learn(site, "red")
    n = Institution.objects.get().n
    done = decide(filed(site), is_upheld=False, grounds="有停业公告为证")
    assert (done.grounds, Institution.objects.get().n, Standing.objects.get().falls_to) == ("有停业公告为证", n, "")
    filed(site)  # and may be contested again


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"grounds": " "}, "理由"),
        ({"value": True}, "与现有记录相同"),
        ({"by": "window"}, "另一人答复"),
    ],
)
def test_how_an_objection_may_not_be_decided(wish: dict[str, Any], why: str) -> None:
    site = institution()
    learn(site, "red")
    objection = filed(site)
    if "by" in wish:
        wish = {"by": sitting(wish["by"])}
    with pytest.raises(Refused, match=why):
        decide(objection, **wish)
    assert Objection.objects.get().decided_at is None


def test_what_may_not_be_filed() -> None:
    site = institution()
    own = sitting("window")
    plain: dict[str, Any] = {"institution_id": site.pk, "fact": "collapsed", "says": "没有", "by": own, "at": AT}
    for wish, why in (({"fact": "colour"}, "没有这一项"), ({"says": ""}, "写明"), ({"fact": ""}, "还没有评级")):
        with pytest.raises(Refused, match=why):
            actions.file_objection(**{**plain, **wish})
    actions.file_objection(**plain)
    with pytest.raises(Refused, match="正在办理"):
        actions.file_objection(**plain)
    own.subject = site.pk + 1
    with pytest.raises(Refused, match="只能就本机构"):
        actions.file_objection(**{**plain, "fact": "n_beds"})


def test_nobody_takes_a_list_away_without_saying_for_whom() -> None:
    site = institution()
    learn(site, "red")
    with pytest.raises(Refused, match="接收单位"):
        given(site, "  ")
