"""Texts that would do harm if anything but text were made of them: what is given, and what a letter keeps of it."""

from __future__ import annotations

TEMPLATES = """
{{ 7*7 }}|{{x}}|{{ config.items() }}|{% if True %}甲{% endif %}|{% for a in b %}|{# 注释 #}|{%p if x %}|{{r xml }}|{{p sub }}|{%tr for x in y %}
${7*7}|${issuer}|$issuer|$$|#{7*7}|<%= 7*7 %>|<% import os %>|%{7*7}|%s|%(issuer)s|%n%n%n|{0}|{}|{issuer}|{number}|{due_on}|{matter}{matter}
{issuer.__class__}|{0.__class__.__mro__}|{__import__('os')}|{matter!r:>10}|}}|{|}|{{|{\\|\\{|[[matter]]|«matter»|@issuer@|__matter__|\\1|\\g<0>|\\\\
MERGEFIELD 姓名|{ MERGEFIELD 姓名 }|{ MERGEFIELD 姓名 \\* MERGEFORMAT }|{ INCLUDETEXT "c:\\\\win.ini" }|{ INCLUDEPICTURE "http://127.0.0.1/a" }
{ DDEAUTO c:\\\\cmd.exe "/k calc" }|{ HYPERLINK "http://127.0.0.1" }|{ PAGE }|PAGE|{ QUOTE 65 }|=SUM(ABOVE)|{ = 7*7 }
=cmd|'/C calc'!A0|=HYPERLINK("http://127.0.0.1")|http://127.0.0.1/|file:///etc/passwd|javascript:alert(1)|mailto:a@example.com|\\\\server\\share
"""
MARKUP = """
<b>粗</b>|</w:t>|</w:t></w:r></w:p>|<w:p/>|<w:r><w:t>甲</w:t></w:r>|<w:fldSimple w:instr="PAGE"/>|<w:instrText>PAGE</w:instrText>|<w:br/>|<w:sectPr/>
<![CDATA[甲]]>|]]>|<!-- 注释 -->|-->|<?xml version="1.0"?>|<!DOCTYPE x [<!ENTITY a "b">]>|<!ENTITY x SYSTEM "file:///etc/passwd">|&x;|&lt;|&amp;lt;|&amp;
&|&&|&#0;|&#x0;|&#xD800;|&#10;|&#x202E;|&nbsp;|<|>|<>|"|'|"'"|a&b<c>"d"'e'|<script>alert(1)</script>|<img src=x onerror=alert(1)>|<r><t>粗</t></r>
xmlns:w="x"|xml:space="preserve"|_x000D_|_x0041_|_x005F_x0041_|w:rPr|rId1|../../word/styles.xml|[Content_Types].xml|<svg/onload=alert(1)>|<o:OLEObject/>
"""
OTHER = """
👵|👨‍👩‍👧|🇨🇳|👍🏽|❤️|☎️|𠮷野家|𪚥|㐂|﨑|ﷺ|ﬀ|①②③|㈱|ｶﾅ|ＡＢＣ１２３|½|²|№|…|——|“弯引号”|‘单’|「」『』|〔2022〕|（）()|《》<>|・·|￥¥$€|㎡|℃|％‰
שלום|مرحبا|سلام ۱۲۳|हिन्दी|ไทย|Ω≈ç√|é|é|Z̷̢͝a|e\u0301\u0301\u0301\u0301|\ue000\ue001|\U000f0000|\ufffc|\ufffd|\u2fff|\u3400|\U0002ebe0|\u0e33|\u1100\u1161
12345678901234567890123456789012345678901234567890|-0|1e999|NaN|Infinity|0x1F|007|1,234.50|２０２２|3%|100%|∞|null|None|undefined|true|NULL|nil
'; DROP TABLE tip; --|" OR 1=1 --|`id`|$(id)|; rm -rf /|| ls|%0d%0a|%00|\\u0000|\\x00|\\n|\\r\\n|\\t|\\|/|//|*|?|:|~|^|__|--|—— 1 ——|— 1 —|第  1 页
一、假标题|（一）假标题|1.假编号|附件：假附件|抄送：假单位。|2022年5月31日|特急|文件|主送机关：|   |甲　乙|甲  乙|甲   乙   丙|a b c
"""


def _listed(table: str) -> list[str]:
    rows = [row for row in table.strip("\n").split("\n") if row]
    return [text.strip(" \u3000") for row in rows for text in row.split("|")]


REMOVED = (
    *map(chr, (*range(9), *range(0xE, 0x1C), 0x1F, *range(0x7F, 0x85), *range(0x86, 0xA0))),
    *"\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064",
    *"\u2066\u2067\u2068\u2069\u206a\u206f\ufeff\ufff9\ufffa\ufffb\U000e0001\U000e0041\U000e007f\U0001d173",
    *"\ud800\udbff\udc00\udfff\ufffe\uffff\U0001fffe\U0010ffff\ufdd0\ufdef",
)
"""Controls, formats, lone halves of surrogate pairs and noncharacters: nobody sees them, and they leave nothing behind."""
BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\n\n \r\n")
"""What parts lines; in a field of one line a space stands in for it, and in a text a new paragraph begins."""

_HIDDEN = dict.fromkeys(map(ord, REMOVED))
KEPT: list[tuple[str, str]] = [
    *((text, text.translate(_HIDDEN)) for table in (TEMPLATES, MARKUP, OTHER) for text in _listed(table) if text),
    *((f"守{sign}护", "守护") for sign in REMOVED),
    *((f"{sign}守护{sign}{sign}", "守护") for sign in REMOVED[::4]),
    ("守\t护", "守 护"),
    ("\t 守护\u3000\u2003\xa0", "守护"),
    ("\u202e诈骗\u202c举报\u200b", "诈骗举报"),
    ("\ud83d守\ude00护", "守护"),
    ("很长的名字" * 12, "很长的名字" * 12),
    ("W" * 60, "W" * 60),
    ("9" * 60, "9" * 60),
    ("《" * 30 + "》" * 30, "《" * 30 + "》" * 30),
    ("，" * 60, "，" * 60),
]
"""What is given and what a field of one line keeps."""
