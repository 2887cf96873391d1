"""What measures of the invented district leave on file: photos and minutes, talks, orders, referrals."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from shouhu.demo.dice import Dice
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals.models import Task
from shouhu.ledgers.units.models import Post
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile

PLAN = (
    "一、风险：预付资金较大，部分用于设施建设。\n二、措施：约谈负责人，责令整改，按月清退，逐户建账。\n"
    "三、安置：不影响在住老人，指定镇街专人联系家属。\n四、时限：30个工作日内清退完毕，逐周报告。"
)
_SIGNED_BY = {
    "老年人权益保障法 第45条": "civil",
    "防范和处置非法集资条例 第18条": "civil",
    "防范和处置非法集资条例 第22条": "finance",
    "市场主体登记管理条例 第43条": "market",
    "无证无照经营查处办法 第11条": "market",
}
_DEMANDS = {
    "R-stop-business": "停业整顿，不得接收新的老年人，按月报告在住老人安置情况",
    "R-stop-raising": "停止以会员费、床位费等名义吸收资金，封存相关账册",
    "R-stop-unlicensed": "停止无照经营活动，妥善安置在住老年人",
    "U-refund": "退还已收取的预付费，逐户登记造册",
    "U-close": "停止经营，在属地镇街协助下安置在住老年人",
}
_NOTES = {
    "Y-warn": ("风险提示书送达回证，负责人签收", "已向机构和老人家属发放风险提示，张贴在大厅"),
    "Y-inspect": ("抽查记录：收费公示、合同、宣传品", "抽查两次，未发现新增预付费"),
    "Y-supervise": ("纳入重点监管名录，按月走访记录", "已建立监管台账，按月走访"),
    "Y-remind": ("提醒谈话记录，机构书面承诺", "机构书面承诺规范收费和宣传"),
    "U-register": ("办理指南送达记录", "已一次告知登记和备案材料，负责人表示配合办理"),
    "U-joint": ("联合检查记录和现场照片", "会同市场监管部门现场检查，已立案"),
    "R-means": ("部门会商纪要", "明确分工，逐项落实整改"),
}
_ANSWERS = {
    "T-survey": ("再次上门，机构已补交资产负债资料，待录入", "机构仍未提供凭证，已函请有关部门协查", "负责人外出，已约定补查时间"),
    "T-decide": ("已提交集体研判，意见见研判记录",),
    "U-owner": ("已上图，明确包干人，每周走访一次",),
    "U-between": ("集体研判，先督促登记，按月复查",),
}  # fmt: skip


class Papers:
    """The proofs, made by whoever handles a measure."""

    def __init__(self, offices: Offices, dice: Dice) -> None:
        self.offices, self.dice = offices, dice

    def prove(self, task: Task, handler: Post, at: datetime) -> str:
        """This function will leave the proof that a measure asks for, and give the result in words."""
        day = localdate(at)
        if task.returned_at:
            disposals.add_evidence(task_id=task.pk, effective_on=day, by=handler, at=at, note="补齐负责人签字的材料",
                                   file=self.paper("补充材料", at))  # fmt: skip
            return "已按退回意见补齐材料"
        match task.proof:
            case "evidence":
                note, result = _NOTES.get(task.measure, ("现场检查记录，负责人签字", "已落实，材料见附件"))
                disposals.add_evidence(task_id=task.pk, effective_on=day, by=handler, at=at, note=note,
                                       file=self.paper("现场记录", at))  # fmt: skip
                return result
            case "talk":
                disposals.record_talk(task_id=task.pk, held_on=day, place="区民政局三楼会议室", by=handler, at=at,
                                      present="主要负责人、民政局两人、镇街一人", summary="通报问题，提出三项整改要求，负责人表态")  # fmt: skip
                return "已约谈，负责人当场表态，限期报送整改情况"
            case "order":
                self._order(task, handler, at)
                return "文书已送达，机构签收"
            case "referral":
                self._receipt(task, handler, at)
                return "已通报移送，回执在案"
            case "refund":
                return "已全部清退，逐户签收"
        return self.dice.pick(_ANSWERS.get(task.measure, ("已落实",)))

    def paper(self, what: str, at: datetime) -> StoredFile:
        """This function will store a scan that says that it is none."""
        token = f"{self.dice.between(0, 2**52):032x}"
        return vault.store(content=f"演示数据：{what}（{token}）".encode(), name=f"{what}.txt", media_type="text/plain",
                           token=token, by=self.offices["civil"].code, at=at)  # fmt: skip

    def _order(self, task: Task, handler: Post, at: datetime) -> None:
        article = next(one for one in task.powers if one in _SIGNED_BY)
        day = localdate(at)
        disposals.issue_order(
            task_id=task.pk, number=f"望责改〔{day.year}〕{task.pk}号", issued_on=day, article=article, by=handler, at=at,
            unit=self.offices[_SIGNED_BY[article]].unit, due_on=day + timedelta(days=15),
            demands=_DEMANDS.get(task.measure, "停止收取预付费，清理宣传内容，限期整改并书面报告"),
        )  # fmt: skip

    def _receipt(self, task: Task, handler: Post, at: datetime) -> None:
        sent = task.referrals.order_by("pk").first() or disposals.refer(
            task_id=task.pk, receiver=receiver(task), sent_on=localdate(at), by=handler, at=at
        )
        disposals.receive_receipt(referral_id=sent.pk, receipt_number=f"收〔{at.year}〕{task.pk}号", received_on=localdate(at),
                                  by=handler, at=at)  # fmt: skip


def receiver(task: Task) -> str:
    """This function will say to whom a matter goes."""
    return {"R-crime": "望澜区公安分局", "R-mechanism": "望澜区处非牵头部门"}.get(task.measure, "望澜区政法委")
