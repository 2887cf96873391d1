"""What somebody wrote on a screen, read; nothing that can be understood is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shouhu.engines.text.entities.numerals import numeral
from shouhu.engines.text.normal import fold
from shouhu.ledgers.tips.actions import Form, Paper
from shouhu.ledgers.tips.actions.taking import TEXT_AT_MOST
from shouhu.ledgers.tips.models import AGES
from shouhu.ledgers.tips.queries.places import Offered

Answers = dict[str, Any]
Wrong = dict[str, str]
"""Field → what is wrong with it."""
FIELDS = {
    "what": ("text", "moving"),
    "more": ("named", "code", "place", "happened", "sum", "victims", "age", "ongoing"),
    "last": ("who", "name", "phone"),
}
"""What each screen asks."""
LINE_AT_MOST = 200
WRITTEN_AT_MOST = TEXT_AT_MOST - 2 * LINE_AT_MOST - 50
"""Characters on the first screen; sums and numbers that make none are added to them."""
_LARGEST_FEN = 10**15
_VAGUE = re.compile(
    r"大概|大约|差不多|左右|上下|共|约|近|快|一共|总共|多|余|来|人民币|元|块|钱|圆|¥|个|位|名|老人|人|\s"
)


def taken(screen: str, sent: QueryDict) -> Answers:
    """This function will give what was written on a screen, cut to what can be kept."""
    found = {}
    for name in FIELDS[screen]:
        at_most = 2 * TEXT_AT_MOST if name == "text" else LINE_AT_MOST
        found[name] = sent.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:at_most]
    return found


def wrong(screen: str, answers: Answers, places: Offered) -> Wrong:
    """This function will say what must be put right before the next screen."""
    found: Wrong = {}
    if screen == "what":
        if not answers["text"]:
            found["text"] = _("请先写下发生了什么，一两句话也可以。")
        elif len(answers["text"]) > WRITTEN_AT_MOST:
            found["text"] = _("文字太长，最多%(n)s个字。写不下的，最后一步可以交文件。") % {"n": WRITTEN_AT_MOST}
    if screen == "more" and not places.code and not places.has(answers["code"]):
        found["code"] = _("请选是哪里的事，这样才知道交给谁办。")
    if screen == "last" and answers["who"] == "named" and not (answers["name"] or answers["phone"]):
        found["name"] = _("请写下姓名或电话；不想留，就选“不留姓名”。")
    return found


def sum_fen(text: str) -> int | None:
    """This function will read a sum as people write it (三万五, 3.5万, 35,000元左右), in fen."""
    number = _number(text)
    fen = round(number * 100) if number else 0
    return fen if 0 < fen < _LARGEST_FEN else None


def n_victims(text: str) -> int | None:
    """This function will read how many people somebody means."""
    number = _number(text)
    return int(number) if number and number == int(number) and number < 1_000_000 else None


def _number(text: str) -> float | None:
    return numeral(_VAGUE.sub("", fold(text).text))


def form_of(answers: Mapping[str, Any], places: Offered, papers: list[Paper]) -> Form:
    """
    This function will put the answers of all screens together, as the office takes them in.

    A sum or a number of people that makes no number (好几万) is not lost: it is added to the text in the words used.
    """
    code, text = answers.get("code", ""), answers["text"]
    told = {name: answers[name] for name in ("named", "place", "happened") if answers.get(name)}
    for name, asked, read in (("sum", "大概多少钱", sum_fen), ("victims", "几位老人", n_victims)):
        if answers.get(name) and read(answers[name]) is None:
            text += f"\n{asked}：{answers[name]}"
    identity = {name: answers[name] for name in ("name", "phone") if answers.get(name)}
    return Form(
        key=answers["key"],
        channel="public",
        code=code if places.has(code) else places.code,
        text=text,
        told=told,
        sum_fen=sum_fen(answers.get("sum", "")),
        n_victims=n_victims(answers.get("victims", "")),
        is_ongoing={"yes": True, "no": False}.get(answers.get("ongoing", "")),
        is_urgent=answers.get("moving") == "yes",
        age_band=answers.get("age", "") if answers.get("age") in AGES else "",
        identity=identity if answers.get("who") == "named" and identity else None,
        papers=papers,
    )
