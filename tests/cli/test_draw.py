"""``shouhu draw`` as an office runs it: a pool sealed, drawn from and verified; nothing written over, every refusal a sentence."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import xlsxwriter

from shouhu.cli import run
from tests.engines.draws import verifier

POOL = """
title: 2022年6月养老服务机构双随机检查
team_size: 2
groups:
  - {name: 红色, rate: 全部}
  - {name: 黄色, rate: 50%}
  - {name: 绿色, number: 1}
objects:
  - {id: "01", name: 安康养老院, group: 红色}
  - {id: "02", name: 福寿康养中心, group: 黄色, weight: 3}
  - {id: "03", name: 松鹤养老公寓, group: 黄色}
  - {id: "04", name: 长青日间照料中心, group: 绿色}
  - {id: "05", name: 夕阳红敬老院, group: 绿色}
inspectors: [民政-1, 民政-2, 市监-1]
conflicts:
  - {inspector: 民政-1, object: "01"}
"""
SHEETS: dict[str, list[list[object]]] = {
    "说明": [["名称", "2022年6月养老服务机构双随机检查"], ["每组人数", 2]],
    "类别": [["类别", "比例", "数量"], ["红色", "全部"], ["黄色", 0.5], ["绿色", None, 1]],
    "对象": [
        ["编号", "名称", "类别", "权重"],
        ["01", "安康养老院", "红色"],
        ["02", "福寿康养中心", "黄色", 3],
        ["03", "松鹤养老公寓", "黄色", None],
        ["04", "长青日间照料中心", "绿色"],
        ["05", "夕阳红敬老院", "绿色"],
    ],
    "检查人员": [["编号"], ["市监-1"], ["民政-1"], ["民政-2"]],
    "回避": [["检查人员", "对象"], ["民政-1", "01"]],
}


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    file = tmp_path / "名单.yaml"
    file.write_text(POOL, "utf-8")
    return file


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """This function will write sheets of rows as a workbook."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def sealed(pool: Path) -> tuple[str, Path, Path]:
    """This function will seal a pool and give its number and both files."""
    assert run(["draw", "commit", str(pool)]) == 0
    told, secret = (pool.with_name(f"名单_{name}") for name in ("封存.json", "种子.txt"))
    return str(json.loads(told.read_text("utf-8"))["commitment"]), told, secret


def test_from_a_pool_to_a_verified_draw(pool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number, told, secret = sealed(pool)
    said = capsys.readouterr().out
    assert f"封存号：{number}" in said
    assert "对象 5 个，检查人员 3 人，每组 2 人" in said
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text("utf-8").strip() not in told.read_text("utf-8")

    assert run(["draw", "run", str(told), str(secret), "--words", "风调雨顺", "--words", "42"]) == 0
    said = capsys.readouterr().out
    assert "安康养老院" in said
    assert "民政-2" in said
    result = pool.with_name("名单_抽取.json")
    file = json.loads(result.read_text("utf-8"))
    assert [one["object"] for one in file["result"] if one["object"] == "01"] == ["01"]
    assert len(file["result"]) == 3
    assert file["words"] == ["风调雨顺", "42"]
    assert verifier.holds(result.read_bytes(), number)

    assert run(["draw", "verify", str(result), "--commitment", number.upper()]) == 0
    assert "核验相符：2022年6月养老服务机构双随机检查，抽取 3 个对象" in capsys.readouterr().out
    assert run(["draw", "verify", str(result)]) == 0
    assert f"请再与抽取前公布的封存号核对：{number}" in capsys.readouterr().out
    assert run(["draw", "verify", str(result), "--commitment", "0" * 64]) == 1
    assert "封存号与抽取前公布的不是同一个" in capsys.readouterr().out

    twice = {**file, "pool": {**file["pool"], "inspectors": ["民政-1", "民政-1"]}}
    result.write_text(json.dumps(twice), "utf-8")
    assert run(["draw", "verify", str(result)]) == 1
    assert "检查人员“民政-1”重复了" in capsys.readouterr().out
    file["pool"]["objects"][1]["weight"] = 1
    result.write_text(json.dumps(file), "utf-8")
    assert run(["draw", "verify", str(result)]) == 1
    assert "权重与封存时的指纹不符，改动过" in capsys.readouterr().out


def test_a_workbook_seals_the_same_pool(pool: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, told, _ = sealed(pool)
    assert run(["draw", "commit", str(workbook(tmp_path / "表.xlsx", SHEETS)), "--out", str(tmp_path / "新")]) == 0
    other = json.loads((tmp_path / "新" / "表_封存.json").read_text("utf-8"))
    assert other["pool"] == json.loads(told.read_text("utf-8"))["pool"]


def test_without_words_the_draw_says_what_it_does_not_prove(pool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, told, secret = sealed(pool)
    assert run(["draw", "run", str(told), str(secret)]) == 1
    assert "没有见证词" in capsys.readouterr().err
    assert run(["draw", "verify", str(pool.with_name("名单_抽取.json"))]) == 0
    assert "没有见证词" in capsys.readouterr().out


def test_who_lacks_inspectors_is_said_before_and_after(pool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool.write_text(POOL + '  - {inspector: 民政-2, object: "01"}\n', "utf-8")
    assert run(["draw", "commit", str(pool)]) == 1
    short = "对象01因回避缺 1 名检查人员（每组 2 人）"
    assert short in capsys.readouterr().err
    told, secret = (pool.with_name(f"名单_{name}") for name in ("封存.json", "种子.txt"))
    assert run(["draw", "run", str(told), str(secret), "--words", "风"]) == 1
    assert short in capsys.readouterr().err
    (row,) = [one for one in json.loads(pool.with_name("名单_抽取.json").read_text("utf-8"))["result"]
              if one["object"] == "01"]  # fmt: skip
    assert (row["inspectors"], row["missing"]) == (["市监-1"], 1)


def test_neither_sealing_nor_drawing_can_be_done_over(pool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, told, secret = sealed(pool)
    before = secret.read_bytes()
    assert run(["draw", "commit", str(pool)]) == 2
    assert "已有 名单_封存.json、名单_种子.txt，没有写任何文件" in capsys.readouterr().err.replace("\n", "")
    assert secret.read_bytes() == before
    assert run(["draw", "run", str(told), str(secret), "--words", "风"]) == 0
    result = pool.with_name("名单_抽取.json").read_bytes()
    assert run(["draw", "run", str(told), str(secret), "--words", "雨"]) == 2
    assert pool.with_name("名单_抽取.json").read_bytes() == result


def test_a_changed_pool_or_another_seed_is_not_drawn_from(pool: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, told, secret = sealed(pool)
    right = told.read_bytes()
    told.write_bytes(right.replace("夕阳红".encode(), "朝阳红".encode()))
    assert run(["draw", "run", str(told), str(secret), "--words", "风"]) == 2
    assert "对象与封存时的指纹不符" in capsys.readouterr().err
    told.write_bytes(right)
    for text, said in (("ab" * 32, "不是这次封存的种子"), ("种子", "不是种子文件")):
        secret.write_text(text, "utf-8")
        assert run(["draw", "run", str(told), str(secret), "--words", "风"]) == 2
        assert said in capsys.readouterr().err
    assert not pool.with_name("名单_抽取.json").exists()
    assert run(["draw", "verify", str(told)]) == 2
    assert "还没有抽取" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [", "不能读取"),
        ("一句话", "对象池应写成"),
        (POOL.replace('"02"', "2"), "要加引号"),
        (POOL.replace("50%", "一半"), "“一半”读不懂"),
        (POOL.replace("group: 红色", "group: 橙色"), "类别“橙色”没有写比例或数量"),
        (POOL.replace("team_size: 2", "team_size: 4"), "不够一组4人"),
    ],
)
def test_a_pool_that_cannot_be_read_is_refused(
    pool: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pool.write_text(text, "utf-8")
    assert run(["draw", "commit", str(pool)]) == 2
    assert said in capsys.readouterr().err.replace("\n", "")
    assert [path.name for path in pool.parent.iterdir()] == ["名单.yaml"]


@pytest.mark.parametrize(
    ("sheet", "rows", "said"),
    [
        ("对象", None, "缺少工作表对象"),
        ("说明", [["名称", "检查"]], "没有写每组人数"),
        ("对象", [["编号", "名字", "类别"], ["01", "安康", "红色"]], "不认识列“名字”"),
        ("对象", [["编号", "名称", "类别"], ["01", None, "红色"]], "工作表对象第2行：没有填名称"),
        ("对象", [["编号", "名称", "类别", "权重"], ["01", "安康", "红色", 1.5]], "权重应是"),
        ("检查人员", [["编号"]], "不够一组2人"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused(
    tmp_path: Path, sheet: str, rows: list[list[object]] | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = {name: kept for name, kept in {**SHEETS, sheet: rows}.items() if kept is not None}
    file = workbook(tmp_path / "表.xlsx", sheets)
    assert run(["draw", "commit", str(file)]) == 2
    assert said in capsys.readouterr().err.replace("\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["表.xlsx"]
