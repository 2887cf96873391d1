"""Files become papers, or are refused with one sentence that says what to do."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouhu.engines.plans import papers, splitting
from shouhu.engines.plans.mending import mend
from shouhu.engines.plans.outline import outline
from shouhu.engines.plans.page import BadPlan, Item

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
FORMS = (
    ("chineseCountingThousand", "%1、"),
    ("chineseCounting", "（%2）"),
    ("decimal", "%3"),
    ("decimal", "（%4）"),
    ("decimalEnclosedCircleChinese", "%5"),
)
LONG = "各镇街要组织网格员逐户走访老年人家庭，把防骗知识讲到每一位老人，做好登记造册，发现可疑情况及时报告。" * 3
ZIP = zipfile.ZIP_DEFLATED


class Writer:
    """A Word document with automatic numbering in five levels."""

    def __init__(self) -> None:
        self.document = Document()
        levels = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for depth, (form, text) in enumerate(FORMS)
        )
        part = self.document.part.numbering_part.element
        part.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
        part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
        start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/>{start}</w:num>'))

    def add(self, text: str, depth: int | None = None, number: int = 90) -> None:
        paragraph = self.document.add_paragraph(text)
        if depth is not None:
            numbered = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
            paragraph._p.get_or_add_pPr().append(parse_xml(numbered))

    def xml(self, xml: str) -> None:
        self.document.element.body.insert(-1, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))

    def save(self, path: Path) -> Path:
        self.document.save(str(path))
        return path


def numbered(path: Path) -> Path:
    writer = Writer()
    writer.document.add_heading("临水区反诈专项行动方案", 0)
    writer.add("为守护老人的养老钱，制定本方案。")
    for text, depth in (
        ("工作目标", 0), ("工作任务", 0), ("抓好宣传。" + LONG, 1), ("张贴海报。" + LONG, 2), ("发放资料。" + LONG, 2), ("村", 3),
        ("镇", 3), ("抓好排查。" + LONG, 1), ("逐户走访。" + LONG, 2), ("老人", 4), ("家属", 4), ("工作要求", 0), ("加强领导。" + LONG, 1),
    ):  # fmt: skip
        writer.add(text, depth)
    writer.add("附件：名单")
    return writer.save(path)


PATHS = [
    "一",
    "二",
    "二(一)",
    "二(一)1",
    "二(一)2",
    "二(一)2(1)",
    "二(一)2(2)",
    "二(二)",
    "二(二)1",
    "二(二)1①",
    "二(二)1②",
    "三",
    "三(一)",
]


def flat(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from flat(item.children)


def paths(path: Path) -> list[str]:
    return [item.no for item in flat(outline(papers.read(path)).items)]


def texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in papers.read(path).paragraphs]


def convert(path: Path, kind: str) -> Path:
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) is not installed: it saves the documents of this test")
    command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{path.parent}/profile", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(path.parent), str(path)], check=True, capture_output=True, timeout=180)
    return path.with_suffix("." + kind.partition(":")[0])


def test_automatic_numbers_are_printed(tmp_path: Path) -> None:
    path = numbered(tmp_path / "方案.docx")
    assert paths(path) == PATHS
    paper = papers.read(path)
    assert paper.paragraphs[0].kind == "heading" and "（一）抓好宣传。" in paper.text and "1.张贴海报。" in paper.text


def test_a_list_may_start_again(tmp_path: Path) -> None:
    writer = Writer()
    for text, depth, number in (
        ("甲", 0, 90),
        ("乙", 1, 90),
        ("丙", 0, 90),
        ("丁", 1, 90),
        ("戊", 0, 91),
        ("己", 0, 91),
    ):
        writer.add(text, depth, number)
    assert texts(writer.save(tmp_path / "a.docx")) == ["一、甲", "（一）乙", "二、丙", "（一）丁", "一、戊", "二、己"]


def test_what_a_word_document_holds(tmp_path: Path) -> None:
    writer = Writer()
    writer.xml(
        '<w:r><w:t>留下</w:t></w:r><w:del w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>插入</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>'
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>上行</w:t><w:br/><w:t>下行</w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>yǎng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>养</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    box = "<w:txbxContent><w:p><w:r><w:t>红头</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    writer.xml(
        f"<w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    table = writer.document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("任务", "责任单位", "排查", "民政局"), strict=True
    ):
        cell.text = text
    table.rows[1].cells[1].add_paragraph("公安局")
    path = writer.save(tmp_path / "a.docx")
    assert texts(path) == ["留下插入上行", "下行养", "红头", "任务\t责任单位", "排查\t民政局；公安局"]
    assert [paragraph.kind for paragraph in papers.read(path).paragraphs][-2:] == ["row", "row"]


def test_pdf_says_what_its_document_says(tmp_path: Path) -> None:
    path = numbered(tmp_path / "方案.docx")
    printed = convert(path, "pdf")
    assert paths(printed) == PATHS
    said, meant = (list(flat(outline(papers.read(each)).items)) for each in (printed, path))
    assert [(item.heading, item.body) for item in said] == [(item.heading, item.body) for item in meant]


def test_a_scanned_pdf_is_refused(tmp_path: Path) -> None:
    writer = Writer()
    writer.add("")
    with pytest.raises(BadPlan, match="扫描件"):
        papers.read(convert(writer.save(tmp_path / "a.docx"), "pdf"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"反诈工作方案{end}一、目标{end}5月前完成，守护老人。".encode(encoding))
    assert texts(path) == ["反诈工作方案", "一、目标", "5月前完成，守护老人。"]


def test_lines_broken_at_the_margin_are_joined() -> None:
    lines = ["反诈工作方案", "　　一、工作目标"]
    for _ in range(4):
        text = "　　" + LONG
        lines += [text[place : place + 28] for place in range(0, len(text), 28)]
    lines += ["　　二、工作要求", "关于印发《反诈", "方案》的通知"]
    paper = papers.from_text("\n".join(lines), "a")
    assert [paragraph.text for paragraph in paper.paragraphs] == [
        "反诈工作方案", "一、工作目标", LONG, LONG, LONG, LONG, "二、工作要求", "关于印发《反诈方案》的通知",
    ]  # fmt: skip


PAGE = """<!DOCTYPE html><html><head><meta charset="gbk"><title>某网</title><style>p{color:red}</style></head><body>
<div class="top-nav"><a href=/>首页</a><a>新闻</a></div><p>当前位置：<a>首页</a> &gt; <a>方案</a></p>
<div id="main"><h1>临水区反诈方案</h1><div>时间：2022-05-01 来源：某网 浏览：100次</div>
<p>&nbsp;&nbsp;为守护老人，制定本方案。<p><b>一、目标</b><br>守护
老人。<p style="display: none">看不见</p><p>二、任务<table><tr><th>任务<th>单位<tr><td>排查<td>民政局</table>
<ol start="2"><li>甲<li><p>乙</p></ol><div class="ad">领取礼包</div><p>附件：<a href=x>1.名单.docx</a></p></div>
<ul><li><a>其他方案一</a><li><a>其他方案二</a></ul><div class="footer">版权所有</div><script>var a="<p>三、甲</p>"</script></body>"""


@pytest.mark.parametrize(("name", "encoding"), [("a.html", "gb18030"), ("a.htm", "utf-8"), ("a.txt", "utf-8")])
def test_web_pages(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(PAGE.encode(encoding))
    assert texts(path) == [
        "临水区反诈方案", "为守护老人，制定本方案。", "一、目标", "守护老人。", "二、任务", "任务\t单位", "排查\t民政局", "2.甲", "3.乙",
        "附件：1.名单.docx",
    ]  # fmt: skip


def test_what_stands_around_a_plan_is_left_out() -> None:
    around = (
        "您现在的位置：首页 > 方案", "发布时间：2022-05-06 10:00 浏览：12次", "以上就是小编为大家整理的反诈方案，欢迎阅读。", "【打印】【关闭】",
        "— 3 —", "第 1 页 共 3 页", "推荐访问：反诈 方案", "上一篇：防溺水方案", "目录", "一、目标…………3", "版权所有 某网", "点击下载文档",
    )  # fmt: skip
    kept = ("一、活动时间：5月1日至5月31日", "联系人：王某", "举报：12337", "12", "附件1")
    paper = papers.from_text("\n".join((*around, *kept)), "a")
    assert [paragraph.text for paragraph in paper.paragraphs] == [text for text in kept if text != "12"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0", r"旧版 Word.*另存为.*docx"),
        ("a.wps", b"", r"WPS 文字.*另存为.*docx"),
        ("a.rtf", b"{\\rtf1}", r"另存为"),
        ("a.jpg", b"\xff\xd8", r"图片"),
        ("a.zip", b"PK\x03\x04", r"不能读取这种文件"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"密码"),
        ("a.docx", b"%PDF-1.4", r"内容却是 .pdf 文件"),
        ("a.docx", b"PK\x03\x04", r"损坏"),
        ("a.txt", b"PK\x03\x04", r"内容却是 .docx 文件"),
        ("a.pdf", b"%PDF-1.4 nothing", r"PDF 文件损坏"),
        ("a.pdf", b"text", r"内容却不是"),
        ("a.txt", b"", r"没有读到文字"),
        ("a.txt", b"\x01\x02\x03\x00\x05" * 20, r"编码"),
        ("a.txt", b"1\n" * 40_000, r"过长"),
        ("a.html", b"<html>" + b"<div>" * 5_000, r"结构异常"),
        ("none.txt", None, r"打不开"),
    ],
)
def test_refusals(tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadPlan, match=f"^{re.escape(name)}：.*(?:{says})"):
        papers.read(path)


def packed(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", ZIP) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def body(xml: str) -> str:
    return f'<?xml version="1.0"?><w:document {nsdecls("w")}><w:body>{xml}</w:body></w:document>'


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]>" + body("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>")},
        {"word/document.xml": "<?xml version='1.0'?>" + " " * 5_000 + "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"},
        {"word/document.xml": body("<w:p><w:r><w:t>断")[:-30]},
        {"word/document.xml": body("<w:p>" + " " * (30 << 20) + "</w:p>")},
        {"word/document.xml": body("<w:tbl><w:tr><w:tc>" * 100 + "</w:tc></w:tr></w:tbl>" * 100)},
        {"word/document.xml": body("<w:p/>"), "word/styles.xml": "<styles>"},
        {"word/document.xml": body("<w:p><w:r><w:t>甲</w:t></w:r></w:p>"), "word/numbering.xml": b"\xff\xfe<\x00"},
        {"xl/workbook.xml": "<workbook/>"},
    ],
)
def test_hostile_documents_are_refused(tmp_path: Path, parts: dict[str, str | bytes]) -> None:
    with pytest.raises(BadPlan):
        papers.read(packed(tmp_path / "a.docx", parts))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return numbered(tmp_path_factory.mktemp("whole") / "a.docx").read_bytes()


def pdf(text: bytes = b"(1.) Tj (work plan of the district for its elderly people) Tj") -> bytes:
    """A small PDF file, written by hand."""
    stream = b"BT /F1 12 Tf 72 720 Td " + text + b" ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out = BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj%s endobj\n" % (number, content))
    start = out.tell()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
    )
    return out.getvalue()


def test_a_page_with_endless_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    assert "work plan" in texts(path)[0]
    path.write_bytes(pdf(b"(a) Tj " * 300_000))
    with pytest.raises(BadPlan, match="异常多"):
        papers.read(path)


DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=6)


def survive(path: Path, content: bytes, damage: list[tuple[float, bytes, int]]) -> None:
    for where, new, cut in damage:
        place = int(where * len(content))
        content = content[:place] + new + content[place + cut :]
    path.write_bytes(content)
    try:
        paper = papers.read(path)
    except BadPlan as refusal:
        assert str(refusal).startswith(path.name) and "\n" not in str(refusal)
        return
    for part in splitting.plans(paper):
        outline(part)
        for paragraph in part.paragraphs:
            assert mend(part.text[paragraph.start : paragraph.end]).text == paragraph.text


QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@QUIET
@given(damage=DAMAGE)
@pytest.mark.parametrize("make", [pdf, PAGE.encode, LONG.encode])
def test_damage_is_read_or_refused(
    tmp_path: Path, make: Callable[[], bytes], damage: list[tuple[float, bytes, int]]
) -> None:
    name = {b"%": "a.pdf", b"<": "a.html"}.get(make()[:1], "a.txt")
    survive(tmp_path / name, make(), damage)


@QUIET
@given(damage=DAMAGE)
def test_damaged_documents_are_read_or_refused(
    tmp_path: Path, whole: bytes, damage: list[tuple[float, bytes, int]]
) -> None:
    survive(tmp_path / "a.docx", whole, damage)


@QUIET
@given(
    st.recursive(
        st.text(max_size=5).map(lambda text: f"<w:r><w:t>{re.sub('[^一-龥]', '', text)}</w:t></w:r>"),
        lambda inner: st.tuples(
            st.sampled_from(["p", "tbl", "tr", "tc", "r", "t", "del", "pPr", "txbxContent", "numPr", "sdt", "ruby"]),
            st.lists(inner, max_size=3),
        ).map(lambda made: f"<w:{made[0]}>{''.join(made[1])}</w:{made[0]}>"),
    )
)
def test_elements_in_any_order_are_read_or_refused(tmp_path: Path, xml: str) -> None:
    survive(packed(tmp_path / "a.docx", {"word/document.xml": body(xml)}), (tmp_path / "a.docx").read_bytes(), [])


def test_twenty_pages_take_less_than_half_a_second(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "反诈工作方案\n" + "".join(f"（{n}）抓好工作。{LONG}\n" for n in "一二三四五六七八九十") * 15, "utf-8"
    )
    papers.read(path)
    start = time.process_time()
    outline(papers.read(path))
    assert time.process_time() - start < 0.5
