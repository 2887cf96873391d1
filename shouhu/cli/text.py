"""``shouhu text``: is it fraud and why, what a text names, which texts tell the same; offline, one text or a file."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click
from rich.table import Table
from rich.text import Text

from shouhu.cli import lines, screen, verdicts
from shouhu.cli.lines import Written
from shouhu.cli.screen import Refused
from shouhu.engines.text import corpus, evaluation, screening
from shouhu.engines.text import entities as finder
from shouhu.engines.text import model as models
from shouhu.engines.text.model import Model
from shouhu.engines.text.similar import Index, Match
from shouhu.engines.text.taxonomy import registers

T = TypeVar("T")
AT_ONCE = 512
"""Texts between two steps of the bar."""

texts_file = click.argument(
    "file", metavar="[文本.jsonl]", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
out_option = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="结果文件（.jsonl）。")
text_option = click.option("--text", "one", help="只看这一段文字，结果显示在屏幕上。")
register_option = click.option(
    "--register",
    type=click.Choice(list(registers())),
    help="文字来源；文件中自写 register 的行以所写为准。",
)
weights_option = click.option(
    "--weights",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="本单位训练的模型（text train 所得）。",
)
skip_option = click.option("--skip-bad", is_flag=True, help="略过不能读取的行；不给则整份拒绝。")


@click.group("text", short_help="研判线索和可疑消息，不需联网。")
def text() -> None:
    """研判举报线索、来电记录、可疑消息和广告：是不是诈骗、哪种名目和手法、依据在哪里、提到了谁。

    文件为 UTF-8 的 JSON 行（.jsonl），每行一条：{"id": 1, "text": "……", "register": "tip"}，register 可不写。
    """


@text.command("screen", short_help="研判一个文件、一段文字或图片。")
@texts_file
@out_option
@text_option
@click.option(
    "--picture", "pictures", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="传单、截图；可给多次。",
)  # fmt: skip
@register_option
@weights_option
@skip_option
def screen_command(
    file: Path | None,
    out: Path | None,
    one: str | None,
    pictures: tuple[Path, ...],
    register: str | None,
    weights: Path | None,
    skip_bad: bool,
) -> int:
    """研判是否诈骗：批量写结果文件；--text、--picture 在屏幕上说明结论、类型、理由和原文位置。

    结果每行一条，次序同原文件。不能断定的标为 unclear，交人工判断。退出码：0 完成；1 略过了坏行；2 拒绝，未写文件。
    """
    _one_source(file, out, one, pictures)
    model = models.load(weights) if weights else screening.shipped()
    for shown in [one] if one is not None else map(_read_picture, pictures):
        verdict = screening.screen(shown, register or ("advert" if pictures else None), model=model)
        screen.console().print(verdicts.answer(verdict, shown), soft_wrap=True)
    if not file:
        return 0
    return _screen_file(file, out or file.with_name(f"{file.stem}_研判.jsonl"), register, model, skip_bad)


@text.command(short_help="列出文字提到的电话、卡号、网址、金额、机构等。")
@texts_file
@out_option
@text_option
@click.option("--names", is_flag=True, help="多找机构和人名：用扩展组件 names，较慢。")
@skip_option
def entities(file: Path | None, out: Path | None, one: str | None, names: bool, skip_bad: bool) -> int:
    """找出机构、电话、银行卡、证件号、网址、微信、QQ、金额、日期、地点、户名，连同在原文的位置。"""
    _one_source(file, out, one)
    tagger = _tagger() if names else None
    if one is not None:
        screen.console().print(verdicts.named(finder.find(one, names=tagger), one) or "没有找到。")
    if not file:
        return 0
    texts, faults = lines.read(file, skip_bad=skip_bad)
    out = out or file.with_name(f"{file.stem}_提取.jsonl")
    with lines.writing(out, instead_of=[file]) as put:
        for part in _with_bar("提取", texts):
            for each in part:
                found = finder.find(each.text, names=tagger)
                rows = [{"kind": e.kind, "value": e.value, "start": e.start, "end": e.end} for e in found]
                put({"id": each.id, "entities": rows})
    return _written(out, faults)


@text.command(short_help="找说同一套话术的文字。")
@texts_file
@click.option("--query", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="要找的文字（.jsonl）。")
@text_option
@out_option
@click.option("--n", default=10, show_default=True, type=click.IntRange(1, 1000), help="每条列出几条最相近的。")
@skip_option
def similar(file: Path | None, query: Path | None, one: str | None, out: Path | None, n: int, skip_bad: bool) -> int:
    """在一个文件中找与查询文字最相近的：说法相近，或提到同一电话、卡号、网址等。查询文件就是本文件时，不列自己。

    不给 --out 则显示在屏幕上。结果只是建议：“可直接关联”的也只是关联，不合并。
    """
    if file is None or (query is None) == (one is None):
        raise click.UsageError("请给一个文件，再用 --query 文件 或 --text 文字 给出要找的内容")
    texts, faults = lines.read(file, skip_bad=skip_bad)
    lines.distinct(texts, file)
    asked = [Written(0, one, None)] if one is not None else []
    if query is not None:
        asked, more = (texts, []) if query.samefile(file) else lines.read(query, skip_bad=skip_bad)
        faults = [*faults, *more]
    index: Index[str | int] = Index(secrets.token_bytes(32))
    for part in _with_bar("建立索引", texts):
        for each in part:
            index.add(each.id, each.text, finder.find(each.text))
    own = query is not None and query.samefile(file)
    if out is None:
        for each in asked:
            screen.console().print(Text(f"{each.id}　{each.text}", "bold"), soft_wrap=True)
            screen.console().print(verdicts.nearest(_nearest(index, each, n, own)))
        return _told(faults)
    with lines.writing(out, instead_of=[file, *([query] if query else [])]) as put:
        for part in _with_bar("查找", asked):
            for each in part:
                put({"id": each.id, "matches": [_match_line(match) for match in _nearest(index, each, n, own)]})
    return _written(out, faults)


@text.command(short_help="用本单位办结的线索再训练模型。")
@click.argument("file", metavar="标注文本.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="模型文件（.npz）。")
def train(file: Path, out: Path) -> int:
    """在自带文本之外，加上本单位已办结、已标注的线索，重新训练模型；同样的文本得到同样的文件。

    每行：{"text", "register", "fraud": "yes|no|unclear", "guise", "schemes": […], "urgent"}。用 screen --weights 启用。
    """
    from shouhu.engines.text import training

    office = corpus.read(file)
    try:
        with screen.errors().status("正在训练，需要几分钟……"):
            content = training.train(corpus.ours(), office)
    except training.TrainingUnavailable as error:
        raise Refused(str(error)) from error
    lines.replace(out, content, instead_of=[file])
    screen.console().print(
        f"模型已写入：{out}（{len(content) / 1e6:.1f} MB，本单位文本 {len(office)} 条）", soft_wrap=True
    )
    return 0


@text.command(short_help="看模型在已标注的文本上有多准。")
@click.argument("file", metavar="标注文本.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@weights_option
def evaluate(file: Path, weights: Path | None) -> int:
    """用没有参加训练的标注文本检验：各名目、手法的 F1，误报，漏报，校准误差，都带 95% 区间。每行写法同 train。"""
    examples, model = corpus.read(file), models.load(weights) if weights else screening.shipped()
    judged: list[screening.Verdict] = []
    for part in _with_bar("研判", examples):
        judged += screening.screen_many([e.text for e in part], [e.register for e in part], model=model)
    screen.console().print(evaluation.table(evaluation.evaluate(examples, judged)), soft_wrap=True, markup=False)
    return 0


def _one_source(file: Path | None, out: Path | None, one: str | None, pictures: Sequence[Path] = ()) -> None:
    if (file is not None) + (one is not None) + bool(pictures) != 1:
        raise click.UsageError("请给一个文件，或用选项给一段文字、图片，只选一种")
    if out is not None and file is None:
        raise click.UsageError("--out 只用于文件；一段文字、图片的结果显示在屏幕上")


def _tagger() -> finder.Names:
    from shouhu.engines.text.entities import tagging

    try:
        return tagging.load()
    except tagging.NamesMissing as error:
        raise Refused(str(error)) from error


def _read_picture(path: Path) -> str:
    from shouhu.engines.text import pictures

    try:
        with screen.errors().status(f"正在识别 {path.name}……"):
            return "\n".join(pictures.read_picture(path.read_bytes()))
    except (pictures.PictureRefused, OSError) as error:
        raise Refused(f"{path.name}：{error}") from error


def _screen_file(file: Path, out: Path, register: str | None, model: Model, skip_bad: bool) -> int:
    texts, faults = lines.read(file, skip_bad=skip_bad)
    answers, types = Counter[str](), {"guise": Counter[str](), "scheme": Counter[str]()}
    with lines.writing(out, instead_of=[file]) as put:
        for part in _with_bar("研判", texts):
            judged = screening.screen_many([t.text for t in part], [t.register or register for t in part], model=model)
            for each, verdict in zip(part, judged, strict=True):
                put({"id": each.id, **verdict.as_dict()})
                answers[verdict.is_fraud] += 1
                if verdict.is_fraud == "yes":
                    types["guise"][verdict.guise] += 1
                    types["scheme"][verdict.scheme] += 1
    table = Table("结论", "条数")
    table.columns[1].justify = "right"
    for code, (said, style) in verdicts.ANSWERS.items():
        table.add_row(Text(said, style), str(answers[code]))
    screen.console().print(table)
    for axis, counts in types.items():
        told = "、".join(f"{verdicts.label(axis, code)} {count}" for code, count in counts.most_common())
        if told:
            screen.console().print(f"疑似诈骗的{'名目' if axis == 'guise' else '手法'}：{told}", soft_wrap=True)
    return _written(out, faults)


def _nearest(index: Index[str | int], asked: Written, n: int, own: bool) -> list[Match[str | int]]:
    return index.nearest(asked.text, finder.find(asked.text), n, but=asked.id if own else None)


def _match_line(match: Match[str | int]) -> dict[str, object]:
    return {
        "id": match.id, "score": round(match.score, 4), "cosine": round(match.cosine, 4), "strong": match.strong,
        "shared": [{"kind": entity.kind, "value": entity.value} for entity in match.shared],
    }  # fmt: skip


def _with_bar(what: str, items: Sequence[T]) -> Iterator[Sequence[T]]:
    with screen.bars() as bars:
        told = screen.telling(bars)
        for start in range(0, len(items), AT_ONCE):
            told(what, start, len(items))
            yield items[start : start + AT_ONCE]


def _written(out: Path, faults: Sequence[str]) -> int:
    screen.console().print(f"结果已写入：{out}", soft_wrap=True, markup=False)
    return _told(faults)


def _told(faults: Sequence[str]) -> int:
    if faults:
        screen.errors().print(f"略过了 {len(faults)} 行：\n{lines.first(list(faults))}", soft_wrap=True, markup=False)
    return 1 if faults else 0
