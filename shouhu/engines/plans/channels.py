"""Where the plan takes tips: platforms, hotlines, mailboxes, post boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shouhu.engines.plans.passages import Passage, sentences
from shouhu.engines.plans.plan import Channel

_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{2,3}[-－—]?\d{7,8}|1[3-9]\d{9}|400-?\d{3}-?\d{4})(?!\d)")
_SHORT = re.compile(
    r"(?<!\d)(?:12337|12345|12315|12333|12381|12339|12348|12389|96110|110|962110)(?!\d|年|元|人|次|万|%)"
)
_NAMED = re.compile(
    r"(?:来信来访|举报信箱|举报箱|意见箱|(?:微信)?公众号举报|举报平台|举报二维码|举报微信群|举报小程序|来人来访|现场举报点|举报受理点|线索举报点|举报窗口)"
)
_POST = re.compile(r"(?:(?:来信|邮寄|通信|通讯|寄信)地址[ 　]*[:：]|寄到|寄至|寄往)[ 　]*(?P<name>[^，。；\n]{4,40})")
_NEAR = re.compile(r"举报|反映|线索|投诉|咨询|求助|拨打|报警|电话|热线|平台|来信|邮箱|专线|报案|受理")


def channels(pieces: Sequence[Passage]) -> tuple[Channel, ...]:
    """This function will find the channels, each once: its number or address, else its name."""
    found: dict[str, Channel] = {}
    for piece in pieces:
        for sentence in sentences(piece.text):
            if not _NEAR.search(sentence):
                continue
            for pattern in (_MAIL, _PHONE, _SHORT):
                for match in pattern.finditer(sentence):
                    found.setdefault(re.sub("[－—]", "-", match[0]), _channel(piece, match[0], sentence, 0.9))
            for match in _POST.finditer(sentence):
                found.setdefault(match["name"], _channel(piece, match["name"], sentence, 0.7))
            if re.search(r"举报|线索", sentence) and not any(channel.says == sentence for channel in found.values()):
                for match in _NAMED.finditer(sentence):
                    found.setdefault(match[0], _channel(piece, match[0], sentence, 0.5))
    return tuple(found.values())


def _channel(piece: Passage, name: str, sentence: str, confidence: float) -> Channel:
    return Channel(re.sub("[－—]", "-", name), sentence.strip(), piece.where, piece.place(name), confidence)
