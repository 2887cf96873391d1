"""Links: with and without scheme, short ones, and those whose dots were written 。 or 点 to slip past filters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.entity import Found

_TOP = (
    r"(?:com|net|org|gov|edu|cn|cc|top|vip|xyz|club|shop|site|online|app|info|biz|tv|io|co|me|pro|ltd"
    r"|fun|work|link|live|win|bid|loan"
    r"|icu|tech|store|wang|ren|mobi|asia|hk|tw|us|uk|jp|ru|in|im|la|pw|ink|red|kim|group|world|today"
    r"|life|love|cloud|ai|la|so|tk|ml|ga|cf"
    r"|lc|gs|ws|st|cx|ac|vc|pub|art|mom|sbs|cfd|cyou|bond|space|website|press|plus|fund|finance|money|mba|ski|cool|run|ws|to|ly|gl|gd|is|sh|sg|my|vn|kr|eu|de|fr)"
)
_TAIL = r"(?::\d{2,5})?(?:[/?#][\w\-./?%&=+#~:@!$,;*]*)?"
_SCHEME = re.compile(r"(?:https?|hxxps?)[:;]//?[ ]?([a-z0-9][\w\-.]*" + _TAIL + ")", re.ASCII)
_BARE = re.compile(
    rf"(?<![a-z0-9@._/-])((?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,5}}{_TOP}(?![a-z0-9-]|\.[a-z0-9])" + _TAIL + ")", re.ASCII
)
_ADDRESS = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3}(?::\d{2,5}(?:/[\w\-./?%&=]*)?|/[\w\-./?%&=]+))", re.ASCII)
# A dot that is none, or has a space beside it; words of the name may then have spaces between them.
_DOT = r"(?: ?[。·] ?| ?点 ?| ?\(dot\) ?| dot | \. ?|\. )"
_ODD = re.compile(
    rf"(?<![a-z0-9@._/-])((?:(?:www|m|h5|app|wap)(?:{_DOT}"
    rf"|\.))?[a-z0-9][a-z0-9-]{{0,30}}(?: [a-z0-9-]{{1,20}}){{0,2}}"
    rf"(?:(?:{_DOT}|\.)[a-z0-9-]{{1,30}}){{0,2}}{_DOT}{_TOP}(?:(?:{_DOT}|\.)cn)?(?![a-z0-9-])" + _TAIL + ")",
    re.ASCII,
)
_LABELLED = re.compile(
    rf"(?:网址|网站|链接|官网|登录|登陆|打开|点击|访问)[是为: ]{{0,2}}((?!app |www "
    rf"|http)[a-z0-9-]{{2,20}}(?: [a-z0-9-]{{1,20}}){{1,2}}\.{_TOP}(?![a-z0-9-])" + _TAIL + ")",
    re.ASCII,
)
_SPACED = re.compile(
    rf"(?<![a-z0-9@._/-])((?:www|m|h5|wap)\.[a-z0-9-]{{1,30}}(?: [a-z0-9-]{{1,20}}){{1,2}}\.{_TOP}(?![a-z0-9-])"
    + _TAIL
    + ")",
    re.ASCII,
)
_DOTS = re.compile(r"[。·点]|\(dot\)")
_HINT = re.compile(r"[a-z0-9] ?(?:[.。·点]|\(?dot\)?) ?[a-z]{2}|//|\d\.\d{1,3}\.\d", re.ASCII)
_LATIN = re.compile("[a-z]")
_LEAD = re.compile(r"(?:app|url|vx|qq|wx|id|http|https) ")
_EDGE = ".,;:!?)'\"-/"


def find(text: str) -> Iterator[Found]:
    """This function will find the links of a folded text: in lower case, without scheme and closing stroke."""
    if not (_LATIN.search(text) or text.count(".") > 2) or not _HINT.search(text):
        return
    for pattern in (_SCHEME, _SPACED, _LABELLED, _BARE, _ADDRESS):
        for match in pattern.finditer(text):
            link = match[1].rstrip(_EDGE)
            start = match.start() if pattern is _SCHEME else match.start(1)
            yield Found("url", link.replace(" ", ""), start, match.start(1) + len(link))
    for match in _ODD.finditer(text):
        start, written = match.start(), match[1]
        if lead := _LEAD.match(written):
            start, written = start + lead.end(), written[lead.end() :]
        link = written.rstrip(_EDGE)
        yield Found("url", _DOTS.sub(".", link.replace(" dot ", ".")).replace(" ", ""), start, start + len(link))
