"""Files become papers: .docx, .pdf with text, .txt, .html; everything else is refused with what to do."""

from __future__ import annotations

import re
from pathlib import Path

from shouhu.engines.plans import lines, plain
from shouhu.engines.plans.lines import Line
from shouhu.engines.plans.page import BadPlan, Paper
from shouhu.engines.plans.pdf import read_pdf
from shouhu.engines.plans.web import read_html
from shouhu.engines.plans.word import read_docx

LARGEST = 64 << 20
LARGEST_TEXT = 8 << 20
_TO_DOCX = "请用 Word 或 WPS 打开，点“文件 > 另存为”，文件类型选“Word 文档(*.docx)”后重试"
_REFUSED = {
    ".doc": f"旧版 Word 文件，{_TO_DOCX}",
    ".dot": f"旧版 Word 模板，{_TO_DOCX}",
    ".docm": f"带宏的 Word 文件，{_TO_DOCX}",
    ".dotx": f"Word 模板，{_TO_DOCX}",
    ".wps": f"WPS 文字文件，{_TO_DOCX}",
    ".wpt": f"WPS 文字模板，{_TO_DOCX}",
    ".rtf": f"RTF 文件，{_TO_DOCX}",
    ".odt": f"OpenDocument 文件，{_TO_DOCX}",
    ".ofd": "OFD 版式文件，请用阅读软件另存为 .pdf 或向发文单位要 Word 文件后重试",
    ".mht": f"网页存档，{_TO_DOCX}",
    ".xlsx": "工作簿，不是方案；方案请用 .docx、.pdf、.txt、.html 文件",
    ".xls": "工作簿，不是方案；方案请用 .docx、.pdf、.txt、.html 文件",
}
_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif")
_STARTS = {b"PK\x03\x04": ".docx", b"%PDF": ".pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".doc", b"{\\rtf": ".rtf"}
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|meta|body|div|table)\b", re.IGNORECASE
)


def read(path: Path) -> Paper:
    """
    This function will read a file as a paper.

    :raises BadPlan: another kind of file, content that is not what the name says, hostile or damaged content, no text.
    """
    suffix = path.suffix.lower()
    if why := _REFUSED.get(suffix):
        raise BadPlan(f"{path.name}：是{why}")
    if suffix in _PICTURES:
        raise BadPlan(f"{path.name}：是图片；请向发文单位要 Word 文件，或用 WPS 的文字识别转换为 .docx、核对后重试")
    if suffix not in (".docx", ".pdf", ".txt", ".html", ".htm"):
        raise BadPlan(f"{path.name}：不能读取这种文件；方案请用 .docx、.pdf、.txt、.html 文件")
    try:
        return lines.paper(path.name, _lines(path, suffix))
    except OSError as error:
        raise BadPlan(f"{path.name}：文件打不开（{error.strerror}），请关闭正在使用它的程序或检查权限后重试") from error


def from_text(text: str, name: str) -> Paper:
    """
    This function will make a paper of a text, of a web page's source too.

    :raises BadPlan: nothing in it, or too much.
    """
    return lines.paper(name, _text_lines(text, name))


def _lines(path: Path, suffix: str) -> list[Line]:
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(16)
    found = next((kind for mark, kind in _STARTS.items() if start.startswith(mark)), "")
    is_text = suffix in (".txt", ".html", ".htm")
    if found != ("" if is_text else suffix):
        raise BadPlan(f"{path.name}：{_mistaken(suffix, found)}")
    if size > (LARGEST_TEXT if is_text else LARGEST):
        raise BadPlan(f"{path.name}：文件过大，不像一份方案；请只保留方案正文，另存后重试")
    if suffix == ".docx":
        return read_docx(path)
    content = path.read_bytes()
    return (
        read_pdf(content, path.name) if suffix == ".pdf" else _text_lines(plain.decoded(content, path.name), path.name)
    )


def _mistaken(suffix: str, found: str) -> str:
    if found == ".doc" and suffix == ".docx":
        return f"设有打开密码，或是旧版 Word 文件改了扩展名；{_TO_DOCX}，不要设密码"
    return f"扩展名是 {suffix}，内容却{f'是 {found} 文件' if found else '不是'}；{_TO_DOCX}"


def _text_lines(text: str, name: str) -> list[Line]:
    return read_html(text, name) if _HTML.match(text[:4096]) else [Line(line) for line in text.split("\n")]
