"""What stands above the text: the red head of a document, that of a letter (信函格式), or none."""

from __future__ import annotations

from shouhu.engines.documents.letters import page, texts
from shouhu.engines.documents.letters.ink import indented, paragraph, run, spaced
from shouhu.engines.documents.letters.kinds import unbroken
from shouhu.engines.documents.letters.letter import Letter
from shouhu.engines.documents.letters.page import LINE, RED, TEXT, millimetres

_LARGEST, _SMALLEST = 52.0, 32.0
"""Points of the issuer's name: as large as the width allows, and narrowed rather than made smaller than this."""
_MOST_IN_MARK, _MOST_IN_TITLE = 24.0, 20.0
"""Characters in a line of the issuer's name, and of the title."""
_TO_MARK = millimetres(35)
"""From the top of the text down to the issuer's name."""
_LEAD = 150
"""What the line of the issuer's name is higher than its signs."""
_UNDER_RULE = 90
"""From the double rule of a letter to the line under it, so that its signs stand 7/8 of their height below the rule."""
_BEYOND = indented(left=-millimetres(8), right=-millimetres(6))
"""The double rules are 170 mm long and centred on the paper: they reach beyond the text on both sides."""


def head(letter: Letter) -> str:
    """This function will write everything down to the addressee."""
    parts = {"red": _red, "letter": _letter, "plain": _plain}[letter.head](letter)
    if letter.addressees and not letter.is_addressed_below:
        parts.append(paragraph("Addressee", run(f"{'、'.join(letter.addressees)}：")))
    else:
        parts.append(paragraph("Flush"))
    return "".join(parts)


def _red(letter: Letter) -> list[str]:
    urgency = [paragraph("Flush", run(letter.urgency))] if letter.urgency else []
    above = _TO_MARK - LINE * len(urgency)
    rule = _rule("bottom", "single", eighths=18, points=6)
    return [
        *urgency,
        *_mark(f"{letter.issuers[0]}文件", above),
        paragraph("Number", run(letter.number), more=rule + spaced(LINE, before=2 * LINE - _LEAD)),
        _title(letter, 2 * LINE),
    ]


def _letter(letter: Letter) -> list[str]:
    urgency = [run(letter.urgency, page.ink(page.HEITI))] if letter.urgency else []
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT}"/></w:tabs>'
    more = tab + spaced(LINE, before=_UNDER_RULE) + '<w:jc w:val="left"/>'
    number = paragraph("Number", *urgency, "<w:r><w:tab/></w:r>", run(letter.number), more=more)
    return [number, _title(letter, 2 * LINE)]


def _plain(letter: Letter) -> list[str]:
    above = [paragraph("Flush", run(text)) for text in (letter.annex, letter.urgency) if text]
    number = [paragraph("Number", run(letter.number), more=spaced(LINE, before=LINE // 2))] if letter.number else []
    return [*above, _title(letter, LINE), *number]


def letterhead(letter: Letter) -> str:
    """This function will write the head of the first page of a letter: the issuer's name over a red double rule."""
    rule = _rule("bottom", "thickThinSmallGap", eighths=24, points=1)
    ruled = paragraph("Mark", more=rule + spaced(60) + _BEYOND)
    return "".join(_mark(letter.issuers[0], 0)) + ruled


def letterfoot() -> str:
    """This function will write the foot of the first page of a letter: the second double rule, and no page number."""
    return paragraph("Mark", more=_rule("top", "thinThickSmallGap", eighths=24, points=0) + spaced(20) + _BEYOND)


def _rule(side: str, kind: str, *, eighths: int, points: int) -> str:
    """A red rule along one side of a paragraph: how thick in 1/8 point, how far off in points."""
    return f'<w:pBdr><w:{side} w:val="{kind}" w:sz="{eighths}" w:space="{points}" w:color="{RED}"/></w:pBdr>'


def _mark(name: str, above: int) -> list[str]:
    """The issuer's name in red, as large as its length lets it be."""
    lines = texts.parted(name, _MOST_IN_MARK, unbroken())
    longest = max(texts.width(line) for line in lines)
    fitting = TEXT / 20 / longest
    size = round(min(_LARGEST, max(_SMALLEST, fitting)))
    narrowed = max(1, min(100, int(100 * fitting / size)))
    ink = f'<w:spacing w:val="0"/><w:w w:val="{narrowed}"/><w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/>'
    height = round(size * 20 * 1.15)
    return [
        paragraph("Mark", run(line, ink), more=spaced(height, before=0 if at else above))
        for at, line in enumerate(lines)
    ]


def _title(letter: Letter, above: int) -> str:
    lines = [line for part in letter.title.split("\n") for line in texts.parted(part, _MOST_IN_TITLE, unbroken())]
    return paragraph("Title", run("\n".join(lines)), more=spaced(LINE, before=above))
