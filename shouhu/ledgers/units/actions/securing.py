"""What 安全管理员 does to accounts: suspend and resume them, unlock them, reset password and second factor."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.actions.accounts import code_of, forget_attempts, forget_second_factor
from shouhu.ledgers.units.models import Person, Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.scope import Scope, holder_of, posts_of


class SecuringRefused(Refused):
    """An account cannot be suspended, resumed or reset as asked."""


@transaction.atomic
def suspend(*, person_id: int, salt: str, by: Post, at: datetime) -> Person:
    """
    This function will suspend an account; its sessions end with their next request.

    :raises SecuringRefused: suspended already, one's own, or out of reach.
    """
    person = _person(person_id, by, at)
    if person.suspended_at:
        raise SecuringRefused("该账号已停用")
    person.suspended_at, person.session_salt = at, salt
    person.save(update_fields=["suspended_at", "session_salt"])
    _record("person.suspended", person, by, at)
    return person


@transaction.atomic
def resume(*, person_id: int, by: Post, at: datetime) -> Person:
    """
    This function will let a suspended account log in again.

    :raises SecuringRefused: it is not suspended, one's own, or out of reach.
    """
    person = _person(person_id, by, at)
    if not person.suspended_at:
        raise SecuringRefused("该账号没有停用")
    person.suspended_at = None
    person.save(update_fields=["suspended_at"])
    _record("person.resumed", person, by, at)
    return person


@transaction.atomic
def unlock(*, person_id: int, by: Post, at: datetime) -> Person:
    """
    This function will lift the waiting time after failed log-ins.

    :raises SecuringRefused: one's own account, or out of reach.
    """
    person = _person(person_id, by, at)
    forget_attempts(person)
    _record("person.unlocked", person, by, at)
    return person


@transaction.atomic
def reset_password(*, person_id: int, encoded: str, salt: str, by: Post, at: datetime) -> Person:
    """
    This function will set a password drawn by lot, to be changed at the next log-in, and end every session.

    :raises SecuringRefused: one's own account, or out of reach.
    """
    person = _person(person_id, by, at)
    person.password, person.session_salt, person.must_change_password = encoded, salt, True
    person.save(update_fields=["password", "session_salt", "must_change_password"])
    forget_attempts(person)
    _record("person.password_reset", person, by, at)
    return person


@transaction.atomic
def reset_second_factor(*, person_id: int, salt: str, by: Post, at: datetime) -> Person:
    """
    This function will remove a second factor whose device is lost, and end every session.

    :raises SecuringRefused: one's own account, out of reach, or none is in use.
    """
    person = _person(person_id, by, at)
    if not person.totp_confirmed_at:
        raise SecuringRefused("该账号没有启用两步验证")
    forget_second_factor(person)
    person.session_salt = salt
    person.save(update_fields=["session_salt"])
    _record("person.second_factor_reset", person, by, at)
    return person


@transaction.atomic
def recover(*, username: str, encoded: str, salt: str, at: datetime) -> Person:
    """
    This function will let a 安全管理员 in again whom nobody else can help: new password, no second factor, no waiting time.

    It is for the console of the machine itself and is signed ``system``; others are helped by their 安全管理员.

    :raises SecuringRefused: nobody of this name is 安全管理员 now, or the account is suspended.
    """
    person = Person.objects.select_for_update().filter(username=username.strip().lower()).first()
    if person is None or not posts_of(person, localdate(at)).filter(role="security").exists():
        raise SecuringRefused("没有任安全管理员的这个登录名；其他人员请由安全管理员在工作台上重置")
    if person.suspended_at:
        raise SecuringRefused("该账号已停用，不能恢复")
    person.password, person.session_salt, person.must_change_password = encoded, salt, True
    person.save(update_fields=["password", "session_salt", "must_change_password"])
    forget_second_factor(person)
    forget_attempts(person)
    journal.record(verb="person.recovered", subject=person, by="system", at=at, code=code_of(person, at))
    return person


def _person(person_id: int, by: Post, at: datetime) -> Person:
    person = Person.objects.select_for_update().get(pk=person_id)
    today = localdate(at)
    if holder_of(by, today) == person:
        raise SecuringRefused("不能办理自己的账号，请由另一位安全管理员办理")
    reach = Scope.of(by)
    beyond = [post.unit.name for post in posts_of(person, today) if not reach.covers(post.unit.code)]
    if beyond:
        raise SecuringRefused(f"{person.name}还在{'、'.join(beyond)}任职，请由上级安全管理员办理")
    return person


def _record(verb: str, person: Person, by: Post, at: datetime) -> None:
    journal.record(verb=verb, subject=person, by=by.code, at=at, code=by.unit.code)
