"""Recordings as bare sound: frame by frame, without the tags before, behind and between."""

from __future__ import annotations

import struct
from collections.abc import Callable

_KEPT = (b"fmt ", b"fact", b"data")
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second by version bits."""
_MP3_BITS = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second by version (2: also 2.5) and layer bits."""
_AMR = {
    b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5),
    b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5),
}
"""Bytes of a frame by its mode, for both kinds."""


def bare_wav(content: bytes) -> bytes | None:
    """This function will keep format and samples of a WAV file; None when there are none."""
    parts, at = {}, 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        body = content[at + 8 : at + 8 + size]
        if name in _KEPT and name not in parts:
            parts[name] = body
        at += 8 + size + size % 2
    if b"fmt " not in parts or b"data" not in parts:
        return None
    written = b"".join(
        name + struct.pack("<I", len(parts[name])) + parts[name] + b"\0" * (len(parts[name]) % 2)
        for name in _KEPT
        if name in parts
    )
    return b"RIFF" + struct.pack("<I", 4 + len(written)) + b"WAVE" + written


def bare_mp3(content: bytes) -> bytes | None:
    """This function will keep the frames of an MP3 file; None when they are not most of it."""
    at = 0
    while content[at : at + 3] == b"ID3":
        size = 0
        for seven in content[at + 6 : at + 10]:
            size = size << 7 | seven & 0x7F
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    while content[at : at + 1] == b"\0":
        at += 1
    return _frames(content, at, _mp3_frame)


def bare_aac(content: bytes) -> bytes | None:
    """This function will keep the frames of an AAC file (ADTS); None when they are not most of it."""
    return _frames(content, 0, _aac_frame)


def bare_amr(content: bytes) -> bytes | None:
    """This function will keep the frames of an AMR file; None when they are not most of it."""
    for mark, sizes in _AMR.items():
        if content.startswith(mark):
            frames = _frames(content, len(mark), lambda head, sizes=sizes: _amr_frame(head, sizes))  # type: ignore[misc]
            return mark + frames if frames else None
    return None


def _frames(content: bytes, start: int, size_of: Callable[[bytes], int]) -> bytes | None:
    """The unbroken run of frames from a place on; tags may follow it."""
    at, n = start, 0
    while at + 1 <= len(content):
        size = size_of(content[at : at + 10])
        if not size or at + size > len(content):
            break
        at, n = at + size, n + 1
    return content[start:at] if n >= 2 and (at - start) * 2 >= len(content) - start else None


def _mp3_frame(head: bytes) -> int:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer, bits, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or not layer or bits in (0, 15) or rate == 3:
        return 0
    kilobits = _MP3_BITS[3 if version == 3 else 2, layer][bits - 1]
    padding, samples = head[2] >> 1 & 1, _MP3_RATES[version][rate]
    if layer == 3:
        return (12_000 * kilobits // samples + padding) * 4
    return (72_000 if layer == 1 and version != 3 else 144_000) * kilobits // samples + padding


def _aac_frame(head: bytes) -> int:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return size if size > 7 else 0


def _amr_frame(head: bytes, sizes: tuple[int, ...]) -> int:
    mode = head[0] >> 3 & 15
    if head[0] & 0x83 or (len(sizes) <= mode < 14):
        return 0
    return 1 + (sizes[mode] if mode < len(sizes) else 0)
