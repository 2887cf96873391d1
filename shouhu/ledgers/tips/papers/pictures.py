"""Pictures in new pixels: no EXIF, no colour profile, no comment, nothing appended."""

from __future__ import annotations

from io import BytesIO
from math import sqrt

from PIL import Image, ImageOps

from shouhu.ledgers.vault import kinds

PIXELS_AT_MOST = 16_000_000
"""Of a copy; a long screenshot stays readable."""
_QUALITY = 85


def bare(content: bytes) -> bytes:
    """
    This function will make a JPEG of a picture, upright, on white where it is transparent.

    :raises ValueError: it is no picture, or of too many pixels.
    :raises OSError: it is damaged.
    """
    with kinds.picture(content) as opened:
        wide, high = _fitting(opened.width, opened.height)
        opened.draft("RGB", (wide, high))
        upright = ImageOps.exif_transpose(opened)
        if upright.width * upright.height > PIXELS_AT_MOST:
            upright.thumbnail(_fitting(upright.width, upright.height))
        plain = Image.new("RGB", upright.size, "white")
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            clear = upright.convert("RGBA")
            plain.paste(clear, mask=clear.getchannel("A"))
        else:
            plain.paste(upright.convert("RGB"))
    written = BytesIO()
    plain.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def _fitting(wide: int, high: int) -> tuple[int, int]:
    shrunk = min(1.0, sqrt(PIXELS_AT_MOST / (wide * high)))
    return max(1, int(wide * shrunk)), max(1, int(high * shrunk))
