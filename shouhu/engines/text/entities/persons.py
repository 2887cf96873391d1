"""Persons: whom an account belongs to, and who is named after a word for a part he plays (老板 负责人 老人 其母)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouhu.engines.text.entities.entity import Found
from shouhu.engines.text.entities.patterns import pattern
from shouhu.engines.text.entities.words import Words, words

_SURNAMES = frozenset("".join(words("surnames")))
_DOUBLE_SURNAMES = frozenset(words("double_surnames"))
_STOP = frozenset("".join(words("after_names")))
_OWNER, _PART = Words(words("account_owners")), Words(words("persons"))
_LAST_SIGN = pattern(f"[{''.join({word[-1] for word in [*words('account_owners'), *words('persons')]})}]")
_IS = pattern(r"(?:都?是|叫|为|显示|写的?是?|名|:|,| |\(){0,3}")
_PLAYS = pattern(r"(?:是|叫|为|名叫|:| ){0,2}")
_STARRED = pattern(r"\*[一-鿿]{1,2}|[一-鿿]\*[一-鿿]?")
_NOT_NAMES = pattern(
    r"金融|高息|金额|万元|安全|安心|康养|文化|华夏|安排|向我|关于|常来|常去|时候|成立|解释|连锁|全部"
    r"|应该|明明|保证|保健|保本|和我|商量|单独|原来|计划|冷静|来了|高兴|严重|易|方面|马上|于|钱|房|路"
    r"|时|项目|管理|简单|包括|强行|连夜|都|台|成天|向|位|来|原|应|等"
)
_ROLE_WORD = pattern(r"先生|女士|老师|主任|经理|老板|大夫|医生|总|哥|姐|大爷|大妈|阿姨|叔|婆|家")
_TITLED = pattern(
    r"(?:老师|主任|经理|老板|医生|大夫|律师|队长|院长|书记|某|教授|科长|班长|司令|师傅|警官|会计|太太?"
    r"|阿?婆|夫子|奶奶|爷爷|大哥|大姐|伯伯?|[哥姐叔婶])$"
)


def is_name(text: str) -> bool:
    """This function will tell whether a word may be the name of a person in full: no title, no pet name."""
    return (
        len(text) in (_surname(text, 0) + 1, _surname(text, 0) + 2)
        and _surname(text, 0) > 0
        and all(map(_is_written, text))
        and not (_NOT_NAMES.match(text) or _ROLE_WORD.match(text, 1) or _TITLED.search(text))
    )


def find(text: str) -> Iterator[Found]:
    """This function will find names of persons; a surname with a title (周主任) is none."""
    for sign in _LAST_SIGN.finditer(text):
        at = sign.end()
        if _OWNER.end(text, at) and (owner := _owner(text, at)):
            yield owner
        if _PART.end(text, at) and (player := _player(text, at)):
            yield player


def _owner(text: str, at: int) -> Found | None:
    """Whom an account belongs to, as named behind 户名; banks show no more of a name than *芳."""
    start = _behind(_IS, text, at)
    starred = _STARRED.match(text, start)
    end = starred.end() if starred else next(_ends(text, start), None)
    return Found("person", text[start:end], start, end) if end else None


def _player(text: str, at: int) -> Found | None:
    """Who is named behind a word for the part he plays."""
    start = _behind(_PLAYS, text, at)
    for end in _ends(text, start):
        if not _is_written(text[end : end + 1]) or text[end] in _STOP:
            name = text[start:end]
            return None if _NOT_NAMES.match(name) or _ROLE_WORD.match(name, 1) else Found("person", name, start, end)
    return None


def _behind(words: re.Pattern[str], text: str, at: int) -> int:
    match = words.match(text, at)
    return match.end() if match else at


def _ends(text: str, start: int) -> Iterator[int]:
    """Where a name may end that begins at a place, the likeliest first."""
    given = start + _surname(text, start)
    if given == start or not _is_written(text[given : given + 1]):
        return
    if text[given] == "某":
        yield given + 1 + text.startswith("某", given + 1)
    second = text[given + 1 : given + 2]
    if _is_written(second) and (second not in _STOP or not _is_written(text[given + 2 : given + 3])):
        yield given + 2
    yield given + 1


def _surname(text: str, at: int) -> int:
    """How many signs the surname has that begins at a place."""
    return 2 if text[at : at + 2] in _DOUBLE_SURNAMES else int(text[at : at + 1] in _SURNAMES)


def _is_written(sign: str) -> bool:
    return "一" <= sign <= "鿿"
