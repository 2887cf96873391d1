"""The invented district: towns, villages, and about 400 institutions and sites with every declared fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from shouhu.demo import names, stories
from shouhu.demo.dice import Dice
from shouhu.demo.stories import COMMUNITY, HOME, ORGANISATION, OTHER, TOWN_CENTRE, VILLAGE_CENTRE, Facts
from shouhu.engines.rules.facts import declared
from shouhu.engines.rules.values import Approximate


@dataclass(frozen=True)
class Village:
    """A village or neighbourhood; ``code`` has twelve digits."""

    code: str
    name: str


@dataclass(frozen=True)
class Township:
    """A town or street office; ``code`` has twelve digits, ``surveyors`` are its people who go from door to door."""

    code: str
    name: str
    villages: tuple[Village, ...]
    surveyors: tuple[str, ...]


@dataclass(frozen=True)
class Institution:
    """An institution or site: every declared fact, and the story (in words) that its facts tell."""

    facts: Mapping[str, Any]
    township: Township
    village: Village
    story: str

    @property
    def name(self) -> str:
        """The name, which no other institution of the district bears."""
        return str(self.facts["name"])


@dataclass(frozen=True)
class District:
    """The district as it is known on the day ``as_of``."""

    code: str
    name: str
    as_of: date
    townships: tuple[Township, ...]
    institutions: tuple[Institution, ...]

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """Every declared fact with one value per institution, as the rating engine takes them."""
        return {fact: [one.facts[fact] for one in self.institutions] for fact in declared()}


_REGISTERED_BY = {HOME: "52", TOWN_CENTRE: "12", VILLAGE_CENTRE: "52", ORGANISATION: "52", COMMUNITY: "91"}
_BEDS = {
    HOME: (30, 280),
    TOWN_CENTRE: (10, 40),
    VILLAGE_CENTRE: (4, 16),
    ORGANISATION: (6, 30),
    COMMUNITY: (10, 60),
    OTHER: (5, 28),
}
_FEES = {
    HOME: (1800, 5200),
    TOWN_CENTRE: (600, 1500),
    VILLAGE_CENTRE: (200, 600),
    ORGANISATION: (500, 1800),
    COMMUNITY: (900, 3200),
    OTHER: (800, 2400),
}
_ENDINGS = {
    HOME: ("养老院", "颐养院", "护理院", "老年公寓", "养老公寓"),
    COMMUNITY: ("社区养老服务站", "长者照护之家", "嵌入式养老服务中心"),
    ORGANISATION: ("为老服务中心", "助老服务社", "老年关爱协会"),
    OTHER: ("家庭托老点", "老年寄养点", "康养驿站", "夕阳红之家"),
}
_CHAIN_PERSON, _CHAIN_INVESTOR, _CHAIN_BRAND = "柳长澜", "云岫康椿健康产业有限公司", "康椿颐养"

_QUESTIONS = (  # facts whose answers are found missing together
    ("takes_prepayment", *(name for name in stories.NO_PREPAYMENT if name != "takes_prepayment")),
    ("n_new_outlets_3y",), ("n_rep_changes_3y",), ("n_address_changes_3y",), ("false_publicity",), ("promises_return",),
    ("related_companies", "related_dealings"), ("prosecuted",), ("complained", "complaint_verified"), ("blacklisted",),
    ("suspected_crime",), ("bad_influence",), ("major_opinion",),
)  # fmt: skip
KNOWN_WITHOUT_SURVEY = (
    "name", "uscc", "registered", "filed", "kind", "operation", "address", "township", "neighbourhood",
    "legal_representative", "principal", "investor", "phone", "n_beds",
)  # fmt: skip


def district(seed: int = 1, *, as_of: date) -> District:
    """This function will give the invented district; ``as_of`` moves its dates and nothing else."""
    dice = Dice(seed)
    townships = tuple(_townships(dice))
    sites = list(_sites(dice, townships))
    told = _told(dice, sites)
    ordered = declared()
    institutions = []
    for number, (site, story) in enumerate(zip(sites, told, strict=True)):
        found = _facts(dice, number, site, story, as_of)
        facts = {fact: found[fact] for fact in ordered}
        institutions.append(Institution(facts, site.township, site.village, story.name))
    return District(names.AREA_CODE, names.AREA, as_of, townships, tuple(institutions))


def _townships(dice: Dice) -> Iterator[Township]:
    fresh = names.villages(dice)
    serials = {"街道": 0, "镇": 100, "乡": 200}
    for name, n_villages in names.TOWNSHIPS:
        ending = "街道" if name.endswith("街道") else name[-1]
        serials[ending] += 1
        code = f"{names.AREA_CODE}{serials[ending]:03d}"
        urban = n_villages if ending == "街道" else 2
        villages = [Village(f"{code}{number:03d}", next(fresh) + "社区") for number in range(1, urban + 1)]
        villages += [
            Village(f"{code}{number:03d}", next(fresh) + "村") for number in range(201, 201 + n_villages - urban)
        ]
        yield Township(f"{code}000", name, tuple(villages), tuple(names.person(dice) for _ in range(3)))


@dataclass(frozen=True)
class _Site:
    name: str
    kind: str
    operation: str
    township: Township
    village: Village

    @property
    def public(self) -> bool:
        return self.operation == "公办"


def _sites(dice: Dice, townships: tuple[Township, ...]) -> Iterator[_Site]:
    """A centre and a home in every town, a centre in nearly every village, the rest spread by lot: 400 in all."""
    brands = names.brands(dice)
    places = [(township, village) for township in townships for village in township.villages]
    for township in townships:
        village = township.villages[0]
        yield _Site(f"{township.name}居家养老服务中心", TOWN_CENTRE, "公办", township, village)
        yield _Site(f"{names.AREA}{township.name}敬老院", HOME, "公办", township, dice.pick(township.villages))
    for township, village in dice.shuffled(places)[:150]:
        operation = "公办" if dice.chance(0.7) else "公建民营"
        yield _Site(f"{village.name}居家养老服务照料中心", VILLAGE_CENTRE, operation, township, village)
    for kind, count in ((HOME, 84), (COMMUNITY, 97), (ORGANISATION, 24)):
        for _ in range(count):
            township, village = dice.pick(places)
            where = names.AREA[:2] if kind == HOME else township.name[:2]
            operation = "公建民营" if kind != ORGANISATION and dice.chance(0.25) else "民办"
            yield _Site(f"{where}{next(brands)}{dice.pick(_ENDINGS[kind])}", kind, operation, township, village)
    for township, village in dice.shuffled(places)[:21]:
        owner = names.person(dice)
        yield _Site(f"{village.name[:2]}{owner[0]}家{dice.pick(_ENDINGS[OTHER])}", OTHER, "民办", township, village)


def _told(dice: Dice, sites: list[_Site]) -> list[stories.Story]:
    """Each story is given, by lot, to as many sites of its kinds as it wants; whoever is left over is calm."""
    calm = stories.Story(stories.CALM, 0, stories.KINDS, lambda dice, facts: {}, private=False)
    told = [calm] * len(sites)
    free = dice.shuffled(range(len(sites)))
    for story in stories.STORIES:
        fit = [place for place in free if story.fits(sites[place].kind, public=sites[place].public)]
        for place in fit[: story.number]:
            told[place] = story
            free.remove(place)
    return told


def _facts(dice: Dice, number: int, site: _Site, story: stories.Story, as_of: date) -> Facts:
    facts = _identity(dice, number, site) | _size(dice, site) | stories.NO_RISK
    if story.name == stories.CHAIN:
        facts |= {
            "name": f"{_CHAIN_BRAND}{site.name[2:]}",
            "legal_representative": _CHAIN_PERSON,
            "investor": _CHAIN_INVESTOR,
        }
    facts |= story.tell(dice, facts)
    facts |= _survey(dice, site, as_of)
    if story.name in (stories.CALM, stories.SMALL_PREPAYMENT, stories.QUESTIONS_OPEN):
        facts |= _rounded(dice, facts)
    if story.name == stories.QUESTIONS_OPEN:
        for question in dice.shuffled(_QUESTIONS)[: dice.between(1, 4)]:
            facts |= dict.fromkeys(question)
    elif story.name == stories.NOT_SURVEYED:
        facts = {fact: facts[fact] if fact in KNOWN_WITHOUT_SURVEY else None for fact in facts}
    elif story.name == stories.EXPIRED:
        facts["surveyed_on"] = as_of - timedelta(days=dice.between(181, 400))
    elif story.name == stories.UNDATED:
        facts["surveyed_on"] = None
    return facts


def _identity(dice: Dice, number: int, site: _Site) -> Facts:
    head = names.person(dice)
    representative = head if dice.chance(0.6) else names.person(dice)
    registered = site.kind != OTHER
    code = dice.between(10_000, 89_999) * 1000 + number
    if site.public:
        investor = f"{site.township.name}{'办事处' if site.township.name.endswith('街道') else '人民政府'}"
    else:
        investor = representative if dice.chance(0.7) else names.person(dice)
    return {
        "name": site.name,
        "uscc": names.uscc(_REGISTERED_BY[site.kind], code) if registered else None,
        "registered": "已登记" if registered else "未登记",
        "filed": "已备案" if registered and (site.public or dice.chance(0.93)) else "未备案",
        "kind": site.kind,
        "operation": site.operation,
        "address": names.AREA + site.township.name + site.village.name + names.street_address(dice, site.village.name),
        "township": site.township.name,
        "neighbourhood": site.village.name,
        "legal_representative": representative,
        "principal": head,
        "investor": investor,
        "phone": names.phone(dice),
    }


def _size(dice: Dice, site: _Site) -> Facts:
    beds = dice.between(*_BEDS[site.kind], step=2)
    residents = max(2, beds * dice.between(35, 96) // 100)
    assets = beds * dice.between(3, 9) * 10_000
    return {
        "n_beds": beds,
        "n_residents": residents,
        "monthly_fee": dice.between(*_FEES[site.kind], step=100),
        "charging": dice.pick(("按月收取", "按月收取，入住时收押金", "按季收取")),
        "marketing": dice.pick(("村居推荐", "口口相传", "宣传单、微信群", "老人子女介绍", "政府网站公开")),
        "assets": assets,
        "liabilities": assets * dice.between(5, 65) // 100 // 10_000 * 10_000,
    }


def _survey(dice: Dice, site: _Site, as_of: date) -> Facts:
    return {
        "surveyed_on": as_of - timedelta(days=dice.between(3, 150)),
        "survey_method": "上门" if dice.chance(0.85) else dice.pick(("视频", "电话", "查阅资料")),
        "surveyor": dice.pick(site.township.surveyors),
    }


def _rounded(dice: Dice, facts: Facts) -> Facts:
    """Figures as they are told at the door: 30余人, 约200人, 1800-4500元."""
    rounded: Facts = {}
    for count in ("n_residents", "n_prepayers"):
        tens = facts[count] // 10 * 10
        if tens >= 20 and facts[count] > tens and dice.chance(0.3):
            rounded[count] = _about(tens) if tens >= 100 else Approximate(tens, "余", tens + 1, tens + 9)
    if dice.chance(0.25):
        fee = facts["monthly_fee"]
        rounded["monthly_fee"] = Approximate(None, "至", fee, fee * dice.between(3, 5) // 2 // 100 * 100)
    return rounded


def _about(figure: int) -> Approximate:
    """约N: N give or take a tenth (COL-10); ``figure`` is a multiple of ten."""
    return Approximate(figure, "约", figure - figure // 10, figure + figure // 10)
