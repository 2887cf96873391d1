"""What the form for the phone says; its scripts hold no words of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _


def said() -> dict[str, str]:
    """This function will give the words by the names under which the scripts know them."""
    return {
        "online": _("在线"), "offline": _("离线"), "login": _("请先回工作台重新登录，再发送；本机的内容都还在。"),
        "sent": _("已发送 {n} 份排查表，等待审核。"), "kept": _("已保存在本机，联网后自动发送。"),
        "counts": _("{n} 家待查，{m} 份等待发送"), "due": _("期限"), "map": _("在地图上看"),
        "draft": _("有草稿"), "returned": _("已退回，请补正"), "waiting": _("已填好，等待发送"),
        "conflict": _("与别人填的不同，请核对"), "refused": _("没有收下"),
        "start": _("开始填报"), "goOn": _("接着填"), "compare": _("核对"), "mend": _("改正"),
        "nothing": _("现在没有要排查的。"), "fetchFirst": _("请先联网取得任务。"),
        "update": _("更新任务"), "sendNow": _("现在发送"), "leave": _("退出登录并清除本机内容"),
        "leaveUnsent": _("本机还有 {n} 份没有发送，退出后会全部清除，确定吗？"), "wiped": _("本机内容已清除。"),
        "foreign": _("本机有另一岗位的 {n} 份草稿或未发送的排查表。请由原岗位登录后发送；或者全部清除。"),
        "clearForeign": _("清除并继续"), "notMine": _("这一家已不在您的任务里。"),
        "theirs": _("用已审核的：{x}"), "mine": _("用我填的：{x}"),
        "conflictHelp": _("您填报期间，别人的排查表已审核通过，下列各项说法不同。请逐项选定；用您填的，由审核人再定。"),
        "resend": _("按所选重新提交"), "back": _("返回"),
        "forming": _("按现在知道的："), "atLeast": _("至少"), "atMost": _("最高"), "settled": _("颜色已能确定"),
        "answered": _("已答 {n} / {m}"), "askFirst": _("先问这一项，最能定下颜色"), "allAsked": _("都问完了，可以提交。"),
        "same": _("与登记一致：{x}"), "skip": _("先跳过"), "yes": _("是"), "no": _("否"), "none": _("没有"),
        "unclear": _("不清楚"), "unanswered": _("未答"), "confirm": _("确定"), "typeFirst": _("请先填写"),
        "notNumber": _("请填不小于0的数字"), "how": _("怎样排查的"), "when": _("什么时候"),
        "asked": _("问了几位老人或其代理人（只填人数）"), "askCount": _("请填问了几位老人或其代理人，没有问的填 0。"),
        "note": _("补充说明"), "place": _("记下现在的位置（可不填）"), "placed": _("位置已记下，点此更新"),
        "noPlace": _("没有取得位置，可以不填。"), "photos": _("照片"), "photo": _("拍照或选照片"), "caption": _("拍的是什么"),
        "photoHelp": _("拍摄地点、手机型号等信息会自动去掉；请不要拍老人的脸和身份证件。"), "remove": _("删除"),
        "noPhoto": _("打不开这张照片，请重拍。"), "submit": _("提交审核"), "discard": _("放弃这份草稿"),
        "photoLost": _("有照片没有收下——{x}"), "discardSure": _("放弃后不能找回，确定吗？"),
    }  # fmt: skip
