"""``shouhu draw``: a pool sealed, drawn from and verified (双随机); files in and out, no network."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

import click
import orjson
from rich.table import Table

from shouhu.cli import pools, screen
from shouhu.cli.screen import Refused
from shouhu.engines.draws import published, sealing
from shouhu.engines.draws.drawing import Draw
from shouhu.engines.draws.drawing import draw as draw_from
from shouhu.engines.draws.pool import BadDraw, Pool

file_type = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("draw", short_help="双随机抽取：先封存，后抽取，谁都能核验。")
def draw() -> None:
    """双随机抽取检查对象和检查人员。

    先封存名单和种子，公布封存号；再请见证人说几个字，抽取；结果文件任何人都能重算核对。
    """


@draw.command("commit", short_help="封存名单和种子，给出要公布的封存号。")
@click.argument("file", metavar="名单", type=file_type)
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), help="写到哪个文件夹；不给则在名单旁边。"
)
def commit_command(file: Path, folder: Path | None) -> int:
    """读名单（.yaml 或 .xlsx），写两个文件：“_封存.json”可以公布，“_种子.txt”在抽取以前保密。

    退出码：0 完成；1 完成，但有对象因回避凑不齐检查人员；2 名单被拒绝，未写文件。
    """
    pool = pools.read(file)
    seed = secrets.token_bytes(sealing.SEED_BYTES)
    commitment = sealing.commit(pool, seed)
    target = folder or file.parent
    sealed, secret = target / f"{file.stem}_封存.json", target / f"{file.stem}_种子.txt"
    _refuse_taken(sealed, secret)
    target.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(secret, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as handle:
        handle.write(f"{seed.hex()}\n")
    _write(sealed, published.sealed_as_json(pool, commitment))
    console = screen.console()
    console.print(f"封存号：{commitment.number}", markup=False, soft_wrap=True)
    console.print(
        f"对象 {len(pool.objects)} 个，检查人员 {len(pool.inspectors)} 人，每组 {pool.team_size} 人。", markup=False
    )
    console.print(f"可以公布：{sealed}\n抽取以前保密：{secret}", markup=False, soft_wrap=True)
    console.print("请先公布封存号，再请不知道种子的人给出见证词，然后抽取。", markup=False, soft_wrap=True)
    return _tell_short(pool, pool.short())


@draw.command("run", short_help="从封存的名单里抽取。")
@click.argument("sealed", metavar="封存文件", type=file_type)
@click.argument("secret", metavar="种子文件", type=file_type)
@click.option("--words", multiple=True, help="见证词：公布封存号以后由不知道种子的人给出；可给多次，次序算数。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="结果文件；不给则在封存文件旁边。")
def run_command(sealed: Path, secret: Path, words: tuple[str, ...], out: Path | None) -> int:
    """抽取对象并分派检查人员，写出可以公布的结果文件（种子一并公开）。

    退出码：0 完成；1 完成，但有对象凑不齐检查人员，或没有见证词；2 封存文件或种子不对，未写文件。
    """
    held = published.read_sealed(sealed.read_bytes())
    said = secret.read_text("utf-8", errors="replace").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", said):
        raise Refused(f"{secret.name}：不是种子文件，里面应是64位十六进制数")
    if wrong := published.sealed_differences(held):
        raise Refused(f"{sealed.name} 在封存以后改动过，不能抽取：\n" + "\n".join(wrong))
    drawn = draw_from(held.pool, bytes.fromhex(said), words)
    if drawn.commitment != held.commitment:
        raise Refused(f"{secret.name}：不是这次封存的种子，不能抽取")
    out = out or sealed.with_name(f"{sealed.stem.removesuffix('_封存')}_抽取.json")
    _refuse_taken(out)
    _write(out, published.as_json(drawn))
    _show(drawn)
    screen.console().print(f"已写出：{out}\n核验：shouhu draw verify {out} --commitment {drawn.commitment.number}",
                           markup=False, soft_wrap=True)  # fmt: skip
    short = {one.object_id: one.n_missing for one in drawn.inspections if one.n_missing}
    remarks = _tell_short(drawn.pool, short)
    if not words:
        screen.errors().print(
            "没有见证词：只能证明封存以后没有改动，不能证明种子不是挑选来的。", markup=False, soft_wrap=True
        )
    return 0 if words and not remarks else 1


@draw.command("verify", short_help="重算一遍，核对公布的结果。")
@click.argument("file", metavar="结果文件", type=file_type)
@click.option("--commitment", help="抽取以前公布的封存号；不给则不能发现整个文件是后来编造的。")
def verify_command(file: Path, commitment: str | None) -> int:
    """由公布的名单、种子、见证词重算封存号和结果，逐项比对。

    退出码：0 完全相符；1 不符；2 不是抽取文件。
    """
    console = screen.console()
    try:
        told = published.read(file.read_bytes())
        wrong = published.differences(told, announced=commitment.strip().lower() if commitment else None)
    except published.NotADraw:
        raise
    except BadDraw as fault:
        wrong = [str(fault)]
    if wrong:
        console.print(f"核验不符，有 {len(wrong)} 处：", markup=False)
        for one in wrong:
            console.print(f"· {one}", markup=False, soft_wrap=True)
        return 1
    console.print(f"核验相符：{told.sealed.pool.title}，抽取 {len(told.result)} 个对象。", markup=False, soft_wrap=True)
    if not commitment:
        number = told.sealed.commitment.number
        console.print(f"请再与抽取前公布的封存号核对：{number}", markup=False, soft_wrap=True)
    if not told.words:
        console.print("没有见证词：只能证明封存以后没有改动，不能证明种子不是挑选来的。", markup=False, soft_wrap=True)
    return 0


def _show(drawn: Draw) -> None:
    objects = {one.id: one for one in drawn.pool.objects}
    table = Table(title=drawn.pool.title, title_justify="left")
    for head in ("序号", "编号", "名称", "类别", "检查人员"):
        table.add_column(head, overflow="fold")
    for n, one in enumerate(drawn.inspections, 1):
        about = objects[one.object_id]
        cells = (str(n), about.id, about.name, about.group, "、".join(one.inspectors) or "无人可派")
        table.add_row(*(screen.plain(cell) for cell in cells))
    screen.console().print(table if table.rows else f"{drawn.pool.title}：没有抽到对象", markup=False)


def _tell_short(pool: Pool, short: dict[str, int]) -> int:
    """Say which objects lack inspectors; 1 if any does."""
    for name, n in short.items():
        screen.errors().print(f"对象{name}因回避缺 {n} 名检查人员（每组 {pool.team_size} 人），请另行指派。",
                              markup=False, soft_wrap=True)  # fmt: skip
    return 1 if short else 0


def _refuse_taken(*targets: Path) -> None:
    if taken := [target.name for target in targets if target.exists()]:
        raise Refused(f"已有 {'、'.join(taken)}，没有写任何文件；封存和抽取不能重来覆盖，请换一个文件夹或文件名")


def _write(path: Path, data: dict[str, object]) -> None:
    path.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
