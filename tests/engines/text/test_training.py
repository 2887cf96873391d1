"""Training: the same texts give the same bytes; an office's own tips count; calibration keeps its promises."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from shouhu.engines.text import corpus, evaluation, model, noise, screening, training, validation
from shouhu.engines.text.corpus import BadCorpus, Example

pytest.importorskip("scipy")


@pytest.fixture(scope="module")
def few() -> list[Example]:
    """A few of our texts, of all registers."""
    return random.Random(5).sample(corpus.ours(), 60)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A few steps are enough to see that every step is the same."""
    if not request.node.get_closest_marker("soak"):
        monkeypatch.setattr("shouhu.engines.text.learning.STEPS", 3)
        monkeypatch.setattr(training, "FOLDS", 2)


def test_the_same_texts_give_the_same_bytes(few: list[Example]) -> None:
    once, again = (training.fit(few, np.ones(len(few))).to_bytes() for _ in range(2))
    assert once == again
    assert training.fit(few[1:], np.ones(len(few) - 1)).to_bytes() != once


@pytest.mark.soak
def test_training_on_all_texts_gives_the_shipped_model() -> None:
    assert training.train(corpus.ours()) == (Path(model.__file__).parent / "weights.npz").read_bytes()


def test_an_office_trains_its_own_model(few: list[Example], tmp_path: Path) -> None:
    (tmp_path / "own.npz").write_bytes(training.train(few[:40], few[40:]))
    own = model.load(tmp_path / "own.npz")
    assert screening.screen("点赞返佣金，垫付后不给提现", model=own).is_fraud in ("yes", "unclear")
    assert training.made_from(corpus.ours()) not in own.made_from


def test_the_shipped_model_is_of_these_texts_and_this_code() -> None:
    assert training.made_from(corpus.ours()) in screening.shipped().made_from


def test_near_duplicates_lie_in_one_fold() -> None:
    one = Example("我妈在养老院办了卡，交了五万块，现在大门锁了人不见了", "tip", "yes", "none", (), False)
    same = Example(one.text + "！！！请查", "tip", "yes", "none", (), False)
    other = Example("今天停水，请大家提前储水，物业管理处", "message", "no", "none", (), False)
    assert corpus.groups([one.text, same.text, other.text]).tolist() == [0, 0, 2]
    assert len(set(training.folds([one, same]).tolist())) == 1


def test_variants_are_drawn_the_same_each_time_and_keep_something() -> None:
    text = "来电人反映，母亲在某公司办理了会员卡，充值5.8万元，现在联系不上。要求查处！"
    drawn = [noise.vary(text, random.Random(n)) for n in range(50)]
    assert drawn == [noise.vary(text, random.Random(n)) for n in range(50)]
    assert len(set(drawn)) > 40
    assert all(drawn)


def test_sounds_alike_are_one_sound() -> None:
    heard = training.sounds()
    for one, other in ("微薇", "账帐", "返反", "诗思", "星心"):
        assert heard[ord(one)] == heard[ord(other)] > 0
    assert heard[ord("a")] == 0


def test_texts_of_several_writers_can_be_judged_by_the_others(few: list[Example]) -> None:
    verdicts = validation.cross_validated(few, validation.by_writer(few))
    report = evaluation.evaluate(few, verdicts)
    assert report.texts == len(few)
    assert set(np.unique(validation.by_writer(few))) == set(range(len({one.by for one in few})))


def test_wrong_lines_are_named(tmp_path: Path) -> None:
    lines = '{"text": "a", "fraud": "yes"}\n{"text": "b", "fraud": "maybe"}\n{x\n{"text": "c", "fraud": "no", "schemes": ["x"]}\n'
    (tmp_path / "tips.jsonl").write_text(lines, "utf-8")
    with pytest.raises(BadCorpus) as refusal:
        corpus.read(tmp_path / "tips.jsonl")
    assert [line[:16] for line in str(refusal.value).splitlines()] == [
        "tips.jsonl 第2行：f", "tips.jsonl 第3行：不", "tips.jsonl 第4行：没",
    ]  # fmt: skip


def test_our_texts_are_many_and_of_every_kind() -> None:
    texts = corpus.ours()
    assert len(texts) == len({example.text for example in texts}) > 3000
    for register in ("tip", "call_note", "grid", "message", "advert"):
        mine = [example for example in texts if example.register == register]
        assert {example.fraud for example in mine} == {"yes", "no", "unclear"}
        assert len({example.guise for example in mine}) == 7
