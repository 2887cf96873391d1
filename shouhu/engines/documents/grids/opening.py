"""Which kind of file it is, by its name and by its first bytes; both must agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shouhu.engines.documents.grids.delimited import read_csv
from shouhu.engines.documents.grids.grid import Progress, RefusedInput, Sheet
from shouhu.engines.documents.grids.ods import read_ods
from shouhu.engines.documents.grids.xls import read_xls
from shouhu.engines.documents.grids.xlsx import read_xlsx


def _read_parquet(path: Path, progress: Progress) -> list[Sheet]:
    from shouhu.engines.documents.grids.parquet import read_parquet  # an old processor cannot load its library

    return read_parquet(path, progress)


_ZIP, _OLE, _PARQUET, _TEXT = "zip", "ole", "parquet", "text"
_READERS: dict[str, tuple[str, Callable[[Path, Progress], list[Sheet]]]] = {
    ".xlsx": (_ZIP, read_xlsx),
    ".xls": (_OLE, read_xls),
    ".ods": (_ZIP, read_ods),
    ".csv": (_TEXT, read_csv),
    ".parquet": (_PARQUET, _read_parquet),
}
READABLE = frozenset(_READERS)
CONVERTIBLE = {
    ".et": "WPS 表格文件，请用 WPS 打开，点“文件 > 另存为”，文件类型选“Microsoft Excel 文件(*.xlsx)”",
    ".ett": "WPS 表格模板，请用 WPS 打开，点“文件 > 另存为”，文件类型选“Microsoft Excel 文件(*.xlsx)”",
    ".xlsm": "带宏的工作簿，请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”",
    ".xlsb": "二进制工作簿，请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”",
    ".xltx": "工作簿模板，请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”",
    ".wps": "WPS 文字文件，请用 WPS 打开，把表格复制到电子表格里，另存为 .xlsx",
    ".doc": "Word 文件，请用 Word 或 WPS 打开，把表格复制到电子表格里，另存为 .xlsx",
    ".docx": "Word 文件，请用 Word 或 WPS 打开，把表格复制到电子表格里，另存为 .xlsx",
    ".pdf": "PDF 文件，请向填报单位要电子表格，或用 WPS 转换为表格并核对后另存为 .xlsx",
}
"""What may hold a register but is not read: what it is, and what to do."""

_STARTS = ((b"PK\x03\x04", _ZIP), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE), (b"PAR1", _PARQUET))
_KINDS = {
    _ZIP: "新版工作簿(.xlsx)或其他压缩文件",
    _OLE: "旧版 Office 文件(.xls)",
    _PARQUET: "Parquet 文件",
    _TEXT: "文本",
    "pdf": "PDF 文件",
    "web": "网页或 XML 文件",
    "other": "其他类型的文件",
}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_sheets(path: Path, progress: Progress) -> list[Sheet]:
    """
    This function will read the sheets of a file (.xlsx, .xls, .ods, .csv, .parquet).

    :raises RefusedInput: another kind of file, content that is not what the name says, hostile or damaged content.
    """
    suffix = path.suffix.lower()
    if suffix in CONVERTIBLE:
        raise RefusedInput(f"{path.name}：是{CONVERTIBLE[suffix]}后重试")
    if suffix not in READABLE:
        raise RefusedInput(f"{path.name}：不能读取这种文件，请另存为 .xlsx、.xls、.ods、.csv 后重试")
    try:
        found = _kind(path)
        expected, reader = _READERS[suffix]
        if found == _OLE and _is_encrypted(path):
            raise RefusedInput(f"{path.name}：文件设有打开密码，请用 Excel 或 WPS 打开，去掉密码另存后重试")
        if found != expected:
            raise RefusedInput(
                f"{path.name}：扩展名是 {suffix}，内容却是{_KINDS[found]}；请用 Excel 或 WPS 打开核对，另存为 .xlsx 后重试"
            )
        return reader(path, progress)
    except OSError as error:
        raise RefusedInput(
            f"{path.name}：文件打不开（{error.strerror}），请关闭正在使用它的程序或检查权限后重试"
        ) from error


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4_096)
    if not start.strip():
        raise RefusedInput(f"{path.name}：文件是空的，请核对后重试")
    for mark, kind in _STARTS:
        if start.startswith(mark):
            return kind
    words = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if words.startswith(b"%pdf"):
        return "pdf"
    if words.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"mime-version")):
        return "web"
    is_utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    return _TEXT if is_utf16 or start.count(b"\0") <= len(start) // 100 + 8 else "other"


def _is_encrypted(path: Path) -> bool:
    """Whether an OLE file is the wrapping of an encrypted workbook, as its directory says."""
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if _ENCRYPTED in before + chunk:
                return True
            before = chunk[-len(_ENCRYPTED) :]
    return False
