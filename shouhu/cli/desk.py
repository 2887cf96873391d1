"""``shouhu desk``: make the database ready, serve the desk, leave the demo for a real district."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from shouhu.cli import screen
from shouhu.ledgers.units.refusals import Refused

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MANAGERS = (
    ("administrator", "系统管理员", "admin"),
    ("security", "安全管理员", "security"),
    ("auditor", "审计员", "auditor"),
)
"""Role, title, and the log-in name that is offered."""


@contextmanager
def on_database(*, models: bool = True) -> Iterator[None]:
    """
    This function will wake Django for a command, keep what it writes private, and tell refusals as every command does.

    :param models: False for a command that only needs the settings: loading the models takes seconds.
    """
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouhu.config.settings")
    import django

    if models:
        django.setup()
    try:
        yield
    except Refused as refusal:
        raise screen.Refused(str(refusal)) from refusal


def tell(text: str) -> None:
    """This function will print a line for a person."""
    screen.console().print(text, soft_wrap=True, markup=False)


@click.group(short_help="工作台：准备、打开、离开演示。")
def desk() -> None:
    """工作台。平时只要 python3 start.py，它会依次用到这里的命令。"""


@desk.command(short_help="建立或更新数据库和静态文件。")
@click.option("--demo", is_flag=True, help="数据库还是空的时候，装入演示区县（演示数据）。")
@click.option(
    "--seed", type=int, default=1, show_default=True, help="演示数据的随机种子；同一种子、同一日期，数据相同。"
)
@click.option("--as-of", type=screen.Day(), default=None, help="演示数据截至的日期；不给则为今天。")
def prepare(demo: bool, seed: int, as_of: date | None) -> int:
    """建立数据库，或把它更新到本版本；收集页面用的静态文件。可以反复运行。"""
    with on_database():
        from django.utils.timezone import now

        from shouhu.jobs import setup

        setup.prepare(demo=demo, seed=seed, as_of=as_of, at=now(), tell=tell)
    return 0


@desk.command(short_help="打开工作台，直到按 Ctrl+C。")
@click.option("--port", type=click.IntRange(1, 65535), help="端口；不给则 8000（https 为 8443），被占用时顺延。")
@click.option("--lan", is_flag=True, help="供办公网络里的手机和电脑使用（https，自制证书）。")
@click.option("--certificate", type=FILE, help="已有的证书文件（PEM，含证书链）。")
@click.option("--key", type=FILE, help="证书的私钥文件（PEM）。")
@click.option("--host", "hosts", multiple=True, metavar="域名", help="自制证书另外要写明的域名或地址，可多次给出。")
@click.option("--check", is_flag=True, help="启动后取一次登录页就停止，正常则退出码为 0。")
def serve(
    port: int | None, lan: bool, certificate: Path | None, key: Path | None, hosts: tuple[str, ...], check: bool
) -> int:
    """打开工作台：网页、后台任务和定时任务。先要 shouhu desk prepare。"""
    with on_database(models=False):
        from shouhu.jobs.serve import Wish
        from shouhu.jobs.serve import serve as run

        screened = sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        browse = bool(screened) and sys.stdout.isatty() and not os.environ.get("CI")
        return run(Wish(port, lan, certificate, key, hosts, check, browse), tell)


@desk.command(short_help="离开演示，建立真实区县。")
@click.option("--code", prompt="区划代码（6 位或 12 位）", help="本区县的区划代码。")
@click.option("--office", prompt="主办单位（如：某某区打击整治养老服务诈骗专项行动办公室）", help="主办单位名称。")
@click.option("--administrator", prompt="系统管理员姓名", help="系统管理员：建单位、岗位和账号。")
@click.option("--security", prompt="安全管理员姓名", help="安全管理员：启用停用账号、解除锁定。")
@click.option("--auditor", prompt="审计员姓名", help="审计员：查看留痕。")
def real(code: str, office: str, administrator: str, security: str, auditor: str) -> int:
    """把演示数据移到一旁（不删除），建立空的数据库和最初三个账号。三个账号应由三个人分别保管。"""
    names = {"administrator": administrator, "security": security, "auditor": auditor}
    with on_database():
        from django.utils.timezone import now

        from shouhu.jobs import setup

        people = {role: (username, names[role]) for role, _, username in MANAGERS}
        accounts = setup.leave_demo(code=code.strip(), office=office.strip(), people=people, at=now(), tell=tell)
    titles = {role: title for role, title, _ in MANAGERS}
    tell("真实区县已建立。最初三个账号如下，密码只显示这一次，首次登录须修改：")
    for account in accounts:
        tell(f"  {titles[account.role]}　{names[account.role]}　登录名 {account.username}　密码 {account.password}")
    tell("下一步：python3 start.py 打开工作台，由系统管理员登录，导入单位、岗位和人员。")
    return 0


@desk.command(short_help="安全管理员进不去时，在本机上恢复。")
@click.option("--username", prompt="安全管理员的登录名", help="现任安全管理员的登录名。")
def recover(username: str) -> int:
    """唯一的安全管理员忘了密码或丢了两步验证设备时，在守护所在的这台机器上运行：重设密码，停用两步验证，解除等待；留痕里记明由本机办理。"""
    with on_database():
        from django.utils.timezone import now

        from shouhu.jobs import setup

        account = setup.recover(username=username, at=now())
    tell("已恢复，密码只显示这一次，首次登录须修改；登录后请重新设置两步验证：")
    tell(f"  登录名 {account.username}　密码 {account.password}")
    return 0
