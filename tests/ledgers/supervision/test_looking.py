"""回头看: drawn so that anybody can draw it again, looked at by others, opened again by the acts of each ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouhu.ledgers.clearances.models import Clearance
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.ratings.models import Decision, Move
from shouhu.ledgers.supervision.actions import looking
from shouhu.ledgers.supervision.actions.writing import Incomplete, NotFound, SecondPerson
from shouhu.ledgers.supervision.models import Item, LookBack
from shouhu.ledgers.supervision.queries import looking as queries
from shouhu.ledgers.supervision.queries import matters
from shouhu.ledgers.supervision.workflow import NotNow
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.clearances.walk import found, step, until
from tests.ledgers.disposals import work
from tests.ledgers.supervision.scene import AT, DAY, chief, second, town
from tests.ledgers.tips import way

SEED = "ab" * 32
LATER = AT + timedelta(days=3)


def third() -> Post:
    """This function will give a hand of the office that closed nothing."""
    return office.post("campaign_office", holder="孙复查")


def bureau() -> Post:
    """This function will give a department of the county that sees its institutions."""
    return office.post("member_unit", holder="民政局")


def draw(**more: Any) -> LookBack:
    given: dict[str, Any] = {
        "title": "十一月回头看", "from_on": DAY, "until_on": LATER.date(), "shares": {"clearance": "100%", "tip": "100%"},
        "unit_ids": [chief().unit_id, bureau().unit_id, town().unit_id], "n_days": 10, "seed": SEED, "by": chief(), "at": LATER,
    }  # fmt: skip
    return looking.draw(**{**given, **more})


def closed_tip() -> Tip:
    tip = way.fresh()
    for verb in ("triage", "assign", "accept", "conclude", "reply", "report", "approve"):
        way.step(tip, verb)
    tip.refresh_from_db()
    return tip


def looked(item: Item, *, is_sound: bool = False, by: Post | None = None) -> Item:
    return looking.look(
        item_id=item.pk, is_sound=is_sound, says="现场仍有老人入住", looked_on=LATER.date(), by=by or third(), at=LATER
    )


# --- the draw -------------------------------------------------------------------------------------------------------


@given(
    st.sets(st.integers(1, 10**6), max_size=60), st.binary(min_size=32, max_size=32), st.integers(0, 70), st.randoms()
)
def test_a_draw_depends_on_seed_and_pool_alone(ids: set[int], seed: bytes, n: int, lot: Any) -> None:
    shuffled = sorted(ids, key=lambda _: lot.random())
    drawn = matters.drawn("tip", ids, n, seed.hex())
    assert drawn == matters.drawn("tip", shuffled, n, seed.hex())
    assert len(drawn) == len(set(drawn)) == min(n, len(ids)) and set(drawn) <= ids
    assert drawn[: n // 2] == matters.drawn("tip", ids, n // 2, seed.hex())


@pytest.mark.parametrize(("share", "n", "wanted"), [
    ("10%", 0, 0), ("10%", 1, 1), ("10%", 10, 1), ("10%", 11, 2), ("100%", 7, 7), ("5", 3, 3), ("5", 30, 5), ("0", 9, 0),
])  # fmt: skip
def test_a_share_is_a_number_or_a_percentage_rounded_up(share: str, n: int, wanted: int) -> None:
    assert matters.wanted(share, n) == wanted


def test_every_matter_is_drawn_as_often_as_another() -> None:
    counts = dict.fromkeys(range(1, 11), 0)
    for seed in range(1000):
        for pk in matters.drawn("tip", counts, 3, f"{seed:064x}"):
            counts[pk] += 1
    assert sum((n - 300) ** 2 / 300 for n in counts.values()) < 27.9  # chi square, 9 degrees of freedom, p = .001


# --- who looks ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nobody_looks_at_what_their_unit_handled_or_what_they_do_not_see() -> None:
    site, tip = until("closed"), closed_tip()
    items = {one.kind: one for one in draw().items.all()}
    assert items["clearance"].unit_id in {chief().unit_id, bureau().unit_id}  # the town answered for it
    assert items["tip"].unit == chief().unit  # the department verified it, the town never saw it
    assert matters.matter_of(items["clearance"]) == site and matters.matter_of(items["tip"]) == tip
    with pytest.raises(NotFound, match="办理过"):
        looking.hand(item_id=items["clearance"].pk, unit_id=town().unit_id, by=chief(), at=LATER)
    with pytest.raises(NotFound, match="看不到"):
        looking.hand(item_id=items["tip"].pk, unit_id=town().unit_id, by=chief(), at=LATER)


@pytest.mark.django_db
def test_whoever_closed_it_does_not_look_though_their_unit_may() -> None:
    tip = closed_tip()
    item = draw(shares={"tip": "1"}).items.get()
    assert item.tip == tip
    for hand in (way.chief(), way.second()):
        with pytest.raises(SecondPerson, match="没有办理过"):
            looked(item, by=hand)
    assert looked(item, is_sound=True).state == "kept"
    with pytest.raises(NotNow):
        looked(item)


@pytest.mark.django_db
def test_what_no_chosen_unit_may_look_at_waits_for_one_to_be_named() -> None:
    until("closed")
    item = draw(unit_ids=[town().unit_id], shares={"clearance": "1"}).items.get()
    assert item.unit is None and [one.pk for one in queries.to_settle(Scope.of(chief()))] == [item.pk]
    with pytest.raises(NotFound, match="不归您办理"):
        looked(item, by=bureau())
    looking.hand(item_id=item.pk, unit_id=bureau().unit_id, by=chief(), at=LATER)
    assert queries.to_look(Scope.of(bureau())) == [item]
    assert looked(item, by=bureau()).state == "doubtful"
    assert queries.item(office.scope("task_force", office.OTHER_TOWN), item.pk) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "sentence"), [
    ({"title": ""}, "名称"), ({"shares": {}}, "至少填一类"), ({"shares": {"tip": "0%"}}, "至少填一类"),
    ({"until_on": DAY - timedelta(1)}, "起止日期"), ({"shares": {"disposal": "5"}}, "没有办结"), ({"unit_ids": []}, "收件单位"),
])  # fmt: skip
def test_a_draw_that_cannot_be_made_says_why(given: dict[str, Any], sentence: str) -> None:
    until("closed")
    with pytest.raises(Refused, match=sentence):
        draw(**given)


@pytest.mark.django_db
def test_what_is_closed_again_or_waits_in_another_draw_is_not_drawn() -> None:
    until("closed")
    scope = Scope.of(chief())
    assert len(matters.pool(scope, "clearance", DAY, LATER.date())) == 1
    assert matters.pool(scope, "clearance", DAY + timedelta(1), LATER.date()) == []
    draw(shares={"clearance": "1"})
    assert matters.pool(scope, "clearance", DAY, LATER.date()) == []


# --- opened again ---------------------------------------------------------------------------------------------------


def reopened(kind: str) -> Item:
    item = draw(shares={kind: "1"}, unit_ids=[bureau().unit_id, chief().unit_id]).items.get()
    looked(item, by=third() if item.unit == chief().unit else bureau())
    done = looking.reopen(item_id=item.pk, why="回头看发现反弹", by=chief(), at=LATER)
    assert done.state == "reopened"
    return done


@pytest.mark.django_db
def test_a_tip_is_taken_up_again() -> None:
    tip = closed_tip()
    reopened("tip")
    tip.refresh_from_db()
    assert (tip.state, tip.resolved_at) == ("triaged", None)
    assert "十一月回头看" in tip.steps.latest("pk").says


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", ["registered", "shut"])
def test_a_site_is_back_on_the_ledger_with_the_old_row_behind_it(outcome: str) -> None:
    more = (
        {"outcome": "registered", "is_filed": True, "n_residents": None, "n_placed": None}
        if outcome == "registered"
        else {}
    )
    site = until("acting")
    for verb in ("propose", "review", "close"):
        site = step(site, verb, **(more if verb == "propose" else {}))
    assert site.state == "closed"
    reopened("clearance")
    again = Clearance.objects.get(reopens=site)
    assert again.state == "found"
    institution = again.institution
    assert (institution.is_registered, institution.ceased_on) == (False, None)


@pytest.mark.django_db
def test_a_disposal_goes_on_in_a_new_one() -> None:
    disposal = work.opened("yellow")
    work.finish_all(disposal)
    work.becomes(disposal, false_publicity=False)
    disposals.close(disposal_id=disposal.pk, note="已核实", by=work.second(), at=AT)
    reopened("disposal")
    assert Disposal.objects.get(reopens=disposal).closed_at is None


@pytest.mark.django_db
def test_a_colour_that_fell_is_proposed_again_for_a_second_signature() -> None:
    disposal = work.opened("orange")
    work.becomes(disposal, prosecuted=())
    move = Move.objects.filter(institution=disposal.institution, was="orange").latest("pk")
    item = reopened("move")
    assert item.move == move
    decision = Decision.objects.get(institution=disposal.institution)
    assert (decision.colour, decision.state) == ("orange", "proposed")


@pytest.mark.django_db
def test_what_the_ledger_refuses_leaves_the_matter_as_it_was() -> None:
    site = until("closed")
    item = draw(shares={"clearance": "1"}, unit_ids=[bureau().unit_id]).items.get()
    looked(item, by=bureau())
    kept = office.institution("另一家养老院")
    institutions.merge(kept_id=kept.pk, gone_id=site.institution_id, by=chief(), at=LATER)
    with pytest.raises(Refused):
        looking.reopen(item_id=item.pk, why="反弹", by=chief(), at=LATER)
    item.refresh_from_db()
    assert item.state == "doubtful" and item.settled_at is None


@pytest.mark.django_db
def test_a_doubtful_matter_may_stand_by_another_hand_with_a_reason() -> None:
    closed_tip()
    item = looked(draw(shares={"tip": "1"}).items.get())
    with pytest.raises(SecondPerson):
        looking.settle(item_id=item.pk, why="查清了", by=third(), at=LATER)
    with pytest.raises(Incomplete):
        looking.settle(item_id=item.pk, why=" ", by=chief(), at=LATER)
    assert looking.settle(item_id=item.pk, why="反映的是另一家", by=second(), at=LATER).state == "kept"


@pytest.mark.django_db
def test_the_numbers_of_a_look_back_are_those_of_its_matters() -> None:
    for name in ("甲托老点", "乙托老点", "丙托老点"):
        until("closed", found(name))
    closed_tip()
    look_back = draw()
    rows = list(look_back.items.filter(kind="clearance").order_by("pk"))
    looked(rows[0], is_sound=True, by=third() if rows[0].unit == chief().unit else bureau())
    looked(rows[1], by=third() if rows[1].unit == chief().unit else bureau())
    told = {one.kind: one for one in queries.tallies(look_back)}
    sites = told["clearance"]
    assert (sites.n_pool, sites.n_drawn, sites.n_looked, sites.n_kept, sites.n_doubtful, sites.n_reopened) == (
        3,
        3,
        2,
        1,
        1,
        0,
    )
    (shown,) = queries.seen(Scope.of(chief()))
    assert (shown.n_items, shown.n_waiting, shown.n_doubtful, shown.n_unhanded) == (4, 2, 1, 0)  # type: ignore[attr-defined]
    for state in queries.STATE:
        assert queries.items(Scope.of(chief()), look_back, state).count() == getattr(shown, f"n_{state}")
