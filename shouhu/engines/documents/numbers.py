"""
Numbers as offices write them (COL-10): digits and Chinese numerals, 万 and 亿, qualifiers, ranges.

What a qualifier means, N being the figure as written:

- 约 大约 大概 左右 上下: 10 % less to 10 % more.
- 余 多 (几 after 十): more than N and less than one more at its last digit that is not zero: 30余 = [31, 39],
  300余 = [301, 399], 1.5万余 = [15001, 15999]; where that digit counts ones, in hundredths (6个多月 = [6.01, 6.99]).
- 近 将近 接近: above nine tenths of N, at most N: 近100 = [91, 100].
- 以上 以下 起 至少 至多 不超过 不低于 include N; 超过 不满 不足 不到 多于 少于 do not (民法典1259): one less or more in
  counts, a hundredth in sums and months. The open end is 0 or ``UNBOUNDED``.
- 无 没有: 0, but for the monthly fee and the assets, of which nothing can be meant.
- 1800-4500, 1800~4500, 1800至4500: from … to, both included; a 万 behind the second goes for both (5-10万).
"""

from __future__ import annotations

import re
from fractions import Fraction

from shouhu.engines.rules.facts import Fact
from shouhu.engines.rules.values import Approximate

UNBOUNDED = 10**12
"""Stands for "no upper end": a trillion yuan, more than any register can hold; larger figures are not read."""

Number = int | float | Approximate


class Unreadable(Exception):
    """Text that is not a number of the kind asked for; ``str()`` says why, in Chinese."""


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = {ord(mark): "-" for mark in "—–―─−‐‑﹣"} | {ord("〜"): "~", ord("∼"): "~", 0x3000: " ", 0xA0: " "}
_FOLD = _FULL_WIDTH | _ALIKE


def folded(text: str) -> str:
    """This function will turn full-width characters and kinds of dashes into plain ones and drop all white space."""
    return "".join(text.translate(_FOLD).split())


_DIGITS = dict(
    zip("零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)), strict=True)
)
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?|[零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖十拾百佰千仟万萬亿億]"
)


def numeral(text: str) -> Fraction:
    """
    This function will read a number without qualifier: 1,234.5, 1.5万, 三十二万, 一百零五, 两万五 (25,000).

    :raises Unreadable: anything else.
    """
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        raise Unreadable("不是数")
    if all(token in _DIGITS for token in tokens) and len(tokens) > 1:
        if not set(text) & set("零〇○"):
            raise Unreadable("不是数")
        return Fraction(int("".join(str(_DIGITS[token]) for token in tokens)))  # 一〇五, digit by digit
    total = section = Fraction(0)
    pending: Fraction | None = None
    unit, last_small, last_large = 1, 10_000, 10**12
    for token in tokens:
        if token in _SMALL:
            unit = _SMALL[token]
            if unit >= last_small or (pending is None and unit != 10):
                raise Unreadable("不是数")
            section += (Fraction(1) if pending is None else pending) * unit
            pending, last_small = None, unit
        elif token in _LARGE:
            unit = _LARGE[token]
            section += pending or 0
            if not section or unit >= last_large:
                raise Unreadable("不是数")
            total += section * unit
            section, pending, last_small, last_large = Fraction(0), None, 10_000, unit
        else:
            if pending is not None and pending != 0:
                raise Unreadable("不是数")
            unit = 1 if _DIGITS.get(token) == 0 else unit
            pending = Fraction(_DIGITS[token]) if token in _DIGITS else Fraction(token.replace(",", ""))
    if pending is not None and unit >= 100 and 0 < pending < 10 and pending.denominator == 1:
        pending *= unit // 10  # 两万五, 三百五: the last digit stands one place below its unit
    return total + section + (pending or 0)


_QUALIFIERS = {
    "约": ("约", "大约", "大概", "约为", "约有", "大致"),
    "近": ("近", "将近", "接近"),
    "超过": ("超过", "超", "多于", "大于", "高于", "逾", ">"),
    "不满": ("不满", "不足", "不到", "未满", "未达", "低于", "少于", "小于", "<"),
    "以上": ("不少于", "不低于", "至少", "最少", "≥", ">=", "上"),
    "以下": ("不超过", "不高于", "不多于", "至多", "≤", "<="),
}
_BEFORE = {word: qualifier for qualifier, words in _QUALIFIERS.items() for word in words}
_BEHIND = {
    "左右": "约",
    "上下": "约",
    "以上": "以上",
    "及以上": "以上",
    "起": "以上",
    "以下": "以下",
    "及以下": "以下",
    "以内": "以下",
}

_MONTHLY = r"(?:每(?:人|床|床位)?每?月|月均|每月)"
_UNITS = {
    "元": r"(?:元整|元|圆|块钱|块)",
    "张": r"(?:张床位|张床|个床位|床位|张|床|个)",
    "人": r"(?:名老人|位老人|个老人|老人|人|名|位|个)",
    "个": r"(?:个网点|个机构|个|家|处|所)",
    "次": r"(?:次|回)",
    "月": r"(?:个?月|年)",
}
_NUMERAL = r"(?:[\d,.零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億]+)"


def _shapes(unit: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The shape of one figure and of one end of a range."""
    words, before = _UNITS[unit], "|".join(sorted(map(re.escape, _BEFORE), key=len, reverse=True))
    behind = "|".join(sorted(_BEHIND, key=len, reverse=True))
    lead = r"(?:共|合计|总计|人民币|[¥￥]|RMB)?"
    figure = rf"(?P<figure>{_NUMERAL})(?P<odd>余|多|几)?(?P<scale>[十百千万亿]*)(?P<odd2>余|多)?"
    named = r"(?P<unit>个(?P<odd3>余|多)月)" if unit == "月" else r"(?P<odd3>(?!))"
    whole = (
        rf"(?P<sign>-?){lead}(?P<before>{before})?{lead}{figure}(?:{named}|(?P<unit2>{words}))?(?P<behind>{behind}|\+)?"
    )
    end = rf"{lead}(?P<figure>{_NUMERAL})(?P<unit>{words})?"
    return re.compile(whole), re.compile(end)


_SHAPES = {unit: _shapes(unit) for unit in _UNITS}
_PER_MONTH = re.compile(rf"^{_MONTHLY}|(?:[/每·.](?:人|床|床位|位|张|个?月))+(?=$|起|左右|上下|以上|以下|以内|-|~|至)")
_PER_OTHER = re.compile(r"[/每按](?:年|季度?|天|日|周|次|半年)|年费|一次性")
_RANGE = re.compile(r"([^-~至到]+)(?:--?|~|至|到)([^-~至到]+)")
_YEARS = re.compile(rf"({_NUMERAL})年(?:(半)|[零又]?({_NUMERAL})个?月)")
_MASK = re.compile(r"[xX×*?某]")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE][+-]?\d+")


def read_number(text: str, fact: Fact, factor: Fraction = Fraction(1)) -> Number:
    """
    This function will read text as the number of a fact, in its unit (yuan for money).

    ``factor`` is what the column's head multiplies bare figures with (10,000 under 万元); a figure that names its own
    unit (5万元, 50000元) is taken at its word.

    :raises Unreadable: no number, another unit, more than ``UNBOUNDED``, a fraction where things are counted.
    """
    text = folded(text).strip("。;；'’`").rstrip(".,")
    unit = fact.unit or "个"
    if text in ("无", "没有") and fact.name not in ("monthly_fee", "assets"):
        return 0
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable("科学计数法，位数可能已经丢失，请写出完整数字")
    if _MASK.search(text):
        raise Unreadable("数字被“x”等符号遮盖")
    if fact.name == "monthly_fee":
        if _PER_OTHER.search(text):
            raise Unreadable("不是按月的标准，请换算成每月多少元")
        text = _PER_MONTH.sub("", text)
    if unit == "月":
        text = _YEARS.sub(_in_months, "6个月" + text[2:] if text.startswith("半年") else text)
    reading = _Reading(fact, unit, factor)
    match = _SHAPES[unit][0].fullmatch(text)
    if match:
        return reading.figure(match)
    if ends := _RANGE.fullmatch(text):
        return reading.range(ends[1], ends[2])
    raise Unreadable(f"看不出是多少{unit}")


def _in_months(match: re.Match[str]) -> str:
    extra = Fraction(6) if match[2] else numeral(match[3])
    return f"{_plain(numeral(match[1]) * 12 + extra)}个月"


def _plain(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


class _Reading:
    """How figures of one column become values of its fact."""

    def __init__(self, fact: Fact, unit: str, factor: Fraction) -> None:
        self.fact, self.unit, self.factor = fact, unit, factor
        self.counted = fact.type == "count"
        self.least = Fraction(1) if self.counted else Fraction(1, 100)

    def exact(self, figure: str, unit: str | None) -> Fraction:
        """A figure in the unit of the fact; a figure that names a unit of its own does not take that of the head."""
        number = numeral(figure)
        if unit == "年":
            return number * 12
        if unit or set(figure) & set(_LARGE):
            return number
        if self.factor != 1 and figure[0].isdigit() and set(figure) & set(_SMALL):
            raise Unreadable("表头有单位，内容又带“千”“百”，单位不明")
        return number * self.factor

    def figure(self, match: re.Match[str]) -> Number:
        """One figure with its qualifiers."""
        part = match.groupdict()
        figure = part["figure"] + part["scale"]
        unit = part.get("unit") or part["unit2"]
        odd = part["odd"] or part["odd2"] or part["odd3"]
        if figure in (*_SMALL, *_LARGE) and (odd or part["before"]):
            figure = f"一{figure}"  # 近百, 上千, 万余
        number = self.exact(figure, unit)
        if part["odd"] == "几" and not part["figure"].endswith("十"):
            raise Unreadable("看不出是多少")
        qualifiers = {
            "余" if odd else None,
            _BEFORE.get(part["before"] or ""),
            "以上" if part["behind"] == "+" else _BEHIND.get(part["behind"] or ""),
        } - {None}
        if len(qualifiers) > 1 or (qualifiers and part["sign"]) or (odd and unit == "年"):
            raise Unreadable("几个限定词连用，看不出范围")
        if part["before"] == "上" and part["figure"] not in (*_SMALL, *_LARGE):
            raise Unreadable("看不出是多少")
        if not qualifiers:
            return self.value(-number if part["sign"] else number)
        return self.approximate(number, str(qualifiers.pop()))

    def range(self, first: str, second: str) -> Number:
        """From one figure to another."""
        shape = _SHAPES[self.unit][1]
        left, right = shape.fullmatch(first), shape.fullmatch(second)
        if not left or not right:
            raise Unreadable(f"看不出是多少{self.unit}")
        named = left["unit"] or right["unit"]
        high = self.exact(right["figure"], right["unit"] or named)
        low = self.exact(left["figure"], left["unit"] or named)
        scale = next((mark for mark in right["figure"] if mark in _LARGE), None)
        if scale and not set(left["figure"]) & set(_LARGE) and not left["unit"]:
            bare = numeral(left["figure"])
            low = bare * _LARGE[scale] if bare * _LARGE[scale] <= high else bare
        if low > high:
            raise Unreadable("起止颠倒")
        if low == high:
            return self.value(low)
        return Approximate(None, "至", self.value(low), self.value(high))

    def approximate(self, number: Fraction, qualifier: str) -> Approximate:
        """The closed bounds of a qualified figure, as the head of this module says."""
        low, high = Fraction(0), Fraction(UNBOUNDED)
        if qualifier == "约":
            low, high = number * 9 / 10, number * 11 / 10
        elif qualifier == "近":
            low, high = (Fraction(number * 9 // 10 + 1) if number.denominator == 1 else number * 9 / 10), number
        elif qualifier == "余":
            place = self._place(number)
            step = Fraction(1) if place > 1 else self.least
            low, high = number + step, number + place - step
        elif qualifier in ("以上", "超过"):
            low = number + (self.least if qualifier == "超过" else 0)
        else:
            high = number - (self.least if qualifier == "不满" else 0)
        if not 0 <= low <= high:
            raise Unreadable("看不出范围")
        self.value(number)
        return Approximate(_plain(number), qualifier, _plain(low), _plain(high))

    def _place(self, number: Fraction) -> Fraction:
        """The worth of the last digit that is not zero."""
        if number.denominator != 1 or not number:
            raise Unreadable("看不出“余”“多”是多少")
        digits = str(number.numerator)
        return Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))

    def value(self, number: Fraction) -> int | float:
        """A number in the unit of the fact: whole where things are counted, sums to the fen."""
        if abs(number) > UNBOUNDED:
            raise Unreadable("数值过大，请核对单位")
        if self.counted and number.denominator != 1:
            raise Unreadable("应当是整数")
        return _plain(number if self.counted else round(number, 2))


def read_figure(number: int | float, fact: Fact, factor: Fraction = Fraction(1)) -> int | float:
    """
    This function will take a number cell as the number of a fact: see ``read_number``.

    :raises Unreadable: not finite, more than ``UNBOUNDED``, a fraction where things are counted.
    """
    if not abs(number) <= UNBOUNDED:
        raise Unreadable("数值过大，请核对单位")
    return _Reading(fact, fact.unit or "个", factor).value(Fraction(number) * factor)
