"""WeChat and QQ names, as written after a word for the one or the other: 微信 薇 v vx 加v ➕; qq 扣扣 企鹅."""

from __future__ import annotations

from collections.abc import Iterator

from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern

_WECHAT = pattern(
    r"(?:(?:微信|薇信|威信|微芯|维信|徽信|微心|薇芯|v信|v芯|绿泡泡|卫星|薇|微|(?<![a-z0-9])(?:vx|wx"
    r"|wechat|weixin|wei xin)"
    r"|(?<=[加十+家佳])[v微薇]x?|(?<![a-z0-9])v(?=[: 号信芯]|❤))(?:公众号|客服|账号|帐号|号码|号|id)?)"
    r"(?:就?是|为|叫|搜|\(|[^\w,。;!?\n]){0,4}(?P<name>[a-z][a-z0-9_-]{4,19}|[1-9]\d{5,11})(?![a-z0-9_@]|\.[a-z])"
)
_QQ = pattern(
    r"(?:(?<![a-z0-9.@])q{1,2}(?![a-z])|扣扣|扣q|企鹅|秋秋|球球|群号|q群)(?:客服|交流|工作|学习)?(?:群"
    r"|号码|号|账号|帐号|群号|id){0,2}"
    r"(?:就?是|为|加|搜|\(|[^\w,。;!?\n]){0,4}(?P<name>[1-9]\d{4,10})(?![\d元块万w%]|\.\d)"
)
_MARKED = pattern(r"(?<![a-z0-9_@./-])(?P<name>[a-z][a-z0-9]{1,12}(?:_[a-z0-9]{1,12}){1,3})(?![a-z0-9_@./-])")
"""A name with a low stroke in it, standing in a Chinese text: nothing else looks like that."""
_ADDED = pattern(r"(?:[+加] ?|转给)(?P<name>(?!q{1,2}\d)[a-z][a-z0-9_-]{5,19})(?![a-z0-9_@]|\.[a-z])")
_AFTER_QQ = pattern(r"(?<![\d.])(?P<name>[1-9]\d{4,10})(?=(?:扣扣|qq|企鹅号))")
_HINT = pattern(r"[微薇威维徽卫绿vxq扣企秋球群_+]")
_WORDS = {"https", "http", "alipay", "wechat", "weixin", "iphone", "android", "mini"}
_MOBILE = pattern(r"1[3-9]\d{9}")


def find(text: str, digits: str) -> Iterator[Found]:
    """This function will find the names; where a mobile number serves as one, it is left to the phones."""
    if not _HINT.search(text):
        return
    for match in _WECHAT.finditer(text):
        name = match["name"]
        bare_number = name.isdecimal() and match.start("name") and text[match.start("name") - 1].isalnum()
        if name in _WORDS or _MOBILE.fullmatch(name) or (bare_number and text[match.start("name") - 1] not in "号是为"):
            continue
        yield Found("wechat", name, *match.span("name"))
    for one in (_MARKED, _ADDED):
        for match in one.finditer(text):
            if match["name"] not in _WORDS:
                yield Found("wechat", match["name"], *match.span("name"))
    for match in (*_QQ.finditer(digits), *_AFTER_QQ.finditer(digits)):
        if not _MOBILE.fullmatch(match["name"]):
            yield Found("qq", match["name"], *match.span("name"))
