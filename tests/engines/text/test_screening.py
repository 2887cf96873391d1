"""Screening: what is fraud, under which guise, by which scheme; what only quotes fraud; why; and when a person is asked."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from shouhu.engines.text import corpus, evaluation, features, model, rules, screening, taxonomy
from shouhu.engines.text.corpus import Example
from shouhu.engines.text.screening import screen, screen_many

FRAUD = (
    ("tip", "elder_service", "prepaid_runaway", "我妈在松柏养老院办了八万八的贵宾卡，现在大门锁了，院长关机，几十个老人的钱退不出来。"),
    ("call_note", "pension_agency", "pension_makeup", "来电人反映一男子称可代办补缴养老保险，收4.6万元后查不到缴费记录，联系不上。"),
    ("grid", "reverse_mortgage", "mortgage_loan_trap", "王大爷被人哄着把房子抵押给贷款公司，说每月领养老金，现在有人上门催债要收房。"),
    ("message", "none", "rebate_order", "加微信进群，点赞关注一单返5元，前三单已到账，福利单垫付980返1280，做完就能提现。"),
    ("advert", "elder_product", "health_product_sales", "太赫兹理疗仪 糖尿病高血压不用吃药 听课送鸡蛋 原价19800 今天订购只要6980"),
)  # fmt: skip
HONEST = (
    ("message", "【反诈中心】近期有人冒充社保局以社保卡停用为由索要验证码，凡是要求转到安全账户的都是诈骗，切勿相信，请拨打96110。"),
    ("message", "【农商银行】您尾号3321的储蓄卡11月3日存入养老金2816.00元，余额10233.50元。"),
    ("call_note", "来电人投诉幸福养老院饭菜太咸，护工态度差，电梯经常坏，要求改善。已告知机构整改。"),
    ("advert", "社区卫生服务中心通知：周五上午为65岁以上居民免费体检，请带身份证空腹前来，不收取任何费用。"),
    ("tip", "昨天派出所民警来小区讲防范养老诈骗，讲了以房养老和刷单的案例，讲得很好，希望多来。"),
)  # fmt: skip


@pytest.mark.parametrize(("register", "guise", "scheme", "text"), FRAUD, ids=[scheme for _, _, scheme, _ in FRAUD])
def test_fraud_is_told_with_guise_and_scheme_with_or_without_register(
    register: str, guise: str, scheme: str, text: str
) -> None:
    for given in (register, None):
        verdict = screen(text, given)
        assert (verdict.is_fraud, verdict.guise, verdict.scheme) == ("yes", guise, scheme)
        assert verdict.p_fraud > 0.8
        assert not verdict.ask_person


@pytest.mark.parametrize(("register", "text"), HONEST, ids=[text[:8] for _, text in HONEST])
def test_what_warns_of_fraud_or_is_ordinary_is_not_fraud(register: str, text: str) -> None:
    verdict = screen(text, register)
    assert verdict.is_fraud == "no"
    assert (verdict.guise, verdict.scheme, verdict.urgent) == ("none", "none", False)


def test_reasons_mark_the_words_in_the_text_as_written() -> None:
    text = "老人正在银行， 要把二十万 转到【安 全 账 户】，对方自称警官，快来人劝劝！"
    verdict = screen(text)
    marked = {reason.rule: text[reason.start : reason.end] for reason in verdict.reasons}
    assert marked["auth-safe"] == "安 全 账 户"
    assert verdict.urgent
    assert all(len(reason.says) <= 30 and 0 <= reason.start < reason.end <= len(text) for reason in verdict.reasons)


def test_signs_beside_a_warning_count_as_quoted() -> None:
    said, quoted = "对方要我转到安全账户", "警方提醒：要你转到安全账户的都是骗子，切勿轻信"
    book = rules.book()
    hits = [
        {book.rules[hit.number].id: hit.quoted for hit in found}
        for found in features.read([said, quoted], [None, None], np.zeros(0x10000, dtype=np.uint16)).hits
    ]
    assert hits[0]["auth-safe"] is False
    assert hits[1]["auth-safe"] is True
    assert hits[1]["speech-police"] is False


def test_many_at_once_give_the_same_as_one_by_one() -> None:
    texts = [text for *_, text in FRAUD] + [text for _, text in HONEST] + ["", "。。。", "a\0b", "😀" * 9, "ok"]
    for together, text in zip(screen_many(texts), texts, strict=True):
        alone = screen(text)
        assert together.p_fraud == pytest.approx(alone.p_fraud, abs=1e-5)
        assert (together.is_fraud, together.guise, together.entities) == (alone.is_fraud, alone.guise, alone.entities)


def test_an_unknown_register_is_refused() -> None:
    with pytest.raises(screening.BadRegister, match="email"):
        screen("你好", "email")


def test_a_line_of_json_has_the_agreed_keys() -> None:
    line = screen("电话13800138000让我转5万元").as_dict()
    assert list(line) == [
        "is_fraud", "p_fraud", "ask_person", "guise", "scheme", "urgent", "types", "entities", "reasons",
    ]  # fmt: skip
    assert isinstance(line["entities"], dict)
    assert list(line["entities"]) == ["orgs", "phones", "cards", "urls", "amounts_yuan", "places"]


def test_every_rule_is_woken_by_whatever_it_matches() -> None:
    """The index of anchors only saves time: without it the same rules hold."""
    texts = [example.text for example in random.Random(3).sample(corpus.ours(), 300)]
    squeezed = features.squeeze(texts)
    found = rules.book().find(squeezed.codes, squeezed.owner, squeezed.texts)
    for text, hits in zip(squeezed.texts, found, strict=True):
        assert [hit.number for hit in hits] == [n for n, rule in enumerate(rules.book().rules) if rule.find(text)]


def test_there_are_many_rules_for_every_class() -> None:
    voted = [vote for rule in rules.book().rules for vote in rule.votes]
    assert len(rules.book().rules) >= 250
    for axis in ("guise", "scheme"):
        assert {code for code in taxonomy.codes(axis) if (axis, code) not in voted} == {"none"}
    assert all(rule.clause or rule.mark == "P" for rule in rules.book().rules)


def test_squeezing_keeps_the_way_back() -> None:
    text = "Ａ款：１２ 万\n元"
    squeezed = features.squeeze(["，", text])
    assert squeezed.texts == ["", "a款12万元"]
    assert text[slice(*squeezed.span(1, 4, 6))] == "万\n元"


def test_the_shipped_model_is_small_and_trained_with_these_rules() -> None:
    shipped = screening.shipped()
    assert len(shipped.to_bytes()) < 5_000_000
    assert rules.sha256() in shipped.made_from


def test_a_model_for_other_rules_or_no_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path
    with pytest.raises(model.BadModel, match="读不到"):
        model.load(folder / "none.npz")
    (folder / "bad.npz").write_bytes(b"PK nothing")
    with pytest.raises(model.BadModel, match="不是本软件"):
        model.load(folder / "bad.npz")


def test_evaluation_counts_what_it_says() -> None:
    examples = [Example(text, register, "yes", guise, (scheme,), False) for register, guise, scheme, text in FRAUD] + [
        Example(text, register, "no", "none", (), False) for register, text in HONEST
    ]
    report = evaluation.evaluate(examples, screen_many([e.text for e in examples], [e.register for e in examples]))
    assert (report.false_alarms.count, report.false_alarms.of) == (0, 5)
    assert (report.kept.count, report.kept.of) == (5, 5)
    assert [axis.macro_f1 for axis in report.axes] == [1, 1, 1]
    assert report.kept.interval[0] == pytest.approx(0.5655, abs=1e-3)
    assert "误报" in evaluation.table(report)
