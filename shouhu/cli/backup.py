"""``shouhu backup`` and ``shouhu restore``: everything in one sealed file, and back."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from shouhu.cli import screen
from shouhu.cli.desk import on_database, tell

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="口令所在的文件（首行）；不给则询问，或取环境变量 SHOUHU_PASSPHRASE。",
)


@click.command(short_help="把数据库、附件和密钥备份成一个加密文件。")
@click.argument("target", metavar="文件夹|文件.shouhu", required=False, type=click.Path(path_type=Path))
@passphrase_option
@click.option(
    "--nightly/--no-nightly", default=None, help="从今以后每夜备份到该文件夹（保留 14 份）；或者不再每夜备份。"
)
def backup(target: Path | None, passphrase_file: Path | None, nightly: bool | None) -> int:
    """备份不影响正在使用的人。写完会读回核对；忘了口令就打不开，请另外妥善保管。"""
    if target is None and nightly is not False:
        raise click.UsageError("请给出备份放到哪个文件夹")
    with on_database():
        from django.utils.timezone import now

        from shouhu.jobs import backup as job
        from shouhu.jobs import chores

        if target is not None:
            if nightly and not target.is_dir():
                raise click.UsageError("每夜备份要给出一个已有的文件夹")
            passphrase = _passphrase(passphrase_file, new=True)
            made = job.make(target=target, passphrase=passphrase, at=now(), tell=tell)
            tell(f"已备份并核对：{made}（{made.stat().st_size / 1e6:,.1f} MB）")
            if nightly:
                chores.set_nightly_backup(target, passphrase)
                tell("以后每天 2:30 自动备份到同一文件夹，保留最近 14 份。")
        if nightly is False:
            chores.set_nightly_backup(None)
            tell("已取消每夜备份。")
    return 0


@click.command(short_help="从备份文件恢复，先通读核对，再替换。")
@click.argument("source", metavar="文件.shouhu", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@passphrase_option
@click.option("--check", is_flag=True, help="只通读核对，不恢复。")
@click.option("--yes", is_flag=True, help="不再询问。")
def restore(source: Path, passphrase_file: Path | None, check: bool, yes: bool) -> int:
    """口令不对、文件损坏或被改动，一律不动现有数据。恢复时原来的数据移到一旁，不删除。"""
    with on_database():
        from django.utils.timezone import localtime, now

        from shouhu.jobs import backup as job

        passphrase = _passphrase(passphrase_file, new=False)
        manifest = job.examine(source, passphrase)
        made_at = localtime(datetime.fromisoformat(manifest.made_at))
        tell(
            f"备份完好：{made_at:%Y-%m-%d %H:%M} 由 {manifest.version} 版所做，{manifest.n_rows} 行记录、"
            f"{manifest.n_files} 个附件，留痕到第 {manifest.contents.head[0]} 条。"
        )
        if check:
            return 0
        if not yes:
            click.confirm("用它替换现在的数据？现在的数据会移到一旁", abort=True)
        remarks = job.restore(source=source, passphrase=passphrase, at=now(), tell=tell)
    tell("已恢复并核对。")
    if remarks:
        screen.errors().print(remarks, soft_wrap=True, markup=False)
    return 1 if remarks else 0


def _passphrase(file: Path | None, *, new: bool) -> str:
    if file:
        return next(iter(file.read_text("utf-8").splitlines()), "")
    given = os.environ.get("SHOUHU_PASSPHRASE")
    return given or str(click.prompt("备份口令", hide_input=True, confirmation_prompt="再输一次" if new else False))
