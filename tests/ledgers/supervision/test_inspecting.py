"""双随机: sealed, drawn as anybody can draw again from the published file, inspected by those who were drawn."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from shouhu.engines.draws import published
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.supervision.actions import inspecting
from shouhu.ledgers.supervision.actions.writing import Incomplete, NotFound
from shouhu.ledgers.supervision.models import RandomInspection
from shouhu.ledgers.supervision.queries import inspecting as queries
from shouhu.ledgers.supervision.workflow import NotNow
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.scope import Scope
from tests import office
from tests.ledgers.disposals import work
from tests.ledgers.supervision.scene import AT, DAY, chief, town

pytestmark = pytest.mark.django_db


def bureaus() -> list[Post]:
    return [office.post("member_unit", holder=name) for name in ("民政局", "市监局", "公安局")]


def sealed(**more: Any) -> RandomInspection:
    given: dict[str, Any] = {
        "title": "十一月双随机", "town": "", "rates": {"orange": "100%", "yellow": "50%"}, "post_ids": [one.pk for one in bureaus()],
        "team_size": 2, "declared": [], "seed": "ef" * 32, "by": chief(), "at": AT,
    }  # fmt: skip
    return inspecting.commit(**{**given, **more})


def test_what_was_drawn_can_be_drawn_again_from_the_published_file() -> None:
    for number in range(4):
        work.opened("yellow", name=f"黄院{number}")
    orange = work.opened("orange", name="橙院")
    row = sealed()
    assert row.state == "committed" and row.seed not in str(row.sealed) and not row.visits.exists()
    drawn = inspecting.draw(draw_id=row.pk, words=["晴天", " "], by=chief(), at=AT)
    assert drawn.visits.count() == 3 and drawn.visits.filter(institution=orange.institution).exists()
    assert all(one.team.count() == 2 and not one.n_missing for one in drawn.visits.all())
    raw = orjson.dumps(drawn.published)
    assert published.differences(published.read(raw), announced=row.sealed["commitment"]) == []
    forged = raw.replace("黄院".encode(), "黑院".encode())
    assert published.differences(published.read(forged))
    with pytest.raises(NotNow):
        inspecting.draw(draw_id=row.pk, words=["再来"], by=chief(), at=AT)


def test_who_handles_it_does_not_see_it_or_declared_a_relation_does_not_inspect_it() -> None:
    disposal = work.opened("orange")
    disposals.take(disposal_ids=[disposal.pk], post=town(), by=chief(), at=AT)
    elsewhere = office.post("task_force", office.OTHER_TOWN)
    civil = bureaus()[0]
    number = disposal.institution.number
    row = sealed(
        post_ids=[town().pk, elsewhere.pk, civil.pk, office.post("analyst").pk], declared=[(civil.code, number)]
    )
    barred = {pair["inspector"] for pair in row.sealed["pool"]["conflicts"]}
    assert barred == {town().code, elsewhere.code, civil.code}
    (visit,) = inspecting.draw(draw_id=row.pk, words=["晴"], by=chief(), at=AT).visits.all()
    assert [one.code for one in visit.team.all()] == [office.post("analyst").code] and visit.n_missing == 1


@pytest.mark.parametrize(("given", "sentence"), [
    ({"post_ids": []}, "检查人员"), ({"rates": {"green": "5"}}, "没有机构"), ({"rates": {"orange": "9"}}, "不能抽9个"),
    ({"team_size": 4}, "不够一组"), ({"title": " "}, "抽查名称"), ({"declared": [("无此岗", "1")]}, "不在检查人员名单"),
])  # fmt: skip
def test_a_pool_from_which_nothing_can_be_drawn_says_why(given: dict[str, Any], sentence: str) -> None:
    work.opened("orange")
    with pytest.raises(Incomplete, match=sentence):
        sealed(**given)


def test_findings_come_from_the_team_and_what_has_none_stays_visible() -> None:
    for name in ("甲院", "乙院"):
        work.opened("orange", name=name)
    drawn = inspecting.draw(draw_id=sealed(team_size=1).pk, words=["晴"], by=chief(), at=AT)
    one, other = drawn.visits.order_by("pk")
    hand = one.team.get()
    given: dict[str, Any] = {"visit_id": one.pk, "found": "none", "found_on": DAY, "says": "未见异常", "at": AT}
    with pytest.raises(NotFound, match="抽到的检查人员"):
        inspecting.find(**given, by=chief())
    assert one in queries.to_visit(Scope.of(hand))
    inspecting.find(**given, by=hand)
    scope = Scope.of(chief())
    assert list(queries.visits(scope, drawn, "found")) == [one] and list(queries.visits(scope, drawn, "drawn")) == [
        other
    ]
    with pytest.raises(NotNow):
        inspecting.find(**given, by=hand)
    stranger = next(post for post in bureaus() if post not in {one.team.get(), other.team.get()})
    assert not queries.seen(Scope.of(stranger)).exists() and queries.seen(Scope.of(hand)).exists()
