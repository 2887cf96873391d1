"""A division that is renamed, moved or merged takes along what hangs on it; what was counted before stays where it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.disposals import actions, queries
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions import queries as known
from shouhu.ledgers.institutions.actions.following import UnderImport
from shouhu.ledgers.institutions.models import Place
from shouhu.ledgers.journal import queries as journal
from shouhu.ledgers.ratings import queries as ratings
from shouhu.ledgers.surveys.models import Assignment, Round
from shouhu.ledgers.units.actions import add_grid
from shouhu.ledgers.units.actions.divisions import ChangeRefused
from shouhu.ledgers.units.models import Division, Grid, Post, Unit
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.disposals.work import AT, DAY, chief, opened
from tests.ledgers.institutions.sheet import row
from tests.ledgers.institutions.test_imports import stage
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db
MOVED, MOVED_VILLAGE = "990102009000", "990102009001"
LATER = AT + timedelta(days=3)
ON = DAY + timedelta(2)


def change(code: str, new_code: str, name: str, on: date = ON) -> list[int]:
    by = Post.objects.filter(role="administrator").first() or office.post("administrator")
    return actions.settle_division(code=code, new_code=new_code, name=name, on=on, by=by, at=LATER)


def test_a_town_that_gets_another_code_takes_everything_along_and_its_past_stays() -> None:
    disposal = opened("orange")
    institution = disposal.institution
    assigned = field.assigned(institution)
    town = office.post("task_force", office.TOWN)
    before = queries.hanging(office.scope("administrator"), office.TOWN)
    assert (before.n_divisions, before.n_institutions, before.n_disposals, before.n_assignments) == (2, 1, 1, 1)

    assert change(office.TOWN, MOVED, "清河街道") == [institution.pk]

    institution.refresh_from_db()
    assert institution.code == MOVED_VILLAGE
    old, new = institution.places.order_by("pk")
    assert (old.code, old.to_on, new.code, new.from_on, new.to_on) == (office.VILLAGE, ON, MOVED_VILLAGE, ON, None)
    assert old.address == new.address
    facts = known.facts_of(known.version(institution, institution.n))
    assert facts["township"] == "清河街道" and facts["n_beds"] == office.ANSWERED["n_beds"]
    scope = Scope.of(Post.objects.select_related("unit").get(pk=town.pk))
    assert scope.low == MOVED
    assert queries.seen(scope).get() == disposal and known.seen(scope).get() == institution
    assigned.refresh_from_db()
    assert assigned.code == MOVED_VILLAGE
    # The list of today stands under the new code, that of the day before under the old one.
    county = office.scope()
    lists = {at: ratings.colour_list(county, None, at).get().code for at in (AT, LATER)}
    assert lists == {AT: office.VILLAGE, LATER: MOVED_VILLAGE}
    assert ratings.colour_list(county).get().colour == "orange"
    assert [one.verb for one in journal.of(f"institution/{institution.pk}")].count("institution.moved") == 1
    after = queries.hanging(office.scope("administrator"), MOVED)
    assert after == before and queries.hanging(county, office.TOWN).n_institutions == 0


def test_a_round_that_is_over_keeps_its_totals_and_an_open_one_goes_on() -> None:
    institution = office.institution()
    done = field.assigned(institution)
    Round.objects.filter(pk=done.round_id).update(closed_at=AT, closed_by=chief(), code=office.TOWN)
    running = Assignment.objects.create(round=field.opened(), institution=institution, unit=done.unit, code=done.code,
                                        due_on=done.due_on, why=done.why, assigned_at=AT, assigned_by=chief())  # fmt: skip
    Round.objects.filter(pk=running.round_id).update(code=office.TOWN)
    change(office.TOWN, MOVED, "清河街道")
    for one in (done, running, done.round, running.round):
        one.refresh_from_db()
    assert (done.code, done.round.code) == (office.VILLAGE, office.TOWN)
    assert (running.code, running.round.code) == (MOVED_VILLAGE, MOVED)


def test_two_villages_become_one_village_by_village_and_then_the_town() -> None:
    administrator = office.post("administrator")
    office.post("task_force", office.TOWN)
    first, second = office.institution("甲院"), office.institution("乙院", office.TOWN)
    for village in (office.VILLAGE, office.FAR_VILLAGE):
        add_grid(code=village + "001", name="一网格", by=administrator, at=AT)
    with pytest.raises(ChangeRefused, match="2 个下级区划"):
        change(office.TOWN, office.OTHER_TOWN, "x")
    assert change(office.VILLAGE, office.FAR_VILLAGE, "x") == [first.pk]
    assert set(Grid.objects.values_list("code", flat=True)) == {office.FAR_VILLAGE + "001", office.FAR_VILLAGE + "002"}
    change(office.OTHER_VILLAGE, "990102002008", "石桥村")
    assert change(office.TOWN, office.OTHER_TOWN, "x") == [second.pk]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.code, second.code) == (office.FAR_VILLAGE, office.OTHER_TOWN)
    assert known.facts_of(known.version(first, first.n))["neighbourhood"] == "东埠村"
    assert Division.objects.get(code=office.TOWN).became == office.OTHER_TOWN
    assert Division.objects.filter(code=office.OTHER_TOWN, to_on=None).count() == 1
    assert not Unit.objects.filter(code=office.TOWN).exists()


def test_a_new_name_is_the_name_that_lists_print_from_then_on() -> None:
    institution = opened("yellow").institution
    assert change(office.TOWN, office.TOWN, "清江镇") == [institution.pk]
    institution.refresh_from_db()
    assert known.facts_of(known.version(institution, institution.n))["township"] == "清江镇"
    assert Place.objects.get().code == institution.code == office.VILLAGE


def test_a_county_that_gets_another_code_keeps_its_campaign_and_its_rules() -> None:
    field.opened()
    Campaign.objects.update(ruleset_id="002-10", ends_on=ON)
    past = Campaign.objects.create(title="去年", code=office.COUNTY, ruleset_id="001", starts_on=date(2025, 1, 1),
                                   ends_on=date(2025, 12, 31))  # fmt: skip
    disposal = opened("orange", ruleset_id="002-10")
    Division.objects.create(code="990100000000", name="望州市")
    above = office.post("administrator", "990100000000")
    actions.settle_division(code=office.COUNTY, new_code="990107000000", name="望澜新区", on=ON, by=above, at=LATER)
    past.refresh_from_db()
    assert set(Campaign.objects.values_list("code", flat=True)) == {office.COUNTY, "990107000000"}
    assert past.code == office.COUNTY
    disposal.refresh_from_db()
    assert Disposal.objects.get().rating.ruleset_id == "002-10"


def test_a_change_that_comes_late_also_moves_who_went_elsewhere_since() -> None:
    institution = office.institution(address="河东路1号")
    institutions.move(institution_id=institution.pk, code=office.FAR_VILLAGE, address="东埠路9号", on=ON + timedelta(1), by=chief(),
                      at=LATER)  # fmt: skip
    assert change(office.TOWN, MOVED, "清河街道") == []
    spans = list(institution.places.order_by("from_on").values_list("code", "from_on", "to_on"))
    assert sorted(spans, key=str) == sorted(
        [
            (office.VILLAGE, None, ON),
            (MOVED_VILLAGE, ON, ON + timedelta(1)),
            (office.FAR_VILLAGE, ON + timedelta(1), None),
        ],
        key=str,
    )


def test_it_waits_until_no_import_names_the_old_code() -> None:
    stage([row(1)])
    with pytest.raises(UnderImport, match="正在导入"):
        change(office.TOWN, MOVED, "清河街道")
    assert not Division.objects.filter(code=MOVED).exists()
