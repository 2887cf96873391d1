"""Makers of files that are not what their name says, or no longer whole: all of them must be refused."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path
from random import Random

from tests.engines.documents.hostile import SHEET, cell, put, refused, sheet, xlsx
from tests.engines.documents.offices import packed, small_workbook


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
    return put(made, made.read_bytes()[:-200])


@refused
def zip_with_damaged_content(path: Path) -> Path:
    made = xlsx(path, sheet=sheet("".join(cell(f"A{n}", os.urandom(8).hex()) for n in range(3, 2_000))))
    with zipfile.ZipFile(made) as archive:
        at = archive.getinfo(SHEET).header_offset + 2_000
    raw = bytearray(made.read_bytes())
    raw[at] ^= 0xFF
    return put(made, bytes(raw))


@refused
def empty(path: Path) -> Path:
    return put(path / "台账.xlsx", b"")


@refused
def blanks(path: Path) -> Path:
    return put(path / "台账.csv", b"\r\n  \r\n")


@refused
def text_as_workbook(path: Path) -> Path:
    return put(path / "台账.xlsx", "机构名称,床位数\n甲,3\n".encode())


@refused
def web_page_as_xls(path: Path) -> Path:
    return put(path / "台账.xls", "<html><table><tr><td>机构名称</td></tr></table></html>".encode())


@refused
def workbook_as_xls(path: Path) -> Path:
    return xlsx(path).rename(path / "台账.xls")


@refused
def workbook_as_csv(path: Path) -> Path:
    return xlsx(path).rename(path / "台账.csv")


@refused
def pdf_as_csv(path: Path) -> Path:
    return put(path / "台账.csv", b"%PDF-1.7\n" + os.urandom(2_000))


@refused
def noise_as_csv(path: Path) -> Path:
    return put(path / "台账.csv", Random(7).randbytes(5_000))


@refused
def noise_as_xls(path: Path) -> Path:
    return put(path / "台账.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(8).randbytes(50_000))


@refused
def encrypted_workbook(path: Path) -> Path:
    return put(
        path / "台账.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000) + "EncryptedPackage".encode("utf-16-le") + bytes(3_000),
    )


@refused
def noise_as_parquet(path: Path) -> Path:
    return put(path / "台账.parquet", b"PAR1" + os.urandom(500) + struct.pack("<L", 400) + b"PAR1")


@refused
def csv_with_an_open_quote(path: Path) -> Path:
    return put(path / "台账.csv", ('机构名称,床位数\n甲,3\n"乙,4\n' + "丙,5\n" * 1_000).encode())


@refused
def csv_with_an_endless_cell(path: Path) -> Path:
    return put(path / "台账.csv", ("机构名称,床位数\n" + "甲" * 3_000_000 + ",3\n").encode())


@refused
def csv_with_endless_columns(path: Path) -> Path:
    return put(path / "台账.csv", ("机构名称,床位数\n" + "1," * 2_000_000 + "\n").encode())
