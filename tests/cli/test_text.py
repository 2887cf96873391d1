"""``shouhu text`` as a clerk runs it: files in and out line by line, one text on the screen, refusals that name the line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shouhu.cli import run
from shouhu.engines.text import screening
from shouhu.engines.text.taxonomy import guises, schemes
from tests.engines.text.scripts import TEXTS

TOLD = "我妈在城东办了张会员卡交了6.8万，说以后住进去打八折，现在大门锁了，老板电话13812345678打不通"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return written(tmp_path / "线索.jsonl", [{"id": n, "text": text} for n, text in enumerate(TEXTS)])


def written(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_file_is_screened_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": 7, "text": TOLD, "register": "tip"}, {"id": "b", "text": TEXTS[40]}, "", {"text": ""}]
    out = tmp_path / "out.jsonl"
    assert run(["text", "screen", str(written(tmp_path / "in.jsonl", rows)), "--out", str(out)]) == 0
    told = lines(out)
    assert [row["id"] for row in told] == [7, "b", 4], "a line without an id goes by its number"
    keys = ["id", "is_fraud", "p_fraud", "ask_person", "guise", "scheme", "urgent", "types", "entities", "reasons"]
    assert all(list(row) == keys for row in told)
    assert all(row["is_fraud"] in ("yes", "no", "unclear") and 0 <= row["p_fraud"] <= 1 for row in told)
    assert all(row["guise"] in guises() and row["scheme"] in schemes() for row in told)
    assert told[0]["entities"]["phones"] == ["13812345678"]
    assert told[0]["entities"]["amounts_yuan"] == [68000]
    assert list(told[0]["entities"]) == ["orgs", "phones", "cards", "urls", "amounts_yuan", "places"]
    said = capsys.readouterr().out
    assert "请人工判断" in said
    assert "结果已写入" in said


def test_without_a_place_the_result_lies_beside_the_file(texts: Path) -> None:
    assert run(["text", "screen", str(texts), "--register", "tip"]) == 0
    assert len(lines(texts.with_name("线索_研判.jsonl"))) == len(TEXTS)
    assert run(["text", "entities", str(texts)]) == 0
    assert len(lines(texts.with_name("线索_提取.jsonl"))) == len(TEXTS)
    assert [path.name for path in texts.parent.glob(".*")] == []


def test_one_text_is_explained_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["text", "screen", "--text", TOLD, "--register", "tip"]) == 0
    said = capsys.readouterr().out
    for piece in ("可能性", TOLD, "理由", "文中所提", "68,000 元", "13812345678", "名目"):
        assert piece in said, piece
    assert run(["text", "screen", "--text", "[bold]今天[/] 天气好"]) == 0
    assert "[bold]今天[/] 天气好" in capsys.readouterr().out, "what was written cannot style the screen"
    assert run(["text", "entities", "--text", TOLD]) == 0
    assert "6.8万" in capsys.readouterr().out
    assert run(["text", "entities", "--text", "天气好"]) == 0
    assert "没有找到" in capsys.readouterr().out


def test_bad_lines_are_named_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": 1, "text": "好"}, "{", {"id": 2}, {"id": 3, "text": "a", "register": "letter"}, "[1]",
            {"id": [1], "text": "a"}]  # fmt: skip
    file, out = written(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    for command in ("screen", "entities"):
        assert run(["text", command, str(file), "--out", str(out)]) == 2
        said = capsys.readouterr().err.replace("\n", "")
        for fault in (
            "第 2 行：不是有效的 JSON",
            "第 3 行：缺少 text",
            "第 4 行：register 应为",
            "第 5 行：应是",
            "第 6 行：id 应是",
        ):
            assert fault in said
        assert list(tmp_path.iterdir()) == [file]
        assert run(["text", command, str(file), "--out", str(out), "--skip-bad"]) == 1
        assert "略过了 5 行" in capsys.readouterr().err
        assert [row["id"] for row in lines(out)] == [1]
        out.unlink()


def test_a_stop_half_way_leaves_nothing(texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = screening.screen_many, []

    def stops(*arguments: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise MemoryError
        return real(*arguments, **more)

    monkeypatch.setattr(screening, "screen_many", stops)
    written(texts, [{"text": text} for text in TEXTS * 10])
    out = texts.with_name("out.jsonl")
    out.write_text("earlier", "utf-8")
    assert run(["text", "screen", str(texts), "--out", str(out)]) == 70
    assert sorted(texts.parent.iterdir()) == sorted([texts, out])
    assert out.read_text("utf-8") == "earlier"


def test_files_that_are_none_are_refused(tmp_path: Path, texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gbk, empty = tmp_path / "gbk.jsonl", tmp_path / "empty.jsonl"
    gbk.write_bytes('{"text": "老人"}'.encode("gbk"))
    empty.write_text("\n\n", "utf-8")
    for arguments, says in (
        ([str(gbk)], "UTF-8"),
        ([str(empty)], "没有可用的文本"),
        ([str(texts), "--out", str(texts)], "正在读取的文件"),
        ([str(texts), "--out", str(tmp_path / "没有" / "out.jsonl")], "不能写入"),
        ([str(texts), "--weights", str(gbk)], "模型文件"),
    ):
        assert run(["text", "screen", *arguments]) == 2
        assert says in capsys.readouterr().err.replace("\n", "")
    for arguments in (
        [],
        [str(texts), "--text", "好"],
        ["--text", "好", "--out", "x"],
        ["--text", "好", "--register", "letter"],
    ):
        assert run(["text", "screen", *arguments]) == 64
    assert run(["text", "similar", str(texts)]) == 64
    assert len(lines(texts)) == len(TEXTS)


def test_the_ten_nearest(texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "near.jsonl"
    queries = [
        {"id": "q1", "text": "我妈在街上听了五天养生课，领了鸡蛋挂面，第六天让交九千块买磁疗床垫，现在人找不到了"},
        {"id": "q2", "text": TOLD},
    ]
    query = written(tmp_path / "q.jsonl", queries)
    written(texts, [*texts.read_text("utf-8").splitlines(), {"id": "same", "text": "收废品的电话13812345678"}])
    assert run(["text", "similar", str(texts), "--query", str(query), "--out", str(out)]) == 0
    first, second = lines(out)
    assert (first["id"], first["matches"][0]["id"], len(first["matches"])) == ("q1", 0, 10)
    assert list(first["matches"][0]) == ["id", "score", "cosine", "strong", "shared"]
    assert second["matches"][0]["id"] == "same"
    assert second["matches"][0]["strong"]
    assert second["matches"][0]["shared"] == [{"kind": "phone", "value": "13812345678"}]
    assert run(["text", "similar", str(texts), "--text", TOLD, "--n", "3"]) == 0
    assert "13812345678" in capsys.readouterr().out
    assert run(["text", "similar", str(texts), "--query", str(texts), "--out", str(out), "--n", "1"]) == 0
    assert all(match["id"] != row["id"] for row in lines(out) for match in row["matches"]), "nothing is its own match"
    assert run(["text", "similar", str(written(query, [queries[0], queries[0]])), "--text", "好"]) == 2
    assert "重复" in capsys.readouterr().err


def test_pictures_go_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from shouhu.engines.text import pictures

    first, second = tmp_path / "传单.png", tmp_path / "截图.jpg"
    for path in (first, second):
        path.write_bytes(b"picture")
    monkeypatch.setattr(pictures, "read_picture", lambda content: ["充3万返5万", "电话13812345678"])
    assert run(["text", "screen", "--picture", str(first), "--picture", str(second)]) == 0
    assert capsys.readouterr().out.count("50,000 元") == 2

    def missing(content: bytes) -> list[str]:
        raise pictures.OcrMissing("未安装图片识别组件")

    monkeypatch.setattr(pictures, "read_picture", missing)
    assert run(["text", "screen", "--picture", str(first)]) == 2
    assert "传单.png：未安装图片识别组件" in capsys.readouterr().err


def test_labelled_texts_are_evaluated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"text": text, "register": "tip", "fraud": "yes", "guise": "elder_product", "schemes": ["health_product_sales"]}
        for text in TEXTS[:3]
    ]
    rows += [{"text": text, "fraud": "no"} for text in TEXTS[40:50]]
    assert run(["text", "evaluate", str(written(tmp_path / "in.jsonl", rows))]) == 0
    said = capsys.readouterr().out
    assert "共 13 条" in said
    assert "95%区间" in said
    assert run(["text", "evaluate", str(written(tmp_path / "bad.jsonl", [{"text": "好", "fraud": "maybe"}]))]) == 2
    assert "第1行" in capsys.readouterr().err


def test_training_writes_a_model_that_screening_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("scipy", reason="the extra for training is not installed")
    from shouhu.engines.text import corpus

    rows = [
        {"text": text, "register": "tip", "fraud": "yes", "guise": "elder_product", "schemes": []}
        for text in TEXTS[:20]
    ]
    rows += [{"text": text, "register": "tip", "fraud": "no"} for text in TEXTS[40:]]
    file, out = written(tmp_path / "ours.jsonl", rows), tmp_path / "weights.npz"
    monkeypatch.setattr(corpus, "ours", lambda: tuple(corpus.read(file)))
    assert run(["text", "train", str(file), "--out", str(out)]) == 0
    assert "模型已写入" in capsys.readouterr().out
    assert run(["text", "screen", "--text", TOLD, "--weights", str(out)]) == 0
    assert run(["text", "train", str(written(tmp_path / "bad.jsonl", [{"text": "好"}])), "--out", str(out)]) == 2
    assert "第1行" in capsys.readouterr().err
