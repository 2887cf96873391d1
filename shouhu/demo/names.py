"""Invented names, numbers and addresses: they sound real, and none of them can be anybody's."""

from __future__ import annotations

from collections.abc import Iterator

from stdnum.cn.uscc import calc_check_digit

from shouhu.demo.dice import Dice

CITY = "云岫市"
AREA = "望澜区"
AREA_CODE = "990102"
"""No province has a code that begins with 99."""

TOWNSHIPS = (  # name, villages
    ("云泊街道", 14), ("芦汀街道", 12), ("丹枫街道", 15), ("荻浦街道", 11), ("临砚街道", 13),
    ("岚浦镇", 17), ("霁川镇", 15), ("鹤渚镇", 16), ("茶坞镇", 14), ("栖禾镇", 13),
    ("苔岭乡", 11), ("栗坪乡", 9),
)  # fmt: skip

_VILLAGE_FIRST = "沙石桃杏枫桐荷苇莲竹梅松柏槐榆柳樟枣禾麦"
_VILLAGE_LAST = "湾桥塘坞畈埠墩渡坪溪"
_STREETS = ("观澜", "听松", "采薇", "望岫", "临汀", "问渠", "晴川", "砚山", "鹿柴", "栖云", "汲泉", "稻花")
_BRANDS_FIRST = "康颐福松鹤安乐怡椿萱晚宁和瑞慈祥悦静"
_BRANDS_LAST = "岫澜汀禾苑庭园舍乡居泽嘉然"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹柏章苏潘葛范彭鲁韦马苗方俞任袁柳"
_GIVEN_FIRST = "建国志文明德永春秀桂玉海晓俊佳学立长宏思"
_GIVEN_LAST = "民华英兰芳平军强梅林根生良琴凤珍伟峰宁雅"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def villages(dice: Dice) -> Iterator[str]:
    """This function will give the names of villages without their ending, each once, at most 200."""
    return iter(dice.shuffled(first + last for first in _VILLAGE_FIRST for last in _VILLAGE_LAST))


def brands(dice: Dice) -> Iterator[str]:
    """This function will give two-character names for institutions, each once, at most 234."""
    return iter(dice.shuffled(first + last for first in _BRANDS_FIRST for last in _BRANDS_LAST))


def person(dice: Dice) -> str:
    """This function will give a person's name of two or three characters."""
    first = dice.pick(_GIVEN_FIRST) if dice.chance(0.7) else ""
    return dice.pick(_SURNAMES) + first + dice.pick(_GIVEN_LAST)


def phone(dice: Dice) -> str:
    """This function will give a telephone number that nobody has: no subscriber's number begins with 0."""
    return f"0900-0{dice.between(0, 999_999):06d}"


def street_address(dice: Dice, village: str) -> str:
    """This function will give a street and a number, or in a village (村) a group and a number."""
    if village.endswith("村"):
        return f"{dice.between(1, 12)}组{dice.between(1, 98)}号"
    return f"{dice.pick(_STREETS)}{dice.pick(('路', '街', '巷'))}{dice.between(1, 398)}号"


def uscc(prefix: str, number: int) -> str:
    """
    This function will give a unified social credit code registered in the invented area, both check digits right.

    :param prefix: who registered what: 12 public institution, 52 non-profit service institution, 91 company
    :param number: eight digits of the organisation code, so codes differ as the numbers do
    """
    body = f"{number:08d}"
    rest = (11 - sum(int(digit) * weight for digit, weight in zip(body, _BODY_WEIGHTS, strict=True)) % 11) % 11
    code = f"{prefix}{AREA_CODE}{body}{'X' if rest == 10 else rest}"
    return f"{code}{calc_check_digit(code)}"
