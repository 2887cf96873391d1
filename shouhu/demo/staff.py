"""The invented offices of the district: units, posts, and the people who hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shouhu.demo import names
from shouhu.demo.dice import Dice
from shouhu.demo.district import District


@dataclass(frozen=True)
class Seat:
    """A post with the person who holds it; ``login`` is the account, ``grid`` a name where the post has a grid."""

    login: str
    person: str
    title: str
    role: str
    unit: str
    unit_kind: str
    code: str
    grid: str = ""
    is_liaison: bool = False


_COUNTY = (  # login, title, role, unit, kind
    ("office", "专项办综合岗", "campaign_office", "专项办", "campaign_office"),
    ("office2", "专项办审批岗", "campaign_office", "专项办", "campaign_office"),
    ("analyst", "研判岗", "analyst", "专项办", "campaign_office"),
    ("leader", "分管负责同志", "leader", "人民政府", "government"),
    ("confidential", "保密员", "confidential", "专项办", "campaign_office"),
    ("civil", "养老服务科承办岗", "member_unit", "民政局", "civil_affairs"),
    ("police", "经侦大队承办岗", "member_unit", "公安分局", "police"),
    ("market", "市场监管承办岗", "member_unit", "市场监督管理局", "market_regulation"),
    ("finance", "处非工作承办岗", "member_unit", "处非牵头部门", "finance"),
    ("political", "政法委承办岗", "member_unit", "政法委", "political_legal"),
    ("admin", "系统管理员", "administrator", "政务信息中心", "other"),
    ("security", "安全管理员", "security", "政务信息中心", "other"),
    ("auditor", "审计员", "auditor", "审计室", "other"),
)
_WITHOUT_LIAISON = ("栗坪乡",)
"""A gap that the desk must show."""


def staff(district: District, seed: int = 1) -> Iterator[Seat]:
    """This function will give every post of the district: county, towns, villages, and two grids a town."""
    dice = Dice(seed)
    for login, title, role, unit, kind in _COUNTY:
        yield Seat(login, names.person(dice), title, role, f"{district.name}{unit}", kind, district.code + "000000",
                   is_liaison=login == "office")  # fmt: skip
    for number, township in enumerate(district.townships, 1):
        unit = f"{township.name}工作专班"
        has_liaison = township.name not in _WITHOUT_LIAISON
        for serial, title in ((1, "专班综合岗"), (2, "专班审核岗")):
            yield Seat(f"town{number:02d}{'ab'[serial - 1]}", names.person(dice), title, "task_force", unit,
                       "task_force", township.code, is_liaison=has_liaison and serial == 1)  # fmt: skip
        for place, village in enumerate(township.villages, 1):
            yield Seat(f"village{number:02d}{place:02d}", names.person(dice), "村居负责人", "neighbourhood",
                       f"{village.name}{'居委会' if village.name.endswith('社区') else '委会'}", "neighbourhood",
                       village.code)  # fmt: skip
        for place, surveyor in enumerate(township.surveyors[:2], 1):
            village = township.villages[place - 1]
            yield Seat(f"grid{number:02d}{place:02d}", surveyor, "网格员", "grid_worker",
                       f"{village.name}{'居委会' if village.name.endswith('社区') else '委会'}", "neighbourhood",
                       village.code, grid=f"{village.name}第一网格")  # fmt: skip
