"""
Films and recordings in the MP4 container: what tells of place, time and phone is blanked where it stands.

No box moves, so that every offset goes on being right.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_HOLD = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"mvex", b"moof", b"traf")
_KEPT = (
    b"ftyp", b"styp", b"mdat", b"sidx", b"mfra", b"wide", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"vmhd", b"smhd", b"nmhd",
    b"gmhd", b"elst", b"dref", b"stsd", b"stts", b"stss", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"ctts", b"cslg",
    b"sdtp", b"sgpd", b"sbgp", b"mehd", b"trex", b"mfhd", b"tfhd", b"tfdt", b"trun", b"tapt", b"clef", b"prof", b"enof",
    *_HOLD,
)  # fmt: skip
"""All others (udta, meta, uuid, iods, free …) are blanked."""
_DATED = (b"mvhd", b"tkhd", b"mdhd")
_PLAYED = (b"vide", b"soun")
_DEEPEST, _MOST = 8, 200_000


def bare(content: bytes) -> bytes | None:
    """
    This function will blank all that is neither picture nor sound nor needed to play them.

    :returns: None where a track is something else, such as the places where a phone was.
    :raises ValueError: the boxes do not fit into each other.
    """
    made, n_played = bytearray(content), 0
    for n_boxes, (name, start, end) in enumerate(_boxes(content, 0, len(content), 0)):
        if n_boxes > _MOST:
            raise ValueError("too many boxes")
        if name not in _KEPT:
            made[start - 4 : start] = b"free"
            made[start:end] = bytes(end - start)
        elif name in _DATED:
            wide = 16 if content[start] == 1 else 8
            made[start + 4 : start + 4 + wide] = bytes(wide)
        elif name == b"hdlr":
            kind, media = content[start + 4 : start + 8], content[start + 8 : start + 12]
            if kind != b"dhlr" and media not in _PLAYED:
                return None
            n_played += media in _PLAYED
            made[start + 24 : end] = bytes(max(0, end - start - 24))  # the name that the phone gave the track
    return bytes(made) if n_played else None


def _boxes(content: bytes, at: int, until: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, and where the body begins and ends."""
    while at + 8 <= until:
        size, name = struct.unpack_from(">I4s", content, at)
        start = at + 8
        end = at + size if size else until
        if size == 1:
            if start + 8 > until:
                raise ValueError("a box is cut")
            end = at + struct.unpack_from(">Q", content, start)[0]
            start += 8
        if end > until or end < start or depth > _DEEPEST:
            raise ValueError("a box is larger than what holds it")
        yield name, start, end
        if name in _HOLD:
            yield from _boxes(content, start, end, depth + 1)
        at = end
