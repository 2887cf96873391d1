"""Links: with and without scheme, short ones, and those whose dots were written 。 or 点 to slip past filters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern

_TOP = (
    r"(?:ac|ai|app|ar|art|asia|au|baby|band|bar|beauty|bet|bid|bio|biz|blog|boats|bond|bot|br|business|buzz|ca"
    r"|cab|cafe|camp|capital|cards|care|cash|cc|center|cf|cfd|ch|chat|city|cl|click|clinic|cloud|club|cm|cn|co"
    r"|coach|codes|coffee|com|company|cool|cr|credit|cx|cyou|de|deals|delivery|dental|design|dev|digital|direct|dk"
    r"|doctor|edu|email|es|eu|events|exchange|expert|express|faith|family|fans|farm|fi|finance|fit|foundation|fr"
    r"|fun|fund|fyi|ga|games|gay|gd|gift|gifts|gl|global|gold|gov|green|group|gs|gt|guide|guru|hair|health|help|hk"
    r"|homes|hospital|host|house|how|icu|im|immo|in|inc|info|ink|insure|investments|io|is|it|jobs|jp|kh|kim|kr"
    r"|kz|la|land|lat|lc|lease|legal|lgbt|life|link|live|loan|loans|lol|love|ltd|luxe|ly|makeup|management|market"
    r"|markets|mba|me|media|men|ml|mm|mobi|moe|mom|money|monster|mov|mx|my|net|network|news|ng|ninja|nl|no"
    r"|observer|one|ong|online|org|organic|page|partners|party|pe|ph|photos|pics|pink|pizza|pl|plus|poker|press"
    r"|pro|promo|properties|protection|pub|pw|quest|racing|realty|red|ren|rent|rentals|rest|review|reviews|rich"
    r"|rip|rocks|rodeo|ru|run|sale|sbs|school|science|se|season|services|sg|sh|shoes|shop|shopping|show|site|ski"
    r"|skin|so|soccer|social|solutions|space|st|storage|store|studio|style|supply|support|surf|surgery|systems|tax"
    r"|team|tech|technology|th|tickets|tips|tj|tk|to|today|top|tours|town|toys|trade|trading|training|travel"
    r"|tv|tw|uk|university|uno|us|vacations|vc|ventures|vet|video|villas|vip|vn|vote|voyage|vu|wang|watch|webcam"
    r"|website|wedding|wiki|win|wine|work|works|world|ws|xin|xyz|yachts|yoga|za|zone)"
)
_FILES = r"(?!(?:jpe?g|png|gif|pdf|docx?|xlsx?|pptx?|txt|zip|rar|mp[34]|apk|exe|html?|php|js|css)(?![a-z]))"
_TAIL = r"(?::\d{2,5})?(?:[/?#][\w\-./?%&=+#~:@!$,;*]*)?"
_SCHEME = pattern(r"(?:h ?t ?t ?p(?: ?s)?|hxxps?) ?[:;] ?/ ?/? ?([a-z0-9][\w\-.]*" + _TAIL + ")", re.ASCII)
_BARE = pattern(
    rf"(?<![a-z0-9@._/-])((?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,5}}"
    rf"(?:{_TOP}(?![a-z0-9-]|\.[a-z0-9])|{_FILES}[a-z]{{3,12}}(?=/[a-z0-9]))" + _TAIL + ")",
    re.ASCII,
)
_ADDRESS = pattern(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3}(?::\d{2,5}(?:/[\w\-./?%&=]*)?|/[\w\-./?%&=]+))", re.ASCII)
# A dot that is none, or has a space beside it; words of the name may then have spaces between them.
_DOT = r"(?: ?[。·] ?| ?点 ?| ?\(dot\) ?| dot | \. ?|\. )"
_ODD = pattern(
    rf"(?<![a-z0-9@._/-])((?:(?:www|m|h5|app|wap)(?:{_DOT}"
    rf"|\.))?[a-z0-9][a-z0-9-]{{0,30}}(?: (?!www)[a-z0-9-]{{1,20}}){{0,2}}"
    rf"(?:(?:{_DOT}|\.)[a-z0-9-]{{1,30}}){{0,2}}{_DOT}{_TOP}(?:(?:{_DOT}|\.)cn)?(?![a-z0-9-])" + _TAIL + ")",
    re.ASCII,
)
_LABELLED = pattern(
    rf"(?:网址|网站|链接|官网|登录|登陆|打开|点击|访问)[是为: ]{{0,2}}((?!app |www "
    rf"|http)[a-z0-9-]{{2,20}}(?: [a-z0-9-]{{1,20}}){{1,2}}\.{_TOP}(?![a-z0-9-])" + _TAIL + ")",
    re.ASCII,
)
_SPACED = pattern(
    rf"(?<![a-z0-9@._/-])((?:www|m|h5|wap)\.[a-z0-9-]{{1,30}}(?: [a-z0-9-]{{1,20}}){{1,2}}\.{_TOP}(?![a-z0-9-])"
    + _TAIL
    + ")",
    re.ASCII,
)
_DOTS = pattern(r"[。·点]|\(dot\)")
_HINT = pattern(r"[a-z0-9] ?(?:[.。·点]|\(?dot\)?) ?[a-z]{2}|//|\d\.\d{1,3}\.\d", re.ASCII)
_LATIN = pattern("[a-z]")
_LEAD = pattern(r"(?:app|url|vx|qq|wx|id|http|https) ")
_EDGE = ".,;:!?)'\"-/"


def find(text: str) -> Iterator[Found]:
    """This function will find the links of a folded text: in lower case, without scheme and closing stroke."""
    if not (_LATIN.search(text) or text.count(".") > 2) or not _HINT.search(text):
        return
    for one in (_SCHEME, _SPACED, _LABELLED, _BARE, _ADDRESS):
        for match in one.finditer(text):
            link = match[1].rstrip(_EDGE)
            start = match.start() if one is _SCHEME else match.start(1)
            yield Found("url", link.replace(" ", ""), start, match.start(1) + len(link))
    for match in _ODD.finditer(text):
        start, written = match.start(), match[1]
        if lead := _LEAD.match(written):
            start, written = start + lead.end(), written[lead.end() :]
        link = written.rstrip(_EDGE)
        yield Found("url", _DOTS.sub(".", link.replace(" dot ", ".")).replace(" ", ""), start, start + len(link))
