"""From an empty folder to a desk that can be served, from one version to the next, and from the demo to a real district."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polib
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import localdate, localtime

from shouhu.jobs import STAMP, homes, snapshots
from shouhu.jobs import demo as invented
from shouhu.ledgers.units.actions import open_office
from shouhu.ledgers.units.actions import recover as recover_person
from shouhu.ledgers.units.actions.opening import Opener
from shouhu.ledgers.units.codes import LENGTH, is_code
from shouhu.ledgers.units.models import Person, Tenure
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import roles
from shouhu.ledgers.vault.keys import KeyRing

Tell = Callable[[str], None]
COPIES_BEFORE_UPDATE = 2


class NotLeftDemo(Refused):
    """The demo cannot be left as asked; nothing was changed."""


@dataclass(frozen=True)
class Account:
    """A log-in that was just made; the password must be changed at once."""

    role: str
    username: str
    password: str


def prepare(*, demo: bool, at: datetime, seed: int = 1, as_of: date | None = None, tell: Tell = lambda _: None) -> None:
    """
    This function will make database and static files ready, and fill a database in which there is nobody with the demo.

    :param as_of: the day as of which the demo stands; by default that of ``at``.
    """
    migrate(at=at, tell=tell)
    collect_static()
    compile_translations()
    if demo and not Person.objects.exists():
        tell("正在装入演示区县（演示数据） …")
        with transaction.atomic():
            invented.load(seed=seed, as_of=as_of or localdate(at), tell=tell)
    for line in demo_accounts():
        tell(line)


def demo_accounts() -> list[str]:
    """This function will say how to log in to the demo, one account a role; nothing where people work in earnest."""
    held = Tenure.objects.filter(person__is_demo=True, to_on=None).select_related("post__unit", "person")
    first = {tenure.post.role: tenure for tenure in held.order_by("-post__unit__code", "-pk")}
    if not first:
        return []
    lines = [f"演示账号（演示数据），密码都是 {invented.password()}，保密员启封举报人身份的口令也是它"]
    for role in roles().values():
        if role.code in first:
            tenure = first[role.code]
            lines.append(f"  {tenure.person.username}　{role.title}　{tenure.post.unit.name}　{tenure.person.name}")
    return lines


def migrate(*, at: datetime, tell: Tell = lambda _: None) -> None:
    """This function will bring the tables up to this version, keeping a copy of an embedded database that holds something."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan and executor.loader.applied_migrations:
        tell("正在更新数据库结构 …")
        if connection.vendor == "sqlite":
            tell(f"更新前的数据库另存为：{_copy_before_update(at)}")
    if plan:
        call_command("migrate", verbosity=0, interactive=False)


def _copy_before_update(at: datetime) -> Path:
    folder: Path = settings.HOME / "before-update"
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"{localtime(at):%Y%m%d-%H%M%S}.sqlite3"
    snapshots.copy_sqlite(path)
    for old in sorted(folder.glob("*.sqlite3"))[:-COPIES_BEFORE_UPDATE]:
        old.unlink()
    return path


def collect_static() -> None:
    """This function will gather style sheets and scripts, unless those there are the ones of this version."""
    sources = sorted(
        f"{name} {(found := Path(storage.path(name)).stat()).st_size} {found.st_mtime_ns}"
        for finder in get_finders()
        for name, storage in finder.list([])
    )
    stamp = Path(settings.STATIC_ROOT) / STAMP
    state = hashlib.sha256("\n".join(sources).encode()).hexdigest()
    with suppress(FileNotFoundError):
        if stamp.read_text() == state:
            return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state)


def compile_translations() -> None:
    """This function will make of the translations what gettext reads, in SHOUHU_HOME: an installed package may be read-only."""
    for source in settings.TRANSLATIONS.rglob("*.po"):
        target = settings.LOCALE_PATHS[0] / source.relative_to(settings.TRANSLATIONS).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_suffix(".new")
        polib.pofile(str(source)).save_as_mofile(str(new))
        new.replace(target)


def leave_demo(
    *, code: str, office: str, people: Mapping[str, tuple[str, str]], at: datetime, tell: Tell = lambda _: None
) -> list[Account]:
    """
    This function will set the demo aside and begin an empty district with its first three accounts, who make all others.

    :param code: division code of the district, 6 or 12 digits.
    :param people: role → log-in name and name, for the three managers.
    :raises Refused: the code is none, real people work here already, or an account is not as it must be; nothing was changed.
    """
    code = code.ljust(LENGTH, "0")
    if not is_code(code) or code.startswith("99"):
        raise NotLeftDemo(f"“{code}”不是本地的区划代码。请写 6 位或 12 位数字（99 开头的是演示用的）。")
    accounts = [Account(role, username, secrets.token_urlsafe(12)) for role, (username, _) in people.items()]
    openers = {one.role: Opener(one.username, people[one.role][1], make_password(one.password)) for one in accounts}
    with homes.occupied(settings.HOME, "正在离开演示"):
        aside = _set_demo_aside(at)
        migrate(at=at)
        try:
            open_office(code=code, name=office, openers=openers, at=at)
        except Refused:
            if aside:
                _put_back(aside)
            raise
    if aside:
        tell(f"演示数据移到了：{aside}（不再需要时可以自行删除）")
    return accounts


def recover(*, username: str, at: datetime) -> Account:
    """
    This function will give a 安全管理员 a new password whom nobody else can help, and take the second factor off.

    :raises SecuringRefused: nobody of this name is 安全管理员 now.
    """
    password = secrets.token_urlsafe(12)
    person = recover_person(username=username, encoded=make_password(password), salt=secrets.token_hex(16), at=at)
    return Account("security", person.username, password)


def _set_demo_aside(at: datetime) -> Path | None:
    """Where the demo went; None when there was nothing."""
    if Person._meta.db_table not in connection.introspection.table_names() or not Person.objects.exists():
        return None
    if Person.objects.filter(is_demo=False).exists():
        raise NotLeftDemo("这里已经有真实人员的账号，不是演示，没有做任何改动。")
    if connection.vendor != "sqlite":
        raise NotLeftDemo("演示数据在 PostgreSQL 里。请新建一个空数据库，把 SHOUHU_DATABASE 指过去，再运行一次。")
    connections.close_all()
    aside = homes.set_aside(settings.HOME, "demo", at)
    settings.KEYS = KeyRing.kept_in(settings.HOME / "keys")
    return aside


def _put_back(aside: Path) -> None:
    """The database that was just begun holds nothing yet and goes; the demo returns."""
    connections.close_all()
    with tempfile.TemporaryDirectory(dir=settings.HOME) as empty:
        homes.move(settings.HOME, Path(empty))
    homes.move(aside, settings.HOME)
    aside.rmdir()
    settings.KEYS = KeyRing.kept_in(settings.HOME / "keys")
