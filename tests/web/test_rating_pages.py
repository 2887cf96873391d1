"""The pages of the colour list: what they show, to whom, and that what is handed out is written down."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions, queries
from shouhu.ledgers.ratings.models import Decision, Disclosure, Standing
from shouhu.ledgers.units.scope import Scope
from shouhu.web.views.rating_export import as_workbook
from tests.ledgers.ratings.people import FACTS, TODAY, learn, sitting
from tests.office import AT, COUNTY, FAR_VILLAGE, institution, sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouhu.web.access.now", lambda: AT + timedelta(hours=1))


@pytest.fixture
def sites() -> dict[str, Institution]:
    """One institution of each colour."""
    made = {colour: institution(f"{colour}院", FAR_VILLAGE) for colour in FACTS}
    for colour, site in made.items():
        learn(site, colour)
    Institution.objects.filter(pk=made["red"].pk).update(latitude=30.1, longitude=120.2)
    return made


@pytest.fixture
def chief(client: Client) -> Client:
    """Somebody of the campaign's office, logged in."""
    Campaign.objects.create(
        title="专项行动", code=COUNTY, ruleset_id="001", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    return sit(client, sitting("chief"))


def text(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_shows_colours_reasons_and_clauses(chief: Client, sites: dict[str, Institution]) -> None:
    shown = text(chief, "rating-list")
    assert shown.index("red院") < shown.index("orange院") < shown.index("yellow院") < shown.index("decide院")
    for told in ("已“爆雷”或引起不良影响、重大舆情", "二(二)二是", "承诺投资回报（“炒床位”）", "投诉举报未核实"):
        assert told in shown
    assert "red院" not in text(chief, "rating-list", query="?colour=green")
    assert "red院" not in text(chief, "rating-list", query="?township=990102001000")
    assert "还没有" not in text(chief, "rating-list", query="?q=red&on=2026-99-99")
    assert "red院" not in text(chief, "rating-list", query="?on=2026-11-17")
    assert "这是 2026-11-17" in text(chief, "rating-list", query="?on=2026-11-17")


def test_the_map_gives_points_and_a_drawing(chief: Client, sites: dict[str, Institution]) -> None:
    assert "<svg" in text(chief, "rating-map")
    features = chief.get(reverse("rating-points")).json()["features"]
    assert [(one["properties"]["label"], one["properties"]["colour"]) for one in features] == [("red院", "red")]


def test_every_colour_is_explained(chief: Client, sites: dict[str, Institution]) -> None:
    red = text(chief, "rating-page", sites["red"].pk)
    assert "命中的规则" in red and "直接修改 2026-11-18" in red and "爆雷" in red
    assert "还不能排除的规则" in text(chief, "rating-page", sites["unknown"].pk)
    assert "所用规则没有相应条款，需由人研判" in text(chief, "rating-page", sites["decide"].pk)
    assert "没有发现风险隐患" in text(chief, "rating-page", sites["green"].pk)
    assert "还没有评级" in text(chief, "rating-page", institution("新院").pk)


def test_what_is_handed_out_is_the_annex_and_is_written_down(chief: Client, sites: dict[str, Institution]) -> None:
    address = reverse("rating-export") + "?colour=red&colour=decide"
    assert "将导出当前筛选出的 2 家" in chief.get(address).content.decode()
    assert chief.post(address, {"receiver": ""}).status_code == 200 and not Disclosure.objects.exists()
    answer = chief.post(address, {"receiver": "区公安分局"})
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["红橙黄名单", "待研判和待查", "绿色"]
    cells = [str(cell.value) for row in book["红橙黄名单"] for cell in row if cell.value]
    assert "红■" in cells and "red院" in cells and any("二(二)二是" in cell for cell in cells) and "附件3" in cells
    given = Disclosure.objects.order_by("pk")
    assert [(one.institution.name, one.colour, one.receiver) for one in given] == [
        ("red院", "red", "区公安分局"), ("decide院", "decide", "区公安分局")
    ]  # fmt: skip


def test_the_annex_of_a_past_instant_is_the_same_byte_for_byte(sites: dict[str, Institution]) -> None:
    from shouhu.engines.rules.rulesets import load

    scope = Scope.of(sitting("signer"))

    def book() -> bytes:
        rows = queries.listed(queries.colour_list(scope, at=AT + timedelta(minutes=5)))
        return as_workbook(rows, load("001"), TODAY, "专项办", {})

    first = book()
    for minutes, (site, colour) in enumerate(zip(sites.values(), reversed(FACTS), strict=True), 6):
        learn(site, colour, minutes=minutes)
    assert book() == first


def test_a_colour_takes_two_persons_from_page_to_page(chief: Client, sites: dict[str, Institution]) -> None:
    site = sites["decide"]
    assert "decide院" in text(chief, "rating-queue")
    wish = {"colour": "orange", "reason": "现场核查", "expires_on": str(TODAY + timedelta(30))}
    assert "《区县打击整治养老服务诈骗专项行动工作方案》二(二)二是" in text(chief, "rating-propose", site.pk)
    assert chief.post(reverse("rating-propose", args=[site.pk]), wish).status_code == 302
    made = Decision.objects.get()
    assert "由您提出，等另一人签字" in text(chief, "rating-queue")
    refused = chief.post(reverse("rating-sign", args=[made.pk]), {"answer": "approve"})
    assert refused.status_code == 409 and "提出人不能自己签第二个字" in refused.content.decode()
    other = sit(Client(), sitting("other"))
    assert other.post(reverse("rating-sign", args=[made.pk]), {"answer": "approve"}).status_code == 302
    assert Standing.objects.get(institution=site).colour == "orange"
    assert "研判为橙◆" in text(other, "rating-page", site.pk)
    assert other.post(reverse("rating-withdraw", args=[made.pk]), {"reason": "情况变化"}).status_code == 302
    assert Standing.objects.get(institution=site).falls_to == "decide"


def test_falls_are_confirmed_one_by_one_or_many_with_a_reason(chief: Client, sites: dict[str, Institution]) -> None:
    for colour in ("red", "orange"):
        learn(sites[colour], "green", minutes=1)
    site = sites["red"]
    assert "确认把red院由红■降为绿●" in text(chief, "rating-confirm", site.pk)
    done = chief.post(reverse("rating-confirm", args=[site.pk]), {"reason": "已复查", "colour": "green"})
    assert done.status_code == 302 and Standing.objects.get(institution=site).colour == "green"
    picks = [f"{sites['orange'].pk}:green", f"{sites['yellow'].pk}:green"]
    told = chief.post(reverse("rating-confirm-many"), {"reason": "已复查", "pick": picks}, follow=True).content.decode()
    assert "已确认 1 家降级" in told and "yellow院：待确认的等级已有变化" in told
    assert chief.post(reverse("rating-confirm-many"), {"reason": "x", "pick": ["0:green"]}).status_code == 404


def test_rules_are_tried_before_they_are_adopted(chief: Client, sites: dict[str, Institution]) -> None:
    shown = text(chief, "rating-preview", query="?ruleset=000-19")
    assert "yellow院" in shown and "等待确认降级" in shown and "南渡镇" in shown
    assert "看谁会变" in text(chief, "rating-preview", query="?ruleset=003")
    wrong = chief.post(reverse("rating-adopt"), {"ruleset": "000-19", "typed": "000"}, follow=True)
    assert "没有更换" in wrong.content.decode() and Campaign.objects.get().ruleset_id == "001"
    chief.post(reverse("rating-adopt"), {"ruleset": "000-19", "typed": "000-19"})
    assert Campaign.objects.get().ruleset_id == "000-19"
    assert Standing.objects.get(institution=sites["yellow"]).falls_to == "decide"


DECIDES = {"rating-queue", "rating-preview", "rating-propose", "rating-confirm"}
EVERYTHING = DECIDES | {"rating-list", "rating-map", "rating-export", "rating-page"}


@pytest.mark.parametrize(
    ("role", "code", "closed"),
    [
        ("task_force", "990102002000", DECIDES),
        ("task_force", "990102001000", DECIDES | {"rating-page"}),
        ("grid_worker", FAR_VILLAGE, EVERYTHING),
    ],
)  # fmt: skip
def test_who_may_open_what(client: Client, role: str, code: str, closed: set[str]) -> None:
    site = institution("院", FAR_VILLAGE)
    learn(site, "red")
    learn(site, "green", minutes=1)
    sit(client, sitting("reader", role, code))
    Campaign.objects.create(
        title="专项行动", code=COUNTY, ruleset_id="001", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    for name in EVERYTHING:
        args = [site.pk] if name in ("rating-page", "rating-propose", "rating-confirm") else []
        assert client.get(reverse(name, args=args)).status_code == (404 if name in closed else 200), name


def test_an_unsigned_proposal_of_another_division_is_not_there(client: Client, sites: dict[str, Institution]) -> None:
    made = actions.propose(institution_id=sites["decide"].pk, colour="red", reason="核", expires_on=TODAY,
                           by=sitting("analyst", "analyst"), at=AT)  # fmt: skip
    sit(client, sitting("far", "campaign_office", "990103000000"))
    for name in ("rating-sign", "rating-withdraw"):
        assert client.get(reverse(name, args=[made.pk])).status_code == 404
