"""名单变动表: new, up, down, gone, other reasons; matched by code, else name and address, else name and town."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from shouhu.engines.documents.annexes import Rated, UnreadablePrevious, changes, write_all
from shouhu.engines.documents.runs import write_run
from tests.engines.documents.written import AS_OF, Case, rated, sheets, table

BEFORE: tuple[Case, ...] = (
    ("甲", "东桥镇", "nothing found"),
    ("乙", "东桥镇", "false publicity"),
    ("丙", "东桥镇", "suspected crime"),
    ("丁", "东桥镇", "false publicity"),
    ("戊", "西山街道", "false publicity"),
    ("己", "西山街道", "false publicity"),
    ("庚", "西山街道", "related dealings"),
    ("辛", "西山街道", "false publicity"),
)
AFTER: tuple[Case, ...] = (
    ("甲", "东桥镇", "false publicity"),
    ("乙", "东桥镇", "suspected crime"),
    ("丙", "东桥镇", "false publicity"),
    ("丁", "东桥镇", "publicity unknown"),
    ("戊", "西山街道", "false publicity"),
    ("己", "西山街道", "related dealings"),
    ("新", "西山街道", "false publicity"),
    ("辛改名", "西山街道", "false publicity"),
)


def coded(records: list[dict[str, Any]]) -> None:
    """This function will give the first four institutions a code."""
    for number, record in enumerate(records[:4]):
        record["uscc"] = f"5299010200000000{number}X"


def run(folder: Path, case: Rated, previous: Path | None = None) -> Path:
    """This function will write a run into a folder and give it."""
    write_run(folder, case.register, case.ratings, as_of=AS_OF, previous=previous)
    return folder


def written(folder: Path) -> list[dict[str, Any]]:
    """This function will read the changes of a run."""
    return table(sheets(folder / f"{changes.TITLE}.xlsx")["名单变动"])


def test_who_is_new_up_down_gone_or_there_for_other_reasons(tmp_path: Path) -> None:
    before = run(tmp_path / "before", rated(BEFORE, edit=coded))

    def edit(records: list[dict[str, Any]]) -> None:
        coded(records)
        records[0]["name"] = "甲（更名）"
        records[7]["address"] = "西山街道新址"

    after = run(tmp_path / "after", rated(AFTER, edit=edit), before)
    told = [
        (line["变动"], line["名称"], line["等级/上期"], line["等级/本期"], line["比对依据"]) for line in written(after)
    ]
    assert told == [
        ("新增", "甲（更名）", "绿●", "黄▲", "信用代码"),
        ("新增", "新", "—", "黄▲", "上期台账无此机构"),
        ("新增", "辛改名", "—", "黄▲", "上期台账无此机构"),
        ("升级", "乙", "黄▲", "红■", "信用代码"),
        ("降级", "丙", "红■", "黄▲", "信用代码"),
        ("退出", "丁", "黄▲", "待查○", "信用代码"),
        ("退出", "庚", "黄▲", "—", "本期台账未找到"),
        ("退出", "辛", "黄▲", "—", "本期台账未找到"),
        ("内容变化", "己", "黄▲", "黄▲", "名称+镇街"),
    ]
    reasons = {line["名称"]: (line["变动依据/新增情形"], line["变动依据/消除情形"]) for line in written(after)}
    assert reasons["乙"] == ("涉嫌非法集资、诈骗等犯罪", "虚假或夸大宣传")
    assert reasons["己"] == ("有关联公司且存在关联交易", "虚假或夸大宣传")
    assert reasons["庚"] == (None, "有关联公司且存在关联交易")
    head = "".join(str(cell.value) for cell in sheets(after / f"{changes.TITLE}.xlsx")["名单变动"]["A"][:5])
    assert "新增3家，升级1家，降级1家，退出3家，内容变化1家；其中本期台账未找到的2家" in head


def test_no_change_says_so(tmp_path: Path) -> None:
    before = run(tmp_path / "before", rated(BEFORE))
    after = run(tmp_path / "after", rated(BEFORE), before)
    sheet = sheets(after / f"{changes.TITLE}.xlsx")["名单变动"]
    assert "名单没有变动。" in [cell.value for cell in sheet["A"]]


def test_two_of_one_name_are_not_taken_for_one_another(tmp_path: Path) -> None:
    twins: tuple[Case, ...] = (("甲", "东桥镇", "false publicity"), ("甲", "东桥镇", "suspected crime"))

    def edit(records: list[dict[str, Any]]) -> None:
        records[0]["address"], records[1]["address"] = None, None

    before = run(tmp_path / "before", rated(twins, edit=edit))
    after = run(tmp_path / "after", rated(twins[:1], edit=lambda records: records[0].update(address=None)), before)
    assert [(line["变动"], line["比对依据"]) for line in written(after)] == [
        ("新增", "上期台账无此机构"),
        ("退出", "本期台账未找到"),
        ("退出", "本期台账未找到"),
    ]


def test_another_rule_set_is_said_above_the_table(tmp_path: Path) -> None:
    before = run(tmp_path / "before", rated(BEFORE, "002-10"))
    after = run(tmp_path / "after", rated(BEFORE), before)
    said = "".join(str(cell.value) for cell in sheets(after / f"{changes.TITLE}.xlsx")["名单变动"]["A"][:6])
    assert "上期所用规则（002-10）" in said


def test_a_run_can_follow_upon_itself(tmp_path: Path) -> None:
    folder = run(tmp_path / "run", rated(BEFORE))
    run(folder, rated(AFTER), folder)
    assert "升级" in {line["变动"] for line in written(folder)}


@pytest.mark.parametrize("spoil", ["no folder", "no register", "rows apart", "not json", "no rules", "odd colour"])
def test_what_is_no_previous_run_is_refused_and_nothing_is_written(tmp_path: Path, spoil: str) -> None:
    case = rated(BEFORE)
    before = run(tmp_path / "before", case)
    match spoil:
        case "no folder":
            before = tmp_path / "nowhere"
        case "no register":
            (before / "register.jsonl").unlink()
        case "rows apart":
            lines = (before / "ratings.jsonl").read_bytes().splitlines(keepends=True)
            (before / "ratings.jsonl").write_bytes(b"".join(reversed(lines)))
        case "not json":
            (before / "ratings.jsonl").write_bytes(b"{" * 9)
        case "no rules":
            (before / "run.json").write_bytes(b"[]")
        case "odd colour":
            line = orjson.loads((before / "ratings.jsonl").read_bytes().splitlines()[0]) | {"colour": "purple"}
            rest = (before / "ratings.jsonl").read_bytes().splitlines()[1:]
            (before / "ratings.jsonl").write_bytes(b"\n".join([orjson.dumps(line), *rest]))
    with pytest.raises(UnreadablePrevious, match=r"请指定|不成对"):
        write_all(tmp_path / "after", case.register, case.ratings, as_of=AS_OF, previous=before)
    assert not (tmp_path / "after").exists()
