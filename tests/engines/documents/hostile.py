"""Makers of hostile, damaged and mistaken files, in two lists: what must be refused, and what must be read as text."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.engines.documents.offices import packed, small_workbook

SHEET = "xl/worksheets/sheet1.xml"
Maker = Callable[[Path], Path]
REFUSED: list[Maker] = []
READ_AS_TEXT: list[Maker] = []


def refused(make: Maker) -> Maker:
    """A file that must be refused."""
    REFUSED.append(make)
    return make


def harmless(make: Maker) -> Maker:
    """A file that looks dangerous and must be read without harm."""
    READ_AS_TEXT.append(make)
    return make


def xlsx(path: Path, **changes: bytes | None) -> Path:
    """A sound workbook with some parts replaced (``sheet``, ``workbook``, ``styles``, ``types``) or added."""
    names = {"sheet": SHEET, "workbook": "xl/workbook.xml", "styles": "xl/styles.xml", "types": "[Content_Types].xml"}
    entries = small_workbook()
    for name, content in changes.items():
        key = names.get(name, name)
        if content is None:
            del entries[key]
        else:
            entries[key] = content
    return packed(path / "台账.xlsx", entries)


def sheet(cells: str, after: str = "", before: str = "") -> bytes:
    """The XML of a sheet with a known head and more cells."""
    head = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{title}</t></is></c>'
        for letter, title in zip("ABC", ("机构名称", "床位数", "地址"), strict=True)
    )
    name = '<row r="2"><c r="A2" t="inlineStr"><is><t>甲院</t></is></c><c r="B2"><v>3</v></c></row>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1">{head}</row>{name}{cells}</sheetData>{after}</worksheet>'
    ).encode()


def cell(address: str, text: str = "x") -> str:
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{address}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def directory(path: Path, change: Callable[[bytearray], None]) -> Path:
    """A sound workbook whose bytes are tampered with afterwards."""
    made = xlsx(path)
    raw = bytearray(made.read_bytes())
    change(raw)
    made.write_bytes(bytes(raw))
    return made


# --- bombs


@refused
def flat_bomb(path: Path) -> Path:
    return xlsx(path, sheet=sheet(f"<!-- {' ' * 40_000_000} -->"))


@refused
def bomb_of_equal_cells(path: Path) -> Path:
    return xlsx(path, sheet=sheet('<row r="3"><c r="A3"><v>1</v></c></row>' * 500_000))


@refused
def bomb_of_shared_strings(path: Path) -> Path:
    relations = small_workbook()["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rZ" Target="bomb.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    strings = b"<sst>" + b"<si><t>" + b"A" * 30_000_000 + b"</t></si></sst>"
    return xlsx(path, **{"xl/bomb.xml": strings, "xl/_rels/workbook.xml.rels": relations})


@refused
def bomb_of_styles(path: Path) -> Path:
    return xlsx(path, styles=b"<styleSheet><cellXfs>" + b'<xf numFmtId="0"/>' * 2_000_000 + b"</cellXfs></styleSheet>")


@refused
def many_entries(path: Path) -> Path:
    return packed(path / "台账.xlsx", {**small_workbook(), **{f"a/{n}": b"" for n in range(6_000)}})


@refused
def overlapping_entries(path: Path) -> Path:
    made = xlsx(path)
    with zipfile.ZipFile(made) as archive:
        offsets = [info.header_offset for info in archive.infolist()]
    raw = made.read_bytes()
    at = raw.rfind(b"PK\x01\x02")
    return put(made, raw[: at + 42] + struct.pack("<L", offsets[0]) + raw[at + 46 :])


@refused
def doubled_names(path: Path) -> Path:
    made = path / "台账.xlsx"
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in small_workbook().items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(SHEET, sheet(""))
    return made


@refused
def sizes_that_lie(path: Path) -> Path:
    """The directory says the sheet is small; what it unpacks to is not."""
    made = xlsx(path, sheet=sheet(cell("A3", "y" * 5_000_000)))
    raw = bytearray(made.read_bytes())
    at = 0
    while (at := raw.find(b"PK\x01\x02", at + 1)) >= 0:
        if bytes(raw[at + 46 : at + 46 + len(SHEET)]) == SHEET.encode():
            struct.pack_into("<L", raw, at + 24, 1_000)
    return put(made, bytes(raw))


@refused
def odd_compression(path: Path) -> Path:
    made = path / "台账.xlsx"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in small_workbook().items():
            archive.writestr(name, content)
    return made


@refused
def encrypted_entries(path: Path) -> Path:
    def change(raw: bytearray) -> None:
        at = 0
        while (at := raw.find(b"PK\x01\x02", at + 1)) >= 0:
            raw[at + 8] |= 1

    return directory(path, change)


@refused
def ods_of_repeated_cells(path: Path) -> Path:
    row = (
        '<table:table-row table:number-rows-repeated="1000000">'
        + '<table:table-cell table:number-columns-repeated="1000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    return _ods(path, f'<table:table table:name="a">{row}</table:table>')


@refused
def ods_with_entities(path: Path) -> Path:
    return _ods(
        path, '<table:table table:name="&b;"/>', '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    )


@refused
def ods_of_letters(path: Path) -> Path:
    return packed(
        path / "台账.ods",
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": _NAMES + b"<office:body><office:text/></office:body></office:document-content>",
        },
    )


@refused
def ods_that_is_encrypted(path: Path) -> Path:
    return packed(
        path / "台账.ods", {"META-INF/manifest.xml": b"<m><encryption-data/></m>", "content.xml": os.urandom(500)}
    )


# --- what stands in the XML


@refused
def external_entity(path: Path) -> Path:
    return xlsx(
        path, sheet=sheet(cell("C3", "&x;"), before='<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    )


@refused
def billion_laughs(path: Path) -> Path:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return xlsx(path, sheet=sheet(cell("C3", "&l9;"), before=f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{laughs}]>'))


@refused
def entities_in_the_strings(path: Path) -> Path:
    return xlsx(path, workbook=b'<!DOCTYPE x [<!ENTITY a "b">]>' + small_workbook()["xl/workbook.xml"])


@refused
def xml_in_another_encoding(path: Path) -> Path:
    return xlsx(path, sheet=sheet("").decode().replace("UTF-8", "UTF-16").encode("utf-16"))


@refused
def far_columns(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("XFD3")))


@refused
def columns_that_do_not_exist(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("ZZZZ3")))


@refused
def rows_that_do_not_exist(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("A1048577")))


@refused
def rows_in_disorder(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("A9") + cell("A5")))


@refused
def addresses_of_other_rows(path: Path) -> Path:
    return xlsx(path, sheet=sheet('<row r="3"><c r="A77"><v>1</v></c></row>'))


@refused
def millions_of_merged_cells(path: Path) -> Path:
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 200_000))
    return xlsx(path, sheet=sheet("", after=f"<mergeCells>{merged}</mergeCells>"))


@refused
def sheet_cut_off(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("A3"))[:-40])


@refused
def sheet_absent(path: Path) -> Path:
    return xlsx(path, sheet=None)


@refused
def wide_rows_many_times(path: Path) -> Path:
    """Tens of thousands of rows with one cell in column 495 each: little to unpack, very much to hold."""
    return xlsx(
        path,
        sheet=sheet("".join(f'<row r="{n}"><c r="SA{n}"><v>{n * 7919 % 1000}</v></c></row>' for n in range(3, 45_000))),
    )


# --- what looks dangerous and is read


@harmless
def dimensions_that_lie(path: Path) -> Path:
    return xlsx(
        path, sheet=sheet(cell("A5"), before="").replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    )


@harmless
def a_last_row(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("A1048576")))


@harmless
def formatted_down_to_the_end(path: Path) -> Path:
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(3, 80_000))
    return xlsx(path, sheet=sheet(blank))


@harmless
def endless_text(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("C3", "长" * 300_000)))


@harmless
def unknown_entity(path: Path) -> Path:
    return xlsx(path, sheet=sheet(cell("C3", "&xxe;&#0;&#xD800;&#99999999;")))


@harmless
def formulas_that_call_programs(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path / "台账.xlsx"))
    page = book.add_worksheet()
    for at, text in enumerate(("机构名称", "地址", "床位数")):
        page.write_string(0, at, text)
    page.write_string(1, 0, "=cmd|'/c calc'!A1")
    page.write_formula(1, 1, '=HYPERLINK("http://example.invalid","x")', None, "+SUM(1)")
    page.write_string(1, 2, "@SUM(1)")
    book.close()
    return path / "台账.xlsx"


@harmless
def unclosed_tags_by_the_thousand(path: Path) -> Path:
    """Patterns that make careless regular expressions run forever."""
    return xlsx(
        path,
        sheet=sheet('<row r="3"><c r="C3" t="inlineStr"><is>' + "<rPh" * 50_000 + "<t " * 50_000 + "</is></c></row>"),
    )


@harmless
def csv_of_formulas(path: Path) -> Path:
    return put(path / "台账.csv", "机构名称,地址\n=1+1,@x\n-甲,+乙\n\x00丙\x1b,丁\n".encode())


_NAMES = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
)


def _ods(path: Path, tables: str, before: str = "") -> Path:
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    return packed(path / "台账.ods", {"content.xml": before.encode() + _NAMES + body.encode()})


def put(path: Path, content: bytes) -> Path:
    """This function will write a file and give its path."""
    path.write_bytes(content)
    return path
