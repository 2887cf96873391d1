"""What kind of document it is, and its head: title, issuer, number, level, domain."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from shouhu.engines.plans.page import Outline, Paper
from shouhu.engines.plans.plan import Domain, Kind
from shouhu.engines.plans.words import either, words

_NUMBER = re.compile(
    r"^[ 　]*([\u4e00-\u9fff]{2,14}[ 　]*[〔\[(（【][ 　]*(?:\d{4}|[\dxX×*]{2,4})[ 　]*[〕\])）】][ 　]*(?:第)?[\dxX×*]+[ 　]*号)[ 　]*$"
)
_TITLE = re.compile(
    r"(?:方案|计划|预案|意见|通知|总结|报告|教案|班会|演练|倡议书|安排|设计|汇报|讲话|心得|小结|措施|活动|信|书|合同|协议|细则|办法|报道|简报|行动|稿|流程)(?:[（(][^）)]{1,12}[）)])?[\d一二三四五六七八九十]*$"
)
_ISSUER = re.compile(
    rf"^[\u4e00-\u9fffxX×（）()“”]{{2,40}}(?:人民政府|委员会|办公室|领导小组|指挥部|{either('units')}|{either('strong')})(?:办公室)?$"
)
_DATE_LINE = re.compile(
    r"^[ 　]*[（(]?(?:(?:19|20)[\dxX×*]{2}|[xX×*]{2,4}|[二〇○零一三四五六七八九]{4})年.{1,12}[日号x×X*]?[）)]?[ 　]*$"
)
_ASIDE = re.compile(r"^[ 　]*[（(]此件.*[）)][ 　]*$")
_EXTRA = re.compile(
    r"[（(](?:精选|通用|最新|推荐|优秀|范文|合集|汇编|\d+篇|[一二三四五六七八九十]+篇)[^）)]*[）)]|^[【\[]|[】\]]$"
)
_NUMBERED = re.compile(
    r"^[【\[]?(?:第[一二三四五六七八九十\d]+篇|篇[一二三四五六七八九十\d]+|范文[一二三四五六七八九十\d]+)[】\]]?[ 　:：]+"
)
_NOTICE = re.compile(r"(?:的)?通知$")


@dataclass(frozen=True)
class Head:
    """What stands before and around the items."""

    title: str
    kind: Kind
    issuer: str | None
    doc_number: str | None
    domain: Domain | None
    level: str | None


def head(paper: Paper, outline: Outline) -> Head:
    """This function will read the head of a document; what it does not say is None."""
    lines = [_NUMBERED.sub("", p.text.strip(" 　")) for p in outline.head if not _ASIDE.match(p.text)] or [
        p.text.strip(" 　") for p in paper.paragraphs[:3]
    ]
    tail = [p.text.strip(" 　") for p in outline.tail]
    text = "\n".join(p.text for p in paper.paragraphs)
    title = _title(lines)
    number = next((re.sub(r"[ 　]", "", match[1]) for line in lines if (match := _NUMBER.match(line))), None)
    issuer = _issuer(lines, tail, title)
    domain = _domain(title, text)
    return Head(
        title, _kind(title, text, domain, bool(outline.items)), issuer, number, domain, _level(issuer, title, text)
    )


def _title(lines: list[str]) -> str:
    """The last line before the preamble that is a title: behind a covering notice stands the plan itself."""
    candidates: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        for more in ("", *(["".join(lines[number + 1 : number + n]) for n in (2, 3)])):
            whole = line + more
            if (
                4 <= len(whole) <= 80
                and _TITLE.search(whole)
                and not re.search(r"[。；：:，]", whole)
                and not (more and (_whole(line) or (_ISSUER.match(line) and not lines[number + 1].startswith("关于"))))
            ):
                candidates.append(whole)
                number += 0 if not more else (1 if more == "".join(lines[number + 1 : number + 2]) else 2)
                break
        number += 1
    candidates = [
        line
        + (
            behind
            if line in lines
            and re.fullmatch(r"[（(](?:\d{4}.*|试行|征求意见稿|修订.*)[）)]", behind := _behind(lines, line))
            else ""
        )
        for line in candidates
    ]
    plans = [line for line in candidates if not _NOTICE.search(line)]
    if plans:
        return _EXTRA.sub("", re.sub(r"[ 　]", "", plans[-1]))
    for line in candidates:
        if quoted := re.search(r"《(.+)》", line):
            return quoted[1]
    if candidates:
        return (
            re.sub(r"^.*?关于(?:印发|转发)?|的通知$", "", candidates[-1])
            if "印发" in candidates[-1]
            else candidates[-1]
        )
    return next((line for line in lines if 4 <= len(line) <= 60 and not re.search(r"[。；]", line)), "")


def _behind(lines: list[str], line: str) -> str:
    at = lines.index(line) + 1
    return lines[at] if at < len(lines) else ""


def _whole(line: str) -> bool:
    return (
        bool(_TITLE.search(line))
        or bool(_NUMBER.match(line))
        or line.endswith(("文件", "：", ":", "。", "）", ")", "】"))
        or bool(_DATE_LINE.match(line))
    )


def _issuer(lines: list[str], tail: list[str], title: str) -> str | None:
    """Who signs: the line above the date, at the end or in the covering notice; else the line above 关于印发."""
    for part in (tail, lines):
        for above, line in pairwise(part):
            if _DATE_LINE.match(line) and _ISSUER.match(above):
                return above
    for above, line in pairwise(lines):
        if line.startswith("关于") and _ISSUER.match(above):
            return above
    for line in (*(line for line in lines if _TITLE.search(line)), title):
        if match := re.match(r"^(?P<issuer>[\u4e00-\u9fff（）()]{2,40}?)关于", line):
            return match["issuer"] if _ISSUER.match(match["issuer"]) else None
    return next((line for line in reversed(tail) if _ISSUER.match(line)), None)


def _kind(title: str, text: str, domain: Domain | None, numbered: bool) -> Kind:
    kinds = words("kinds")
    plan_like = re.search(
        rf"(?:{either_of(kinds['campaign_plan'])})(?:[（(][^）)]*[）)])?[\d一二三四五六七八九十]*$", title
    )
    for kind in ("drill", "class_meeting", "summary", "other"):
        if re.search(either_of(kinds[kind]), title) and not (
            kind in ("summary", "other") and re.search(r"方案$|行动方案|工作方案", title) and "结对" not in title
        ):
            return kind
    if plan_like and domain and numbered:
        return "campaign_plan"
    return "other"


def either_of(names: list[str]) -> str:
    """This function will join words to one pattern."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _domain(title: str, text: str) -> Domain | None:
    """By the title; a title that says neither leaves it to the text, which must speak of fraud often."""
    tables = {domain: either_of(names) for domain, names in words("domains").items()}
    if not re.search(either_of(words("fraud")), title) and len(re.findall(either_of(words("fraud")), text)) < 2:
        return None
    named = {domain for domain, pattern in tables.items() if re.search(pattern, title)}
    if not named:
        counts = Counter({domain: len(re.findall(pattern, text)) for domain, pattern in tables.items()})
        most = max(counts.values(), default=0)
        named = {domain for domain, count in counts.items() if count and count * 3 >= most}
    if len(named) == 2:
        return "both"
    found: Domain | None = next(iter(named), None)
    return found


def _level(issuer: str | None, title: str, text: str) -> str | None:
    levels: dict[str, list[str]] = words("levels")
    if issuer and any(
        issuer.endswith(word) or re.search(rf"{word}(?:教务处|办公室)?$", issuer) for word in levels["unit"]
    ):
        return "unit"
    for name in filter(None, (issuer, title)):
        plain = re.sub(r"人民政府.*$|委员会.*$", "", name)
        places = [
            (match.end(), level)
            for level, endings in levels.items()
            for match in re.finditer(either_of(endings), plain)
            if level != "unit" and not re.match(r"场|区服务|委|级|政|域|里|情", plain[match.end() :])
        ]
        if places:
            return max(places)[1]
    named = Counter(
        re.findall(r"(省|市|区|县|旗|镇|乡|街道)(?:委|人民政府|政府|民政局|公安局|专项办|市场监管局)", text)
    )
    own = named + Counter(re.findall(r"(?:我|全|本)(省|市|区|县|旗|镇|乡|街道|村|社区|校|行|院)", text))
    if not own:
        return None
    most = own.most_common(1)[0][0]
    return next((level for level, endings in levels.items() if most in endings), "unit")
