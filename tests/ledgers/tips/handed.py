"""Files as people hand them in, each with a canary where programs and phones leave their traces; and hostile ones."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from PIL.PngImagePlugin import PngInfo

CANARY = "金丝雀CANARY"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def photo(kind: str = "JPEG", size: tuple[int, int] = (120, 80)) -> bytes:
    """This function will take a photo: sideways, with place and owner in it."""
    picture, written = Image.new("RGB", size, (180, 40, 40)), BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x9C9D] = 6, CANARY, CANARY.encode("utf-16-le")
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 52.0, 11.0), 29: CANARY})
    if kind == "PNG":
        told = PngInfo()
        told.add_itxt("Author", CANARY)
        picture.save(written, kind, pnginfo=told, exif=exif)
    elif kind == "JPEG":
        picture.save(written, kind, exif=exif, comment=CANARY.encode())
    else:
        picture.save(written, kind, exif=exif, xmp=f"<x>{CANARY}</x>".encode())
    return written.getvalue() + CANARY.encode()


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    """This function will pack files into an archive."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, entry in entries.items():
            archive.writestr(name, entry)
    return written.getvalue()


def letter(body: str | None = None, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """This function will write a Word document as Word does: who wrote it, who deleted what, who commented."""
    body = body or (
        f'<w:p><w:r><w:t>收了五万元</w:t><w:tab/><w:t>没有退 &amp; 关门</w:t></w:r><w:del w:author="{CANARY}"><w:r>'
        f"<w:delText>{CANARY}</w:delText></w:r></w:del></w:p>"
        f'<w:p><w:ins w:author="{CANARY}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>第二段</w:t></w:r></w:ins>'
        f"<w:r><w:instrText>AUTHOR {CANARY}</w:instrText></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>金额</w:t></w:r></w:p></w:tc>"
        '</w:tr></w:tbl><w:p><w:r><w:drawing><a:blip xmlns:a="urn:a" r:embed="rId7"/></w:drawing></w:r></w:p>'
    )
    return zipped({
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"/>',
        "docProps/core.xml": f"<coreProperties><creator>{CANARY}</creator></coreProperties>",
        "docProps/app.xml": f"<Properties><Company>{CANARY}</Company></Properties>",
        "word/comments.xml": f'<w:comments xmlns:w="{_W}"><w:comment w:author="{CANARY}"/></w:comments>',
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}</w:body>'
        "</w:document>",
        "word/_rels/document.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId7" '
        f'Type="{_R}/image" Target="media/image1.jpeg"/></Relationships>',
        "word/media/image1.jpeg": photo(),
        **(more or {}),
    })  # fmt: skip


def workbook() -> bytes:
    """This function will write a workbook with an author and a comment, and what would be a formula."""
    book, written = Workbook(), BytesIO()
    book.properties.creator = book.properties.lastModifiedBy = CANARY
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目", "金额", "=cmd|' /C calc'!A0"])
    sheet.append(["会员卡", 50000.5, None])
    sheet["C1"].data_type = "s"
    sheet["A1"].comment = Comment(CANARY, CANARY)
    book.save(written)
    return written.getvalue()


def wav() -> bytes:
    """This function will record a sound with a note in it."""
    note = b"IART" + struct.pack("<I", len(CANARY.encode())) + CANARY.encode()
    parts = [
        (b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)), (b"LIST", b"INFO" + note), (b"data", bytes(range(100)))
    ]  # fmt: skip
    body = b"".join(name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for name, part in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def mp3() -> bytes:
    """This function will record an MP3: tags before and behind."""
    frame = b"\xff\xfb\x90\x00" + b"\x55" * 413
    title = b"TIT2" + struct.pack(">I", len(CANARY.encode()) + 1) + b"\0\0\3" + CANARY.encode()
    tag = b"ID3\3\0\0" + bytes([0, 0, len(title) >> 7, len(title) & 127]) + title
    return tag + frame * 5 + b"TAG" + CANARY.encode().ljust(125, b"\0")


def aac() -> bytes:
    """This function will record an AAC stream with a tail."""
    size = 7 + 50
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | size >> 11, size >> 3 & 255, (size & 7) << 5 | 0x1F, 0xFC])
    return (head + b"\x21" * 50) * 4 + b"APETAGEX" + CANARY.encode()


def amr() -> bytes:
    """This function will record an AMR file with a tail."""
    return b"#!AMR\n" + (b"\x3c" + b"\x11" * 31) * 4 + b"\xff" + CANARY.encode()


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, name) + body


def mp4(media: bytes = b"vide", brand: bytes = b"isom") -> bytes:
    """This function will film a video with place, phone and hour in it."""
    hour = struct.pack(">IIII", 3_900_000_000, 3_900_000_000, 1000, 5000)
    handler = _box(b"hdlr", bytes(8), media, bytes(12), CANARY.encode() + b"\0")
    track = _box(
        b"trak",
        _box(b"tkhd", bytes(4), hour, bytes(64)),
        _box(b"mdia", _box(b"mdhd", bytes(4), hour, bytes(4)), handler),
    )
    place = _box(b"udta", _box(b"\xa9xyz", CANARY.encode()))
    return (
        _box(b"ftyp", brand, bytes(4), b"isom") + _box(b"moov", _box(b"mvhd", bytes(4), hour, bytes(80)), track, place)
        + _box(b"uuid", bytes(16), CANARY.encode()) + _box(b"mdat", b"frames of the film")
    )  # fmt: skip


def flood(wide: int = 60_000, high: int = 60_000) -> bytes:
    """This function will write a small PNG that says it has billions of pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def bomb() -> bytes:
    """This function will write a document that unpacks to a hundred megabytes."""
    return letter(more={"word/bomb.xml": b"<a>" + bytes(100 << 20)})


def laughs() -> bytes:
    """This function will write a document whose entities multiply."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<?xml version="1.0"?>{" " * 5000}<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><w:document xmlns:w="{_W}"><w:body><w:p><w:r>'
        "<w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"
    )
    return letter(more={"word/document.xml": body})
