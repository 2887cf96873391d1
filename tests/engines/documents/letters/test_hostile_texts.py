"""Texts are data: whatever stands in a field is printed as it stands, and nothing is made of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouhu.engines.documents.letters import Heading, LetterRefused, Table, docx, kinds, letter
from tests.engines.documents.letters.hostile import BREAKS, KEPT, REMOVED
from tests.engines.documents.letters.samples import VALUES, said

MOST = {"annex": 20, "uscc": 18}
"""Characters of the shorter fields."""
ODD = st.sampled_from(
    [*REMOVED, *BREAKS[:2], *BREAKS[3:-1], "\t", *"{}%$<>&;'\"«»\\_", "守", "护", " ", "\u3000", "é", "👵"]
)
TEXTS = st.text(st.one_of(ODD, st.characters(exclude_categories=())), max_size=60)
MADE_BY_US = frozenset(
    re.findall(
        r"\w+",
        """
    Types Default Override Relationships Relationship styles docDefaults rPrDefault lang style name basedOn next
    qFormat settings evenAndOddHeaders characterSpacingControl compat compatSetting fonts font altName charset
    document body hdr ftr sectPr headerReference footerReference pgSz pgMar titlePg docGrid p pPr pStyle keepNext
    framePr widowControl pBdr top left bottom right tabs tab snapToGrid autoSpaceDE autoSpaceDN spacing ind jc
    outlineLvl r rPr rFonts color w sz szCs u t br fldSimple tbl tblPr tblW tblBorders insideH insideV tblLayout
    tblCellMar tblGrid gridCol tr trPr cantSplit tblHeader tc tcPr tcW vAlign
    """,
    )
)
"""Elements of our own parts; no link, no picture, no object and no field but ``fldSimple`` is among them."""


def filled(kind: str, text: str) -> dict[str, Any]:
    """This function will put one text into every field of a kind that takes texts, and fill the others from the sample."""
    values = dict(VALUES[kind])
    for name, field in kinds()[kind].fields.items():
        short = text[: MOST.get(name, 60)]
        match field.type:
            case "line":
                values[name] = short
            case "lines":
                values[name] = [short, f"乙{short[1:]}"]
            case "text":
                values[name] = [text, text]
            case "table":
                values[name] = Table([short, "乙"], [(short, text), (text, "丁")])
            case "body":
                values[name] = [text, Heading(short, 2), text, Table((), [(text, text)])]
    return values


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def check_harmless(content: bytes) -> None:
    """This function will see that every part is sound XML of our own elements, its only field being the page's number."""
    for name, part in parts(content).items():
        elements = list(ElementTree.fromstring(part).iter())
        assert {each.tag.rpartition("}")[2] for each in elements} <= MADE_BY_US, name
        fields = [list(each.attrib.values()) for each in elements if each.tag.endswith("}fldSimple")]
        assert fields == ([[" PAGE "]] if name in ("word/footer_odd.xml", "word/footer_even.xml") else []), name
        targets = [each.attrib for each in elements if each.tag.endswith("}Relationship")]
        assert all(re.fullmatch(r"(?:word/)?\w+\.xml", each["Target"]) for each in targets)
        assert not any("TargetMode" in each for each in targets)


def squeezed(texts: Sequence[str]) -> str:
    """This function will join texts without white space: a title parts at spaces too."""
    return re.sub(r"\s", "", "|".join(texts))


def kept(text: str, most: int = 60) -> str:
    """This function will say by other means than the code's what a field of one line keeps of a text."""
    seen = "".join(
        " " if sign == "\t" else sign for sign in text[:most] if sign == "\t" or sign in BREAKS or not hidden(sign)
    )
    return " ".join(
        line.strip() for line in re.split("|".join(map(re.escape, ("\r\n", *BREAKS[:-1]))), seen) if line.strip()
    )


def hidden(sign: str) -> bool:
    code = ord(sign)
    return (
        bool(re.fullmatch(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef]", sign))
        or code % 0x10000 >= 0xFFFE
        or sign in FORMATS
    )


FORMATS = frozenset(
    chr(code)
    for first, last in (
        (0xAD, 0xAD), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2),
        (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x206F), (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3),
        (0x1D173, 0x1D17A), (0xE0001, 0xE0001), (0xE0020, 0xE007F),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Unicode's category Cf, written out."""


def test_the_table_is_long_enough() -> None:
    assert len(dict(KEPT)) >= 300 and max(len(text) for text, _ in KEPT) == 60


@pytest.mark.parametrize("kind", kinds())
def test_hostile_texts_are_printed_as_they_stand(kind: str) -> None:
    """Each text of the table in every field of one of the kinds: the letter is opened again and every field is found in it."""
    for at, (text, expected) in enumerate(KEPT):
        if at % len(kinds()) != list(kinds()).index(kind):
            continue
        values = filled(kind, text)
        made = letter(kind, values)
        check_harmless(docx(made))
        lines = said(made)
        for name, value in values.items():
            if kinds()[kind].fields[name].type == "line":
                assert squeezed([kept(value, MOST.get(name, 60))]) in squeezed(lines), (name, text)
        assert any(expected in line for line in lines), text


def test_a_letter_of_hostile_texts_line_by_line() -> None:
    """The whole of a letter from top to bottom: nothing is added, nothing is lost, whatever the text."""
    for text, expected in KEPT:
        made = letter("circular", filled("circular", text) | {"head": "letter", "urgency": None})
        second = kept(f"乙{text[1:]}")
        whole = [
            expected, expected, f"关于{expected}的通报", f"{expected}、{second}：",
            expected, f"（一）{expected}", expected, expected, expected,
            f"附件：1.{expected}", f"2.{second}",
            expected, second, "2022年5月31日", f"（{expected}）", f"抄送：{expected}，{second}。",
        ]  # fmt: skip
        assert re.sub(r"\s", "", "".join(said(made))) == re.sub(r"\s", "", "".join(whole)), text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.sampled_from(sorted(kinds())), text=TEXTS)
def test_any_text_is_printed_or_refused(kind: str, text: str) -> None:
    values = filled(kind, text)
    try:
        made = letter(kind, values)
    except LetterRefused as refused:
        assert "缺少" in str(refused) and not all(
            kept(value, 500) for value in values.values() if isinstance(value, str)
        )
        return
    content = docx(made)
    check_harmless(content)
    assert docx(letter(kind, values)) == content
    lines = said(made)
    for name, value in values.items():
        if kinds()[kind].fields[name].type == "line":
            assert squeezed([kept(value, 500)]) in squeezed(lines)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_a_text_becomes_its_paragraphs(text: str) -> None:
    values = VALUES["official_letter"] | {"body": ["起", text, "止"]}
    lines = said(letter("official_letter", values))
    between = lines[lines.index("起") + 1 : lines.index("止")]
    assert " ".join(between) == kept(text)


@pytest.mark.parametrize("sign", BREAKS)
def test_breaks_of_lines(sign: str) -> None:
    lines = said(
        letter("official_letter", VALUES["official_letter"] | {"body": f"第一段{sign}第二段", "matter": f"甲{sign}乙"})
    )
    at = lines.index("第一段")
    assert lines[at + 1] == "第二段" and "关于甲 乙的函" in lines


@pytest.mark.parametrize("name", ["number", "matter", "issuer", "addressee", "contact"])
def test_names_without_end_are_refused(name: str) -> None:
    with pytest.raises(LetterRefused, match="最多"):
        letter("circular", VALUES["circular"] | {name: "长" * 10_000})
