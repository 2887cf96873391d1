"""Telling what happened: three screens, one receipt, nothing kept that need not be."""

from __future__ import annotations

import io
import logging
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils.timezone import now
from PIL import Image

from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.informants.models import Identity
from shouhu.ledgers.tips import receipts
from shouhu.ledgers.tips.models import Attachment, Tip
from shouhu.ledgers.vault import kinds
from shouhu.ledgers.vault.actions import content_of
from shouhu.public import answers, gate, limits, papers
from shouhu.public.counter import counter
from tests import office
from tests.public.conftest import Walk

pytestmark = pytest.mark.django_db
PHOTO = io.BytesIO()
Image.new("RGB", (8, 8)).save(PHOTO, "JPEG")


def photo(name: str = "a.jpg", content: bytes = PHOTO.getvalue()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_three_screens_and_a_receipt(site: Client) -> None:
    walk = Walk(site)
    assert "发生了什么" in walk.page
    walk.send(text="卖保健品的\r\n骗了我妈", moving="no")
    assert "第2步" in walk.page and "清河镇" in walk.page and "石桥村" not in walk.page
    walk.send(
        named="长寿堂", code=office.TOWN, place="市场东门", happened="上个月", sum="三万五", victims="两位", age="70s",
        ongoing="yes",
    )  # fmt: skip
    assert "第3步" in walk.page and "望澜区campaign_office" in walk.page
    walk.send()
    tip = Tip.objects.get()
    assert tip.receipt_hash == receipts.hashed(walk.receipt) and len(walk.receipt) == 16
    assert (tip.text, tip.channel, tip.code) == ("卖保健品的\n骗了我妈", "public", office.TOWN)
    assert tip.told == {"named": "长寿堂", "place": "市场东门", "happened": "上个月"}
    assert (tip.sum_fen, tip.n_victims, tip.is_ongoing, tip.age_band) == (3_500_000, 2, True, "70s")
    assert (tip.is_urgent, tip.identity, tip.taken_by) == (False, None, None)


def test_all_but_the_text_may_stay_empty(told: Callable[..., Walk]) -> None:
    assert told().receipt
    tip = Tip.objects.get()
    assert (tip.code, tip.told, tip.sum_fen, tip.n_victims, tip.is_ongoing) == (office.COUNTY, {}, None, None, None)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("35000", 3_500_000), ("３.5万元左右", 3_500_000), ("大概三万五", 3_500_000), ("1,200块钱", 120_000), ("好几万", None),
     ("不清楚", None), ("", None), ("9" * 40, None), ("-5", None)],
)  # fmt: skip
def test_sums_are_read_as_people_write_them(text: str, fen: int | None) -> None:
    assert answers.sum_fen(text) == fen


def test_a_number_that_is_none_is_kept_in_its_words(site: Client) -> None:
    Walk(site).send(text="被骗了").send(sum="好几万", victims="十几位").send()
    tip = Tip.objects.get()
    assert tip.text == "被骗了\n大概多少钱：好几万\n几位老人：十几位" and tip.sum_fen is tip.n_victims is None


def test_nothing_told_is_said_and_nothing_else_lost(site: Client) -> None:
    walk = Walk(site).send(text="  ", moving="no")
    assert "请先写下发生了什么" in walk.page and 'value="no" checked' in walk.page
    assert "第2步" in walk.send(text="骗").page


def test_when_money_is_moving_the_call_comes_first(site: Client) -> None:
    walk = Walk(site).send(text="正在银行转账", moving="yes")
    assert "先打电话" in walk.page and 'href="tel:96110"' in walk.page and "第2步" not in walk.page
    assert "第2步" in walk.send().page
    walk.send().send()
    assert Tip.objects.get().is_urgent


def test_the_way_back_keeps_what_was_written(site: Client) -> None:
    walk = Walk(site).send(text="第一屏的话").send(named="长寿堂")
    assert 'value="长寿堂"' in walk.send(go="back").page
    assert "第一屏的话</textarea>" in walk.send(go="back").page
    assert not Tip.objects.exists()


def test_the_same_form_is_taken_once_and_gives_the_same_receipt(site: Client) -> None:
    walk = Walk(site).send(text="骗").send()
    sent = walk.hidden
    first, again = walk.send().receipt, Walk(site)
    again.answer = site.post("/public/form/", sent)
    assert again.receipt == first and "之前已经收到" in again.page
    assert Tip.objects.count() == 1
    assert limits.intake._times and [len(times) for times in limits.intake._times.values()] == [1]


def test_there_is_no_cookie_and_nothing_written_in_an_address(told: Callable[..., Walk], site: Client) -> None:
    walk = told()
    assert not site.cookies
    assert walk.answer["Referrer-Policy"] == "no-referrer"
    assert walk.answer["Cache-Control"] == "no-store"
    assert "Location" not in walk.answer
    assert "no-store" in site.get("/public/")["Cache-Control"]
    assert "张三" not in walk.page


def test_what_travels_in_the_page_cannot_be_read_or_made_up(site: Client) -> None:
    walk = Walk(site).send(text="张三骗老人")
    assert "张三" not in walk.page
    changed = walk.hidden["state"][:-8] + "AAAAAAA="
    assert "前面填的没有保留" in walk.send(state=changed).page
    passed = Walk(site).send(text="骗").send().send().hidden["known"]
    assert "前面填的没有保留" in Walk(site).send(state=passed, text="不丢").page


def test_a_form_left_open_too_long_begins_anew(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(site)
    monkeypatch.setattr(gate, "now", lambda: now() + timedelta(hours=12, seconds=1))
    walk.send(text="还在手里的话")
    assert "隔的时间太长" in walk.page and "还在手里的话</textarea>" in walk.page
    assert "第2步" in walk.send(text="还在手里的话").page


# --- how it looks


def test_a_switch_keeps_what_was_written_and_sets_one_plain_cookie(site: Client) -> None:
    walk = Walk(site).send(text="写了一半", look="large")
    assert 'class="large"' in walk.page and "写了一半</textarea>" in walk.page
    assert {name: one.value for name, one in site.cookies.items()} == {"look": "large"}
    assert not site.cookies["look"]["expires"] and site.cookies["look"]["samesite"] == "Strict"
    assert 'class="large"' in site.get("/public/").content.decode()
    walk.send(text="写了一半", language="en")
    assert '<html lang="en" class="large">' in walk.page
    assert site.post("/public/", {"look": "large contrast"})["Location"] == "/public/"
    assert 'class="large contrast"' in site.get("/public/").content.decode()
    assert "<script>" not in Walk(site).send(text="", look='"><script>').page


def test_a_switch_on_the_last_screen_says_that_files_must_be_chosen_again(site: Client) -> None:
    walk = Walk(site).send(text="骗").send().send(look="large", shots="a.jpg", who="named", name="李四")
    assert "请再选一次" in walk.page and not Tip.objects.exists()


# --- who tells


def test_without_a_key_nobody_is_asked_for_a_name(site: Client) -> None:
    walk = Walk(site).send(text="骗").send()
    assert 'name="phone"' not in walk.page and "只收不留姓名" in walk.page
    assert "只能匿名" in walk.send(who="named", name="李四").page
    assert not Tip.objects.exists()


def test_a_name_is_sealed_for_the_keeper_alone(site: Client) -> None:
    informants.make_key(passphrase="春天的第一场雨下了三天三夜", by=office.post("confidential"), at=now())
    walk = Walk(site).send(text="骗").send()
    assert "只有保密员能打开" in walk.page
    assert "请写下姓名或电话" in walk.send(who="named").page
    walk.send(who="named", name="李四四", phone="13900001111")
    assert Tip.objects.get().identity == Identity.objects.get()
    assert walk.receipt and "李四四".encode() not in bytes(Identity.objects.get().sealed)


def test_a_name_that_was_typed_and_then_not_wanted_is_not_taken(site: Client) -> None:
    informants.make_key(passphrase="春天的第一场雨下了三天三夜", by=office.post("confidential"), at=now())
    Walk(site).send(text="骗").send().send(who="", name="李四四")
    assert Tip.objects.get().identity is None and not Identity.objects.exists()


# --- files


def test_files_are_taken_and_lie_unsealed_nowhere(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a file on the disk")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    large = PHOTO.getvalue() + b"\0" * 3 * papers.MEGABYTE
    walk = (
        Walk(site).send(text="骗").send().send(shots=photo(), papers=[photo("x.exe", large), photo("聊天.txt", b"a")])
    )
    assert walk.receipt
    stored = [one.file for one in Attachment.objects.order_by("pk").select_related("file")]
    assert [(one.name[-4:], one.media_type) for one in stored] == [
        (".jpg", "image/jpeg"), (".jpg", "image/jpeg"), (".txt", "text/plain"),
    ]  # fmt: skip
    assert content_of(stored[1]) == large


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("a.exe", b"MZ\x90", "收不了"), ("a.html", b"<script>", "收不了"), ("a.svg", b"<svg/>", "收不了"),
     ("a.zip", b"PK\x03\x04zip", "a.zip"), ("a.jpg", b"", "是空的"), ("a\u202egpj.exe", b"MZ\x90\0", "“agpj.exe”"),
     ("a.jpg", b"\xff\xd8\xff" + b"0" * kinds.FILE_AT_MOST, "太大")],
    ids=["program", "page", "svg", "archive", "empty", "turned", "large"],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_named_and_nothing_is_handed_in(
    site: Client, name: str, content: bytes, says: str
) -> None:
    walk = Walk(site).send(text="骗").send().send(papers=photo(name, content))
    assert says in walk.page and "第3步" in walk.page
    assert not Tip.objects.exists()
    assert walk.send().receipt


def test_too_many_or_too_much(site: Client) -> None:
    walk = Walk(site).send(text="骗").send()
    assert "一次最多交10个文件" in walk.send(papers=[photo() for _ in range(11)]).page
    part = b"\xff\xd8\xff" + b"0" * (papers.ALL_AT_MOST // 2)
    assert "加起来超过30MB" in walk.send(papers=[photo(content=part), photo(content=part)]).page
    walk.send(papers=[photo(content=part) for _ in range(3)])
    assert (walk.answer.status_code, "太大了" in walk.page) == (413, True)
    assert not Tip.objects.exists()


# --- limits, forgery, faults


def test_one_address_hands_in_thirty_an_hour_and_loses_nothing_then(told: Callable[..., Walk], site: Client) -> None:
    for _ in range(limits.INTAKE):
        assert limits.intake.take("127.0.0.1")
    walk = told("第三十一份", HTTP_X_FORWARDED_FOR="1.2.3.4")
    assert walk.answer.status_code == 429 and "交得太多" in walk.page
    limits.intake.clear()
    walk.send()
    assert walk.receipt and Tip.objects.get().text == "第三十一份"


def test_only_an_own_proxy_is_believed(rf: Any) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "9.9.9.9, 5.6.7.8"}, REMOTE_ADDR="10.0.0.1")
    assert limits.address_of(request) == "10.0.0.1"
    with override_settings(PROXIES=frozenset({"10.0.0.1"})):
        assert limits.address_of(request) == "5.6.7.8"


def test_counts_are_kept_under_hashes_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    limit, at = limits.Limit(2, 60), [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])
    assert [limit.take("10.0.0.1") for _ in range(3)] == [True, True, False]
    assert [limit.take(f"2001:db8::{n}") for n in range(3)] == [True, True, False]  # one network
    assert limit.take("10.0.0.2")
    assert all(len(one) == 16 and b"10.0" not in one for one in limit._times)
    at[0] = 61
    assert limit.take("10.0.0.1")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403), ({"Origin": "http://evil.example"}, 403),
     ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200), ({"Origin": "http://testserver"}, 200), ({"Origin": "null"}, 200)],
)  # fmt: skip
def test_a_page_elsewhere_cannot_send_our_forms(site: Client, headers: dict[str, str], status: int) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/public/form/", {"text": "骗"}, headers=headers).status_code == status


def test_other_methods_are_refused(site: Client) -> None:
    assert site.put("/public/form/").status_code == 405


def test_a_fault_of_ours_is_told_without_a_word_of_what_was_written(
    told: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(form: Any) -> None:
        raise OSError(f"disk full while writing {form.text}")

    monkeypatch.setattr(counter, "hand_in", fail)
    with caplog.at_level(logging.DEBUG):
        walk = told("绝密的话")
    assert walk.answer.status_code == 500 and "没有给出回执就是没有收到" in walk.page
    assert "绝密" not in caplog.text and "OSError" in caplog.text


def test_where_no_office_is_there_is_no_form(client: Client) -> None:
    office.divisions()
    assert "还没有设立专项办" in client.get("/public/form/").content.decode()
