"""Where the plan takes tips: platforms, hotlines, mailboxes, post boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shouhu.engines.plans.passages import Passage, clauses, sentences
from shouhu.engines.plans.plan import Channel

_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(
    r"(?<![\d-])(?:(?:0\d{2,3}|[xX×*]{3,4}(?=[-－—]))[-－—]?\d{7,8}|1[3-9]\d{9}|400-?\d{3}-?\d{4})(?!\d)"
)
_SHORT = re.compile(
    r"(?<!\d)(?:12337|12345|12315|12333|12381|12339|12348|12389|96110|110|962110)(?!\d|年|元|人|次|万|%)"
)
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w./-]*)?(?![\w@])", re.ASCII | re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:“[^”]{2,12}”(?:微信)?(?:举报)?(?:信箱|邮箱|热线|专线|公众号|小程序|平台)|来信来访|举报信箱|举报箱|意见箱|(?:微信)?公众号举报|公众号“[^”]{2,12}”|举报平台|举报二维码|举报微信群|举报小程序|来人来访|现场举报点|举报受理点|线索举报点|举报窗口|[\u4e00-\u9fff]{0,6}(?:接待室|信访室))"
)
_POST = re.compile(
    r"(?:(?:来信|邮寄|通信|通讯|寄信)地址[ 　]*[:：]|寄到|寄至|寄往)[ 　]*(?P<name>[^，。；\n]{4,40})"
    r"|(?:来信来访|来访|接待|受理)(?:接待)?(?:地点|地址)(?:为|是|设在|在|[:：])(?P<place>[^，。；\n]{4,40})"
)
_NEAR = re.compile(r"举报|反映|线索|投诉|咨询|求助|拨打|报警|电话|热线|平台|来信|邮箱|专线|报案|受理")


def channels(pieces: Sequence[Passage]) -> tuple[Channel, ...]:
    """This function will find the channels, each once: its number or address, else its name."""
    found: dict[str, Channel] = {}
    for piece in pieces:
        for sentence in sentences(piece.text):
            if _NEAR.search(piece.heading + sentence):
                for part in clauses(sentence, "；;"):
                    for name, confidence in _names(
                        part, is_told=bool(re.search("举报|线索|反映", piece.heading + sentence))
                    ):
                        name = re.sub("[－—]", "-", name)
                        found.setdefault(
                            name, Channel(name, sentence.strip(), piece.where, piece.place(name), confidence)
                        )
    return tuple(found.values())


def _names(part: str, *, is_told: bool) -> Iterator[tuple[str, float]]:
    """Numbers and addresses; a channel by its name (举报信箱) where neither is printed."""
    numbers = [match[0] for pattern in (_MAIL, _PHONE, _SHORT) for match in pattern.finditer(part)]
    links = [match[0] for match in _LINK.finditer(_MAIL.sub("", part)) if re.search("[a-z]", match[0], re.IGNORECASE)]
    yield from ((name, 0.9) for name in (*numbers, *links))
    posts = [match["name"] or match["place"] for match in _POST.finditer(part)]
    yield from ((name, 0.7) for name in posts)
    if is_told:
        for clause in clauses(part, "，,、"):
            if not any(name in clause for name in (*numbers, *links, *posts)):
                yield from ((match[0], 0.5) for match in _NAMED.finditer(clause))
