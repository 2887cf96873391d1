"""``shouhu plan`` as a clerk runs it: a plan read on the screen and as JSON, a collection split, gaps named, refusals in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shouhu.cli import run

GOLD = Path(__file__).parent.parent / "engines" / "plans" / "gold"


def test_a_plan_is_shown_and_given_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    file = GOLD / "remediation_four_colours.txt"
    assert run(["plan", "read", str(file)]) == 0
    said = capsys.readouterr().out
    assert all(head in said for head in ("类别：行动方案", "阶段", "任务", "附件", "定期报送", "分级条件", "工作机构"))
    assert "每周" in said or "每月" in said
    assert "weekly" not in said
    assert run(["plan", "read", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    right = json.loads(file.with_suffix(".json").read_text("utf-8"))
    assert set(right) <= set(found)
    assert found["title"] == right["title"]
    text = file.read_text("utf-8")
    for task in found["tasks"]:
        assert text[task["place"]["start"] : task["place"]["end"]].strip()


def test_what_is_no_plan_has_a_kind_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "read", str(GOLD / "drill_notice.txt")]) == 0
    said = capsys.readouterr().out
    assert "类别：演练方案" in said
    assert "任务" not in said
    assert run(["plan", "check", str(GOLD / "news.txt")]) == 2
    assert "不是行动方案" in capsys.readouterr().err


def test_a_collection_is_split_and_nothing_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, folder = GOLD / "collection_three.txt", tmp_path / "分开"
    assert run(["plan", "read", str(file)]) == 1
    assert "有 3 份方案" in capsys.readouterr().err
    assert run(["plan", "split", str(file), str(folder)]) == 0
    parts = sorted(folder.iterdir())
    assert [part.name for part in parts] == [f"collection_three-{n:02}.txt" for n in (1, 2, 3)]
    titles = json.loads(file.with_suffix(".json").read_text("utf-8"))["plans"]
    capsys.readouterr()
    for part, title in zip(parts, titles, strict=True):
        assert run(["plan", "read", str(part), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["title"] == title
    before = [part.read_bytes() for part in parts]
    assert run(["plan", "split", str(file), str(folder)]) == 2
    assert "没有写任何文件" in capsys.readouterr().err.replace("\n", "")  # the folder's name is long
    assert [part.read_bytes() for part in sorted(folder.iterdir())] == before


def test_gaps_are_named_with_their_items(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check", str(GOLD / "town_under_county.txt")]) == 1
    said = capsys.readouterr().out
    assert "没有写明完成时限" in said
    assert "（" in said


@pytest.mark.parametrize("name", ["方案.doc", "方案.wps", "空.txt", "图.pdf"])
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(b"\xd0\xcf\x11\xe0" if name.endswith(("doc", "wps")) else b"")
    assert run(["plan", "read", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert name in said.err
    assert "错误" not in said.err
