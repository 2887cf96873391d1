"""Phases: items called 阶段, items with a range of days, and sentences that name several (宣传发动、打击整治、总结提升三个环节)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shouhu.engines.plans import dates
from shouhu.engines.plans.passages import Passage, clauses, sentences
from shouhu.engines.plans.plan import Phase
from shouhu.engines.plans.tasks import is_aim
from shouhu.engines.plans.words import either

_STEPS = re.compile(rf"{either('steps')}$")
_LABEL = re.compile(r"第[一二三四五六七八九十\d]+(?:个)?(?:阶段|步骤?|环节)")
_N = r"[一二两三四五六七八九十\d]"
_SEVERAL = re.compile(
    rf"(?P<names>[\u4e00-\u9fff“”]{{2,16}}(?:、[\u4e00-\u9fff“”]{{2,16}})+(?:和[\u4e00-\u9fff]{{2,12}})?)(?:等|这)?[”\"]?(?P<n>{_N})个?(?:小|工作|主要)?(?P<what>阶段|环节|步骤)"
)
_NESTED = re.compile(
    rf"(?:其中[，,]?)?(?P<name>[\u4e00-\u9fff]{{2,8}}?)(?P<n>(?=大?约|为期|历时){dates.DURATION.pattern})(?:时间)?$"
)
_AHEAD_NAMED = re.compile(r"(?:第.{1,2}阶段[：:，]?)?(?P<name>[\u4e00-\u9fff“”]{2,12}?(?:阶段|环节|期))(?:的?时间)?")
_BEHIND_NAMED = re.compile(
    r"[）)]?(?:为|是|属于|作为|，|,)*(?:第.{1,2}阶段[：:，]?(?:为|是)?)?(?P<name>[\u4e00-\u9fff“”]{2,12}?(?:阶段|环节|期))(?!的)"
)
_BARE_NAMED = re.compile(r"(?:开展|进行|组织|为|是|，)?(?P<name>[\u4e00-\u9fff“”]{2,12})")
_BESIDE = re.compile(r"(?P<names>[\u4e00-\u9fff、和“”]{4,40}?)(?:两|二|三|2|3)个(?:环节|阶段)(?:工作)?(?:要)?贯穿")


def phases(pieces: Sequence[Passage]) -> tuple[Phase, ...]:
    """This function will find the phases, in the order of the document; nested ones are ``part_of`` their parent."""
    found: list[Phase] = []
    by_item: dict[str, str] = {}
    for piece in pieces:
        if piece.where and (phase := _item(piece, by_item)):
            by_item[f"{piece.block}:{piece.where}"] = phase.name
            _add(found, phase)
    for piece in pieces:
        for phase in (*_prose(piece, by_item), *_sentences(piece, by_item.get(f"{piece.block}:{piece.where}"))):
            if phase.part_of is not None or not by_item or any(_same(phase, other) for other in found):
                _add(found, phase)
    return _overlapping(found, pieces)


def period(pieces: Sequence[Passage]) -> tuple[str | None, str | None, str | None]:
    """This function will find when the whole campaign runs: its start, its end, its duration as printed."""
    for piece in pieces:
        if re.search(r"(?:行动|活动|工作|整治)?时间$", piece.heading.strip(" 。：:")) or re.search(
            r"专项(?:行动|整治|工作)", piece.text
        ):
            for sentence in sentences(piece.body or piece.text):
                whole = re.search(r"(?:专项行动|集中行动|活动|时间|行动)?[^，。]{0,6}(?:从|自|时间|为)", sentence)
                spans = [s for s in dates.spans(sentence) if s.first and s.last and s.first is not s.last]
                if (
                    spans
                    and (whole or piece.heading.endswith("时间"))
                    and not re.search(r"阶段", sentence[: spans[0].start])
                ):
                    first, last = spans[0].first, spans[0].last
                    return first.value if first else None, last.value if last else None, None
    for piece in pieces:
        if match := re.search(rf"(?:利用|用|为期|历时|集中|开展为期)(?P<n>{dates.DURATION.pattern})", piece.text):
            return None, None, match["n"]
    return None, None, None


def _item(piece: Passage, known: dict[str, str]) -> Phase | None:
    """A numbered item that is a phase, by its label, its name or its days."""
    if any(is_aim(passage.heading) and not _is_steps(passage) for passage in piece.above):
        return None
    parent = next((name for p in reversed(piece.above) if (name := known.get(f"{p.block}:{p.where}"))), None)
    title = piece.heading or next(iter(sentences(piece.text)), "")
    labelled = bool(_LABEL.fullmatch(piece.label))
    in_steps = bool(piece.above) and _is_steps(piece.above[-1])
    named = re.match(r"^[“\"]?(?P<name>[^（(：:，。阶]{2,14})阶段(?!性|的|任务)", title)
    span = _range(piece, title, deep=in_steps or labelled or bool(named or parent))
    if span:
        beside = re.search(rf"[，,、；]({dates.DURATION.pattern})[）)]", title[span.end :])
        duration = beside[1] if beside else None
    else:
        duration = _duration(title if in_steps else "") or (_duration(piece.text[:40]) if labelled else None)
    if (span and span.first is None) or (span and span.first is span.last):  # one day: 4月20日前，… may be any task
        span = span if labelled or named or (len(_name(title)) <= 8 and len(title) <= 24) else None
    if not (labelled or (named and (in_steps or span)) or ((span or duration) and (in_steps or parent))):
        return None
    name = _name(title) or _name(piece.body) or piece.label
    first, last = (span.first, span.last) if span else (None, None)
    return Phase(
        name, first.value if first else None, last.value if last else None, duration, parent, (),
        piece.where, piece.place(title), 0.95 if span else 0.7,
    )  # fmt: skip


def _is_steps(passage: Passage) -> bool:
    """Whether an item divides the time: by its heading, or because it speaks of 三个环节 just before its children."""
    title = re.sub(r"[（(].*", "", passage.heading).strip(" 　。:：")
    several = re.search(rf"{_N}个(?:小|工作)?(?:阶段|步骤|环节)", passage.text)
    return bool(_STEPS.search(title)) or title.endswith(("阶段", "时间")) or bool(several and not passage.leaf)


def _range(piece: Passage, title: str, *, deep: bool) -> dates.Span | None:
    """The days of a phase: in its heading, else, where it surely is one, at the beginning of its body."""
    for span in dates.spans(title):
        return span if deep or span.first is not span.last else None
    if not deep:
        return None
    for sentence in sentences(piece.body)[:1]:
        for span in dates.spans(sentence):
            if span.start < 12 and span.first is not None and span.first is not span.last:
                return span
    return None


def _name(title: str) -> str:
    """宣传发动 out of: 宣传发动阶段(4月—5月中旬), 4月—5月中旬为宣传发动阶段, 第一阶段：宣传发动."""
    for span in reversed(dates.spans(title)):
        title = re.sub(r"[自从于在]$", "", title[: span.start]) + title[span.end :]
    title = re.sub(r"[（(][^）)]*[）)]?", "", title)
    title = re.sub(r"^(?:[前为：:，,；;、 　是—\-]|时间|之前|底前|第.{1,2}(?:阶段|步))+", "", title)
    title = re.split(r"[。；;，,：:]", title)[0].strip(" 　")
    return re.sub(rf"[ 　]*{dates.DURATION.pattern}(?:时间)?$", "", title)[:24]


def _duration(text: str) -> str | None:
    match = dates.DURATION.search(text)
    return match[0].strip() if match else None


def _sentences(piece: Passage, within: str | None) -> list[Phase]:
    """Phases that a sentence lists: A、B、C三个环节; what is said of each may follow."""
    if piece.where == "" or is_aim(piece.heading) or any(is_aim(p.heading) for p in piece.above):
        return []
    found: list[Phase] = []
    for sentence in sentences(piece.text):
        if within:
            found += [
                Phase(m["name"], None, None, m["n"], within, (), piece.where, piece.place(m[0]), 0.7)
                for clause in clauses(sentence)
                if (m := _NESTED.match(clause)) and m["name"] != within
            ]
        for match in _SEVERAL.finditer(sentence):
            names = _listed(match["names"])
            if match["what"] != "阶段" and not re.search(r"统筹|推进|压茬|叠加|分为|分成|分三|环节工作", sentence):
                continue
            if re.match(r"(?:工作|方面)?(?:要)?贯穿", sentence[match.end() :]) or len(names) < 2:
                continue
            before = clauses(sentence[: match.start()] + match["names"])[-1]
            owner = re.match(
                r"[“\"]?([\u4e00-\u9fff]{2,12}?)(?:阶段|环节)?(?:要|应|须|工作)?(?:按照|按|分为|分成|分)", before
            )
            parent = next((p.name for p in found if owner and p.name == owner[1]), None)
            found += [_sentence(piece, name, parent) for name in names]
    return found


def _prose(piece: Passage, by_item: Mapping[str, str]) -> list[Phase]:
    """Phases that sentences give days to, one after the other: 9月1日至9月15日为部署阶段。…; 部署阶段从9月1日至…"""
    if not piece.where or any(f"{p.block}:{p.where}" in by_item for p in (piece, *piece.above)):
        return []
    found: list[Phase] = []
    for clause in clauses(piece.body or piece.text, "。；;，\n"):
        span = next(iter(dates.spans(clause[:60])), None)
        if span is None:
            continue
        before, behind = clause[: span.start].removeprefix("其中").strip("从自在于（(：:为 　"), clause[span.end :]
        said = _AHEAD_NAMED.fullmatch(before) if before else _BEHIND_NAMED.match(behind)
        if not said and not before and _is_steps(piece):
            said = _BARE_NAMED.fullmatch(behind)
        if said:
            first, last = span.first, span.last
            found.append(Phase(
                said["name"], first.value if first else None, last.value if last else None, None, None, (),
                piece.where, piece.place(clause), 0.8,
            ))  # fmt: skip
    return found if len(found) > 1 else []


def _listed(names: str) -> list[str]:
    pieces = re.split(r"、|和", names)
    first = pieces[0]
    for match in re.finditer(r"统筹推进|统筹好?|推进|分为|分成|划分为|按照|按|分|经过|抓好", first):
        first = pieces[0][match.end() :] or first
    first = re.sub(r"^.*(?:专项行动|全区|全县|全镇|全市)", "", first)
    return [re.sub(r"(?:阶段|环节)$", "", piece).strip("“”") for piece in (first, *pieces[1:]) if len(piece) > 1]


def _sentence(piece: Passage, name: str, parent: str | None) -> Phase:
    """A phase of a sentence, with the days or the duration that follow one of its later mentions."""
    span, duration = None, None
    for said in list(
        re.finditer(rf"{re.escape(name)}[”\"]?(?:阶段|环节|工作)?[（(：:，,从自为]*(?P<rest>[^，。；）)]*)", piece.text)
    )[1:]:
        span = next((s for s in dates.spans(said["rest"]) if s.start <= 4), None)
        duration = None if span else _duration_at_start(said["rest"])
        if span or duration:
            break
    first, last = (span.first, span.last) if span else (None, None)
    return Phase(
        name, first.value if first else None, last.value if last else None, duration, parent, (),
        piece.where, piece.place(name), 0.85,
    )  # fmt: skip


def _duration_at_start(rest: str) -> str | None:
    match = dates.DURATION.match(rest)
    return match[0].strip() if match else None


def _same(one: Phase, other: Phase) -> bool:
    return one.name == other.name or one.name in other.name or other.name in one.name


def _add(found: list[Phase], phase: Phase) -> None:
    """Keep a phase, or add what it knows to the one that is there already."""
    for number, other in enumerate(found):
        if _same(other, phase) and other.part_of == phase.part_of:
            found[number] = replace(
                other, start=other.start or phase.start, end=other.end or phase.end,
                duration=other.duration or (phase.duration if not (other.start or other.end) else None),
            )  # fmt: skip
            return
    found.append(phase)


def _overlapping(found: list[Phase], pieces: Sequence[Passage]) -> tuple[Phase, ...]:
    """宣传发动和打击整治两个环节要贯穿始终: such phases run beside all others of their level."""
    throughout = {
        name for piece in pieces for match in _BESIDE.finditer(piece.text) for name in _listed(match["names"])
    }

    def beside(phase: Phase) -> tuple[str, ...]:
        level = [p for p in found if p.part_of == phase.part_of and p.name != phase.name]
        return tuple(
            p.name for p in level if p.name in throughout or phase.name in throughout or _days_overlap(p, phase)
        )

    return tuple(replace(phase, overlap=beside(phase)) for phase in found)


def _days_overlap(one: Phase, other: Phase) -> bool:
    """Whether both are printed to the day and share more than the edge."""
    days = [one.start, one.end, other.start, other.end]
    if not all(day and re.fullmatch(r"\S{4}-\d\d-\d\d", day) for day in days) or len({str(d)[:4] for d in days}) > 1:
        return False
    return max(str(one.start), str(other.start)) < min(str(one.end), str(other.end))
