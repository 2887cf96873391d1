"""Template workbooks for imports: titles, an example, lists to choose from, and how to fill them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import xlsxwriter
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from shouhu.ledgers.units.actions.staffing import COLUMNS, ROLES
from shouhu.ledgers.units.models import KINDS
from shouhu.ledgers.units.sheets import DIVISION_COLUMNS
from shouhu.web.access import DeskRequest, page
from shouhu.web.language import official

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOTES = {
    "staff": (
        "一行是一个岗位和担任它的人；单位、网格和人员可在多行重复，系统只建一次。",
        "区划代码：单位所在区划的12位代码（6位、9位也可）。",
        "单位类型、角色：从下拉列表选择。",
        "网格编码、网格名称：只有网格员填写；编码为村居12位代码加3位数字。",
        "联络员：每个镇街工作专班填一个“是”。",
        "姓名、登录名：岗位空缺时都不填；登录名用小写字母开头，3至40位小写字母、数字、点、横线或下划线。",
        "系统管理员、安全管理员、审计员三种角色不能由同一人担任。",
        "已有的单位、岗位和人员保持不变；岗位换人的，原任同日离任。",
    ),
    "divisions": ("代码：镇街9位或12位，村居12位。", "名称与系统不同的，按改名处理，以前的统计仍用原名称。"),
}
_EXAMPLES = {
    "staff": (
        ("990102001000", "清河镇工作专班", "专班", "专班综合岗", "镇街专班", "", "", "是", "张三", "zhangsan", ""),
        (
            "990102001001",
            "柳湾村委会",
            "村居",
            "网格员",
            "网格员",
            "990102001001001",
            "柳湾村第一网格",
            "",
            "李四",
            "lisi",
            "",
        ),
    ),
    "divisions": (("990102001000", "清河镇"), ("990102001001", "柳湾村")),
}


@page("unit.import")
@require_GET
@official
def template(request: DeskRequest, kind: str) -> HttpResponse:
    """This function will write the template workbook of a kind of import."""
    tables: dict[str, Mapping[str, Sequence[str]]] = {"staff": COLUMNS, "divisions": DIVISION_COLUMNS}
    columns = tables.get(kind)
    if columns is None:
        raise Http404
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        text, head = (
            book.add_format({"num_format": "@"}),
            book.add_format({"bold": True, "bg_color": "#E7F0F7", "border": 1}),
        )
        sheet, notes, example = (book.add_worksheet(name) for name in ("填写", "说明", "示例"))
        for target in (sheet, example):
            target.set_column(0, len(columns) - 1, 18, text)
            target.freeze_panes(1, 0)
            target.write_row(0, 0, [titles[0] for titles in columns.values()], head)
        for number, row in enumerate(_EXAMPLES[kind], 1):
            example.write_row(number, 0, row, text)
        for place, (column, choices) in enumerate((name, _choices(name)) for name in columns):
            if choices:
                sheet.data_validation(
                    1, place, 5000, place, {"validate": "list", "source": choices, "input_title": columns[column][0]}
                )
        notes.set_column(0, 0, 90)
        notes.write_column(0, 0, _NOTES[kind])
    answer = HttpResponse(content.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer


def _choices(column: str) -> list[str]:
    return {"kind": list(KINDS.values()), "role": list(ROLES), "liaison": ["是", "否"]}.get(column, [])
