"""Tips written down at the desk, the receipt, the card, the bulletin and the days for each step."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.informants.models import Identity
from shouhu.ledgers.tips import actions
from shouhu.ledgers.tips.models import Attachment, Term, Tip
from shouhu.ledgers.units.models import Post
from tests.office import AT, COUNTY, TOWN, VILLAGE, post, sit

pytestmark = pytest.mark.django_db
PASSPHRASE = "清河镇的柳树三月发芽"
TEXT = "柳湾村的安康养老院让老人交会员费五万八，说年底返利，现在人找不到了"


def filled(client: Client, **more: Any) -> dict[str, Any]:
    """This function will give the form as it opens, filled in."""
    page = client.get(reverse("tip-take")).content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key
    return {"key": key[1], "channel": "phone", "received_at": "2026-11-18T09:00", "code": VILLAGE, "text": TEXT, **more}


def key() -> Post:
    """This function will make the key of the 保密员."""
    keeper = post("confidential")
    informants.make_key(passphrase=PASSPHRASE + "记得住", by=keeper, at=AT)
    return keeper


def test_a_call_is_written_down_and_the_receipt_shown_once(client: Client) -> None:
    key()
    post("campaign_office")
    sit(client, post("task_force", TOWN))
    sent = filled(client, sum="5.8万", n_victims="3", is_ongoing="no", is_urgent="on", named="安康养老院", teller="女儿",
                  name="欧阳哨兵", phone="13977712345", age_band="70s", outer_number=" 12 34 ")  # fmt: skip
    page = client.post(reverse("tip-take"), sent)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    receipt = re.search(r"<samp>((?:[0-9A-Z]{4} ){3}[0-9A-Z]{4})</samp>", page.content.decode())
    assert receipt
    tip = Tip.objects.get()
    assert (tip.sum_fen, tip.n_victims, tip.is_ongoing, tip.is_urgent) == (5_800_000, 3, False, True)
    assert (tip.channel, tip.code, tip.outer_number, tip.age_band, tip.taken_by) == (
        "phone",
        VILLAGE,
        "1234",
        "70s",
        post("task_force", TOWN),
    )
    assert tip.told == {"named": "安康养老院", "teller": "女儿"}
    assert tip.identity is not None
    assert "欧阳哨兵" not in page.content.decode()
    again = client.post(reverse("tip-take"), sent).content.decode()
    assert receipt[1] in again
    assert "没有再收一次" in again
    assert Tip.objects.count() == 1


def test_without_a_key_only_anonymous_tips_are_taken(client: Client) -> None:
    post("campaign_office")
    sit(client, post("grid_worker", VILLAGE))
    page = client.get(reverse("tip-take")).content.decode()
    assert "还没有建立密钥" in page
    assert 'name="phone"' not in page
    assert '<option value="grid" selected>' in page
    assert client.post(reverse("tip-take"), filled(client)).status_code == 200
    told = client.post(reverse("tip-take"), filled(client, name="欧阳哨兵"))
    assert told.status_code == 422
    assert "只能匿名" in told.content.decode()
    assert (Tip.objects.count(), Identity.objects.count()) == (1, 0)


def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_lost(client: Client) -> None:
    post("campaign_office")
    sit(client, post("task_force", TOWN))
    page = client.post(
        reverse("tip-take"), filled(client, sum="很多", received_at="2099-01-01T00:00", code=COUNTY[:-1] + "1")
    )
    told = page.content.decode()
    assert page.status_code == 422
    assert "看不出金额" in told
    assert "收到时间在现在以后" in told
    assert TEXT in told
    assert not Tip.objects.exists()


def test_pictures_and_recordings_come_along_and_other_files_do_not(client: Client) -> None:
    post("campaign_office")
    sit(client, post("task_force", TOWN))

    def file(name: str, content: bytes) -> BytesIO:
        made = BytesIO(content)
        made.name = name
        return made

    sound = b"#!AMR\n" + b"\0" * 40
    wrong = client.post(reverse("tip-take"), filled(client, papers=[file("a.exe", b"MZ" + b"\0" * 40)]))
    assert wrong.status_code == 422
    sent = client.post(reverse("tip-take"), filled(client, papers=[file("a.amr", sound), file("b.amr", sound)]))
    assert sent.status_code == 200
    assert Attachment.objects.count() == 2


def test_the_card_says_to_call_first(client: Client) -> None:
    page = sit(client, post("grid_worker", VILLAGE)).get(reverse("tip-card")).content.decode()
    assert page.index("110") < page.index("再问这几件事")
    assert "96110" in page


# --- bulletin


def tips(n: int, **more: Any) -> list[Tip]:
    """This function will take tips in and have them read."""
    start = Tip.objects.count()
    forms = [
        actions.Form(**{"key": f"{start + at:032x}", "channel": "phone", "code": VILLAGE, "text": TEXT, **more})
        for at in range(n)
    ]
    made = [
        one.tip for one in actions.take_in_many(forms=forms, by=post("campaign_office"), at=AT - timedelta(hours=2))
    ]
    actions.read_new(at=AT)
    return made


def test_the_bulletin_counts_and_leads_to_the_tips(client: Client) -> None:
    tips(4)
    tips(1, channel="grid")
    sit(client, post("campaign_office"))
    page = (
        client.get(reverse("tip-bulletin"), {"since": "2026-11-01", "until": "2026-11-30"})
        .content.decode()
        .partition('id="help"')[0]
    )
    assert "5 件" in " ".join(page.split())
    link = re.search(r'href="([^"]*source=public[^"]*)"', page)
    assert link
    listed = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert "4 条" in " ".join(listed.split())
    assert "网格员发现（P）" in page
    assert "&lt;3" not in page
    circulated = client.get(reverse("tip-bulletin"), {"since": "2026-11-01", "until": "2026-11-30", "circulated": "on"})
    assert "&lt;3" in circulated.content.decode().partition('id="help"')[0]
    assert "source=" not in circulated.content.decode()


def test_who_may_not_open_tips_sees_no_small_number(client: Client) -> None:
    tips(1)
    page = sit(client, post("task_force", TOWN)).get(
        reverse("tip-bulletin"), {"since": "2026-11-01", "until": "2026-11-30"}
    )
    assert "&lt;3" in page.content.decode().partition('id="help"')[0]
    assert "show=counted" not in page.content.decode()
    assert reverse("tip-bulletin-export") not in page.content.decode()


def test_the_bulletin_is_taken_out_as_it_is_shown(client: Client) -> None:
    tips(4)
    sit(client, post("campaign_office"))
    answer = client.get(
        reverse("tip-bulletin-export"), {"since": "2026-11-01", "until": "2026-11-30", "circulated": "on"}
    )
    cells = [cell for row in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True) for cell in row]
    assert "计入群众举报（建议）" in cells
    assert "电话举报" in cells
    assert "4" in cells


def test_days_that_were_passed_count_as_late(client: Client) -> None:
    from shouhu.ledgers.tips.queries.timeliness import timeliness

    tips(3)
    today = AT.date()
    rows = Tip.objects.all()
    assert timeliness(rows, today) == {"running": 3, "running_late": 0, "done": 0, "done_late": 0}
    assert timeliness(rows, today + timedelta(30))["running_late"] == 3


# --- terms


def test_days_are_previewed_set_and_reset(client: Client) -> None:
    made = tips(2)
    sit(client, post("campaign_office"))
    page = client.get(reverse("tip-terms")).content.decode()
    days = {name: int(value) for name, value in re.findall(r'<input[^>]*name="(\w+)" value="(\d+)"', page)}
    assert days["verifying"] == 15
    wanted = {**days, "received": 3}
    told = client.post(reverse("tip-terms"), wanted).content.decode()
    assert "由 1 个工作日改为 3 个：在办线索 2 件" in told
    assert not Term.objects.exists()
    before = Tip.objects.get(pk=made[0].pk).due_on
    assert client.post(reverse("tip-terms"), {**wanted, "confirm": "1"}).status_code == 302
    after = Tip.objects.get(pk=made[0].pk).due_on
    assert before and after and after > before
    reset = client.post(reverse("tip-terms"), {**wanted, "reset": "1"}).content.decode()
    assert "由 3 个工作日改为 1 个" in reset
    assert client.post(reverse("tip-terms"), {**wanted, "received": "0"}).status_code == 422
    assert client.post(reverse("tip-terms") + "?county=990103000000", wanted).status_code == 404
