"""The first three accounts of an installation. There are no default ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shouhu.ledgers.units.actions.divisions import install_divisions
from shouhu.ledgers.units.actions.offices import add_post, add_unit
from shouhu.ledgers.units.actions.people import add_person, appoint
from shouhu.ledgers.units.models import Person, Unit
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.units.rights import apart, roles


class OpeningRefused(Refused):
    """An installation is opened once, by three different people."""


@dataclass(frozen=True)
class Opener:
    """One of the first three people; ``encoded`` is the hash of a password drawn by lot and shown once."""

    username: str
    name: str
    encoded: str


@transaction.atomic
def open_office(*, code: str, name: str, openers: Mapping[str, Opener], at: datetime) -> Unit:
    """
    This function will set up the first office, with 系统管理员, 安全管理员 and 审计员 in three hands.

    :param code: 12-digit code of the division that the installation is for.
    :param openers: role → person, one for each of the roles that are kept apart.
    :raises OpeningRefused: there are people already, or not exactly those roles and three log-in names.
    """
    if Person.objects.exists():
        raise OpeningRefused("系统已有账号，不能重新开通；请由系统管理员登录后办理")
    if set(openers) != apart() or len({one.username for one in openers.values()}) != len(apart()):
        raise OpeningRefused("请为系统管理员、安全管理员、审计员各指定一人，三人不得相同")
    install_divisions(by=None, at=at)
    unit = add_unit(code=code, name=name, kind="campaign_office", by=None, at=at)
    for role in sorted(openers):
        one = openers[role]
        person = add_person(username=one.username, name=one.name, encoded=one.encoded, by=None, at=at)
        post = add_post(unit_id=unit.pk, title=roles()[role].title, role=role, by=None, at=at)
        appoint(post_id=post.pk, person_id=person.pk, on=localdate(at), by=None, at=at)
    return unit
