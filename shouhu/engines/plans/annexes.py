"""Annexes: the list at the end, the heads of the annexes themselves, and what is mentioned: 《排查进度表》（附件2）."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shouhu.engines.plans.passages import Passage, Place
from shouhu.engines.plans.plan import Annex

_NO = r"(?P<no>\d{1,2}|[一二三四五六七八九十]{1,3})"
_OPENS = re.compile(rf"^附[ 　]*[件表]?[ 　]*(?:{_NO})?[ 　]*(?P<mark>[:：.．、]?)[ 　]*(?P<rest>.*)$")
_ENTRY = re.compile(r"^[ 　]*(?P<no>\d{1,2})[ 　]*[.．、:：][ 　]*(?P<title>\S.*)$")
_INLINE_ENTRY = re.compile(r"(?:^|[ 　；;，,\t])(\d{1,2})[ 　]*[.．、][ 　]*(?=\D)")
_IN_BRACKETS = re.compile(
    rf"[（(](?:详见|详细见|具体见|见|参见|格式见|样式见|模板见|附)?[“\"]?(?:附[件表]){_NO}[”\"]?(?:[:：]?《?(?P<inside>[^）)》]*)》?)?(?:，[^）)]*)?[）)]"
)
_MENTION = re.compile(rf"附[件表]{_NO}(?:[:：]?《(?P<title>[^》]+)》)?")
_BEFORE = re.compile(
    r"(?:报送|填报|填写|填好|填|形成|成立|设立|组建|建立|签订|签署|制定|印制|印发|按照|按|见|将|把|汇总|上报|报|发放|以及|和|及|与|使用|公布|发布|参照|的|张贴|统计|更新|完善)"
)


def annexes(pieces: Sequence[Passage]) -> tuple[Annex, ...]:
    """This function will find the annexes by number; a title in the list wins over one in the text."""
    found: dict[str, Annex] = {}
    for annex in (*_listed(pieces), *_mentioned(pieces)):
        known = found.get(annex.no)
        if known is None or (known.title is None and annex.title):
            found[annex.no] = annex
    return tuple(sorted(found.values(), key=lambda annex: (len(annex.no), annex.no)))


def _listed(pieces: Sequence[Passage]) -> Iterable[Annex]:
    """附件：1.甲表 / 2.乙表 on lines of their own; a lone 附件：甲表 has no number; 附件1 may stand above its title."""
    within, waiting = False, ""
    for line, piece in _lines(pieces):
        opens = _OPENS.match(line)
        if waiting and not opens:
            yield _annex(waiting, line, piece)
        elif waiting:
            yield _annex(waiting, "", piece)
        waiting_before, waiting = waiting, ""
        if opens and not opens["no"] and opens["mark"]:
            within = True
            line = opens["rest"].strip(" 　")
            entries = list(_entries(line))
            if not entries and line:
                yield _annex("", line, piece)
            yield from (_annex(no, title, piece) for no, title in entries)
        elif opens and opens["no"]:
            within = True
            if opens["rest"]:
                yield _annex(opens["no"], opens["rest"], piece)
            else:
                waiting = opens["no"]
        elif within and not waiting_before and (entries := list(_entries(line))):
            yield from (_annex(no, title, piece) for no, title in entries)
        else:
            within = False


def _lines(pieces: Sequence[Passage]) -> Iterable[tuple[str, Passage]]:
    """The lines where a list of annexes may stand: all but the first of an item."""
    for piece in pieces:
        for number, line in enumerate(piece.text.split("\n")):
            if line.strip(" 　") and not (piece.where and number == 0):
                yield line.strip(" 　"), piece


def _entries(line: str) -> Iterable[tuple[str, str]]:
    """1.甲表 2.乙表, one or several on a line."""
    cuts = [*_INLINE_ENTRY.finditer(line)]
    if not cuts or cuts[0].start() > 0:
        return
    for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
        yield cut[1], line[cut.end() : following.start() if following else None]


def _mentioned(pieces: Sequence[Passage]) -> Iterable[Annex]:
    for piece in pieces:
        text = piece.text
        for match in _IN_BRACKETS.finditer(text):
            yield _annex(match["no"], match["inside"] or _title_before(text[: match.start()]), piece)
        for match in _MENTION.finditer(text):
            yield _annex(match["no"], match["title"] or "", piece)


def _title_before(text: str) -> str:
    """What stands before （附件2）: a 《title》, else the last noun of the clause."""
    if text.endswith("》"):
        depth = 0
        for at in range(len(text) - 1, -1, -1):
            depth += (text[at] == "》") - (text[at] == "《")
            if depth == 0:
                return text[at + 1 : -1]
    clause = re.split(r"[，。；：:、！？\n\t（()）]", text)[-1]
    cuts = [match.end() for match in _BEFORE.finditer(clause)]
    return next((clause[cut:] for cut in reversed(cuts) if len(clause) - cut >= 3), clause)


def _annex(no: str, title: str, piece: Passage) -> Annex:
    title = re.sub(r"[（(](?:略|另附|另发|附后)[）)]$", "", title.strip(" 　。；;，,《》"))
    place = piece.place(title) if title else Place(piece.start, piece.end)
    return Annex(_figure(no), title or None, place, 0.95 if title else 0.6)


def _figure(no: str) -> str:
    if not no:
        return ""
    if no.isdigit():
        return str(int(no))
    tens, _, ones = no.rpartition("十")
    digit = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
    return str((digit.get(tens, 1) * 10 if "十" in no else 0) + digit.get(ones, 0))
