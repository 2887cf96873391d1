"""Photos: pictures only, without EXIF, and never the same one for two institutions unnoticed."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image, ImageDraw

from shouhu.ledgers.surveys import actions, queries
from shouhu.ledgers.surveys.actions.photos import PhotoRefused
from shouhu.ledgers.surveys.models import Photo, Sheet
from shouhu.ledgers.vault.actions import content_of
from tests import office
from tests.ledgers.surveys import field

pytestmark = pytest.mark.django_db


def picture(seed: int = 0, size: tuple[int, int] = (2400, 1200), quality: int = 92) -> bytes:
    """This function will draw a picture with EXIF data that tells where it was taken."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for k in range(12):
        x, y = (seed * 211 + k * 397) % size[0], (seed * 83 + k * 173) % size[1]
        draw.rectangle((x, y, x + 300, y + 260), fill=((seed * 40 + k * 20) % 255, k * 13, 80))
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "手机", 6
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, quality=quality)
    return file.getvalue()


def attach(sheet: Sheet, content: bytes) -> Photo:
    by = office.post("task_force", office.TOWN)
    return actions.attach_photo(sheet_id=sheet.pk, content=content, token=uuid4().hex, caption="front", by=by,
                                at=office.AT)  # fmt: skip


def sheet(name: str = "甲", key: int = 1) -> Sheet:
    return field.submit(field.assigned(office.institution(name, filed="未备案")), {}, key=key)


def test_exif_is_gone_and_the_picture_is_upright_and_small() -> None:
    original = picture()
    assert b"Exif" in original
    kept = content_of(attach(sheet(), original).file)
    assert b"Exif" not in kept
    with Image.open(BytesIO(kept)) as opened:
        assert not opened.getexif()
        assert opened.size == (800, 1600)


def test_the_same_file_again_is_the_same_photo() -> None:
    one = sheet()
    assert attach(one, picture()) == attach(one, picture())
    assert one.photos.count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", b"GIF89a" + bytes(40), picture()[:900]], ids=["none", "svg", "gif", "cut"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoRefused, match="不是能打开的照片"):
        attach(sheet(), content)


def test_too_many_pixels_are_refused_before_they_are_unpacked() -> None:
    file = BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    with pytest.raises(PhotoRefused, match="像素太多"):
        attach(sheet(), file.getvalue())


def test_nothing_is_added_after_the_review() -> None:
    one = sheet()
    actions.accept(sheet_id=one.pk, by=office.post(), at=office.AT)
    with pytest.raises(PhotoRefused, match="不能再加"):
        attach(one, picture())


def test_one_picture_for_two_institutions_is_told_even_when_saved_anew() -> None:
    first, second, third = sheet("甲"), sheet("乙", 2), sheet("丙", 3)
    attach(first, picture(1))
    attach(second, picture(1, quality=60))
    attach(third, picture(7))
    assert [told.sheet for told in queries.warnings(office.scope(), second)] == [first]
    assert "甲" in queries.warnings(office.scope(), second)[0].says
    assert queries.warnings(office.scope(), third) == []


def test_blank_pictures_resemble_nothing() -> None:
    for name, key in (("甲", 1), ("乙", 2)):
        file = BytesIO()
        Image.new("RGB", (300 + key, 300), "white").save(file, "PNG")
        one = sheet(name, key)
        attach(one, file.getvalue())
        assert queries.warnings(office.scope(), one) == []
