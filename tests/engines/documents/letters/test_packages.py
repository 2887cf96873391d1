"""The files themselves: the same bytes, sound by the schema of Office Open XML, with the fonts and styles that offices have."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Mm, Pt
from openxml_audit import OpenXmlValidator

from shouhu.engines.documents.letters import Table, docx, kinds, letter
from shouhu.engines.documents.letters.kinds import Head
from shouhu.engines.documents.letters.page import TEXT
from shouhu.engines.documents.letters.tables import shared
from shouhu.engines.documents.letters.texts import parted
from shouhu.engines.plans.word import read_docx
from tests.engines.documents.letters.samples import OFFICE, VALUES, said, sample

WORDS = ("养老诈骗", "专项行动", "领导小组", "办公室")


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("head", ["red", "letter", "plain"])
def test_letters_are_sound(tmp_path: Path, kind: str, head: Head) -> None:
    path = tmp_path / "letter.docx"
    issuer = VALUES[kind].get("issuer", OFFICE)
    path.write_bytes(
        docx(sample(kind, head=head, issuer=issuer, urgency="特急", printed_by="办公室", attachments=["甲", "乙"]))
    )
    errors = [str(error) for error in OpenXmlValidator().validate(path).errors]
    assert [
        error for error in errors if not error.endswith("relationships/theme' is missing.")
    ] == []  # a theme is optional


@pytest.mark.parametrize("kind", kinds())
def test_the_same_letter_gives_the_same_bytes(kind: str) -> None:
    content = docx(sample(kind))
    assert docx(sample(kind)) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_fonts_and_sizes_are_those_of_the_standard() -> None:
    styles = Document(io.BytesIO(docx(sample("circular")))).styles
    looks = {
        style.name: (style.font.name, style.font.size)
        for style in styles
        if style.type == WD_STYLE_TYPE.PARAGRAPH and style.font.size
    }
    assert looks["Normal"] == ("仿宋_GB2312", Pt(16))
    assert looks["Title"] == ("方正小标宋简体", Pt(22))
    assert looks["Heading 1"] == ("黑体", Pt(16)) and looks["Heading 2"] == ("楷体_GB2312", Pt(16))
    assert looks["Heading 3"] == looks["Heading 4"] == ("仿宋_GB2312", Pt(16))
    assert looks["版记"] == ("仿宋_GB2312", Pt(14)) and looks["公文页码"] == ("宋体", Pt(14))
    assert styles["Normal"].paragraph_format.line_spacing == Pt(28.95)


def test_the_page_is_that_of_the_standard() -> None:
    section = Document(io.BytesIO(docx(sample("circular")))).sections[0]
    lengths = section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin
    assert [round(length / Mm(1), 1) for length in lengths if length] == [210, 297, 37, 35, 28]
    assert section.right_margin and round(section.right_margin / Mm(1), 1) == 26


def test_a_machine_without_the_fonts_is_told_what_to_take() -> None:
    with zipfile.ZipFile(io.BytesIO(docx(sample("circular")))) as archive:
        table = archive.read("word/fontTable.xml").decode()
    assert re.findall(r'w:name="([^"]+)"><w:altName w:val="([^"]+)"', table) == [
        ("仿宋_GB2312", "仿宋"),
        ("方正小标宋简体", "宋体"),
        ("楷体_GB2312", "楷体"),
    ]


def test_headings_are_found_by_the_reader_of_plans(tmp_path: Path) -> None:
    path = tmp_path / "总结.docx"
    path.write_bytes(docx(sample("summary")))
    headings = [line.text for line in read_docx(path) if line.kind == "heading"]
    assert headings[-4:] == ["一、主要做法", "（一）排查", "1.台账", "（1）机构"]


@pytest.mark.parametrize(
    ("wanted", "widths"),
    [
        ([1000, 1000], [TEXT // 2, TEXT - TEXT // 2]),
        ([1000, 20_000, 20_000], [1000, (TEXT - 1000) // 2, TEXT - 1000 - (TEXT - 1000) // 2]),
        ([100, 20_000], [680, TEXT - 680]),
        ([20_000] * 12, [TEXT // 12] * 11 + [TEXT - TEXT // 12 * 11]),
    ],
)
def test_columns_share_the_width_of_the_text(wanted: list[int], widths: list[int]) -> None:
    found = shared(wanted)
    assert sum(found) == TEXT
    assert all(abs(width - other) <= 1 for width, other in zip(found, widths, strict=True))


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("临水区民政局", 20, ["临水区民政局"]),
        ("临水区打击整治养老诈骗专项行动领导小组办公室", 20, ["临水区打击整治养老诈骗", "专项行动领导小组办公室"]),
        ("临水区打击整治养老诈骗专项行动领导小组办公室", 10, ["临水区打击整治", "养老诈骗专项行动", "领导小组办公室"]),
        ("关于《某某办法》的意见", 8, ["关于《某某", "办法》的意见"]),
        ("A" * 50, 10, ["A" * 50]),
        ("甲" * 30, 20, ["甲" * 15, "甲" * 15]),
        ("e\u0301" * 30, 10, ["e\u0301" * 15, "e\u0301" * 15]),
        ("，" * 30, 10, ["，" * 30]),
    ],
)
def test_long_lines_part_between_words(text: str, most: float, lines: list[str]) -> None:
    assert parted(text, most, WORDS) == lines


def test_tables_stand_apart_and_never_end_a_document() -> None:
    small = Table(("甲",), [("一",)])
    made = letter("summary", {"heading": "总结", "body": [small, small]})
    document = Document(io.BytesIO(docx(made)))
    tags = [each.tag.rpartition("}")[2] for each in document.element.body]
    assert tags == ["p", "p", "tbl", "p", "tbl", "p", "sectPr"]
    assert said(made) == ["总结", "甲", "一", "甲", "一"]
