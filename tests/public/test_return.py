"""Coming back with the receipt: typed as people type, answered alike, gone after half an hour."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from shouhu.ledgers.tips import actions, receipts
from shouhu.ledgers.tips.models import Finding, Message, Tip
from shouhu.public import gate, limits
from tests import office
from tests.public.conftest import Walk
from tests.public.test_telling import photo

pytestmark = pytest.mark.django_db


def back(client: Client, receipt: str) -> Walk:
    return Walk(client, "/public/mine/").send(receipt=receipt)


def answered(tip: Tip, text: str = "已经核查，会员费已全部退还。") -> None:
    """A tip with its answer, as the office leaves it."""
    by = office.post()
    Finding.objects.create(tip=tip, outcome="true", found_on=office.AT.date(), recorded_at=now(), recorded_by=by)
    Message.objects.create(tip=tip, text=text, is_answer=True, sent_at=now(), sent_by=by)
    Tip.objects.filter(pk=tip.pk).update(state="replied")


@pytest.fixture
def receipt(told: Callable[..., Walk]) -> str:
    return told().receipt


def test_the_receipt_is_read_as_people_write_it(site: Client, receipt: str) -> None:
    groups = receipts.printed(receipt)
    for typed in (
        groups,
        groups.lower(),
        groups.replace(" ", "-"),
        receipt.replace("0", "o").replace("1", "l"),
        f" {receipt}\t",
    ):
        page = back(site, typed).page
        assert "您反映的事" in page and "已经收到，正在看" in page


def test_what_is_wrong_and_what_is_no_receipt_answer_alike(site: Client, receipt: str) -> None:
    answers = [back(site, typed).answer for typed in ("0" * 16, "abc", "")]
    pages = {re.sub(r'value="[^"]*"', "", one.content.decode()) for one in answers}
    assert len(pages) == 1 and "没有查到这个回执" in pages.pop()
    assert {one.status_code for one in answers} == {back(site, receipt).answer.status_code} == {200}


def test_right_from_the_receipt_to_the_progress(told: Callable[..., Walk], site: Client) -> None:
    walk = told()
    receipt, walk.path = walk.receipt, "/public/mine/"
    assert walk.send(do="receipt", look="large").receipt == receipt
    assert "已经收到，正在看" in walk.send(do="show").page and receipt not in walk.page


def test_after_half_an_hour_the_receipt_is_asked_for_again_and_the_draft_is_kept(
    site: Client, receipt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = back(site, receipt)
    monkeypatch.setattr(gate, "now", lambda: now() + timedelta(minutes=29))
    walk.send(do="show")
    monkeypatch.setattr(gate, "now", lambda: now() + timedelta(minutes=58))
    assert "您反映的事" in walk.send(do="show").page  # counted from the last step
    monkeypatch.setattr(gate, "now", lambda: now() + timedelta(minutes=89))
    walk.send(do="add", text="写了很久的话")
    assert "请再输入一次回执" in walk.page and "写了很久" not in walk.page and not Message.objects.exists()
    walk.send(receipt="wrong")
    assert "写了很久的话</textarea>" in walk.send(receipt=receipt).page


def test_what_is_added_is_taken_once(site: Client, receipt: str) -> None:
    walk = back(site, receipt)
    sent = {**walk.hidden, "do": "add", "text": "老板姓王", "shots": photo()}
    for _ in range(2):
        sent["shots"] = photo()
        walk.answer = site.post(walk.path, sent)
        assert "您的补充已经收到" in walk.page and "老板姓王" in walk.page
    message = Message.objects.get()
    assert (message.text, message.sent_by, message.attachments.count()) == ("老板姓王", None, 1)


def test_what_cannot_be_added_stays_on_the_page(site: Client, receipt: str) -> None:
    walk = back(site, receipt)
    assert "请写下要补充的内容" in walk.send(do="add", text=" ").page
    assert "话还在</textarea>" in walk.send(do="add", text="话还在", papers=photo("a.exe", b"MZ\x90\0")).page
    for _ in range(limits.INTAKE):
        limits.intake.take("127.0.0.1")
    walk.send(do="add", text="话还在")
    assert "交得太多" in walk.page and "话还在</textarea>" in walk.page and not Message.objects.exists()


def test_messages_go_both_ways_and_are_noted_as_read(site: Client, receipt: str) -> None:
    tip = Tip.objects.get()
    actions.read_new(at=now())
    actions.write(tip_id=tip.pk, text="请问是哪家门店？", by=office.post(), at=now())
    page = back(site, receipt).page
    assert "请问是哪家门店？" in page and "办理单位" in page
    assert "campaign_office" not in page and Message.objects.get().read_at


def test_the_answer_is_rated_or_contested(site: Client, receipt: str) -> None:
    answered(Tip.objects.get())
    walk = back(site, receipt)
    assert "会员费已全部退还" in walk.page and "属实" in walk.page
    assert "请选择满意" in walk.send(do="rate", opinion="没退").page and "没退</textarea>" in walk.page
    walk.send(do="rate", rating="contested", opinion="还有两万没退")
    assert "您的评价已经收到" in walk.page and "不认可" in walk.page
    assert Tip.objects.get().rating == "contested"
    assert "已经评价过" in walk.send(do="rate", rating="satisfied").page
    assert Tip.objects.get().rating == "contested"


def test_a_switch_on_the_page_sends_nothing(site: Client, receipt: str) -> None:
    walk = back(site, receipt).send(look="contrast", text="没写完", do="add")
    assert 'class="contrast"' in walk.page and "没写完</textarea>" in walk.page and not Message.objects.exists()


# --- who tries receipts


def test_past_the_limit_answers_come_slowly_and_only_there(
    site: Client, receipt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    for number in range(limits.TRIES):
        assert "没有查到" in back(site, f"{number:016d}").page
    assert not waited
    assert "没有查到" in back(site, "0" * 16).page and waited == [limits.SLOW_SECONDS]
    assert "您反映的事" in back(site, receipt).page and len(waited) == 2  # slow, but not locked
    other: Any = Client(REMOTE_ADDR="10.9.9.9")
    assert "您反映的事" in back(other, receipt).page and len(waited) == 2


def test_slow_answers_hold_up_few(site: Client, receipt: str) -> None:
    for _ in range(limits.TRIES):
        limits.tries.take("127.0.0.1")
    held = [limits._waiting.acquire(blocking=False) for _ in range(limits.WAITING_AT_MOST)]
    try:
        assert all(held)
        walk = back(site, receipt)
        assert walk.answer.status_code == 429 and "查得太多" in walk.page and receipt in walk.page
    finally:
        for _ in held:
            limits._waiting.release()


def test_who_holds_a_page_open_needs_no_other_try(site: Client, receipt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("waited"))
    walk = back(site, receipt)
    for _ in range(limits.TRIES):
        limits.tries.take("127.0.0.1")
    assert "您反映的事" in walk.send(do="show").page
