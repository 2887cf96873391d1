"""One letter of every kind, of an invented district, and what a written letter says when it is opened again."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document

from shouhu.engines.documents.letters import Heading, Letter, Table, docx, letter

OFFICE = "临水区打击整治养老诈骗专项行动领导小组办公室"
BUREAU = "临水区民政局"
SAID = "各镇街要组织网格员逐户走访老年人家庭，把防骗知识讲到每一位老人，做好登记造册，发现可疑情况及时报告。"
DAY = date(2022, 5, 31)
NAMES = [f"{stem}{side}镇" for stem in "甲乙丙丁戊己庚辛壬癸" for side in "东西南北"]
TOWNS = Table(
    ("镇街", "应排查", "已排查", "完成率", "备注"),
    [
        (name, 50, n, f"{2 * n}%", "有两处场所没有登记，正在核实经营人和收住人数" if n % 3 else None)
        for n, name in enumerate(NAMES, 1)
    ],
)
MEMBERS = Table(
    ("序号", "姓名", "单位", "职务", "组内职务", "联系电话", "联络员"),
    [
        (n, f"成员{n}", "临水区民政局养老服务科", "科长", "组长" if n == 1 else "成员", "0990-1234567", "是")
        for n in range(1, 41)
    ],
)
_SENT: dict[str, Any] = {
    "issuer": BUREAU,
    "number": "临民〔2022〕7号",
    "addressee": "东桥镇人民政府",
    "dated_on": DAY,
}
VALUES: dict[str, dict[str, Any]] = {
    "circular": _SENT
    | {
        "issuer": OFFICE,
        "urgency": "特急",
        "addressee": ["各镇人民政府、各街道办事处", "区有关单位"],
        "matter": "养老服务诈骗风险隐患排查工作进展情况",
        "body": [
            "现将排查工作进展情况通报如下。",
            Heading("总体情况"),
            SAID * 3,
            Heading("存在的问题"),
            Heading("进度不平衡", 2),
            SAID,
            Heading("台账不完整", 2),
            SAID,
            TOWNS,
            Heading("下一步要求"),
            SAID,
        ],
        "attachments": ["排查工作进度表", "“红橙黄”风险管控名单（区级汇总，五月三十一日更新，附填报说明和联系方式）"],
        "contact": "联系人：张三，联系电话：0990-1234567",
        "copies_to": ["区委政法委", "区人民检察院", "区人民法院", "区公安分局", "市打击整治养老诈骗专项行动办公室"],
        "printed_by": "临水区打击整治养老诈骗专项行动办公室",
        "printed_on": date(2022, 6, 1),
    },
    "supervision_order": _SENT
    | {
        "matter": "安康老年公寓预付费清退",
        "origin": "5月27日区专班会议",
        "facts": f"{SAID}\n{SAID}",
        "requirements": [SAID, "逐人核对应清退金额。"],
        "due_on": date(2022, 6, 15),
        "due_how": "自5月31日起10个工作日，6月3日端午节放假不计",
        "reply_to": "区民政局",
        "escalation": "报区专项行动领导小组并予以通报",
        "copies_to": "区市场监督管理局",
    },
    "talk_notice": _SENT
    | {
        "addressee": "安康老年公寓",
        "reason": "你单位收取大额预付费，未落实资金存管，经提醒后仍未整改。",
        "held_at": "2022年6月2日（周四）15:00",
        "place": "临水区民政局三楼会议室",
        "talked_to": ["法定代表人李四", "主要负责人王五"],
        "held_by": "区民政局副局长、养老服务科科长",
        "legal_basis": "《防范和处置非法集资条例》第18条",
        "topics": ["说明预付费的收取、用途和余额。", "提出清退安排。"],
        "materials": ["预付费台账和银行流水"],
    },
    "rectification": _SENT
    | {
        "addressee": "安康老年公寓",
        "found_on": date(2022, 5, 27),
        "officers": ["赵六（执法证号990001）", "钱七（执法证号990002）"],
        "problems": ["预付费没有开立存管账户。", "没有向老人说明退费办法。"],
        "breached": "《老年人权益保障法》第43条",
        "legal_basis": "《老年人权益保障法》第45条",
        "requirements": ["停止收取新的大额预付费。", "清退已收取的预付费，逐人留存凭证。"],
        "due_on": date(2022, 6, 15),
        "review_body": "临水区人民政府",
        "court": "临水区人民法院",
    },
    "tip_assignment": _SENT
    | {
        "issuer": OFFICE,
        "urgency": "加急",
        "addressee": "临水区市场监督管理局",
        "tip_no": "T-2022-000123",
        "source": "12337平台转交",
        "received_on": date(2022, 5, 30),
        "subject": "某某健康管理咨询有限公司",
        "summary": SAID * 2,
        "requirements": "核实是否以免费体检为名推销保健品。",
        "due_on": date(2022, 6, 15),
        "due_how": "收到之日起15日",
    },
    "referral": _SENT
    | {
        "addressee": "临水区公安分局",
        "matter": "安康老年公寓涉嫌非法吸收公众存款线索",
        "party": "安康老年公寓（临水）有限公司",
        "uscc": "91990000MA00000000",
        "address": "临水区东桥镇幸福路1号",
        "facts": [SAID * 2, SAID],
        "legal_basis": "《行政执法机关移送涉嫌犯罪案件的规定》第3条",
        "materials": ["涉嫌犯罪案件情况的调查报告", "预付费合同复印件32份"],
        "requests": "立案审查。",
    },
    "official_letter": _SENT
    | {
        "issuer": [BUREAU, "临水区市场监督管理局"],
        "addressee": "临水区农村商业银行",
        "matter": "协助提供养老机构预付费存管账户情况",
        "body": [SAID * 3, SAID],
        "closing": "请予支持为盼。",
        "contact": "联系人：张三，联系电话：0990-1234567",
        "copies_to": "区金融工作办公室",
    },
    "members": {
        "annex": "附件1",
        "heading": "临水区民政局打击整治养老诈骗专项行动工作组名单",
        "table": MEMBERS,
        "notes": "说明：电话以座机为主。",
    },
    "summary": {
        "issuer": BUREAU,
        "heading": "临水区民政局打击整治养老诈骗专项行动工作总结",
        "dated_on": date(2022, 9, 30),
        "body": [
            SAID * 2,
            Heading("主要做法"),
            Heading("排查", 2),
            SAID * 10,
            Heading("台账", 3),
            SAID,
            Heading("机构", 4),
            SAID,
            Table(("指标", "数值"), [("已排查", "123家"), ("清退金额", "12,345.00元")]),
        ],
    },
}


def sample(kind: str, **changes: Any) -> Letter:
    """This function will make the sample of a kind, with some values changed."""
    return letter(kind, VALUES[kind] | changes)


def said(made: Letter) -> list[str]:
    """
    This function will write a letter, open it again with python-docx, and give its paragraphs from top to bottom.

    The head of the first page comes first; cells are paragraphs too; empty ones are left out.
    """
    document = Document(io.BytesIO(docx(made)))
    section = document.sections[0]
    parts: list[Any] = [document]
    if section.different_first_page_header_footer:
        parts.insert(0, section.first_page_header)
    paragraphs = [
        "".join(piece.text or "" if piece.tag.endswith("}t") else "\n" for piece in each.xpath(".//w:t | .//w:br"))
        for part in parts
        for each in part._element.xpath(".//w:p")
    ]
    return [text for text in paragraphs if text.strip()]
