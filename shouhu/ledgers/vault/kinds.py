"""What a file is that somebody hands in: told by what it holds, not by what it is called; and why one is not taken."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO

from PIL import Image

from shouhu.engines.documents.grids.archive import Archive, Held
from shouhu.engines.documents.grids.grid import RefusedInput

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf",
    "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr", "audio/wav": ".wav",
    "audio/ogg": ".ogg", "video/webm": ".webm", "video/mp4": ".mp4", "video/3gpp": ".3gp", "video/quicktime": ".mov",
    DOCX: ".docx", XLSX: ".xlsx", "text/plain": ".txt",
}  # fmt: skip
"""What is taken, and the ending that befits it."""
ACCEPTED = ",".join((*ENDINGS, *ENDINGS.values()))
"""For the choice of files on a page."""
TAKEN = "照片（JPG、PNG、WebP）、录音、短视频（MP4）、PDF、Word（docx）、Excel（xlsx）和文本文件"

FILE_AT_MOST, ALL_AT_MOST, FILES_AT_MOST = 20 << 20, 60 << 20, 10
"""Bytes of a file, bytes of all files of a form, files of a form."""
PIXELS_AT_MOST = {"image/jpeg": 60_000_000, "image/png": 36_000_000, "image/webp": 36_000_000}
"""A JPEG can be unpacked smaller than it is, the others cannot."""

_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp"}
_BRANDS = (
    (re.compile(rb"M4[AB] "), "audio/mp4"),
    (re.compile(rb"3g[eghprs2p].|3gp."), "video/3gpp"),
    (re.compile(rb"qt  "), "video/quicktime"),
    (re.compile(rb"iso.|mp4[12]|avc1|M4V.|MSNV|dash|mmp4"), "video/mp4"),
)
_MAIN = {
    b"wordprocessingml.document.main+xml": DOCX,
    b"spreadsheetml.sheet.main+xml": XLSX,
}
_TYPES = "[Content_Types].xml"
_LARGEST_TYPES = 1 << 20
_ZIP = b"PK\x03\x04"
_PHONE_PHOTO = re.compile(rb"hei[cfmsx]|hev[cx]|mif1|msf1|avi[fs]")
_OTHERS = (
    (re.compile(rb"GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*", re.DOTALL), "这种图片收不了，请截图，或另存为 JPG 或 PNG 后再交"),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b|PK\x05\x06"), "压缩包收不了，请解开后把里面的文件逐个交来"),
    (
        re.compile(rb"\xd0\xcf\x11\xe0"),
        "是旧版 Office 文件或设有打开密码，请用 Word、Excel 或 WPS 打开，去掉密码，另存为 docx 或 xlsx 后再交",
    ),
    (re.compile(rb"fLaC|FORM|\x30\x26\xb2\x75|\0\0\x01\xba|FLV"), "这种录音录像收不了，请转为 MP3 或 MP4 后再交"),
)  # fmt: skip
_MARKUP = re.compile(r"\s*(?:<[!?a-z]|#!|%!)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_SYNC_LAYERS = {0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3}


def kind_of(content: bytes, ending: str = "") -> tuple[str, str]:
    """
    This function will tell what a file is by its content, and which ending befits it; empty: nothing that we take.

    :param ending: of its name, for a recording whose container says no more than that it is one.
    """
    media_type = _media_type(content, ending)
    return media_type, ENDINGS.get(media_type, "")


def fault(content: bytes, name: str) -> str:
    """This function will say why a file is not taken, naming it, and what to do; empty: it is taken."""
    shown = shown_name(name)
    if not content:
        return f"“{shown}”是空的，请重新选择"
    if len(content) > FILE_AT_MOST:
        return f"“{shown}”超过{FILE_AT_MOST >> 20}MB，请压缩、剪短或分成几个文件再交"
    if content.startswith(_ZIP):
        return _fault_of_archive(content, shown)
    if media_type := _media_type(content, ""):
        return _fault_of_picture(content, shown) if media_type in PIXELS_AT_MOST else ""
    if content[4:8] == b"ftyp" and _PHONE_PHOTO.match(content[8:12]):
        return f"“{shown}”是 HEIC 照片，收不了：请把它截图后交截图，或在手机的“设置－相机－格式”里选“兼容性最佳”再拍"
    for beginning, sentence in _OTHERS:
        if beginning.match(content[:16]):
            return f"“{shown}”{sentence}"
    return f"“{shown}”这种文件收不了：可以交{TAKEN}；其他的请拍照或截图后再交"


def picture(content: bytes) -> Image.Image:
    """
    This function will open a picture, of which only the size is read yet.

    :raises ValueError: it is none, or of too many pixels.
    """
    try:
        opened = Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError("too many pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError("no picture") from error
    if opened.width * opened.height > PIXELS_AT_MOST[f"image/{(opened.format or '').lower()}"]:
        raise ValueError("too many pixels")
    return opened


def shown_name(name: str) -> str:
    """This function will give a name without folders and without what hides or turns its letters around."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()[-100:] or "文件"


def text_of(content: bytes) -> str:
    """
    This function will decode a text file: UTF-8, UTF-16 with its mark, or GB 18030.

    :raises ValueError: it is none.
    """
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise ValueError("not a text")


def _media_type(content: bytes, ending: str) -> str:
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return _of_container(content[8:12], ending)
    if content[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in content[:64] else ""
    if content[:1] == b"\xff" and len(content) > 1:
        if content[1] in (0xF0, 0xF1, 0xF8, 0xF9):
            return "audio/aac"
        if content[1] in _SYNC_LAYERS:
            return "audio/mpeg"
    if content.startswith(_ZIP):
        return _of_archive(content)
    return "text/plain" if _is_text(content) else ""


def _of_container(brand: bytes, ending: str) -> str:
    for pattern, media_type in _BRANDS:
        if pattern.match(brand):
            return "audio/mp4" if ending == ".m4a" else media_type
    return ""


def _of_archive(content: bytes) -> str:
    try:
        return _office(Held("", content))
    except RefusedInput:
        return ""


def _office(file: Held) -> str:
    with Archive(file) as archive:
        told = archive.read(_TYPES, _LARGEST_TYPES) if _TYPES in archive else b""
    return next((media_type for main, media_type in _MAIN.items() if main in told), "")


def _fault_of_picture(content: bytes, name: str) -> str:
    try:
        picture(content).close()
    except ValueError as error:
        if "pixels" in str(error):
            return f"“{name}”像素太多，打开它会占满电脑内存，请截图或缩小后再交"
        return f"“{name}”打不开，可能没有存完整，请重新选择或截图后再交"
    return ""


def _fault_of_archive(content: bytes, name: str) -> str:
    try:
        if _office(Held(f"“{name}”", content)):
            return ""
    except RefusedInput as refusal:
        return str(refusal)
    if b"macroEnabled" in content or b"vbaProject" in content:
        return f"“{name}”带有宏，收不了：请用 Word、Excel 或 WPS 打开，另存为 docx 或 xlsx 后再交"
    return f"“{name}”是压缩包或其他文档，收不了：压缩包请解开后逐个交，文档请另存为 PDF 后再交"


def _is_text(content: bytes) -> bool:
    try:
        text = text_of(content)
    except ValueError:
        return False
    return bool(text.strip()) and not _MARKUP.match(text)
