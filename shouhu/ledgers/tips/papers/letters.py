"""Word documents written anew from their text and pictures: no authors, no tracked deletions, no comments, no fields, no paths."""

from __future__ import annotations

import posixpath
import re
import zipfile
from io import BytesIO
from xml.parsers import expat
from xml.sax.saxutils import escape

from shouhu.engines.documents.grids.archive import Archive, Held
from shouhu.ledgers.tips.papers import pictures
from shouhu.ledgers.vault import kinds

LARGEST_PART = 32 << 20
CHARACTERS_AT_MOST = 1_000_000
PICTURES_AT_MOST = 60
_BODY, _LINKS = "word/document.xml", "word/_rels/document.xml.rels"
_SKIPPED = ("Fallback", "moveFrom", "del")
_EMU_A_PIXEL, _WIDEST = 9_525, 5_400_000
"""English Metric Units, in which Word measures: of a pixel at 96 dpi, and of 15 cm."""
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MADE_AT = (1980, 1, 1, 0, 0, 0)

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="jpg" ContentType="image/jpeg"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_ROOT = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def bare(content: bytes) -> bytes | None:
    """
    This function will make a document of the paragraphs and pictures of another; None when there are too many.

    :raises RefusedInput: it is hostile or damaged.
    :raises ValueError: it brings a document type of its own, or holds a picture that cannot be opened.
    """
    with Archive(Held("", content)) as archive:
        links = _links(archive.read(_LINKS, LARGEST_PART)) if _LINKS in archive else {}
        parts = _Reader().read(archive.read(_BODY, LARGEST_PART))
        shown = [name for name in dict.fromkeys(links.get(key, "") for _, key in parts if key) if name]
        if len(shown) > PICTURES_AT_MOST or sum(len(text) for text, _ in parts) > CHARACTERS_AT_MOST:
            return None
        media = {name: pictures.bare(_unpacked(content, name)) for name in shown}
    return _written([(text, links.get(key, "")) for text, key in parts], media)


class _Reader:
    """Paragraphs in their order, each a text or the key of a picture; cells of a table stand behind tabs."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str]] = []
        self.line: list[str] = []
        self.open: list[str] = []
        self.n_skipped = self.n_cells = 0

    def read(self, xml: bytes) -> list[tuple[str, str]]:
        parser = _parser()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._say
        parser.Parse(xml, True)
        self._flush()
        return self.parts

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name, parent = _local(name), self.open[-1] if self.open else ""
        self.open.append(name)
        self.n_skipped += name in _SKIPPED
        self.n_cells += name == "tc"
        if self.n_skipped:
            return
        if parent == "r" and name in ("tab", "br", "cr"):
            self.line.append("\t" if name == "tab" else "\n")
        elif name in ("blip", "imagedata"):
            wanted = "embed" if name == "blip" else "id"
            key = next((value for one, value in attributes.items() if ":" in one and _local(one) == wanted), "")
            if key:
                self._flush()
                self.parts.append(("", key))

    def _end(self, name: str) -> None:
        name = _local(name)
        self.open.pop()
        if name in _SKIPPED:
            self.n_skipped -= 1
        elif name == "p":
            if self.n_cells:
                self.line.append(" ")
            else:
                self._flush()
        elif name == "tc":
            self.n_cells -= 1
            self.line.append("\t")
        elif name == "tr":
            self._flush()

    def _say(self, text: str) -> None:
        if self.open and self.open[-1] == "t" and not self.n_skipped:
            self.line.append(text)

    def _flush(self) -> None:
        if text := "".join(self.line).strip(" \t"):
            self.parts.append((text, ""))
        self.line.clear()


def _links(xml: bytes) -> dict[str, str]:
    """Parts inside the package by the key under which the text names them."""
    found: dict[str, str] = {}

    def begin(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/image") and attributes.get("TargetMode") != "External":
            found[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/word", attributes.get("Target", "")))[
                1:
            ]

    parser = _parser()
    parser.StartElementHandler = begin
    parser.Parse(xml, True)
    return found


def _parser() -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _unpacked(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if archive.getinfo(name).file_size > kinds.FILE_AT_MOST:
            raise ValueError("a picture is too large")
        return archive.read(name)


def _written(parts: list[tuple[str, str]], media: dict[str, bytes]) -> bytes:
    number = {name: n for n, name in enumerate(media, 1)}
    body = "".join(
        _picture(number[name], media[name]) if name in media else _paragraph(text)
        for text, name in parts
        if text or name
    )
    spaces = " ".join(
        f'xmlns:{short}="{address}"'
        for short, address in (
            ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
            ("r", _OFFICE),
            ("wp", f"{_DRAWING}/wordprocessingDrawing"),
            ("a", f"{_DRAWING}/main"),
            ("pic", f"{_DRAWING}/picture"),
        )
    )
    links = "".join(f'<Relationship Id="p{n}" Type="{_OFFICE}/image" Target="media/{n}.jpg"/>' for n in number.values())
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        _BODY: f"{_XML}<w:document {spaces}><w:body>{body or '<w:p/>'}</w:body></w:document>",
        _LINKS: f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        **{f"word/media/{number[name]}.jpg": picture for name, picture in media.items()},
    }
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, entry in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE_AT), entry, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _paragraph(text: str) -> str:
    plain = escape(_UNFIT.sub("", text))
    runs = plain.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    runs = runs.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:p><w:r><w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'


def _picture(n: int, content: bytes) -> str:
    with kinds.picture(content) as opened:
        wide, high = opened.size
    shrunk = min(1.0, _WIDEST / (wide * _EMU_A_PIXEL))
    size = f'cx="{max(1, int(wide * _EMU_A_PIXEL * shrunk))}" cy="{max(1, int(high * _EMU_A_PIXEL * shrunk))}"'
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:extent {size}/><wp:docPr id="{n}" name="{n}"/><a:graphic>'
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{n}" name="{n}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="p{n}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
