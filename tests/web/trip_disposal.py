"""The second half of the trip: from the measures that a colour demands to 销号 and the list."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from django.utils.timezone import localdate, now
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.web.trip_seats import FILED, FOUND, NAME, Office, Seat, paper

MEASURES = (
    "及时向属地人民政府和政法部门通报线索",
    "警示约谈主要负责人",
    "责令整改",
    "督促清退资金",
    "同步纳入属地防范和处置非法集资工作机制",
)


def take_the_measures(of: Office) -> None:
    open_the_disposal(of.office)
    for measure in MEASURES:
        of.office.says(measure)
    due = of.office.page.get_by_role("row").filter(has_text="警示约谈").locator("td").nth(1)
    expect(due).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d"))
    of.office.hand.choose("岗位", "清河镇专班 镇街专班")
    of.office.hand.follow("指定")
    of.office.says("已指定经办岗位：1 件")
    of.office.picture("measures")
    scan = paper(of.folder / "scan.png")
    report(of.town, scan)
    be_refused(of.deputy, "项措施未办结")
    talk(of.town, scan)
    order(of.town)
    refund(of.town, scan)
    ask_not_to(of.town)
    of.town.picture("measures-done")
    answer(of.office)
    for measure in MEASURES[:-1]:
        open_the_disposal(of.office)
        of.office.row(measure)
        of.office.hand.follow("审核通过")
        of.office.hand.follow("审核通过")
        of.office.says("已办理：审核通过")
    of.office.picture("measure-reviewed")


def open_the_disposal(seat: Seat, measure: str = "") -> None:
    seat.room("处置")
    seat.row(NAME)
    if measure:
        seat.row(measure)


def done(seat: Seat, result: str) -> None:
    seat.hand.follow("办结")
    seat.hand.write("办理结果", result)
    seat.hand.follow("办结")
    seat.says("已办理：办结")


def report(seat: Seat, scan: Path) -> None:
    open_the_disposal(seat, MEASURES[0])
    seat.hand.follow("登记通报移送")
    seat.hand.write("接收单位", "清河镇人民政府、区委政法委")
    seat.hand.hand_in("函件扫描件", scan)
    seat.hand.follow("登记通报移送")
    seat.hand.follow("登记回执")
    seat.hand.write("回执编号", "望政法收〔2026〕8号")
    seat.hand.follow("登记回执")
    seat.picture("referral")
    done(seat, "线索已通报并收到回执。")


def talk(seat: Seat, scan: Path) -> None:
    open_the_disposal(seat, MEASURES[1])
    seat.hand.follow("登记约谈")
    seat.hand.write("地点", "清河镇会议室")
    seat.hand.write("参加人员", "执法人员两名，机构主要负责人")
    seat.hand.write("约谈内容", "指出会员卡资金没有专户；机构承诺三日内退清。")
    seat.hand.hand_in("约谈记录扫描件", scan)
    seat.picture("talk")
    seat.hand.follow("登记约谈")
    done(seat, "已约谈主要负责人，机构书面承诺退款。")


def order(seat: Seat) -> None:
    open_the_disposal(seat, MEASURES[2])
    seat.hand.follow("登记责令文书")
    seat.hand.write("文号", "望民责改〔2026〕3号")
    seat.hand.choose("作出单位", "区民政局")
    seat.hand.choose("法律依据", "《中华人民共和国老年人权益保障法》")
    seat.hand.write("责令内容", "停止收取会员费，开立专户，退还已收预付费。")
    seat.hand.write("限期", f"{localdate(now()) + timedelta(10)}")
    seat.hand.follow("登记责令文书")
    done(seat, "责令文书已送达，机构已停收会员费并开立专户。")


def refund(seat: Seat, scan: Path) -> None:
    for kind in ("应清退", "已清退"):
        open_the_disposal(seat)
        seat.hand.follow("登记清退")
        seat.hand.tick(seat.page.get_by_role("radio", name=kind))
        seat.hand.write("人数", "12")
        seat.hand.write("金额", "1440000")
        seat.hand.hand_in("凭证", scan)
        seat.hand.follow("登记清退")
        seat.says("已办理：登记清退")
    seat.hand.follow("编制")
    seat.hand.write("方案", "风险点：会员卡资金无专户。措施：停收、开户、退款，由镇街专班每周核对。老人照常入住。")
    seat.hand.follow("编制一院一策")
    seat.picture("refunds")
    open_the_disposal(seat, MEASURES[3])
    done(seat, "12 人 144 万元全部退清，领款表已存档。")


def ask_not_to(seat: Seat) -> None:
    open_the_disposal(seat, MEASURES[-1])
    seat.hand.follow("申请中止、延期或不采取")
    seat.hand.tick(seat.page.get_by_role("radio", name="不采取"))
    seat.hand.write("原因", "经查没有非法集资情形，不适用。")
    seat.hand.follow("申请中止、延期或不采取")
    seat.says("已办理：申请")


def answer(seat: Seat) -> None:
    seat.room("处置")
    seat.hand.follow("待审批")
    seat.hand.follow("同意")
    seat.hand.follow("同意")
    seat.says("已办理：同意")


def be_refused(seat: Seat, why: str) -> None:
    open_the_disposal(seat)
    seat.hand.follow("办理销号")
    seat.says("现在销号会被拒绝，还差")
    seat.hand.write("销号依据", "现场核实")
    seat.hand.follow("销号")
    expect(seat.page.get_by_role("alert")).to_contain_text("不能销号：")
    expect(seat.page.get_by_role("alert")).to_contain_text(why)
    seat.picture("refused")


def let_the_colour_fall(of: Office) -> None:
    be_refused(of.deputy, "规则已评为绿●，但降级还没有人确认，现仍为橙◆")
    of.office.room("名单")
    of.office.row(NAME)
    of.office.hand.follow("降级确认")
    of.office.hand.write("理由", "整改已核实")
    of.office.hand.follow("确认")
    of.office.says("降级须由另一人确认")
    of.deputy.room("名单")
    of.deputy.hand.follow("研判与复核")
    of.deputy.row(NAME)
    of.deputy.hand.follow("降级确认")
    of.deputy.hand.write("理由", "现场核实专户流水和 12 份领款表，预付费已全部退清。")
    of.deputy.picture("downgrade")
    of.deputy.hand.follow("确认")
    of.deputy.says("降为绿●")


def close(of: Office) -> None:
    seat = of.deputy
    open_the_disposal(seat)
    seat.hand.follow("销号")
    seat.hand.write("销号依据", "措施逐项核对无误，资金清退完毕，复查评为绿色。")
    seat.hand.follow("销号")
    seat.says("已办理：销号")
    seat.says("重新评级为 绿●")
    seat.picture("closed")
    seat.room("机构")
    seat.row(NAME)
    for moved in ("等级定为 待查○", "等级定为 橙◆", "等级定为 绿●"):
        seat.says(moved)
    seat.picture("history")


def read_the_list(of: Office) -> None:
    seat = of.deputy
    seat.room("名单")
    row = seat.page.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("绿●")
    seat.picture("list")
    seat.hand.follow("导出所列")
    seat.hand.write("接收单位", "区专项办")
    sheets = CalamineWorkbook.from_path(seat.hand.take("导出工作簿"))
    on = {name: str(sheets.get_sheet_by_name(name).to_python()) for name in sheets.sheet_names}
    assert {name: [who for who in (NAME, FILED, FOUND) if who in text] for name, text in on.items()} == {
        "红橙黄名单": [FOUND], "待研判和待查": [], "绿色": [NAME, FILED],
    }  # fmt: skip
