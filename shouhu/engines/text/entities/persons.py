"""Persons: whom an account belongs to, and who is named after a word for a part he plays (老板 负责人 老人 其母)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import any_of
from shouhu.engines.text.entities.words import words

_SURNAME = f"(?:{any_of(words('double_surnames'))}|[{''.join(words('surnames'))}])"
_STOP = "".join(words("after_names"))
_GIVEN = rf"(?:某某?|[一-鿿]{{2}}(?=[^一-鿿]|$)|[一-鿿](?:(?![{_STOP}])[一-鿿])?)"
_ACCOUNT = re.compile(
    rf"(?:户名|开户名|账户名称?|帐户名称?|户主|开户人|收款人|收款方|收款户名|持卡人|姓名|真名|实名|名字"
    rf"|账户人)(?:都?是|叫|为|显示|写的?是?|名|:|,| |\(){{0,3}}({_SURNAME}{_GIVEN}|\*[一-鿿]{{1,2}}"
    rf"|[一-鿿]\*[一-鿿]?)"
)
_PART = re.compile(
    rf"(?:法定代表人|法人代表|法人|负责人|实控人|实际控制人|老板娘?|经理|店长|院长|总监|主任|讲师"
    rf"|联系人|业务员|推销员|股东|会计|经办人|举报人|受害人|被害人|当事人|老人|大爷|大妈|老太太?|老汉"
    rf"|患者|居民|村民|市民|我妈|我爸|母亲|父亲"
    rf"|妈妈|爸爸|爷爷|奶奶|婆婆|公公|外婆|姥姥|老伴|邻居|儿子|女儿|其母|其父|其子|其女|嫌疑人"
    rf"|犯罪嫌疑人|叫做?|名叫|姓名|自称|网格员|本人|我叫)(?:是|叫|为|名叫|:"
    rf"| ){{0,2}}({_SURNAME}{_GIVEN})"
    rf"(?=[^一-鿿]|$|[{_STOP}])"
)
_NOT_NAMES = re.compile(
    r"金融|高息|金额|万元|安全|安心|康养|文化|华夏|安排|向我|关于|常来|常去|时候|成立|解释|连锁|全部"
    r"|应该|明明|保证|保健|保本|和我|商量|单独|原来|计划|冷静|来了|高兴|严重|易|方面|马上|于|钱|房|路"
    r"|时|项目|管理|简单|包括|强行|连夜|都|台|成天|向|位|来|原|应|等"
)
_ROLE_WORD = re.compile(r"先生|女士|老师|主任|经理|老板|大夫|医生|总|哥|姐|大爷|大妈|阿姨|叔|婆|家")
_NAME = re.compile(rf"{_SURNAME}[一-鿿]{{1,2}}")
_TITLED = re.compile(
    r"(?:老师|主任|经理|老板|医生|大夫|律师|队长|院长|书记|某|教授|科长|班长|司令|师傅|警官|会计|太太?"
    r"|阿?婆|夫子|奶奶|爷爷|大哥|大姐|伯伯?|[哥姐叔婶])$"
)
_HINT = re.compile(r"[户名人法老板经理长监任师员东计爷妈太汉者民母父爸奶公婆姥伴居儿女子叫称]")


def is_name(text: str) -> bool:
    """This function will tell whether a word may be the name of a person in full: no title, no pet name."""
    return bool(_NAME.fullmatch(text)) and not (
        _NOT_NAMES.match(text) or _ROLE_WORD.match(text, 1) or _TITLED.search(text)
    )


def find(text: str) -> Iterator[Found]:
    """This function will find names of persons; a surname with a title (周主任) is none."""
    for match in _ACCOUNT.finditer(text):
        yield Found("person", match[1], *match.span(1))
    if not _HINT.search(text):
        return
    for match in _PART.finditer(text):
        name = match[1]
        if not (_NOT_NAMES.match(name) or _ROLE_WORD.match(name, 1)):
            yield Found("person", name, *match.span(1))
