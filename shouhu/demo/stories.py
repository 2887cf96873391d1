"""What is the matter with each institution of the invented district: one story each, told in facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shouhu.demo.dice import Dice
from shouhu.engines.rules.values import UNNAMED

Facts = dict[str, Any]
"""Fact name to value, as the data contract has it; None is not known."""

HOME, TOWN_CENTRE, VILLAGE_CENTRE, ORGANISATION, COMMUNITY, OTHER = KINDS = (
    "养老机构", "镇街居家养老服务中心", "村(社区)居家养老服务照料中心", "养老服务组织", "社区养老服务机构", "其他场所",
)  # fmt: skip

NO_PREPAYMENT: Facts = {
    "takes_prepayment": False,
    "large_stated": False,
    "max_prepayment": 0,
    "prepaid_months": 0,
    "prepaid_total": 0,
    "n_prepayers": 0,
    "n_large_prepayers": 0,
    "funds_use": "无",
    "funds_regular": True,
    "funds_for_construction": False,
}

NO_RISK: Facts = NO_PREPAYMENT | {
    "stable": True,
    "n_new_outlets_3y": 0,
    "n_rep_changes_3y": 0,
    "n_address_changes_3y": 0,
    "false_publicity": False,
    "promises_return": False,
    "related_companies": False,
    "related_dealings": False,
    "prosecuted": (),
    "complained": (),
    "complaint_verified": False,
    "blacklisted": (),
    "suspected_crime": False,
    "collapsed": False,
    "bad_influence": False,
    "major_opinion": False,
}

CHAIN = "连锁扩张，关联交易"
NOT_SURVEYED = "尚未排查"
EXPIRED = "排查已过期"
UNDATED = "排查未填日期"
QUESTIONS_OPEN = "有问题未答"
SMALL_PREPAYMENT = "小额预付费"
LONG_PREPAYMENT = "预付超过六个月"
RELATED_ONLY = "有关联公司但无交易"
CALM = "未发现风险"


@dataclass(frozen=True)
class Story:
    """``number`` institutions of these kinds (no public ones where ``private``) and what ``tell`` changes."""

    name: str
    number: int
    kinds: tuple[str, ...]
    tell: Callable[[Dice, Facts], Facts]
    private: bool = True

    def fits(self, kind: str, *, public: bool) -> bool:
        """This function will say whether the story can be told of an institution of this kind."""
        return kind in self.kinds and not (public and self.private)


def small_prepayment(dice: Dice, facts: Facts) -> Facts:
    """This function will tell of a deposit of at most three monthly fees, in order."""
    months = dice.between(1, 3)
    payers = dice.between(1, facts["n_residents"])
    amount = months * facts["monthly_fee"]
    return NO_PREPAYMENT | {
        "takes_prepayment": True,
        "max_prepayment": amount,
        "prepaid_months": months,
        "prepaid_total": payers * amount,
        "n_prepayers": payers,
        "funds_use": dice.pick(("抵扣月费", "入住押金，退住时退还")),
    }


def _large(
    dice: Dice, facts: Facts, use: str, *, regular: bool, construction: bool = False, payers: int | None = None
) -> Facts:
    """Tell of one-time payments of at least six monthly fees, by fewer people than there are beds."""
    months = dice.between(6, 36, 6)
    amount = months * facts["monthly_fee"]
    payers = payers or dice.between(2, max(3, facts["n_residents"] * 2 // 3))
    return {
        "takes_prepayment": True,
        "large_stated": True,
        "max_prepayment": amount,
        "prepaid_months": months,
        "prepaid_total": payers * amount * dice.between(60, 95) // 100 // 100 * 100,
        "n_prepayers": payers + dice.between(0, 5),
        "n_large_prepayers": payers,
        "funds_use": use,
        "funds_regular": regular,
        "funds_for_construction": construction,
        "charging": dice.pick(("按年收取", "会员卡", "一次性收取会员费")),
        "marketing": dice.pick(("免费体检、讲座", "推荐返利", "旅游参观、讲座")),
    }


def _construction(dice: Dice, facts: Facts) -> Facts:
    return _large(dice, facts, "主要用于新建护理楼", regular=True, construction=True)


def _regular(dice: Dice, facts: Facts) -> Facts:
    return _large(dice, facts, "抵扣月费，专户存放", regular=True)


def _irregular(dice: Dice, facts: Facts) -> Facts:
    return _large(dice, facts, dice.pick(("转借他人", "用途说不清", "投资其他项目")), regular=False)


def _irregular_and_shaky(dice: Dice, facts: Facts) -> Facts:
    return _irregular(dice, facts) | {"stable": False}


def _irregular_assets_unknown(dice: Dice, facts: Facts) -> Facts:
    return _irregular(dice, facts) | {"assets": None, "liabilities": None}


def _regular_assets_unknown(dice: Dice, facts: Facts) -> Facts:
    return _regular(dice, facts) | {"liabilities": None}


def _more_payers_than_beds(dice: Dice, facts: Facts) -> Facts:
    return _large(
        dice, facts, "用于增设床位", regular=True, construction=True, payers=facts["n_beds"] + dice.between(1, 40)
    )


def _insolvent(dice: Dice, facts: Facts) -> Facts:
    debts = facts["assets"] * dice.between(110, 190) // 100 // 10_000 * 10_000
    return _regular(dice, facts) | {"liabilities": debts, "stable": dice.chance(0.5)}


def _seven_months_or_more(dice: Dice, facts: Facts) -> Facts:
    """Fewer than six fees at once, for a longer time, since the fee is discounted: large nowhere, long in 002-10."""
    payers = dice.between(2, facts["n_residents"])
    amount = 5 * facts["monthly_fee"]
    return {
        "takes_prepayment": True,
        "max_prepayment": amount,
        "prepaid_months": dice.between(7, 12),
        "prepaid_total": payers * amount,
        "n_prepayers": payers,
        "funds_use": "主要用于加装电梯",
        "funds_for_construction": True,
        "charging": "一次性预交，享受折扣",
    }


def _says_not_large(dice: Dice, facts: Facts) -> Facts:
    return _construction(dice, facts) | {"large_stated": False}


def _complaint(who: tuple[str, ...], *, verified: bool) -> Callable[[Dice, Facts], Facts]:
    return lambda dice, facts: {"complained": who, "complaint_verified": verified}


def _collapsed(dice: Dice, facts: Facts) -> Facts:
    return _irregular(dice, facts) | {
        "collapsed": True,
        "bad_influence": True,
        "major_opinion": True,
        "stable": False,
        "complained": ("法定代表人", "机构"),
        "complaint_verified": True,
        "suspected_crime": True,
        "liabilities": facts["assets"] * 3,
    }


def _yellow_orange_and_red(dice: Dice, facts: Facts) -> Facts:
    return _insolvent(dice, facts) | {
        "false_publicity": True,
        "n_rep_changes_3y": 3,
        "complained": ("主要负责人",),
        "complaint_verified": True,
        "promises_return": True,
    }


def _unregistered(dice: Dice, facts: Facts) -> Facts:
    return {"stable": dice.chance(0.85)}


def _unregistered_large_unknown(dice: Dice, facts: Facts) -> Facts:
    return dict.fromkeys(NO_PREPAYMENT) | {"takes_prepayment": True}


def _chain(dice: Dice, facts: Facts) -> Facts:
    return {
        "n_new_outlets_3y": 6,
        "related_companies": ("云岫康椿健康产业有限公司", "云岫椿行旅行社有限公司"),
        "related_dealings": True,
    }


def _related(dice: Dice, facts: Facts) -> Facts:
    trade = dice.pick(("医疗器械", "食品贸易", "文化旅游"))
    return {
        "related_companies": (f"云岫{dice.pick(('澄心', '晴岚', '嘉禾'))}{trade}有限公司",),
        "related_dealings": True,
    }


def _change(**facts: Any) -> Callable[[Dice, Facts], Facts]:
    return lambda dice, before: facts


_PRIVATE = (HOME, COMMUNITY)

STORIES = (
    Story(CHAIN, 7, _PRIVATE, _chain),
    Story("大额预付费弥补设施建设", 6, (HOME,), _construction),
    Story(LONG_PREPAYMENT, 4, _PRIVATE, _seven_months_or_more),
    Story("网点扩张过快", 3, (COMMUNITY, ORGANISATION), lambda dice, facts: {"n_new_outlets_3y": dice.between(3, 5)}),
    Story("频繁变更法定代表人", 4, _PRIVATE, lambda dice, facts: {"n_rep_changes_3y": dice.between(2, 3)}),
    Story("频繁变更注册地", 2, _PRIVATE, _change(n_address_changes_3y=2)),
    Story(
        "夸大宣传", 8, (HOME, COMMUNITY, ORGANISATION), _change(false_publicity=True, marketing="讲座，宣称“包治慢病”")
    ),
    Story("关联交易", 4, _PRIVATE, _related),
    Story(RELATED_ONLY, 6, _PRIVATE, lambda dice, facts: _related(dice, facts) | {"related_dealings": False}),
    Story("投资人被起诉", 2, _PRIVATE, _change(prosecuted=("投资人",))),
    Story("主要负责人被起诉", 2, (HOME,), _change(prosecuted=("法定代表人", "主要负责人"))),
    Story("机构被起诉", 1, (HOME,), _change(prosecuted=("机构",))),
    Story("主要负责人被投诉，未核实", 4, _PRIVATE, _complaint(("主要负责人",), verified=False)),
    Story("机构被投诉，未核实", 5, _PRIVATE, _complaint(("机构",), verified=False)),
    Story("被投诉，已核实", 3, _PRIVATE, _complaint(("主要负责人", "机构"), verified=True)),
    Story("被投诉，未指明何人", 2, _PRIVATE, _complaint((UNNAMED,), verified=False)),
    Story("投资人列入黑名单", 1, _PRIVATE, _change(blacklisted=("投资人",))),
    Story("主要负责人列入黑名单", 2, (HOME,), _change(blacklisted=("主要负责人",))),
    Story("资金使用不规范", 3, (HOME,), _irregular),
    Story("资金使用不规范且不平稳", 2, (HOME,), _irregular_and_shaky),
    Story("资金使用不规范，资产不明", 2, (HOME,), _irregular_assets_unknown),
    Story("大额预付费，负债不明", 2, (HOME,), _regular_assets_unknown),
    Story("大额预付费人数超过床位", 2, (HOME,), _more_payers_than_beds),
    Story("资不抵债", 3, (HOME,), _insolvent),
    Story(
        "涉嫌非法集资",
        2,
        (HOME, COMMUNITY),
        lambda dice, facts: _irregular(dice, facts) | {"suspected_crime": True, "promises_return": True},
    ),
    Story("爆雷", 1, (HOME,), _collapsed),
    Story("不良影响", 1, _PRIVATE, _change(bad_influence=True)),
    Story("重大舆情", 1, _PRIVATE, _change(major_opinion=True, stable=False)),
    Story("多项风险并存", 1, (HOME,), _yellow_orange_and_red),
    Story("大额预付费使用规范", 4, (HOME,), _regular),
    Story("承诺投资回报", 3, (HOME, ORGANISATION), _change(promises_return=True, marketing="“炒床位”推介会")),
    Story("自称非大额而实为大额", 2, (HOME,), _says_not_large),
    Story(SMALL_PREPAYMENT, 40, (HOME, COMMUNITY), small_prepayment),
    Story("未登记，无大额预付费", 14, (OTHER,), _unregistered),
    Story("未登记，收取大额预付费", 4, (OTHER,), _irregular),
    Story("未登记，大额预付费不明", 3, (OTHER,), _unregistered_large_unknown),
    Story(QUESTIONS_OPEN, 72, KINDS[:-1], _change(), private=False),
    Story(NOT_SURVEYED, 14, KINDS[:-1], _change(), private=False),
    Story(EXPIRED, 6, KINDS[:-1], _change(), private=False),
    Story(UNDATED, 5, KINDS[:-1], _change(), private=False),
)
"""Whoever is left over is calm."""
