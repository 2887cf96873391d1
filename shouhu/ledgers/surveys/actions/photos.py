"""Taking in photos: checked to be pictures, made smaller, freed of everything that is not the picture."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO

from django.db import transaction
from PIL import Image, ImageOps

from shouhu.ledgers.journal import actions as journal
from shouhu.ledgers.surveys.models import CAPTIONS, Photo, Sheet
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.units.refusals import Refused
from shouhu.ledgers.vault import actions as vault

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_EDGE = 1600
MOST_PHOTOS = 12
FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoRefused(Refused):
    """A file may not be taken as a photo."""


@transaction.atomic
def attach_photo(*, sheet_id: int, content: bytes, token: str, caption: str, by: Post, at: datetime) -> Photo:
    """
    This function will add a photo to a sheet that waits for review; the same file again gives the photo that is there.

    :param token: 32 random hex digits, made by the face.
    :raises PhotoRefused: no picture, too large, too many, or the sheet is somebody else's or decided.
    """
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("assignment").get(pk=sheet_id)
    content_hash = hashlib.sha256(content).hexdigest()
    there = sheet.photos.filter(content_hash=content_hash).first()
    if there:
        return there
    if sheet.submitted_by_id != by.pk:
        raise PhotoRefused("只有填报人可以给这份排查表加照片")
    if sheet.accepted_at or sheet.returned_at or sheet.superseded_at:
        raise PhotoRefused("这份排查表已经审核或已有新的一份，照片不能再加")
    if caption not in CAPTIONS:
        raise PhotoRefused("请选择照片拍的是什么")
    if sheet.photos.count() >= MOST_PHOTOS:
        raise PhotoRefused(f"一份排查表最多 {MOST_PHOTOS} 张照片")
    picture = _opened(content)
    bare = BytesIO()
    picture.save(bare, "JPEG", quality=85)
    file = vault.store(content=bare.getvalue(), name=f"{CAPTIONS[caption]}.jpg", media_type="image/jpeg", token=token,
                       by=by.code, at=at)  # fmt: skip
    photo = Photo.objects.create(
        sheet=sheet,
        file=file,
        content_hash=content_hash,
        look=look_of(picture),
        caption=caption,
        added_at=at,
        added_by=by,
    )
    journal.record(verb="photo.added", subject=photo, by=by.code, at=at, code=sheet.assignment.code)
    return photo


def look_of(picture: Image.Image) -> str:
    """
    This function will tell what a picture looks like in 64 bits: where it grows brighter from left to right.

    :returns: 16 hex digits; empty for a picture with nothing to see, which resembles every other such picture.
    """
    grey = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = "".join("1" if grey[y * 9 + x] < grey[y * 9 + x + 1] else "0" for y in range(8) for x in range(8))
    return "" if bits.count("1") in (0, 64) or max(grey) - min(grey) < 12 else f"{int(bits, 2):016x}"


def _opened(content: bytes) -> Image.Image:
    """The picture upright and of our size, in new pixels: no EXIF, no colour profile, nothing appended."""
    if len(content) > MOST_BYTES:
        raise PhotoRefused("照片文件太大（超过20MB），请缩小后再传")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PhotoRefused("照片像素太多，请缩小后再传")
            opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise PhotoRefused("不是能打开的照片（支持 JPEG、PNG、WebP）") from fault
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    return bare
