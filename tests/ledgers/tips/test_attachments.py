"""Files of informants: taken by what they hold, sealed under a neutral name, copied without traces of whose they are."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import count
from time import perf_counter

import openpyxl
import pytest
from django.conf import settings
from PIL import Image

from shouhu.ledgers.tips import actions, queries
from shouhu.ledgers.tips.actions import attaching
from shouhu.ledgers.tips.actions.writing import Paper
from shouhu.ledgers.tips.models import Attachment, Tip
from shouhu.ledgers.tips.papers import bare
from shouhu.ledgers.units.scope import Scope
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault import kinds
from tests import office
from tests.ledgers.tips import handed, way

TOKENS = count(1)
SOUNDS_AND_SIGHTS: dict[str, Callable[[], bytes]] = {
    "照片.jpg": handed.photo, "截图.png": lambda: handed.photo("PNG"), "图.webp": lambda: handed.photo("WEBP"),
    "信.docx": handed.letter, "流水.xlsx": handed.workbook, "录音.wav": handed.wav, "录音.mp3": handed.mp3,
    "录音.aac": handed.aac, "录音.amr": handed.amr, "录像.mp4": handed.mp4,
    "录音.m4a": lambda: handed.mp4(b"soun", b"M4A "), "录像.3gp": lambda: handed.mp4(brand=b"3gp5"),
}  # fmt: skip
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "空.jpg": (lambda: b"", "是空的"),
    "苹果.heic": (lambda: b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
    "洪水.png": (handed.flood, "像素太多"),
    "断.jpg": (lambda: handed.photo()[:30], "打不开"),
    "炸弹.docx": (handed.bomb, "压缩炸弹"),
    "包.zip": (lambda: handed.zipped({"a.txt": "a"}), "压缩包"),
    "坏.docx": (lambda: handed.letter()[:-40], "损坏"),
    "宏.docm": (
        lambda: handed.zipped({"[Content_Types].xml": "<?xml version='1.0'?><Types>ms-word.document.macroEnabled</Types>",
                               "word/vbaProject.bin": b"x"}), "宏",
    ),
    "旧.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "打开密码"),
    "页.txt": (lambda: b"<html><script>alert(1)</script>", "收不了"),
    "图.svg": (lambda: b"<?xml version='1.0'?><svg/>", "收不了"),
    "程序.jpg": (lambda: b"MZ\x90\0" + bytes(100), "收不了"),
    "动图.gif": (lambda: b"GIF89a" + bytes(50), "截图"),
    "脚本.txt": (lambda: b"#!/bin/sh\nrm -rf /", "收不了"),
    "大.txt": (lambda: b"a" * (kinds.FILE_AT_MOST + 1), "超过20MB"),
    "\u202e翻转gpj.exe": (lambda: b"MZ" + bytes(10), "“翻转gpj.exe”"),
}  # fmt: skip


def paper(content: bytes, name: str = "照片.jpg") -> Paper:
    """This function will hand a file in."""
    return Paper(content, name, "application/octet-stream", f"{next(TOKENS):032x}")


@pytest.mark.parametrize("name", SOUNDS_AND_SIGHTS)
def test_a_copy_holds_no_canary(name: str) -> None:
    content = SOUNDS_AND_SIGHTS[name]()
    ending = name[name.rindex(".") :]
    assert (kinds.fault(content, name), kinds.kind_of(content, ending)[1]) == ("", ending)
    copy = bare(content, kinds.kind_of(content, ending)[0])
    assert copy is not None
    held = [copy.content]
    if zipfile.is_zipfile(BytesIO(copy.content)):
        with zipfile.ZipFile(BytesIO(copy.content)) as archive:
            held += [archive.read(entry) for entry in archive.namelist()]
            held += [part for one in archive.namelist() if (part := archive.read(one)).startswith(b"\xff\xd8")]
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        assert not any(handed.CANARY.encode(encoding) in part or b"CANARY" in part for part in held)
    assert kinds.fault(copy.content, name) == ""
    assert bare(copy.content, copy.media_type) is not None


def test_what_copies_keep() -> None:
    with Image.open(BytesIO(handed_copy(handed.photo()))) as picture:
        assert (picture.size, dict(picture.getexif())) == ((80, 120), {})  # upright
    with zipfile.ZipFile(BytesIO(handed_copy(handed.letter()))) as archive:
        assert sorted(archive.namelist()) == [
            "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/media/1.jpg",
        ]  # fmt: skip
        text = re.sub(r"<w:tab/>", "\t", archive.read("word/document.xml").decode())
        told = [re.sub(r"<[^>]+>", "", one) for one in text.split("</w:p>")]
        assert told == ["收了五万元\t没有退 &amp; 关门", "第二段", "姓名 \t金额", "", ""]
    book = openpyxl.load_workbook(BytesIO(handed_copy(handed.workbook())))
    rows = [[cell.value for cell in row] for row in book.worksheets[0]]
    assert rows == [["项目", "金额", "=cmd|' /C calc'!A0"], ["会员卡", 50000.5, None]]
    assert book.worksheets[0]["C1"].data_type == "s"  # a text, nothing that is calculated
    assert handed_copy(handed.wav()).endswith(bytes(range(100)))
    assert len(handed_copy(handed.mp3())) == 5 * 417
    assert b"frames of the film" in handed_copy(handed.mp4())
    assert handed_copy("说明".encode("gb18030")) == "说明".encode()


def handed_copy(content: bytes) -> bytes:
    """This function will give the copy of a file."""
    copy = bare(content, kinds.kind_of(content)[0])
    assert copy is not None
    return copy.content


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 \n" + handed.CANARY.encode(), b"OggS" + bytes(60), handed.laughs(), handed.mp4(b"mebx"), handed.mp4()[:-5],
        handed.letter("<w:p>"), handed.letter(more={"word/media/image1.jpeg": handed.flood()}), handed.photo()[:-200], b"ID3" + bytes(60),
        handed.flood(5000, 5000),
    ],
    ids=["pdf", "ogg", "laughs", "places", "cut film", "cut letter", "flood inside", "cut photo", "no sound", "empty picture"],
)  # fmt: skip
def test_no_copy_is_better_than_a_doubtful_one(content: bytes) -> None:
    began = perf_counter()
    made = bare(content, kinds.kind_of(content)[0])
    assert made is None or made.media_type == "image/jpeg"  # a cut picture may show its upper part
    assert perf_counter() - began < 5


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_taken_is_refused_in_a_sentence_that_names_it(name: str) -> None:
    make, word = HOSTILE[name]
    content = make()
    began = perf_counter()
    with pytest.raises(actions.PaperRefused, match=word) as refusal:
        attaching.check([paper(content, name)])
    assert perf_counter() - began < 1
    assert kinds.shown_name(name) in str(refusal.value)


def test_a_form_holds_no_more_than_it_may() -> None:
    with pytest.raises(actions.PaperRefused, match="一次最多交10个"):
        attaching.check([paper(b"text")] * 11)
    with pytest.raises(actions.PaperRefused, match="加起来超过60MB"):
        attaching.check([paper(b"a" * (15 << 20))] * 5)


@pytest.mark.django_db
def test_the_original_lies_sealed_under_a_neutral_name_and_units_get_the_copy() -> None:
    tip = way.fresh(papers=[paper(handed.photo(), "我家住柳湾村3号.JPG"), paper(b"%PDF-1.7 ...", "张三的合同.pdf")])
    first, second = Attachment.objects.order_by("pk")
    assert [one.file.name for one in (first, second)] == ["附件1.jpg", "附件2.pdf"]
    assert first.copied_at is None
    assert vault.content_of(first.file) == handed.photo()
    assert b"CANARY" not in vault.place_of(first.file.token).read_bytes()
    assert actions.copy_new(at=office.AT) == 2
    assert actions.copy_new(at=office.AT) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.copy is not None
    assert (first.copy.name, first.copy.media_type, second.copy) == ("附件1.jpg", "image/jpeg", None)
    assert b"CANARY" not in vault.content_of(first.copy)
    way.step(tip, "triage", released=[first.pk])
    way.step(tip, "assign")
    assert list(queries.attachments(Scope.of(way.worker()), tip)) == [first]
    assert list(queries.attachments(Scope.of(way.chief()), tip)) == [first, second]


@pytest.mark.django_db
def test_a_refused_file_leaves_no_tip_and_no_bytes_behind() -> None:
    before = set(settings.FILES.rglob("*"))
    with pytest.raises(actions.PaperRefused, match="炸弹"):
        way.told(papers=[paper(handed.photo()), paper(handed.bomb(), "炸弹.docx")])
    assert not Tip.objects.exists()
    assert {one for one in set(settings.FILES.rglob("*")) - before if one.is_file()} == set()


@pytest.mark.django_db
def test_a_file_that_was_lost_or_broken_on_disk_holds_nobody_up() -> None:
    way.fresh(papers=[paper(handed.photo()), paper(handed.photo()), paper(handed.photo())])
    lost, broken, whole = Attachment.objects.order_by("pk")
    vault.place_of(lost.file.token).unlink()
    vault.place_of(broken.file.token).write_bytes(b"\1" + bytes(60))
    assert actions.copy_new(at=office.AT + timedelta(minutes=1)) == 3
    whole.refresh_from_db()
    assert whole.copy is not None
    assert Attachment.objects.filter(copied_at=None).count() == 0


@pytest.mark.django_db
def test_the_folder_is_flushed_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        flushed.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr("os.fsync", fsync)
    stored = vault.store(content=b"x", name="a", media_type="text/plain", token="fe" * 16, by="P", at=office.AT)
    place = vault.place_of(stored.token)
    assert flushed == [one.stat().st_ino for one in (place, place.parent, place.parent.parent)]
    place.unlink()
