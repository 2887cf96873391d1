"""A zip file that is looked at before anything in it is unpacked."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from shouhu.engines.documents.grids.grid import RefusedInput

MOST_ENTRIES = 5_000
LARGEST_DIRECTORY = 4 << 20
LARGEST_TOTAL = 1 << 30
"""Bytes that all entries together may unpack to: about 400,000 full rows of the register."""
HIGHEST_RATIO = 200
FREE_OF_RATIO = 1 << 20
"""Entries up to this size are not asked how well they are packed."""
CHUNK = 1 << 20

_END = struct.Struct("<4s4H2LH")
_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?!!)")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding=[\"']([\w-]+)")


@dataclass(frozen=True)
class Held:
    """A file that is in memory and must not lie on the disk."""

    name: str
    content: bytes

    def open(self, _: str) -> BytesIO:
        """This function will give the bytes to be read."""
        return BytesIO(self.content)


class Archive:
    """The entries of a zip file, read as XML text of bounded size."""

    def __init__(self, path: Path | Held) -> None:
        """
        This function will check the directory of the file: sizes, ratios, number of entries, overlaps, encryption.

        :raises RefusedInput: not a whole, plain, modest zip file.
        """
        self.path = path
        try:
            self._check_end()
            self._zip = zipfile.ZipFile(path if isinstance(path, Path) else path.open("rb"))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, UnicodeDecodeError) as error:
            raise self.damaged() from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        if fault := self._fault():
            self.close()
            raise fault

    def _check_end(self) -> None:
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 65_557))
            tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) - at < _END.size:
            raise self.damaged()
        entries, length = _END.unpack_from(tail, at)[4:6]
        if entries > MOST_ENTRIES or length > LARGEST_DIRECTORY:
            raise self.hostile(f"压缩包内有 {entries} 个文件，远多于一般工作簿")

    def _fault(self) -> RefusedInput | None:
        entries = sorted(self._zip.infolist(), key=lambda entry: entry.header_offset)
        if len(entries) > MOST_ENTRIES:
            return self.hostile(f"压缩包内有 {len(entries)} 个文件，远多于一般工作簿")
        if len(self._entries) < len(entries):
            return self.hostile("压缩包内有同名文件")
        if any(entry.flag_bits & 1 for entry in entries):
            return RefusedInput(f"{self.path.name}：文件已加密，请去掉密码另存后重试")
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            return self.hostile("压缩方式不是工作簿使用的方式")
        if sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
            return RefusedInput(
                f"{self.path.name}：解压后超过 1 GB，拒绝读取；确有这么多数据时请分成几个文件，或改用 CSV、Parquet"
            )
        for entry in entries:
            if entry.file_size > FREE_OF_RATIO and entry.file_size > HIGHEST_RATIO * entry.compress_size:
                return self.hostile("压缩比异常（疑似压缩炸弹）")
        end = 0
        for entry in entries:
            if entry.header_offset < end:
                return self.hostile("压缩包内的文件相互重叠（疑似压缩炸弹）")
            name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
            end = entry.header_offset + 30 + len(name) + entry.compress_size
        return None

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """This function will let go of the file."""
        self._zip.close()

    def names(self) -> list[str]:
        """This function will list the entries."""
        return list(self._entries)

    def size(self, name: str) -> int:
        """This function will give the size that an entry unpacks to, in bytes."""
        return self._entries[name].file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """
        This function will unpack an XML entry piece by piece.

        The text must be UTF-8 and have no document type, so that no entity of its own can be in it.

        :raises RefusedInput: absent, damaged (checksum, truncated), of another encoding, or with a document type.
        """
        if name not in self._entries:
            raise self.damaged()
        try:
            with self._zip.open(name) as file:
                chunk = file.read(CHUNK)
                self._check_prologue(chunk)
                with ThreadPoolExecutor(1) as ahead:  # unpacks the next piece while this one is understood
                    while chunk:
                        following = ahead.submit(file.read, CHUNK)
                        yield chunk
                        chunk = following.result()
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise self.damaged() from error

    def _check_prologue(self, chunk: bytes) -> None:
        named = _ENCODING.search(chunk[:1_000])
        if not _PROLOGUE.match(chunk) or (named and named[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
            raise self.hostile("内部的 XML 不是 UTF-8 编码")
        # A document type stands before the first element; a comment may stand there too, but no office program writes one.
        if b"<!" in chunk[:4_096]:
            raise self.hostile("内部的 XML 带有文档类型声明")

    def read(self, name: str, largest: int) -> bytes:
        """
        This function will unpack a whole XML entry.

        :raises RefusedInput: as for ``chunks``, or larger than ``largest`` bytes.
        """
        if name in self and self._entries[name].file_size > largest:
            raise self.hostile(f"内部文件 {name} 过大")
        return b"".join(self.chunks(name))

    def damaged(self) -> RefusedInput:
        """This function will give the refusal of a file that is not whole."""
        return RefusedInput(f"{self.path.name}：文件损坏或不完整，请用 Excel 或 WPS 打开检查，另存后重试")

    def hostile(self, why: str) -> RefusedInput:
        """This function will give the refusal of a file that no office program writes."""
        return RefusedInput(f"{self.path.name}：{why}，拒绝读取；请用 Excel 或 WPS 打开核对内容，另存为新文件后重试")
