"""
Copies of files without what tells of whom they are from: made anew from text, cells, pixels and sound, nothing else passes.

What stays empty: PDF (no library at hand takes all of it out), Ogg and WebM; units do not get these files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shouhu.ledgers.tips.papers import letters, pictures, sounds, videos, workbooks
from shouhu.ledgers.vault import kinds


@dataclass(frozen=True)
class Bare:
    """A copy without metadata."""

    content: bytes
    media_type: str


_MAKERS: dict[str, tuple[Callable[[bytes], bytes | None], str]] = {
    "image/jpeg": (pictures.bare, "image/jpeg"),
    "image/png": (pictures.bare, "image/jpeg"),
    "image/webp": (pictures.bare, "image/jpeg"),
    "audio/wav": (sounds.bare_wav, "audio/wav"),
    "audio/mpeg": (sounds.bare_mp3, "audio/mpeg"),
    "audio/aac": (sounds.bare_aac, "audio/aac"),
    "audio/amr": (sounds.bare_amr, "audio/amr"),
    **{one: (videos.bare, one) for one in ("audio/mp4", "video/mp4", "video/3gpp", "video/quicktime")},
    kinds.DOCX: (letters.bare, kinds.DOCX),
    kinds.XLSX: (workbooks.bare, kinds.XLSX),
    "text/plain": (lambda content: kinds.text_of(content).encode(), "text/plain"),
}


def bare(content: bytes, media_type: str) -> Bare | None:
    """This function will make a copy without metadata; None where none can be made that surely has none."""
    maker, becomes = _MAKERS.get(media_type, (None, ""))
    if maker is None:
        return None
    try:
        made = maker(content)
    except Exception:  # whatever a hostile file does to a reader: it gets no copy, and the next file its turn
        return None
    return Bare(made, becomes) if made else None
