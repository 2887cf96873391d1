"""Hostile, damaged and mistaken files: refused with a sentence or read as text, in bounded time and memory."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import xlsxwriter

from shouhu.engines.documents.grids.grid import RefusedInput
from shouhu.engines.documents.reading import read_registers
from tests.engines.documents.offices import packed, small_workbook, workbook

SHEET = "xl/worksheets/sheet1.xml"
SECONDS = 5
MEGABYTES = 300

Maker = Callable[[Path], Path]
MAKERS: list[Maker] = []
READ_AS_TEXT: list[Maker] = []


def refused(make: Maker) -> Maker:
    """A file that must be refused."""
    MAKERS.append(make)
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
    return _write(made, raw[: at + 42] + struct.pack("<L", offsets[0]) + raw[at + 46 :])


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
    return _write(made, bytes(raw))


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


# --- other kinds of files


@refused
def macros(path: Path) -> Path:
    return xlsx(path, **{"xl/vbaProject.bin": b"x"})


@refused
def macros_by_content_type(path: Path) -> Path:
    types = small_workbook()["[Content_Types].xml"].replace(
        b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )
    return xlsx(path, types=types)


@refused
def letter_as_workbook(path: Path) -> Path:
    return packed(
        path / "台账.xlsx",
        {"[Content_Types].xml": b"<Types><a ContentType='wordprocessingml'/></Types>", "word/document.xml": b"<x/>"},
    )


@refused
def plain_zip(path: Path) -> Path:
    return packed(path / "台账.xlsx", {"a.txt": b"hello"})


@refused
def zip_cut_off(path: Path) -> Path:
    made = xlsx(path)
    return _write(made, made.read_bytes()[:-200])


@refused
def zip_with_damaged_content(path: Path) -> Path:
    made = xlsx(path, sheet=sheet("".join(cell(f"A{n}", os.urandom(8).hex()) for n in range(3, 2_000))))
    with zipfile.ZipFile(made) as archive:
        at = archive.getinfo(SHEET).header_offset + 2_000
    raw = bytearray(made.read_bytes())
    raw[at] ^= 0xFF
    return _write(made, bytes(raw))


@refused
def empty(path: Path) -> Path:
    return _write(path / "台账.xlsx", b"")


@refused
def blanks(path: Path) -> Path:
    return _write(path / "台账.csv", b"\r\n  \r\n")


@refused
def text_as_workbook(path: Path) -> Path:
    return _write(path / "台账.xlsx", "机构名称,床位数\n甲,3\n".encode())


@refused
def web_page_as_xls(path: Path) -> Path:
    return _write(path / "台账.xls", "<html><table><tr><td>机构名称</td></tr></table></html>".encode())


@refused
def workbook_as_xls(path: Path) -> Path:
    return xlsx(path).rename(path / "台账.xls")


@refused
def workbook_as_csv(path: Path) -> Path:
    return xlsx(path).rename(path / "台账.csv")


@refused
def pdf_as_csv(path: Path) -> Path:
    return _write(path / "台账.csv", b"%PDF-1.7\n" + os.urandom(2_000))


@refused
def noise_as_csv(path: Path) -> Path:
    return _write(path / "台账.csv", Random(7).randbytes(5_000))


@refused
def noise_as_xls(path: Path) -> Path:
    return _write(path / "台账.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(8).randbytes(50_000))


@refused
def encrypted_workbook(path: Path) -> Path:
    return _write(
        path / "台账.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000) + "EncryptedPackage".encode("utf-16-le") + bytes(3_000),
    )


@refused
def noise_as_parquet(path: Path) -> Path:
    return _write(path / "台账.parquet", b"PAR1" + os.urandom(500) + struct.pack("<L", 400) + b"PAR1")


@refused
def csv_with_an_open_quote(path: Path) -> Path:
    return _write(path / "台账.csv", ('机构名称,床位数\n甲,3\n"乙,4\n' + "丙,5\n" * 1_000).encode())


@refused
def csv_with_an_endless_cell(path: Path) -> Path:
    return _write(path / "台账.csv", ("机构名称,床位数\n" + "甲" * 3_000_000 + ",3\n").encode())


@refused
def csv_with_endless_columns(path: Path) -> Path:
    return _write(path / "台账.csv", ("机构名称,床位数\n" + "1," * 2_000_000 + "\n").encode())


@pytest.mark.parametrize("suffix", [".et", ".wps", ".doc", ".docx", ".xlsm", ".xlsb", ".pdf", ".exe", ""])
def test_other_kinds_are_refused_with_what_to_do(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(RefusedInput, match="另存为"):
        read_registers([_write(tmp_path / f"台账{suffix}", b"x" * 100)])


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
    return _write(path / "台账.csv", "机构名称,地址\n=1+1,@x\n-甲,+乙\n\x00丙\x1b,丁\n".encode())


_NAMES = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
)


def _ods(path: Path, tables: str, before: str = "") -> Path:
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    return packed(path / "台账.ods", {"content.xml": before.encode() + _NAMES + body.encode()})


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_hostile_files_are_refused_in_good_time(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path)
    start = time.process_time()
    with pytest.raises(RefusedInput, match=r"^台账\.\w+：.{6,}"):
        read_registers([path])
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("make", READ_AS_TEXT, ids=lambda make: make.__name__)
def test_files_that_look_dangerous_are_read_without_harm(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path)
    start = time.process_time()
    register = read_registers([path])
    assert len(register) >= 1
    assert time.process_time() - start < SECONDS


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    register = read_registers([formulas_that_call_programs(tmp_path)])
    assert register.columns["name"] == ["=cmd|'/c calc'!A1"]
    assert register.columns["address"] == ["+SUM(1)"]
    register = read_registers([csv_of_formulas(tmp_path)])
    assert register.columns["name"] == ["=1+1", "-甲", "丙"]
    assert register.columns["address"] == ["@x", "+乙", "丁"]


MEASURE = """
import resource, sys
from pathlib import Path
from shouhu.engines.documents.reading import RefusedInput, read_registers
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[1:]:
    try:
        read_registers([Path(path)])
    except RefusedInput:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
_HEAVY = (
    flat_bomb, bomb_of_equal_cells, bomb_of_shared_strings, bomb_of_styles, many_entries, ods_of_repeated_cells, wide_rows_many_times,
    millions_of_merged_cells, a_last_row, formatted_down_to_the_end, csv_with_an_endless_cell, csv_with_endless_columns, noise_as_parquet,
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
def test_hostile_files_take_little_memory(tmp_path: Path) -> None:
    made = []
    for make in _HEAVY:
        (tmp_path / make.__name__).mkdir()
        made.append(str(make(tmp_path / make.__name__)))
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, *made],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert int(result.stdout) < MEGABYTES


def test_sound_files_with_bytes_changed_at_random_are_read_or_refused(tmp_path: Path) -> None:
    """Any other exception than a refusal fails here; the seed is the number of the file."""
    sound = {
        SHEET: sheet(cell("A3", "乙院") + cell("A4", "丙院")),
        **{k: v for k, v in small_workbook().items() if k != SHEET},
    }
    outcomes = {True: 0, False: 0}
    for seed in range(200):
        lot = Random(seed)
        name = lot.choice(list(sound))
        content = bytearray(sound[name])
        for _ in range(lot.randint(1, 6)):
            at = lot.randrange(len(content))
            content[at : at + lot.randint(0, 3)] = (
                lot.randbytes(lot.randint(0, 3))
                if lot.random() < 0.5
                else lot.choice([b"<", b">", b'"', b"</c>", b"<row", b"&"])
            )
        path = packed(tmp_path / "台账.xlsx", {**sound, name: bytes(content)})
        try:
            read_registers([path])
            outcomes[True] += 1
        except RefusedInput:
            outcomes[False] += 1
    assert min(outcomes.values()) > 10, outcomes


def test_sound_files_cut_off_at_random_are_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "全.xlsx", [["机构名称", "床位数"], ["甲", 1]]).read_bytes()
    for seed in range(40):
        with pytest.raises(RefusedInput):
            read_registers([_write(tmp_path / "台账.xlsx", whole[: Random(seed).randrange(len(whole) - 1)])])
