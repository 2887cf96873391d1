"""线索 on the desk: a tip as each role sees it, the acts by their forms, refusals in sentences, the ledgers beside."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.tips import actions
from shouhu.ledgers.tips.models import Bar, Finding, Tip, Transfer
from tests import office
from tests.ledgers.tips.way import COPY, DAY, TEXT, chief, fresh, second, step, until, worker
from tests.security.objects import picture
from tests.web.tip_pages import SORTED, seat, send, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_hours_later")]
SECRET = "13800138000"


# --- what each role sees ---------------------------------------------------------------------------------------------


def test_who_sorts_sees_the_words_with_reasons_and_is_journalled(desk: Client) -> None:
    institution = office.institution("安康养老院")
    tip = fresh(told={"named": "安康养老院", "teller": "女儿"}, sum_fen=5_000_000)
    page = text(desk, "tip-page", tip.pk)
    assert (
        SECRET in page
        and "机器建议，以人工甄别为准" in page
        and "reason-number" in page
        and "这次打开已记入留痕" in page
    )
    assert "女儿" in page and "50,000.00 元" in page and "剩 1 个工作日" in page and "期限怎样算的" in page
    assert f'btn-primary" href="{reverse("tip-sort", args=[tip.pk, "triage"])}"' in page
    assert institution.name in page and "在文字里出现" in page
    assert Entry.objects.filter(verb="tip.words_read", subject=f"tip/{tip.pk}", outcome="read").count() == 1
    title = page[page.index("<title>") : page.index("</title>")]
    assert tip.number in title and "安康" not in title


def test_units_and_leaders_read_the_copy_alone(client: Client) -> None:
    tip = until("verifying")
    step(tip, "write", text="请问您母亲的合同还在吗")
    actions.add(receipt=_receipt(tip), key="a" * 32, text=f"我又想起来，电话{SECRET}", at=office.AT)
    for post in (worker(), office.post("leader")):
        page = text(seat(post), "tip-page", tip.pk)
        assert COPY in page and SECRET not in page and "李大明" not in page and "您母亲" not in page
        assert "脱敏文本" in page and "像诈骗的可能" not in page and "专项办脱敏后更新" in page
        assert TEXT[:12] not in text(seat(post), "tip-list", show="all")
    assert not Entry.objects.filter(verb="tip.words_read").exists()
    assert "已核查" not in text(seat(worker()), "tip-transfers")


def _receipt(tip: Tip) -> str:
    """The receipt of a tip, as its form had it: the tests number their forms."""
    from shouhu.ledgers.tips import receipts

    for n in range(1, 2000):
        receipt = receipts.receipt_for(f"{n:032x}")
        if receipts.hashed(receipt) == tip.receipt_hash:
            return receipt
    raise AssertionError


def test_not_yours_is_not_there(client: Client) -> None:
    tip = until("assigned")
    bar = Bar.objects.create(tip=tip, unit=office.post("analyst").unit, set_at=office.AT)
    stranger = seat(office.post("task_force", office.OTHER_TOWN))
    for pk in (tip.pk, tip.pk + 1000):
        for route, *more in (("tip-page",), ("tip-verify", "accept"), ("tip-file", "f" * 32)):
            assert text(stranger, route, pk, *more, status=404)
    assert reverse("tip-page", args=[tip.pk]) not in text(stranger, "tip-list", show="all", text=tip.number)
    barred = seat(office.post("analyst"))
    assert text(barred, "tip-page", tip.pk, status=404) and tip.number not in text(barred, "tip-list", show="all")
    assert tip.number not in text(barred, "tip-bars") and text(barred, "tip-unbar", bar.pk, status=404)
    assert text(seat(worker()), "tip-sort", tip.pk, "triage", status=404)
    desk = seat(chief())
    assert text(desk, "tip-verify", tip.pk, "explode", status=404) and text(
        desk, "tip-sort", tip.pk, "assign", status=404
    )
    assert text(desk, "tip-receive", 987_654, status=404)


# --- the acts --------------------------------------------------------------------------------------------------------


def test_the_whole_way_by_the_forms(desk: Client) -> None:
    institution = office.institution("安康养老院", at=office.AT, related_companies=())
    disposals.rate_and_open(institution_ids=[institution.pk], ruleset_id="001", by=chief(), at=office.AT)
    tip = fresh()
    unit, boss = seat(worker()), seat(second())
    beside = text(desk, "tip-sort", tip.pk, "triage")
    assert SECRET in beside and "给承办单位的脱敏文本" in beside and "reasons" in beside
    send(desk, "tip-sort", tip.pk, "triage", **SORTED)
    send(desk, "tip-sort", tip.pk, "link", institution_id="", number=institution.number)
    assert worker().title in text(desk, "tip-hand", tip.pk, "assign")
    send(desk, "tip-hand", tip.pk, "assign", target=f"post:{worker().pk}", says="请核实")
    send(unit, "tip-verify", tip.pk, "accept", handler_id=worker().pk)
    form = {"outcome": "true", "found_on": DAY.isoformat(), "facts": "收会员费", "evidence": "收据", "more": "合同第3条",
            "clauses": ["防范和处置非法集资条例 第2条"], "recovered": "1,000.50".replace(",", ""), "n_persons": 3,
            **_facts(text(unit, "tip-verify", tip.pk, "conclude")), "now-collapsed": "yes"}  # fmt: skip
    tried = send(unit, "tip-verify", tip.pk, "conclude", status=200, **form, **{"try": "1"})
    assert "试算，还没有提交" in tried and "colour-red" in tried and "收会员费" in tried
    assert "关联公司" not in tried[tried.index('id="tried"') : tried.index("</section>", tried.index('id="tried"'))]
    assert not Finding.objects.exists()
    send(
        unit,
        "tip-verify",
        tip.pk,
        "conclude",
        **form,
        papers=SimpleUploadedFile("收据.pdf", b"%PDF-1.4 paper", "application/pdf"),
    )
    finding = Finding.objects.get()
    assert (finding.recovered_fen, finding.basis) == (100_050, ["防范和处置非法集资条例 第2条", "合同第3条"])
    assert finding.changes == {"collapsed": True}
    institution.refresh_from_db()
    assert institution.standing.colour == "red"
    page = text(unit, "tip-page", tip.pk)
    assert "属实" in page and "《防范和处置非法集资条例》第2条" in page and "证据文件" in page
    send(desk, "tip-answer", tip.pk, "reply", text="经核查，您反映的情况属实，已责令退费。")
    draft = text(desk, "tip-answer", tip.pk, "report")
    assert (
        f"关于{tip.number}号线索的办结报告" in draft
        and "收会员费" in draft
        and "已责令退费" in draft
        and SECRET not in draft
    )
    send(desk, "tip-answer", tip.pk, "report", text="办结报告")
    assert "须由提交人和核查人以外的人" in text(desk, "tip-page", tip.pk)
    assert "以外的人审批" in send(desk, "tip-approve", tip.pk, "approve", status=409)
    send(boss, "tip-approve", tip.pk, "send_back", why="补充依据")
    send(desk, "tip-answer", tip.pk, "report", text="办结报告二")
    assert "办结报告二" in text(boss, "tip-approve", tip.pk, "approve")
    send(boss, "tip-approve", tip.pk, "approve")
    send(boss, "tip-approve", tip.pk, "archive")
    tip.refresh_from_db()
    assert tip.state == "archived" and "补充依据" in text(desk, "tip-page", tip.pk)


def _facts(page: str) -> dict[str, Any]:
    """What the form of the facts held when it was opened: all but the base stay blank where they are not known."""
    from html.parser import HTMLParser

    held: dict[str, Any] = {}

    class Fields(HTMLParser):
        name = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            given = dict(attrs)
            name = given.get("name") or ""
            if tag == "select":
                self.name = name
            if tag == "option" and "selected" in given and self.name.startswith("now-"):
                held[self.name] = given.get("value", "")
            if tag == "input" and name.startswith("now-"):
                if given.get("type") == "checkbox":
                    if "checked" in given:
                        held.setdefault(name, []).append(given["value"])
                else:
                    held[name] = given.get("value", "")

    Fields().feed(page)
    return held


def test_what_somebody_changed_meanwhile_is_told_and_not_overwritten(client: Client) -> None:
    institution = office.institution("安康养老院")
    tip = until("verifying")
    Tip.objects.filter(pk=tip.pk).update(institution=institution)
    unit = seat(worker())
    form = {"outcome": "untrue", "found_on": DAY.isoformat(), "facts": "查过", "evidence": "台账", "more": "",
            **_facts(text(unit, "tip-verify", tip.pk, "conclude")), "now-n_beds": "90"}  # fmt: skip
    institutions.revise(
        institution_id=institution.pk, base=1, changes={"n_beds": 100}, cause="edit", by=chief(), at=office.AT
    )
    said = send(unit, "tip-verify", tip.pk, "conclude", status=409, **form)
    assert "有人改过：床位数" in said and "查过" in said
    assert not Finding.objects.exists() and Entry.objects.filter(verb="refused.tip-verify").exists()
    send(unit, "tip-verify", tip.pk, "conclude", **{**form, "now-base": "2"})


def test_names_left_in_a_text_have_to_be_looked_at(desk: Client) -> None:
    tip = fresh()
    left = f"安康养老院收钱不退，找店长李大明，电话{SECRET}"
    said = send(desk, "tip-sort", tip.pk, "triage", status=422, **{**SORTED, "copy": left})
    assert "文字里还有" in said and "手机号" in said and "已逐处核对" in said
    send(desk, "tip-sort", tip.pk, "triage", **{**SORTED, "copy": left, "is_sure": "on"})
    assert "脱敏文本里还有" in text(desk, "tip-page", tip.pk)
    concluded = until("concluded")
    said = send(desk, "tip-answer", concluded.pk, "reply", status=409, text=f"请打{SECRET}", is_sure="on")
    assert "手机号" in said and SECRET in said


def test_refusals_are_told_before_and_after_in_sentences(desk: Client) -> None:
    tip = fresh()
    assert "现在不能办理" in text(desk, "tip-hand", tip.pk, "assign")
    said = send(
        desk, "tip-hand", tip.pk, "suspend", status=409, why="等鉴定", until_on=(DAY + timedelta(9)).isoformat()
    )
    assert "不能办理“挂起”" in said and "等鉴定" in said
    assert Entry.objects.filter(outcome="refused", verb="refused.tip-hand").count() == 1
    send(desk, "tip-sort", tip.pk, "triage", **SORTED)
    assert "待分办" in send(desk, "tip-sort", tip.pk, "triage", status=409, **SORTED)  # somebody was first
    assert "没有这个编号的另一条线索" in send(
        desk, "tip-sort", tip.pk, "merge", status=422, into=tip.number, why="同一件"
    )


def test_duplicates_are_suggested_merged_and_parted(desk: Client) -> None:
    one, other = fresh(), fresh(TEXT.replace("我妈", "我母亲"))
    page = text(desk, "tip-page", other.pk)
    url = reverse("tip-sort", args=[other.pk, "merge"])
    assert "相似线索" in page and f"{url}?into={one.pk}" in page and SECRET in page
    assert f'value="{one.number}"' in text(desk, "tip-sort", other.pk, "merge", into=one.pk)
    send(desk, "tip-sort", other.pk, "merge", into=one.number.lower(), why="同一件事")
    assert other.number in text(desk, "tip-page", one.pk) and "并入了" in text(desk, "tip-page", other.pk)
    send(desk, "tip-sort", other.pk, "unmerge", why="不是一回事")
    other.refresh_from_db()
    assert other.state == "received"


def test_whom_a_tip_names_is_barred_and_only_mentioned_may_be_unbarred(desk: Client) -> None:
    tip = fresh(f"{worker().unit.name}的人收了好处")
    bar = Bar.objects.get()
    page = text(desk, "tip-page", tip.pk)
    assert (
        "须回避" in page
        and reverse("tip-unbar", args=[bar.pk]) in page
        and worker().unit.name in text(desk, "tip-bars")
    )
    send(desk, "tip-sort", tip.pk, "triage", **SORTED)
    assert "不能交给" in text(desk, "tip-hand", tip.pk, "assign")
    assert f'value="unit:{worker().unit_id}"' not in text(desk, "tip-hand", tip.pk, "assign")
    send(desk, "tip-unbar", bar.pk, why="只是提到")
    assert f'value="unit:{worker().unit_id}"' in text(desk, "tip-hand", tip.pk, "assign")
    assert worker().unit.name in text(desk, "tip-bars", show="lifted")
    send(desk, "tip-sort", tip.pk, "bar", target=f"post:{worker().pk}")
    assert Bar.objects.filter(post=worker(), lifted_at=None, set_by=chief()).count() == 1


def test_a_unit_that_helps_joins_reads_and_leaves(desk: Client) -> None:
    tip = until("verifying")
    town = office.post("task_force", office.TOWN)
    send(desk, "tip-hand", tip.pk, "join", unit_id=town.unit_id, says="请走访")
    helper = seat(town)
    page = text(helper, "tip-page", tip.pk)
    assert "联合办理" in page and "联办单位接收" in page and "核查结论</a>" not in page
    assert "线索：联办单位接收" in text(helper, "home-work", room="tip")
    send(helper, "tip-verify", tip.pk, "accept")
    send(helper, "tip-verify", tip.pk, "give_back", why="已走访完")
    assert text(helper, "tip-page", tip.pk, status=404)
    assert "已走访完" in text(desk, "tip-transfers", way="returned")


def test_passed_on_outside_and_the_receipt_of_it(desk: Client) -> None:
    tip = fresh()
    send(desk, "tip-sort", tip.pk, "triage", **{**SORTED, "is_in_scope": "no"})
    page = text(desk, "tip-page", tip.pk)
    assert f'btn-primary" href="{reverse("tip-hand", args=[tip.pk, "pass_on"])}"' in page
    send(desk, "tip-hand", tip.pk, "pass_on", to_name="邻区专项办", says="发生在邻区")
    transfer = Transfer.objects.get()
    assert reverse("tip-receive", args=[transfer.pk]) in text(desk, "tip-transfers", way="outside")
    send(desk, "tip-receive", transfer.pk)
    assert "只登记转出" in send(desk, "tip-receive", transfer.pk, status=409)
    rows = list(load_workbook(io.BytesIO(desk.get(reverse("tip-transfers-export")).content)).active.values)
    assert any(tip.number in row and "邻区专项办" in row for row in rows)


def test_a_tip_becomes_a_survey_task(desk: Client) -> None:
    campaign = Campaign.objects.create(
        title="行动", code=office.COUNTY, ruleset_id="001", starts_on="2026-10-01", ends_on="2026-12-31"
    )
    office.post("task_force", office.TOWN)
    made = surveys.open_round(title="第一轮", campaign_id=campaign.pk, code=office.COUNTY, opens_on=DAY,
                              due_on=DAY + timedelta(9), by=chief(), at=office.AT)  # fmt: skip
    tip = until("triaged")
    send(
        desk,
        "tip-hand",
        tip.pk,
        "survey",
        round_id=made.pk,
        unit_id="",
        name="河东路老年公寓",
        address="河东路12号",
        code=office.VILLAGE,
    )
    tip.refresh_from_db()
    assert tip.institution and tip.institution.name == "河东路老年公寓" and tip.institution.assignments.count() == 1


def test_supervised_suspended_and_taken_up_again(desk: Client) -> None:
    tip = until("verifying")
    send(seat(second()), "tip-approve", tip.pk, "supervise", says="重点")
    assert "督办</span>" in text(desk, "tip-page", tip.pk) and tip.number in text(desk, "tip-list", show="supervised")
    send(desk, "tip-hand", tip.pk, "suspend", why="等鉴定", until_on=(DAY + timedelta(9)).isoformat())
    assert f'btn-primary" href="{reverse("tip-hand", args=[tip.pk, "resume"])}"' in text(desk, "tip-page", tip.pk)
    send(desk, "tip-hand", tip.pk, "resume")
    send(desk, "tip-sort", tip.pk, "recopy", copy="改过的文本")
    assert "改过的文本" in text(seat(worker()), "tip-page", tip.pk)
    send(seat(worker()), "tip-verify", tip.pk, "give_back", why="不归我们管")
    done = until("archived")
    send(desk, "tip-hand", done.pk, "reopen", why="又发现")
    done.refresh_from_db()
    assert done.state == "triaged" and "以前的核查结论" not in text(desk, "tip-page", done.pk)


def test_files_are_originals_for_who_sorts_and_copies_for_units(desk: Client) -> None:
    papers = [actions.Paper(picture(), "我妈的合同.jpg", "image/jpeg", "c" * 32)]
    tip = until("verifying", fresh(papers=papers))
    actions.copy_new(at=office.AT)
    attachment = tip.attachments.get()
    assert attachment.copy
    send(desk, "tip-sort", tip.pk, "recopy", copy=COPY, released=attachment.pk)
    original = reverse("tip-file", args=[tip.pk, attachment.file.token])
    answer = desk.get(original)
    assert answer.content == picture() and "我妈" not in answer["Content-Disposition"]
    assert "原件" in text(desk, "tip-page", tip.pk)
    unit = seat(worker())
    page = text(unit, "tip-page", tip.pk)
    assert "我妈" not in page and attachment.file.token not in page
    assert unit.get(original).status_code == 404
    assert unit.get(reverse("tip-file", args=[tip.pk, attachment.copy.token])).status_code == 200
