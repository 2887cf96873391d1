"""A letter: the values of its fields, checked and put into the text of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouhu.engines.documents.letters import texts
from shouhu.engines.documents.letters.checking import Heading, Part, Table, checked
from shouhu.engines.documents.letters.kinds import Head, Kind, kinds

__all__ = ["Heading", "Letter", "LetterRefused", "Part", "Table", "day", "letter"]

_MOST_ADDRESSED = 6 * 28
"""Characters of addressees above the body: six lines."""
_FIELD = re.compile(r"\{(\w+)\}")


class LetterRefused(ValueError):
    """The letter cannot be made of these values; ``str()`` says which field lacks what, in Chinese."""


@dataclass(frozen=True)
class Letter:
    """
    A letter as it will be laid out, from top to bottom.

    A line break in ``title`` is where it parts. A ``str`` in ``body`` is a paragraph. The issuers sign; the first of
    them stands in the head.
    """

    kind: str
    head: Head
    title: str
    body: tuple[Part, ...]
    issuers: tuple[str, ...] = ()
    number: str = ""
    urgency: str = ""
    annex: str = ""
    addressees: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    dated_on: date | None = None
    contact: str = ""
    receipt: str = ""
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None

    @property
    def is_addressed_below(self) -> bool:
        """Whether the addressees are so many that they stand in the 版记: the first page must show the body (7.3.2)."""
        return texts.width("、".join(self.addressees)) > _MOST_ADDRESSED


def letter(kind: str, values: Mapping[str, Any]) -> Letter:
    """
    This function will make a letter of a kind (``kinds()``) from the values of its fields.

    :param values: by field name. A ``line`` is a ``str``; ``lines`` a ``str`` or a sequence of them; ``text`` the same,
        its line breaks parting paragraphs; ``date`` a ``date``; ``table`` a ``Table``; ``body`` a text, or a sequence
        of ``str``, ``Heading`` and ``Table``. ``None`` and texts without visible characters count as not given.
        Texts lose what cannot be seen (``texts.line``), and nothing else.
    :raises LetterRefused: a field is missing, unknown, of another type or too long; all faults in one sentence.
    """
    if kind not in kinds():
        raise LetterRefused(f"没有“{kind}”这种文书；可用的有：{'、'.join(kinds())}")
    form = kinds()[kind]
    given, faults = checked(form, values)
    head: Head = given.get("head", form.head)
    if head != "plain" and "issuer" not in given and not form.fields["issuer"].required:
        faults.append("有版头的文书缺少发文机关")
    if faults:
        raise LetterRefused(f"{form.name}不能生成：{'；'.join(faults)}。请补正后再生成")
    return Letter(
        kind=kind,
        head=head,
        title=_title(form, head, given),
        body=tuple(_rows(form, form.body, given, level=1)),
        issuers=given.get("issuer", ()),
        addressees=given.get("addressee", ()),
        receipt=form.receipt,
        **{
            name: given[name]
            for name in (
                "number", "urgency", "annex", "attachments", "dated_on", "contact", "copies_to", "printed_by", "printed_on",
            )
            if name in given
        },
    )  # fmt: skip


def day(on: date) -> str:
    """This function will write a day as GB/T 9704 asks: figures, the year in full, no leading zeros."""
    return f"{on.year}年{on.month}月{on.day}日"


def _title(form: Kind, head: Head, given: Mapping[str, Any]) -> str:
    """The title of the kind; where no head names the issuer, the title does."""
    named = head != "plain" or "{issuer}" in form.title or form.head == "plain"
    return _filled(form.title if named else "{issuer}" + form.title, given)


def _filled(text: str, given: Mapping[str, Any]) -> str:
    """A text of the kind with the values in it, in one pass: what stands in a value is never looked at again."""

    def said(match: re.Match[str]) -> str:
        value = given[match[1]]
        return day(value) if isinstance(value, date) else "、".join(value) if isinstance(value, tuple) else value

    return _FIELD.sub(said, text)


def _rows(form: Kind, rows: Any, given: Mapping[str, Any], level: int) -> list[Part]:
    parts: list[Part] = []
    for row in rows:
        match row:
            case {"say": text}:
                if all(name in given for name in _FIELD.findall(text)):
                    parts.append(_filled(text, given))
            case {"all": name}:
                parts += given.get(name, ())
            case {"number": name}:
                items = given.get(name, ())
                parts += [f"{at}.{item}" for at, item in enumerate(items, 1)] if len(items) > 1 else items
            case {"form": names}:
                cells = [(form.fields[name].label, _filled(f"{{{name}}}", given)) for name in names if name in given]
                parts += [Table((), tuple(cells))] if cells else []
            case {"heading": text, "of": inner}:
                if under := _rows(form, inner, given, level + 1):
                    parts += [Heading(text, level), *under]
    return parts
