"""Places: addresses from the province down to the room, in whole or in part; known names serve as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shouhu.engines.text.entities.edges import left_edge
from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.words import words

_N = r"(?:\d{1,5}|[零一二三四五六七八九十百]{1,5}|[a-z]\d{0,3})"
_HOUSE = rf"(?:{_N}(?:-\d+){{0,2}}(?:号院?(?![码线召角称])(?:附{_N}号)?|弄))"
_IN_HOUSE = (
    rf"(?:(?:{_N}|[东南西北甲乙丙])(?:-\d+)?(?:号楼|栋|幢|座(?!谈)|单元|楼(?![上下房盘])|层|室(?!内|外)"
    rf"|户(?!名|口|主|型|头)|组|社(?!区|保)|队(?!伍)|门(?!口|店|诊)))"
)
_ENDS = pattern(
    r"(?:自治区|特别行政区|自治州|自治县|[省市州盟](?![场民面长里委级值区容政直价内中上])|新区|开发区"
    r"|高新区|[区县旗](?![域别长里委级城医政人块办局])|街道(?!办)|[镇乡](?![长上村里亲下政民])"
    r"|社区(?![养服卫居医书团食活])|(?:居委会|村委会)(?=\d)"
    r"|[村屯寨坝堡庄沟湾](?![长民委里支干头口子上园])|小区|新村|家园|花园|花苑|公寓(?=\d)|名苑|嘉苑"
    r"|苑(?=[^里内])|胡同|大道|大街|[路街巷弄](?![上边口线由过程边灯费径道办头坊])|道(?=\d)|大厦|广场"
    r"|国际中心|写字楼|商务楼|步行街|夜市|菜市场|农贸市场|工业园|产业园)"
)
_NUMBERED = pattern(rf"(?:{_HOUSE}|{_IN_HOUSE})+(?:(?<=[元栋楼幢座层])-?\d{{3,4}}(?![\d元块人万]))?")
_NOT_NAMES = frozenset(words("no_places"))


class KnownPlaces:
    """Names of places that are known, a district's or all: each is found wherever it is written."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
            self._by_start.setdefault(name[:2], []).append(name)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """This function will give where known names stand in a folded text, the longest at each place."""
        for at in range(len(text) - 1):
            for name in self._by_start.get(text[at : at + 2], ()):
                if text.startswith(name, at):
                    yield at, at + len(name)
                    break


def find(text: str, known: KnownPlaces | None = None) -> Iterator[Found]:
    """This function will find addresses: parts that follow one another make one place."""
    first = last = -1
    for start, end in _ordered(text, known):
        if first >= 0 and (start <= last or text[last:start] == " "):
            last = max(last, end)
            continue
        if first >= 0:
            yield Found("place", text[first:last], first, last)
        first, last = start, end
    if first >= 0:
        yield Found("place", text[first:last], first, last)


def _ordered(text: str, known: KnownPlaces | None) -> Iterable[tuple[int, int]]:
    return sorted([*known.spans(text), *_parts(text)]) if known else _parts(text)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Each named part, with the numbers of house, floor and room behind it."""
    floor = 0
    for match in _ENDS.finditer(text):
        start = left_edge(text, max(floor, match.start() - 8), match.start())
        start = max(start, *(text.rfind(sign, start, match.start()) + 1 for sign in '(“「『"'))
        end, joined = match.end(), start == floor > 0
        name = text[start:end]
        if (start == match.start() or name in _NOT_NAMES or len(name) < 3) and not joined:
            continue
        if numbered := _NUMBERED.match(text, end):
            end = numbered.end()
        yield start, end
        floor = end


def house_number(place: str) -> int | None:
    """This function will say where in a folded address the numbers of house, floor and room begin, if there are any."""
    match = _NUMBERED.search(place)
    return match.start() if match else None
