"""
Canaries: words and numbers that stand nowhere but in the tips of one test, and the search for them in whatever a desk leaves behind.

Every kind begins alike for all tips (its stem), so that one search finds the canary of any tip, whole or cut.
"""

from __future__ import annotations

import base64
import binascii
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

STEMS = {
    "name": "鄢翀瓒", "phone": "19177358", "id_number": "33019919410713", "address": "槲栎蹀弄", "card": "621785880007",
    "words": "犇羴骉", "told": "薅蘸氍巷", "message": "饕餮鏖", "opinion": "龠黼黻",
    "file": "蠓蚋蟊", "photo": "Zqk7VxHolm", "paper": "Wjx4PdKeef", "agent": "QuokkazilUA", "address_of_net": "2001:db8:77c1:",
}  # fmt: skip
"""Kind → how its canaries begin. All characters are in GBK."""
_DIGITS = "零一二三四五六七八九"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SHORTEST = 6
"""Bytes that every needle has."""
DEEPEST = 4
"""Archives within archives that are looked into."""


@dataclass(frozen=True)
class Informant:
    """Who tells the tip of a number, and everything of theirs that must not come out."""

    number: int

    def word(self, kind: str) -> str:
        """This function will give the canary of a kind that is a word."""
        return STEMS[kind] + "".join(_DIGITS[int(digit)] for digit in f"{self.number:04d}")

    def mark(self, kind: str) -> str:
        """This function will give the canary of a kind that programs write."""
        return f"{STEMS[kind]}{self.number:04d}"

    @property
    def phone(self) -> str:
        """A mobile number."""
        return f"{STEMS['phone']}{self.number % 1000:03d}"

    @property
    def id_number(self) -> str:
        """An identity card number with its check digit."""
        digits = f"{STEMS['id_number']}{self.number % 1000:03d}"
        return digits + "10X98765432"[sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=True)) % 11]

    @property
    def card(self) -> str:
        """A bank card number with its check digit."""
        digits = f"{STEMS['card']}{self.number:06d}"
        folded = [sum(divmod(int(one) * (2 - at % 2), 10)) for at, one in enumerate(reversed(digits))]
        return f"{digits}{-sum(folded) % 10}"

    @property
    def network_address(self) -> str:
        """Each of another network, so that no limit counts them together."""
        return f"{STEMS['address_of_net']}{self.number:x}::5ee5"

    @property
    def text(self) -> str:
        """What they tell."""
        return (
            f"老人在柳湾村被拉去听课，{self.word('words')}养老公司收了五万元会员费，说年底返利，现在不退。"
            f"钱打到卡{self.card}，我的电话{self.phone}，身份证{self.id_number}。"
        )

    @property
    def address(self) -> str:
        """Where they live."""
        return f"望澜区清河镇{self.word('address')}{self.number + 1}号"

    def photo(self, more: int = 0) -> SimpleUploadedFile:
        """This function will give a photo that tells of its camera and owner, with a name of its own; ``more``: bytes besides."""
        mark = self.mark("photo")
        picture, content = Image.new("RGB", (24, 16), (200, 90, 60)), io.BytesIO()
        known = picture.getexif()
        for tag in (270, 305, 315, 33432):  # ImageDescription, Software, Artist, Copyright
            known[tag] = mark
        known[40093] = f"{mark}\0".encode("utf-16-le")  # XPAuthor
        picture.save(content, "JPEG", exif=known, comment=mark.encode())
        return SimpleUploadedFile(f"{self.word('file')}.jpg", content.getvalue() + b"\0" * more, "image/jpeg")

    def letter(self) -> SimpleUploadedFile:
        """This function will give a letter that tells who wrote it."""
        content, mark = io.BytesIO(), self.mark("paper")
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
            for name, xml in _LETTER.items():
                book.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{xml.replace("MARK", mark)}')
        return SimpleUploadedFile(f"{self.word('file')}.docx", content.getvalue(), "application/octet-stream")


_OFFICE, _PACKAGE = (
    "http://schemas.openxmlformats.org/officeDocument/2006",
    "http://schemas.openxmlformats.org/package/2006",
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LETTER = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:creator>MARK</dc:creator><cp:lastModifiedBy>MARK</cp:lastModifiedBy></cp:coreProperties>",
    "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>会员费收据一张</w:t></w:r></w:p></w:body></w:document>',
}  # fmt: skip


@cache
def needles() -> tuple[tuple[str, str, bytes], ...]:
    """This function will give what is looked for: kind, way of writing, bytes."""
    return tuple((kind, way, one) for kind, stem in STEMS.items() for way, one in written(stem).items())


def written(stem: str) -> dict[str, bytes]:
    """This function will write a stem in every way that programs write."""
    codes = [f"{ord(sign):04x}" for sign in stem]
    ways: dict[str, bytes] = {}
    for encoding in ("utf-8",) if stem.isascii() else ("utf-8", "gbk"):
        plain = stem.encode(encoding)
        ways |= {
            encoding: plain, f"{encoding} hex": plain.hex().encode(), f"{encoding} HEX": plain.hex().upper().encode(),
            f"{encoding} repr": repr(plain)[2:-1].encode(),
            f"{encoding} percent": quote(plain, safe=":").encode(), f"{encoding} percent, small": quote(plain, safe=":").lower().encode(),
        }  # fmt: skip
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + plain)[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]
            ways |= {f"{encoding} base64 {shift}": coded, f"{encoding} base64url {shift}": coded.translate(_URLSAFE)}
    ways |= {
        "utf-16-le": stem.encode("utf-16-le"), "utf-16-be": stem.encode("utf-16-be"),
        "json": "".join(f"\\u{code}" for code in codes).encode(), "entities": "".join(f"&#x{code};" for code in codes).encode(),
        "numbered": "".join(f"&#{ord(sign)};" for sign in stem).encode(),
    }  # fmt: skip
    if ":" in stem:
        whole = stem.replace("2001:db8:", "2001:0db8:")
        ways |= {"exploded": whole.encode(), "packed": binascii.unhexlify(whole.replace(":", ""))}
    return {way: needle for needle, way in {needle: way for way, needle in reversed(ways.items())}.items()}


_URLSAFE = bytes.maketrans(b"+/", b"-_")


def kinds_in(content: bytes) -> dict[str, str]:
    """This function will give the kinds of canaries in bytes, in archives within them and in what was squeezed, with the way of writing."""
    found: dict[str, str] = {}
    for piece in _pieces(content, DEEPEST):
        for at in _suspects(piece):
            found |= {kind: way for kind, way, needle in needles() if piece.startswith(needle, at)}
    return found


def _suspects(content: bytes) -> list[int]:
    """Where three pairs of bytes stand of which each is one of the first three of a needle: all needles at once, in one pass."""
    if len(content) < SHORTEST:
        return []
    each = np.frombuffer(content, np.uint8).astype(np.uint16)
    pairs = each[:-1] << 8 | each[1:]
    ends = len(pairs) - SHORTEST + 2
    held = [begins[pairs[2 * at : ends + 2 * at]] for at, begins in enumerate(_beginnings())]
    return [int(at) for at in np.flatnonzero(held[0] & held[1] & held[2])]


@cache
def _beginnings() -> list[np.ndarray[Any, Any]]:
    tables = [np.zeros(1 << 16, bool) for _ in range(SHORTEST // 2)]
    for _, _, needle in needles():
        assert len(needle) >= SHORTEST
        for at, table in enumerate(tables):
            table[int.from_bytes(needle[2 * at : 2 * at + 2], "big")] = True
    return tables


def _pieces(content: bytes, deeper: int) -> Iterator[bytes]:
    yield content
    if not deeper:
        return
    start = content.find(b"PK\x03\x04")
    if start >= 0:
        try:
            with zipfile.ZipFile(io.BytesIO(content[start:])) as book:
                inside = [book.read(one) for one in book.infolist()]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
            inside = []
        yield from itertools.chain.from_iterable(_pieces(one, deeper - 1) for one in inside)
    if content[:2] in (b"\x1f\x8b", b"\x78\x9c", b"\x78\xda"):
        try:
            yield from _pieces(zlib.decompressobj(wbits=47).decompress(content), deeper - 1)
        except zlib.error:
            return


def files_with(folder: Path, *, but: tuple[str, ...] = ()) -> list[tuple[str, dict[str, str]]]:
    """This function will search every file of a folder; ``but``: names of folders that are passed over."""
    hits = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        parts = path.relative_to(folder).parts
        if parts[0] in but:
            continue
        name = kinds_in("/".join(parts).encode())
        if found := kinds_in(path.read_bytes()) | name:
            hits.append(("/".join(parts), found))
    return hits
