"""The page of GB/T 9704-2012: its measures in twips (1/20 point), its fonts, and how paragraphs look, as styles."""

from __future__ import annotations

from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def millimetres(length: float) -> int:
    """This function will give millimetres in twips."""
    return round(length * 1440 / 25.4)


PAPER = millimetres(210), millimetres(297)
TOP, BOTTOM, LEFT, RIGHT = (millimetres(margin) for margin in (37, 35, 28, 26))
TEXT = PAPER[0] - LEFT - RIGHT
"""Width of the text, 156 mm."""
LINE = 579
"""Height of a line: 22 of them are 225 mm."""
SPARE = 5
"""What a character of 16 points gives up, so that 28 of them fit into 156 mm."""
SIGN = 320 - SPARE
"""Width of a character of the body."""
SMALL, SMALLER = 280, 240
"""Width of a character of 14 and of 12 points."""
RED = "FF0000"

FANGSONG, KAITI, HEITI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
_FALLBACK = {FANGSONG: "仿宋", KAITI: "楷体", TITLE: "宋体"}
"""What a machine takes that lacks the font."""


def ink(font: str) -> str:
    """This function will name a font for all scripts, as the first property of a run."""
    return "<w:rFonts" + "".join(f' w:{script}="{font}"' for script in ("ascii", "hAnsi", "eastAsia", "cs")) + "/>"


@dataclass(frozen=True)
class Style:
    """How a kind of paragraph looks: size in points, line height in twips (exact), ``more`` and ``ink`` as they stand in XML."""

    id: str
    name: str
    font: str = FANGSONG
    size: float = 16
    align: str = "both"
    line: int = LINE
    before: int = 0
    indent: int = 0
    level: int | None = None
    more: str = ""
    ink: str = ""

    def xml(self) -> str:
        """This function will write the style."""
        default = ' w:default="1"' if self.id == "Normal" else ""
        based = "" if self.id == "Normal" else '<w:basedOn w:val="Normal"/>'
        after = '<w:next w:val="Normal"/>' if self.level is not None or self.id == "Title" else ""
        level = "" if self.level is None else f'<w:outlineLvl w:val="{self.level}"/>'
        spare = SPARE if self.size == 16 else 0
        return (
            f'<w:style w:type="paragraph"{default} w:styleId="{self.id}"><w:name w:val="{self.name}"/>{based}{after}<w:qFormat/>'
            f'<w:pPr>{self.more}<w:spacing w:before="{self.before}" w:after="0" w:line="{self.line}" w:lineRule="exact"/>'
            f'<w:ind w:firstLineChars="{self.indent * 100}" w:firstLine="{self.indent * SIGN}"/>'
            f'<w:jc w:val="{self.align}"/>{level}</w:pPr>'
            f'<w:rPr>{ink(self.font)}{self.ink}<w:spacing w:val="{-spare}"/>'
            f'<w:sz w:val="{self.size * 2:g}"/><w:szCs w:val="{self.size * 2:g}"/></w:rPr></w:style>'
        )


_NEXT, _FREE = "<w:keepNext/>", '<w:snapToGrid w:val="0"/>'
_BODY = '<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
"""A page is filled to its last line, and figures keep to the grid of characters."""
STYLES = (
    Style("Normal", "Normal", indent=2, more=_BODY),
    Style("Title", "Title", TITLE, 22, "center", more=_FREE),
    Style("Heading1", "heading 1", HEITI, indent=2, level=0, more=_NEXT),
    Style("Heading2", "heading 2", KAITI, indent=2, level=1, more=_NEXT),
    Style("Heading3", "heading 3", indent=2, level=2, more=_NEXT),
    Style("Heading4", "heading 4", indent=2, level=3, more=_NEXT),
    Style("Flush", "公文顶格", HEITI, align="left"),
    Style("Mark", "发文机关标志", TITLE, align="center", more=_FREE, ink=f'<w:color w:val="{RED}"/>'),
    Style("Number", "发文字号", align="center"),
    Style("Addressee", "主送机关", align="left", before=LINE),
    Style("Attachment", "附件说明", align="left"),
    Style("Signature", "署名和成文日期", align="center", more=_NEXT),
    Style("Cell", "公文表格", size=12, align="left", line=380, more=_FREE),
    Style("CellHead", "公文表头", HEITI, 12, "center", line=380, more=_FREE),
    Style("Imprint", "版记", size=14, align="left", line=440, more=_FREE),
    Style("ImprintRule", "版记分隔线", size=12, align="left", line=SMALLER, more=_FREE),
    Style("PageNumber", "公文页码", SONG, 14, line=SMALL, more=_FREE),
)


def styles() -> str:
    """This function will write the part of the styles; a table is ruled by its own."""
    return (
        f'{HEAD}<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "</w:docDefaults>"
        f"{''.join(style.xml() for style in STYLES)}</w:styles>"
    )


def fonts() -> str:
    """This function will write the part of the fonts, each with what may stand in for it."""
    rows = []
    for font in dict.fromkeys(style.font for style in STYLES):
        other = f'<w:altName w:val="{_FALLBACK[font]}"/>' if font in _FALLBACK else ""
        rows.append(f'<w:font w:name="{font}">{other}<w:charset w:val="86"/></w:font>')
    return f"{HEAD}<w:fonts {NAMES}>{''.join(rows)}</w:fonts>"


def settings() -> str:
    """This function will write the part of the settings: page numbers differ on odd and even pages."""
    return (
        f'{HEAD}<w:settings {NAMES}><w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )
