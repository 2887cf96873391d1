"""The first half of the trip: from a town's workbook to a colour, by way of a phone without a network."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import xlsxwriter
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from tests.web.trip_desk import FIRST_PASSWORD, PASSWORD
from tests.web.trip_seats import FILED, FOUND, NAME, Office, Seat, paper

KNOWN: dict[str, object] = {
    "机构名称": NAME, "登记状态": "已登记", "备案状态": "未备案", "机构类型": "养老机构", "运营性质": "民办", "所在镇街": "清河镇",
    "所在村居": "柳湾村", "地址": "柳湾村河东路12号", "床位数": 80, "入住人数": 61, "月收费标准(元)": 3000,
    "是否收取预付费": "是", "是否收取大额预付费": "是", "单笔最高预付费(元)": 120000, "大额预付费人数": 12, "预付费人数": 12,
    "预付费总额(元)": 1440000, "资金使用是否规范": "", "主要用于弥补设施建设": "否", "资产总额(元)": 9000000,
    "负债总额(元)": 3000000, "运营是否平稳": "是", "近三年新增网点数": 0, "近三年法定代表人变更次数": 0,
    "近三年注册地变更次数": 0, "虚假或夸大宣传": "否", "承诺投资回报": "否", "关联公司": "无", "关联交易": "否",
    "经济犯罪被起诉": "无", "被投诉举报": "无", "列入黑名单": "无", "涉嫌非法集资或诈骗": "", "爆雷": "否", "不良影响": "否", "重大舆情": "否",
}  # fmt: skip
"""The row of the workbook; what is empty is asked at the door."""
NO_MONEY = {"是否收取预付费": "否", "是否收取大额预付费": "否", "单笔最高预付费(元)": 0, "大额预付费人数": 0, "预付费人数": 0,
            "预付费总额(元)": 0, "资金使用是否规范": "是"}  # fmt: skip
AT_THE_DOOR = {"funds_regular": "否", "suspected_crime": "否"}
PUT_RIGHT = {"takes_prepayment": "no", "large_stated": "no", "funds_regular": "yes"}
NONE_LEFT = {"max_prepayment": "0", "n_large_prepayers": "0"}


def log_in(of: Office) -> None:
    for username, seat in (("office", of.office), ("office2", of.deputy), ("town", of.phone)):
        seat.page.goto("/")
        seat.hand.write("登录名", username)
        seat.hand.write("密码", FIRST_PASSWORD)
        seat.hand.follow("登录")
        seat.hand.write("现在的密码", FIRST_PASSWORD)
        seat.hand.write("新密码", PASSWORD)
        seat.hand.write("再填一次新密码", PASSWORD)
        seat.hand.follow("更改密码")
    of.town.page.goto("/")
    of.town.hand.write("登录名", "town")
    of.town.hand.write("密码", PASSWORD)
    of.town.hand.follow("登录")
    of.office.picture("home")


def bring_in_the_register(of: Office) -> None:
    seat = of.office
    seat.room("机构")
    seat.hand.follow("导入台账")
    seat.hand.hand_in("台账文件", register(of.folder / "清河镇台账.xlsx"))
    seat.hand.follow("上传并识别列")
    expect(seat.page.get_by_label("资金使用是否规范")).to_have_value("funds_regular")
    seat.picture("columns")
    seat.hand.follow("按此读入")
    seat.says("确认后将新增 3 家、更新 0 家")
    seat.picture("preview")
    seat.hand.follow("确认导入")
    seat.says("导入完成：新增 3 家，更新 0 家")
    seat.hand.follow("看机构名单")
    for name in (NAME, FILED, FOUND):
        seat.says(name)
    seat.picture("institutions")


def register(path: Path) -> Path:
    """This function will write a workbook as a town keeps it: what one does not know stays empty."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["清河镇养老服务机构台账"])
        sheet.write_row(1, 0, list(KNOWN))
        filed = {
            **KNOWN,
            **NO_MONEY,
            "机构名称": FILED,
            "地址": "柳湾村小学旁",
            "备案状态": "已备案",
            "涉嫌非法集资或诈骗": "否",
        }
        found: dict[str, object] = {"机构名称": FOUND, "所在镇街": "清河镇", "所在村居": "柳湾村", "登记状态": "未登记"}
        for at, row in enumerate((KNOWN, filed, found), 2):
            sheet.write_row(at, 0, [row.get(column, "") for column in KNOWN])
    return path


def give_the_work_out(of: Office) -> None:
    seat = of.office
    open_a_round(seat, "第一轮全面摸排")
    seat.picture("round")
    seat.hand.follow("谁查哪一家")
    mine = seat.page.get_by_role("row").filter(has_text=NAME)
    expect(mine).to_contain_text("未备案的，由所在镇街排查")
    seat.hand.tick(mine.get_by_role("checkbox"))
    seat.hand.choose("改派给", "镇街专班")
    seat.picture("assigning")
    seat.hand.follow("改派")
    seat.says("已改派 1 家")
    expect(mine).to_contain_text("镇街专班")


def open_a_round(seat: Seat, title: str) -> None:
    seat.room("摸排")
    seat.hand.follow("新建轮次")
    seat.hand.write("轮次名称", title)
    seat.hand.write("完成期限", f"{localdate(now()) + timedelta(14)}")
    seat.hand.follow("建立并分派")
    seat.says("已建立轮次，分派 3 家")


def survey_at_the_door(of: Office) -> None:
    seat, page = of.phone, of.phone.page
    seat.hand.press("菜单")
    seat.room("摸排")
    seat.hand.follow("我的排查")
    seat.says(NAME)
    seat.hand.follow("手机离线填报")
    card = page.locator("section", has_text=NAME)
    expect(card).to_be_visible()
    assert page.evaluate("navigator.serviceWorker.ready.then(() => isSecureContext && Boolean(crypto.subtle))")
    page.context.set_offline(True)
    expect(page.get_by_role("status").first).to_have_text("离线")
    page.reload()  # the form and the work come from the device
    seat.picture("phone-work")
    seat.hand.press(card.get_by_role("button"))
    forming, question = page.locator(".forming"), page.locator(".question")
    expect(forming).to_contain_text("待查○")
    seat.picture("phone-unknown")
    for _ in AT_THE_DOOR:
        name = question.get_attribute("data-name") or ""
        seat.hand.press(question.get_by_role("button", name=AT_THE_DOOR[name], exact=True))
        expect(question).not_to_have_attribute("data-name", name)
    expect(forming).to_contain_text("橙◆")
    expect(forming).to_contain_text("颜色已能确定")
    seat.picture("phone-orange")
    seat.hand.press(page.locator("summary", has_text="资金与经营"))
    seat.hand.press(page.locator("details button", has_text="运营是否平稳"))
    seat.hand.press(question.get_by_role("button", name="是", exact=True))
    seat.hand.choose("拍的是什么", "收费公示")
    seat.hand.hand_in("拍照或选照片", paper(of.folder / "prices.png"))
    expect(page.locator(".shots img")).to_have_count(1)
    seat.hand.write("问了几位老人", "5")
    seat.hand.write("补充说明", "会员卡协议写明一次交纳 12 万元，财务只有流水没有专户。")
    seat.picture("phone-filled")
    seat.hand.press("提交审核")
    expect(page.locator("[data-state]")).to_have_text("已填好，等待发送")
    seat.picture("phone-kept")
    page.context.set_offline(False)
    seat.says("已发送 1 份排查表")
    seat.picture("phone-sent")


def accept_and_read_the_colour(of: Office) -> None:
    seat = of.office
    seat.room("摸排")
    seat.hand.follow("待审排查表")
    seat.row(NAME)
    seat.says("改动 2 项")
    expect(seat.page.locator(".object-head")).to_contain_text("橙◆")
    seat.picture("sheet")
    accept(seat)
    seat.room("机构")
    seat.row(NAME)
    expect(seat.page.locator(".object-head")).to_contain_text("橙◆")
    seat.says("等级定为 橙◆")
    seat.picture("institution")
    seat.room("名单")
    seat.row(NAME)
    seat.says("收取大额预付费且资金使用不规范")
    seat.says("001")
    seat.picture("reasons")


def survey_again(of: Office) -> None:
    open_a_round(of.office, "整改复查")
    of.town.room("摸排")
    of.town.hand.follow("我的排查")
    visit = of.town.page.locator(".visit", has_text=NAME)
    of.town.hand.follow(visit.get_by_role("link", name="填报"))
    for name, reply in PUT_RIGHT.items():
        of.town.hand.tick(of.town.page.locator(f"[name=a_{name}][value={reply}]"))
    for name, text in NONE_LEFT.items():
        of.town.hand.write(of.town.page.locator(f"[name=a_{name}]"), text)
    of.town.hand.write("问了几位老人", "6")
    of.town.picture("second-sheet")
    of.town.hand.follow("提交审核")
    of.town.says("的排查表已提交，等待审核")
    of.office.room("摸排")
    of.office.hand.follow("待审排查表")
    of.office.row(NAME)
    accept(of.office)


def accept(seat: Seat) -> None:
    seat.hand.follow("审核通过")
    seat.says("已审核通过，答案已固定，名单已重新评定")
