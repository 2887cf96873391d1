"""People with accounts, and the posts that they come to hold and leave."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.units.actions.offices import end_present, open_post
from shouhu.ledgers.units.actions.reach import signed
from shouhu.ledgers.units.models import Person, Post, Tenure
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import apart, roles
from shouhu.ledgers.units.scope import holder_of

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
"""Small letters, digits, dot, dash, underscore; a letter first; 3 to 40."""


class PersonRefused(Refused):
    """A person cannot be given an account, or changed, as asked."""


class AppointmentRefused(Refused):
    """A person cannot come to hold a post, or leave it, as asked."""


class ApartRoles(AppointmentRefused):
    """Nobody may hold two of 系统管理员, 审计员, 安全管理员."""


@transaction.atomic
def add_person(
    *, username: str, name: str, encoded: str, by: Post | None, at: datetime, phone: str = "", is_demo: bool = False
) -> Person:
    """
    This function will give a person an account; the first log-in asks for a password of their own.

    :param encoded: hash of the first password, which the face draws by lot and shows once.
    :param is_demo: one of the demo's accounts, which share a password and keep it.
    :raises PersonRefused: the log-in name is taken or not well formed, or there is no name.
    """
    username, name = username.strip().lower(), name.strip()
    if not USERNAME.fullmatch(username):
        raise PersonRefused("登录名应为3至40位小写字母、数字、点、横线或下划线，且以字母开头")
    if not 0 < len(name) <= 40:
        raise PersonRefused("请填写姓名，不超过40个字")
    if Person.objects.filter(username=username).exists():
        raise PersonRefused(f"登录名“{username}”已被使用，请换一个")
    person = Person.objects.create(username=username, name=name, password=encoded, phone=phone.strip(), is_demo=is_demo,
                                   must_change_password=not is_demo)  # fmt: skip
    journal.record(verb="person.added", subject=person, by=signed(by), at=at, code=by.unit.code if by else "",
                   changes={"username": (None, username), "name": (None, name), "phone": (None, phone)})  # fmt: skip
    return person


@transaction.atomic
def edit_person(*, person_id: int, name: str, phone: str, by: Post, at: datetime) -> Person:
    """
    This function will change a person's name and telephone.

    :raises PersonRefused: there is no name.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    new = {"name": name.strip(), "phone": phone.strip()}
    if not 0 < len(new["name"]) <= 40:
        raise PersonRefused("请填写姓名，不超过40个字")
    changes = {key: (getattr(person, key), value) for key, value in new.items() if getattr(person, key) != value}
    for key, value in new.items():
        setattr(person, key, value)
    person.save(update_fields=list(new))
    if changes:
        journal.record(verb="person.edited", subject=person, by=by.code, at=at, code=by.unit.code, changes=changes)
    return person


@transaction.atomic
def appoint(*, post_id: int, person_id: int, on: date, by: Post | None, at: datetime) -> Tenure:
    """
    This function will let a person hold a post from a day on; whoever holds it now leaves it on that day.

    :raises ApartRoles: the person holds another of the roles that are kept apart.
    :raises AppointmentRefused: suspended, the present holder, oneself, or a day before the present holder began.
    """
    post = open_post(post_id, by)
    person = Person.objects.select_for_update().get(pk=person_id)
    if person.suspended_at:
        raise AppointmentRefused(f"{person.name}的账号已停用，请先由安全管理员启用")
    if by and holder_of(by, localdate(at)) == person:
        raise AppointmentRefused("不能给自己任职，请由另一位系统管理员办理")
    if Tenure.objects.filter(post=post, person=person, to_on=None).exists():
        raise AppointmentRefused(f"{person.name}已在任此岗位")
    other = kept_apart(post.role, person, on)
    if other:
        raise ApartRoles(
            f"{person.name}已任{roles()[other].title}，不能再任{roles()[post.role].title}："
            "系统管理、审计、安全三种岗位不得由同一人担任"
        )
    left = end_present(post, on)
    tenure = Tenure.objects.create(post=post, person=person, from_on=on)
    journal.record(verb="post.appointed", subject=post, by=signed(by), at=at, code=post.unit.code,
                   changes={"person": (left and left.person_id, person.pk), "from_on": (None, on)})  # fmt: skip
    return tenure


def kept_apart(role: str, person: Person, on: date) -> str | None:
    """This function will give the role that a person holds on a day or later and that forbids another, if there is one."""
    if role not in apart():
        return None
    lasting = Q(to_on=None) | Q(to_on__gt=on)
    others = person.tenures.filter(lasting, post__role__in=apart() - {role}).filter(
        Q(post__closed_on=None) | Q(post__closed_on__gt=on)
    )
    return others.values_list("post__role", flat=True).first()


@transaction.atomic
def end_tenure(*, post_id: int, on: date, by: Post, at: datetime) -> Tenure:
    """
    This function will let the holder of a post leave it on a day; the post is vacant from then on.

    :raises AppointmentRefused: nobody holds it, or it is the post that one sits at.
    """
    post = open_post(post_id, by)
    if post.pk == by.pk:
        raise AppointmentRefused("不能免去自己正在使用的岗位，请由另一位系统管理员办理")
    left = end_present(post, on)
    if left is None:
        raise AppointmentRefused("该岗位现在没有人任职")
    journal.record(verb="post.vacated", subject=post, by=by.code, at=at, code=post.unit.code,
                   changes={"person": (left.person_id, None), "to_on": (None, on)})  # fmt: skip
    return left
