"""What units get of a tip, decided on one page: the words, what was added since, and the files that a person looked at."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.tips import actions
from shouhu.ledgers.tips.models import Attachment, Tip
from shouhu.web.templatetags.desk import moment
from tests import office
from tests.ledgers.tips.way import COPY, chief, fresh, key, step, told, until, worker
from tests.security.filled import form_with
from tests.security.objects import picture
from tests.web.tip_pages import SORTED, seat, send, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_hours_later")]
ADDED = "收据照片我补上了，我姓李"


def shot() -> actions.Paper:
    """This function will hand in a photo."""
    return actions.Paper(picture(), "我家.jpg", "image/jpeg", key())


def box(page: str, one: Attachment) -> str:
    """This function will give the box of a file on a form."""
    found = re.search(rf'<input [^>]*name="released" value="{one.pk}"[^>]*>', page)
    assert found, page
    return found[0]


def test_each_file_is_looked_at_and_ticked_before_units_have_it(desk: Client) -> None:
    letter = actions.Paper(b"%PDF-1.7 ...", "合同.pdf", "application/pdf", key())
    tip = fresh(papers=[shot(), shot(), letter])
    page = text(desk, "tip-sort", tip.pk, "triage")
    assert page.count("正在做去除隐含信息的副本") == 3 and 'name="released"' not in page
    actions.copy_new(at=office.AT)
    first, other, pdf = Attachment.objects.select_related("copy").order_by("pk")
    assert first.copy and other.copy and not pdf.copy
    page = text(desk, "tip-sort", tip.pk, "triage")
    assert "给承办单位看" in page and page.count("做不出干净的副本") == 1 and page.count('name="released"') == 2
    for one in (first, other):
        assert "checked" not in box(page, one) and one.copy
        link = reverse("tip-file", args=[tip.pk, one.copy.token])
        assert link in page and desk.get(link).status_code == 200
    sent = {**SORTED, "released": [first.pk]}
    assert "checked" in box(send(desk, "tip-sort", tip.pk, "triage", status=422, **{**sent, "says": ""}), first)
    assert "有效的选项" in send(desk, "tip-sort", tip.pk, "triage", status=422, **{**sent, "released": [pdf.pk]})
    send(desk, "tip-sort", tip.pk, "triage", **sent)
    page = text(desk, "tip-page", tip.pk)
    assert page.count("承办单位看得到副本") == 1 and page.count("没有给承办单位") == 1 and chief().title in page
    page = text(desk, "tip-sort", tip.pk, "retriage")
    assert "checked" in box(page, first) and "checked" not in box(page, other)
    assert page.count("承办单位看得到副本") == 1
    form = form_with(page, "copy")
    assert form.values["released"] == [str(first.pk)]
    send(desk, "tip-sort", tip.pk, "retriage", **form.sent(is_in_scope="yes", says="再看一遍"))

    for verb in ("assign", "accept"):
        step(tip, verb)
    unit, tokens = (
        seat(worker()),
        {one: reverse("tip-file", args=[tip.pk, one.copy.token]) for one in (first, other) if one.copy},
    )
    page = text(unit, "tip-page", tip.pk)
    assert tokens[first] in page and tokens[other] not in page and "看得到副本" not in page and "我家" not in page
    assert [unit.get(url).status_code for url in tokens.values()] == [200, 404]
    send(desk, "tip-sort", tip.pk, "recopy", copy=COPY)
    assert [unit.get(url).status_code for url in tokens.values()] == [404, 404]
    assert "附件" not in text(unit, "tip-page", tip.pk)
    told_ = Entry.objects.filter(subject=f"attachment/{first.pk}", by=chief().code).order_by("seq")
    assert list(told_.values_list("verb", flat=True)) == ["tip.file_released", "tip.file_withdrawn"]


def test_a_file_that_a_colleague_took_back_is_not_given_again_by_a_page_that_was_open(desk: Client) -> None:
    tip = fresh(papers=[shot()])
    actions.copy_new(at=office.AT)
    one = Attachment.objects.get()
    send(desk, "tip-sort", tip.pk, "triage", **{**SORTED, "released": [one.pk]})
    stale = form_with(text(desk, "tip-sort", tip.pk, "retriage"), "copy").sent(is_in_scope="yes", says="再看一遍")
    step(tip, "retriage", released=())
    page = send(desk, "tip-sort", tip.pk, "retriage", status=422, **stale)
    one.refresh_from_db()
    assert "被同事改过" in page and "再看一遍" in page and one.released_at is None
    again = form_with(page, "copy").sent()
    send(desk, "tip-sort", tip.pk, "retriage", **again)  # now with open eyes
    one.refresh_from_db()
    assert one.released_at is not None


def test_a_form_without_files_asks_for_none(desk: Client) -> None:
    assert "给承办单位的附件" not in text(desk, "tip-sort", fresh().pk, "triage")


def test_files_of_a_merged_tip_stand_beside_the_others(desk: Client) -> None:
    tip, other = until("verifying"), fresh("还是那一家", papers=[shot()])
    actions.copy_new(at=office.AT)
    step(other, "merge", into_id=tip.pk, why="同一件事")
    page = text(desk, "tip-sort", tip.pk, "recopy")
    assert other.number in page and "checked" not in box(page, other.attachments.get())
    send(desk, "tip-sort", tip.pk, "recopy", copy=COPY, released=other.attachments.get().pk)
    assert "去除隐含信息的副本" in text(seat(worker()), "tip-page", tip.pk)


def test_what_was_added_since_stands_beside_the_text_for_units(desk: Client) -> None:
    taken = told()
    actions.read_new(at=office.AT)
    tip = taken.tip
    actions.add(receipt=taken.receipt, key=key(), text="早先补充的话", at=office.AT)
    page = text(desk, "tip-sort", tip.pk, "triage")
    assert "举报人新补充的内容" in page and "早先补充的话" in page and "还没有甄别" in page
    tip = until("verifying", tip)
    assert "举报人新补充的内容" not in text(desk, "tip-sort", tip.pk, "recopy")
    actions.add(receipt=taken.receipt, key=key(), text=ADDED, at=office.AT + timedelta(hours=1))
    actions.add(receipt=taken.receipt, key=key(), text="", papers=[shot()], at=office.AT + timedelta(hours=1))
    page = text(desk, "tip-sort", tip.pk, "recopy")
    since = tip.steps.get(verb="triage").recorded_at
    assert ADDED in page and "（只补充了文件）" in page and "早先补充的话" not in page
    assert f"{moment(since)} 定下脱敏文本以后" in page
    assert ADDED not in text(seat(worker()), "tip-page", tip.pk)
    send(desk, "tip-sort", tip.pk, "recopy", copy=f"{COPY}有收据。")
    assert "举报人新补充的内容" not in text(desk, "tip-sort", tip.pk, "recopy")
    assert Tip.objects.get(pk=tip.pk).copy.endswith("有收据。")
