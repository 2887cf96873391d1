"""
Text of pictures (flyers, posters, screenshots), read on this machine by the extra ``ocr``; nothing leaves it.

What was read goes the way of any other text: screening, finding, masking.
"""

from __future__ import annotations

import io
import warnings
from functools import cache
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_PIXELS = 40_000_000
"""More than any telephone takes; a small file can claim far more to exhaust the memory of whoever opens it."""

_LONGEST_SIDE = 2600
_TOO_LARGE = "图片超过 4000 万像素的上限，请缩小后再试"
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")


class PictureRefused(Exception):
    """A picture cannot be read; ``str()`` says why, in Chinese."""


class OcrMissing(PictureRefused):
    """The extra ``ocr`` is not installed."""


def read_picture(content: bytes) -> list[str]:
    """
    This function will read the lines of text in a picture, from top to bottom.

    :raises PictureRefused: no picture, damaged, more than ``LARGEST_PIXELS``.
    :raises OcrMissing: the extra ``ocr`` is not installed.
    """
    picture = _opened(content)
    result = _reader()(_bytes_of(picture))
    return [line.strip() for line in (result.txts or ()) if line.strip()]


def _opened(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what is wrong is told by refusing; the limit below is stricter than the warned one
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            if picture.width * picture.height > LARGEST_PIXELS:
                raise PictureRefused(
                    f"图片有 {picture.width}×{picture.height} 像素，超过 4000 万像素的上限，请缩小后再试"
                )
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        raise PictureRefused(_TOO_LARGE) from None
    except UnidentifiedImageError:
        raise PictureRefused("不是可以识别的图片，请上传 JPG、PNG、WEBP、BMP、GIF 或 TIFF 图片") from None
    except Exception as error:  # decoders raise whatever a damaged file makes them
        raise PictureRefused("图片已损坏，无法打开") from error
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return upright


def _bytes_of(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


@cache
def _reader() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError:
        raise OcrMissing('未安装图片识别组件，请运行 pip install "shouhu[ocr]" 后再试') from None
    return RapidOCR(params={"Global.log_level": "critical"})
