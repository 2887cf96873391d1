"""Pictures are read on this machine, and refused in Chinese where they cannot be."""

from __future__ import annotations

import io
import struct
import sys
import zlib

import pytest
from PIL import Image, ImageDraw, ImageFont

from shouhu.engines.text import pictures


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_lines_are_read_from_top_to_bottom() -> None:
    pytest.importorskip("rapidocr")
    picture = Image.new("RGB", (300, 300), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(30)
    draw.text((20, 40), "138-1234-5678", fill="black", font=font)
    draw.text((20, 180), "www.abc888.top", fill="black", font=font)
    assert pictures.read_picture(png(picture)) == ["138-1234-5678", "www.abc888.top"]


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    flood = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    with pytest.raises(pictures.PictureRefused, match="像素"):
        pictures.read_picture(flood)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(pictures.PictureRefused, match="不是可以识别的图片"):
        pictures.read_picture(content)


def test_a_damaged_picture_is_refused() -> None:
    whole = png(Image.effect_noise((64, 64), 50))
    with pytest.raises(pictures.PictureRefused, match="损坏"):
        pictures.read_picture(whole[: len(whole) // 2])


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    pictures._reader.cache_clear()
    with pytest.raises(pictures.OcrMissing, match="ocr"):
        pictures.read_picture(png(Image.new("RGB", (8, 8))))
