"""Recurring reports: what goes upward every week, month or now and then, by when and how long it may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from shouhu.engines.documents.numbers import numeral
from shouhu.engines.plans.passages import Passage, Place, clauses, sentences
from shouhu.engines.plans.plan import Report
from shouhu.engines.plans.words import either

_N = r"[一二两三四五六七八九十\d]+"
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = dict(zip("一二三四五六日", _WEEK, strict=True)) | dict(zip("1234567", _WEEK, strict=True)) | {"天": "Sunday"}
_TIME = r"(?:(?P<half>上午|下午|中午|早上|晚上|晚)?[ 　]*(?P<hour>\d{1,2})[ 　]*(?:时|点|[:：])[ 　]*(?P<minute>\d{1,2}|半)?分?整?)?"
_RULES = (
    ("daily", re.compile(rf"(?:每[日天]|逐日|按日)(?:的)?{_TIME}")),
    ("weekly", re.compile(rf"每逢?(?:[1一]个?)?(?:周|星期|个?礼拜)(?P<day>[一二三四五六日天](?![周次]))?(?:的)?{_TIME}|逐周|按周|每(?:1|一|七|7)天")),
    ("fortnightly", re.compile(r"每(?:两|二|2|隔一)(?:个)?(?:周|星期)")),
    ("half-monthly", re.compile(r"每半个?月|每月(?:两|2)次")),
    ("monthly", re.compile(
        rf"(?:每(?:[1一]个?)?个?月|次月|每月度|逐月|按月)(?:的)?"
        rf"(?:(?P<date>{_N})[日号]|(?P<part>底|末|初|最后一(?:个工作日|[天日])))?(?:的)?{_TIME}"
    )),
    ("every ten days", re.compile(r"每旬")),
    ("quarterly", re.compile(r"每(?:个)?季度?|按季度?|逐季")),
    ("half-yearly", re.compile(r"每半年")),
    ("yearly", re.compile(r"每年")),
    ("regularly", re.compile(r"定期|不定期")),
)  # fmt: skip
_SYSTEMS = re.compile(r"(?P<when>日|周|旬|月|季)(?P<what>报送|报告|调度|通报|总结|汇报|报|讲评)(?:制度|机制)?")
_SYSTEM_RULES = {"日": "daily", "周": "weekly", "旬": "every ten days", "月": "monthly", "季": "quarterly"}
_NO_NOUN = r"(?<!(?<![每按逐次半])[日周月旬季])"  # 周报, 月报告 are things, 每周报 is an act
_VERB = re.compile(
    rf"{_NO_NOUN}(?<![板海墙简晚会专快])(?:{either('report_verbs')})(?!名|表|告制|警|案|刊|社|道|纸|废|复|酬|销|备制|送制|送机制)"
)
_SENDS = re.compile(either("sending_verbs"))
_THINGS = re.compile(rf"{either('reported')}(?:[（(][^）)]*[）)]|》)*$")
_LIMIT = re.compile(
    r"(?:控制在|不超过|限|不多于|不得超过)?[ 　]*(\d+|[一二两三四五六七八九十百千]+)[ 　]*字(?:以内|之内|内|左右|以下|为限)?"
)
_LIMITED = re.compile(
    rf"(?:(?P<what>[^，、]{{0,12}}?{either('reported')})?)(?:[每单][篇次期份条])?(?:字数|篇幅|文字|正文)?(?:要|应|须|原则上|以)?{_LIMIT.pattern}(?:为宜)?"
    rf"|(?:同时|随|一并)*附?(?:上)?(?:字数|篇幅)?{_LIMIT.pattern}的(?P<thing>[^，、]{{0,12}}?{either('reported')})(?:可|要|应|一并|同时|附上?)*"
)
_ASIDE = re.compile(r"[（(][^）)]*[）)]")
_UNIT_ENDS = re.compile(
    rf"(?:{either('strong')}|{either('units')}|领导|同志|邮箱|工作群|系统|平台|群)(?:[（(][^）)]{{1,8}}[）)])?$"
)
_THE_SAME = re.compile("(?:报送|上报|文字|书面)?(?:材料|信息|内容|稿件|文字)")
_MAKING = re.compile(r"^.*?(?:形成|编制|编写|起草|撰写|填写|填好|填报|填|汇总|整理|制作|收集)(?:好|成)?")
_NO_THING = re.compile(r"不少于|至少|不超过|一次|两次|\d+次")
_SENDER = re.compile(r"^.*?(?:将|把)(?P<what>.+)$")
_TO = re.compile(r"^(?:给|至|到|予)?+(?P<to>[\u4e00-\u9fff（）()、“”]{1,30})$")
_TOWARD = re.compile(r"向(?P<to>[\u4e00-\u9fff（）()、]{2,40}?)(?:书面)?$")


def reports(pieces: Sequence[Passage]) -> tuple[Report, ...]:
    """This function will find the recurring reports: one for each thing that is reported, in the order of the text."""
    found: dict[tuple[str, str], Report] = {}
    systems: list[Report] = []
    for piece in pieces:
        if not piece.where:
            continue
        every: list[Report] = []
        for sentence in sentences(piece.text):
            _sentence(piece, sentence, every)
            systems += _systems(piece, sentence)
        for report in every:
            found.setdefault((report.what, report.rule), report)
    for report in systems:  # 实行周报送 says nothing new where the day of the weekly report is named
        if not any(known.rule.startswith(report.rule) for known in found.values()):
            found[report.what, report.rule] = report
    return tuple(sorted(found.values(), key=lambda report: report.place.start))


def _sentence(piece: Passage, sentence: str, every: list[Report]) -> None:
    """A rhythm may fill the clause before (每周二17时前，报送…); a limit may follow what is reported."""
    for part in clauses(sentence, "；;"):
        waiting, before = None, ""
        first = len(every)  # of the last clause that reported
        for clause in clauses(part):
            rule = _rule(clause)
            used = rule or waiting or (every[-1].rule if every and re.search(r"一并|一同|同时", clause) else None)
            found = list(_clause(piece, clause, before, used)) if used else []
            if found and (rule or not re.search(r"及时|随时|立即|第一时间|即时", clause)):
                waiting, first = None, len(every)
                every += found
            elif rule:
                waiting = rule if _is_bare(clause) else None
            elif every and (limited := _LIMITED.fullmatch(clause)):
                _limited(every, first, limited["what"] or limited["thing"], _limit(clause), piece.place(clause))
            before = clause


def _limited(every: list[Report], first: int, what: str | None, limit: str | None, place: Place) -> None:
    """信息每篇400字以内 limits what is reported already; 情况说明不超过400字 is one more thing, with its limit."""
    what = None if what and _THE_SAME.fullmatch(what) else what
    known = next((n for n, report in enumerate(every) if what and (what in report.what or report.what in what)), first)
    if what and not (known < len(every) and (what in every[known].what or every[known].what in what)):
        if first == len(every):
            return
        every.append(replace(every[-1], what=what, limit=limit, place=place))
    elif known < len(every):
        every[known] = replace(every[known], limit=every[known].limit or limit)


def _is_bare(clause: str) -> bool:
    """Whether a clause says nothing but when (each week, from May on)."""
    for _, pattern in _RULES:
        clause = pattern.sub("", clause)
    return len(clause) <= 3 or clause.endswith("前")


def _clause(piece: Passage, clause: str, before_clause: str, rule: str) -> Iterable[Report]:
    masked = re.sub(r"《[^》]*》|[（(][^）)]*[）)]", lambda m: "〇" * len(m[0]), clause)
    verb = _VERB.search(masked) or _SENDS.search(masked)
    if verb is None:
        return
    before, behind = clause[: verb.start()], clause[verb.end() :]
    to = _TOWARD.search(_bare(before))
    objects, receiver = behind, to["to"] if to else None
    if sender := _SENDER.match(before):
        objects, receiver = sender["what"], _receiver(behind) or receiver
    elif not _bare(behind).strip() or _receiver(behind):
        objects, receiver = _objects_before(before) or _named(before_clause), _receiver(behind) or receiver
    things = _things(objects)
    is_weak = verb[0] == "通报" or (verb.re is _SENDS and "《" not in objects)
    if is_weak and not all(_THINGS.search(what) for what, _ in things):
        return
    rules = _rules(clause)
    each = rules if "分别" in clause and len(rules) == len(things) else [rule] * len(things)
    for (what, limit), rule in zip(things, each, strict=True):
        yield Report(what, rule, limit, receiver, piece.where, piece.place(clause), 0.9 if " " in rule else 0.8)


def _rule(clause: str) -> str | None:
    """weekly Tuesday 17:00 out of 每周二下午17时前; the first of several."""
    return next(iter(_rules(clause)), None)


def _rules(clause: str) -> list[str]:
    """Every rhythm of a clause, the more frequent ones first, as they are named in it (每周一、每月5日前分别报送…)."""
    rules: list[str] = []
    for name, pattern in _RULES:
        match = pattern.search(clause)
        if not match:
            continue
        named = match.groupdict()
        text = name
        if day := named.get("day"):
            text += f" {_DAYS[day]}"
        if day := named.get("date"):
            text += f" {_ordinal(int(numeral(day)))}"
        elif named.get("part"):
            text += " start" if named["part"] == "初" else " end"
        if named.get("hour"):
            text += f" {_clock(named)}"
        rules.append(text)
    return rules


def _clock(named: dict[str, str | None]) -> str:
    hour = int(named["hour"] or 0)
    if named.get("half") in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    minute = 30 if named.get("minute") == "半" else int(named.get("minute") or 0)
    return f"{hour:02}:{minute:02}"


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _things(objects: str) -> list[tuple[str, str | None]]:
    """A(300字以内)、B(附件5)和C are three; 文字、图片资料 is one."""
    pieces = _parts(re.split(r"[。；;，,：:]", re.sub(r"[（(][^）)]*[，：；][^）)]*[）)]", "", objects))[0])
    if not all(_THINGS.search(_what(piece)) for piece in pieces):
        pieces = [objects]
    things = [(_what(piece), _limit(piece)) for piece in pieces]
    return [(what, limit) for what, limit in things if 2 <= len(what) <= 40 and not _NO_THING.match(what)]


def _parts(objects: str) -> list[str]:
    """Cut at 、 and 和, not inside of brackets and titles."""
    objects = objects.replace("》《", "》、《")
    parts, depth, piece, at = [], 0, "", 0
    while at < len(objects):
        character = objects[at]
        depth += (character in "（(《") - (character in "）)》")
        joint = next((mark for mark in ("、", "以及", "和", "及") if objects.startswith(mark, at)), None)
        if joint and depth == 0 and piece and (joint == "、" or _THINGS.search(_bare(piece))):
            parts.append(piece)
            piece, at = "", at + len(joint)
            continue
        piece += character
        at += 1
    return [part for part in (*parts, piece) if part.strip()]


def _what(piece: str) -> str:
    text = _ASIDE.sub("", piece)
    if title := re.search(r"《([^》]+)》", text):
        return title[1]
    text = re.sub(r"(?:以|用)[^，]{2,12}(?:形式|方式)$", "", re.split(r"[。；;，,：:]", text)[0])
    return re.sub(r"^(?:一次|1次|一份|1篇|一篇|1份|[一1]期)?", "", text).strip(" 　“”")


def _limit(piece: str) -> str | None:
    match = _LIMIT.search(piece)
    return f"{match[1]}字" if match else None


def _receiver(behind: str) -> str | None:
    match = _TO.match(_bare(behind).strip())
    return match["to"] if match and _UNIT_ENDS.search(match["to"]) else None


def _objects_before(before: str) -> str:
    """线索办理情况(由派出所)定期(报送县专项办): the object stands in front."""
    for _, pattern in _RULES:
        before = pattern.sub("\0", before)
    piece, _, made = before.partition("\0")
    made = _MAKING.sub("", made)
    if _THINGS.search(_bare(made)):  # 平安办每季度形成分析材料(报镇党委)
        return made.lstrip("，、 ")
    piece = re.sub(r"(?:由|一并|及时|书面|统一|汇总|按时|分别|前|之前).*$", "", piece)
    return "" if _UNIT_ENDS.search(piece) and not _THINGS.search(_bare(piece)) else piece


def _named(clause: str) -> str:
    """登记在《入户明白账》，每周日前报…: the thing is what the clause before names last."""
    titles = re.findall(r"《([^》]+)》", clause)
    return titles[-1] if titles else ""


def _bare(text: str) -> str:
    return _ASIDE.sub("", text).replace("《", "").replace("》", "")


def _systems(piece: Passage, sentence: str) -> list[Report]:
    """实行周报送、月调度: a rhythm that names no day."""
    if not re.search(r"实行|建立|执行|落实|坚持|实施|严格", sentence):
        return []
    found = []
    for match in _SYSTEMS.finditer(sentence):
        if re.search(r"[\d一二三四五六七八九十每本上下半]$", sentence[: match.start()]):
            continue
        name = match["when"] + match["what"]
        found.append(Report(name, _SYSTEM_RULES[match["when"]], None, None, piece.where, piece.place(name), 0.6))
    return found
