"""The package: the parts of a Word document, zipped so that the same letter gives the same bytes."""

from __future__ import annotations

import io
import zipfile

from shouhu.engines.documents.letters import page
from shouhu.engines.documents.letters.body import body
from shouhu.engines.documents.letters.foot import foot, page_number
from shouhu.engines.documents.letters.head import head, letterfoot, letterhead
from shouhu.engines.documents.letters.letter import Letter
from shouhu.engines.documents.letters.page import HEAD, NAMES, millimetres

_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def docx(letter: Letter) -> bytes:
    """This function will lay a letter out as a Word document; the same letter gives the same bytes."""
    edges = {
        "footer_odd": ("footer", "default", page_number("right")),
        "footer_even": ("footer", "even", page_number("left")),
    }
    if letter.head == "letter":
        edges["header_first"] = ("header", "first", letterhead(letter))
        edges["footer_first"] = ("footer", "first", letterfoot())
    parts = {
        "document": ("document.main", "officeDocument", _document(letter, edges)),
        "styles": ("styles", "styles", page.styles()),
        "settings": ("settings", "settings", page.settings()),
        "fontTable": ("fontTable", "fontTable", page.fonts()),
    }
    for name, (kind, _, content) in edges.items():
        tag = {"header": "hdr", "footer": "ftr"}[kind]
        parts[name] = (kind, kind, f"{HEAD}<w:{tag} {NAMES}>{content}</w:{tag}>")
    return _zipped(
        {
            "[Content_Types].xml": _types({name: kind for name, (kind, _, _) in parts.items()}),
            "_rels/.rels": _relations({"document": ("officeDocument", "word/document.xml")}),
            **{f"word/{name}.xml": content for name, (_, _, content) in parts.items()},
            "word/_rels/document.xml.rels": _relations(
                {name: (kind, f"{name}.xml") for name, (_, kind, _) in parts.items() if name != "document"}
            ),
        }
    )


def _document(letter: Letter, edges: dict[str, tuple[str, str, str]]) -> str:
    references = "".join(
        f'<w:{kind}Reference w:type="{which}" r:id="{name}"/>' for name, (kind, which, _) in edges.items()
    )
    width, height = page.PAPER
    first = "<w:titlePg/>" if letter.head == "letter" else ""
    section = (
        f'<w:sectPr>{references}<w:pgSz w:w="{width}" w:h="{height}"/>'
        f'<w:pgMar w:top="{page.TOP}" w:right="{page.RIGHT}" w:bottom="{page.BOTTOM}" w:left="{page.LEFT}" '
        f'w:header="{millimetres(28.5)}" w:footer="{millimetres(20)}" w:gutter="0"/>{first}'
        f'<w:docGrid w:type="lines" w:linePitch="{page.LINE}"/></w:sectPr>'
    )
    return (
        f"{HEAD}<w:document {NAMES}><w:body>{head(letter)}{body(letter)}{foot(letter)}{section}</w:body></w:document>"
    )


def _types(kinds: dict[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{name}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _zipped(parts: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _MIDNIGHT)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, text.encode())
    return content.getvalue()
