"""The commands as a clerk runs them: what they write, what they say, and with which code they end."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from shouhu.cli import run
from shouhu.demo.example import FOLDER, REGISTER, write_example
from shouhu.engines.rules.rulesets import SHIPPED

AS_OF = "2022-10-01"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    assert run(["example", str(folder), "--as-of", AS_OF]) == 0
    return folder


@pytest.fixture(scope="module")
def rated(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rated") / "out"
    assert run(["rate", str(example / REGISTER), "--out", str(out), "--as-of", AS_OF, "--yes"]) == 1
    return out


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_run_writes_what_its_description_names(rated: Path) -> None:
    about = json.loads((rated / "run.json").read_text("utf-8"))
    written = sorted(path.relative_to(rated).as_posix() for path in rated.rglob("*") if path.is_file())
    assert sorted(about["files"]) == written
    ratings, register = lines(rated / "ratings.jsonl"), lines(rated / "register.jsonl")
    assert len(ratings) == len(register) == about["counts"]["rows"] == 400
    assert [(r["sheet"], r["row"], r["name"]) for r in ratings] == [
        (r["sheet"], r["row"], r["机构名称"]) for r in register
    ]
    keys = {"sheet", "row", "name", "colour", "at_least", "at_most", "fired", "findings", "open", "ask", "flags"}
    assert all(set(rating) == keys for rating in ratings)
    assert sum(about["counts"]["colour"].values()) == sum(about["counts"]["listed"].values()) == 400
    assert about["counts"]["remarks"] == len(lines(rated / "cells.jsonl"))
    for title in ("“红橙黄”风险管控名单", "排查工作进度表", "分类处置工作进度表"):
        assert (rated / f"养老服务诈骗风险隐患{title}.xlsx").exists()


def test_the_same_input_gives_the_same_bytes(example: Path, rated: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert run(["rate", str(example / REGISTER), "--out", str(again), "--as-of", AS_OF, "--yes"]) == 1

    def hashes(folder: Path) -> dict[str, str]:
        paths = (path for path in folder.rglob("*") if path.is_file())
        return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}

    assert hashes(again) == hashes(rated)


def test_a_second_run_replaces_the_first_and_says_what_changed(example: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    register = example / REGISTER
    assert run(["rate", str(register), "--out", str(out), "--as-of", AS_OF, "--yes"]) == 1
    keep = out / "我的笔记.xlsx"
    keep.write_text("mine")
    code = run(
        [
            "rate",
            str(register),
            "--out",
            str(out),
            "--rules",
            "000-19",
            "--previous",
            str(out),
            "--as-of",
            AS_OF,
            "--yes",
        ]
    )
    assert code == 1
    assert json.loads((out / "run.json").read_text("utf-8"))["ruleset"]["id"] == "000-19"
    assert any("变动" in path.name for path in out.iterdir())
    assert keep.read_text() == "mine", "what no run wrote stays"


def test_many_workbooks_in_a_folder(example: Path, tmp_path: Path) -> None:
    assert run(["rate", str(example / FOLDER), "--out", str(tmp_path / "out"), "--as-of", AS_OF, "--yes"]) == 1
    about = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert len(about["inputs"]) == 12
    assert about["counts"]["rows"] >= 400


def test_a_small_csv_is_rated_by_record_number(tmp_path: Path) -> None:
    path = tmp_path / "干净.csv"
    titles = {"name": "机构名称", "registered": "登记状态", "suspected_crime": "涉嫌非法集资或诈骗"}
    path.write_text("\n".join([",".join(titles.values()), "福寿院,已登记,是"]), "utf-8")
    code = run(["rate", str(path), "--out", str(tmp_path / "out"), "--as-of", AS_OF, "--yes"])
    rating = lines(tmp_path / "out" / "ratings.jsonl")[0]
    assert (rating["colour"], rating["sheet"], rating["row"]) == ("red", None, 2)
    assert code == 1, "absent columns are remarks"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], 64, ""),
        (["rate"], 64, "用法错误"),
        (["rate", "没有的文件.xlsx"], 64, "没有的文件.xlsx"),
        (["unheard"], 64, "用法错误"),
        (["rules", "show", "nowhere"], 2, "没有规则“nowhere”"),
    ],
)
def test_wrong_usage(arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == code
    assert says in capsys.readouterr().err.replace("\n", "")


def test_refused_input_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "台账.et"
    bad.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert run(["rate", str(bad), "--out", str(tmp_path / "out"), "--yes"]) == 2
    assert "另存" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    register = tmp_path / "台账.csv"
    register.write_text("机构名称\n福寿院\n", "utf-8")
    assert run(["rate", str(register), "--rules", "003", "--out", str(tmp_path / "out"), "--yes"]) == 2
    assert "不设颜色" in capsys.readouterr().err.replace("\n", "")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ruleset", SHIPPED)
def test_every_shipped_rule_set_can_be_shown(ruleset: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", ruleset]) == 0
    assert f"（{ruleset}）" in capsys.readouterr().out.replace("\n", "")
    assert run(["rules", "list"]) == 0
    assert ruleset in capsys.readouterr().out


def test_a_rule_set_of_ones_own_is_checked_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (files("shouhu.engines.rules") / "colours" / "001.yaml").read_text("utf-8")
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(text.replace('id: "001"', 'id: "our-own"').replace("value: 3,", "value: 5,"), "utf-8")
    assert run(["rules", "check", str(good)]) == 0
    assert "可以使用" in capsys.readouterr().out
    broken = text.replace("clause: 001 二(二)二是}", "clause: 001 九(九)}", 1).replace(
        "when: suspected_crime", "when: suspicious"
    )
    bad.write_text(
        broken.replace('operator: ">=", value: 3, wording: 以上', 'operator: ">", value: 3, wording: 以上'), "utf-8"
    )
    assert run(["rules", "check", str(bad)]) == 2
    said = capsys.readouterr().err.replace("\n", "")
    for fault in ("suspicious", "不在法源目录中", "operator 与 wording 不符"):
        assert fault in said, "every fault is said at once"


def test_explain_tells_the_reasons_of_one_institution(
    example: Path, capsys: pytest.CaptureFixture[str], rated: Path
) -> None:
    red = next(r for r in lines(rated / "ratings.jsonl") if r["colour"] == "red")
    assert run(["explain", str(example / REGISTER), str(red["name"]), "--as-of", AS_OF]) == 0
    said = capsys.readouterr().out
    assert "评为红色" in said
    assert "依据《区县打击整治养老服务诈骗专项行动工作方案》二(二)二是" in said
    assert run(["explain", str(example / REGISTER), "没有这一家", "--as-of", AS_OF]) == 2
    assert run(["explain", str(example / REGISTER), "养老", "--as-of", AS_OF]) == 2
    assert "请写全名称" in capsys.readouterr().err.replace("\n", "")


def test_compare_says_who_moves(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "compare", "001", "002-10", str(example / REGISTER), "--as-of", AS_OF]) == 0
    said = capsys.readouterr().out
    assert "变动" in said
    assert "F-months" in said or "Y-facility" in said


def test_the_example_is_invented_and_the_same_every_time(example: Path, tmp_path: Path) -> None:
    again = write_example(tmp_path, as_of=date.fromisoformat(AS_OF))
    assert [p.read_bytes() for p in again] == [(example / p.relative_to(tmp_path)).read_bytes() for p in again]
