"""Registers that offices sent as files: taken over, waiting for decisions on doubtful rows, waiting for columns, given up."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from shouhu.demo import names
from shouhu.demo.dice import Dice
from shouhu.jobs.demo.days import Days, moment
from shouhu.jobs.demo.offices import Offices
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Batch, Institution
from shouhu.ledgers.units.models import Division, Post

_HEAD = ("机构名称", "统一社会信用代码", "机构类型", "地址", "所在镇街", "所在村居", "联系电话", "床位数")
Row = tuple[object, ...]


class Imports:
    """Four files of the three months, each left at another step."""

    def __init__(self, offices: Offices, dice: Dice, days: Days) -> None:
        self.offices, self.dice, self.days = offices, dice, days
        self.towns = [post for login, post in offices.posts.items() if login.startswith("town") and login.endswith("a")]

    def put(self) -> None:
        """This function will put the four files on the days."""
        day = self.days.as_of
        for n_days, town, act in (
            (44, 1, self._take_over),
            (12, 2, self._give_up),
            (5, 4, self._wait),
            (4, 6, self._upload),
        ):
            self.days.put(
                self.days.later(moment(day - timedelta(days=n_days), 9), 0, 14, 20),
                partial(act, self.towns[town]),
            )

    def _take_over(self, by: Post, at: datetime) -> None:
        """New telephone numbers of what the town knows; taken over as a whole."""
        batch = self._staged(f"{_short(by)}机构通讯更新.csv", self._known(by, 9), by, at)
        rows = batch.rows.filter(decision="ask").values_list("pk", flat=True)
        institutions.decide_rows(
            batch_id=batch.pk, row_ids=rows, decision="update", by=by, at=at + timedelta(minutes=15)
        )
        institutions.confirm_batch(batch_id=batch.pk, by=by, at=at + timedelta(minutes=20))
        disposals.settle_batch(batch_id=batch.pk, by=by, at=at + timedelta(minutes=21), pause=_no_pause)

    def _give_up(self, by: Post, at: datetime) -> None:
        batch = self._staged(f"{_short(by)}旧表（作废）.csv", self._known(by, 5), by, at)
        disposals.hide_batch(batch_id=batch.pk, by=by, at=at + timedelta(minutes=9))

    def _wait(self, by: Post, at: datetime) -> None:
        """Some known, one new, one without a code under a like name, one of a village that is not there."""
        known = self._known(by, 6)
        village = str(known[0][5])
        fresh: list[Row] = [
            (f"{_short(by)}晴禾长者照护之家", "", "社区养老服务机构", f"{village}稻花路21号", _short(by), village, names.phone(self.dice), 24),
            (f"{known[1][0]}分院", "", "养老机构", str(known[1][3]), _short(by), str(known[1][5]), names.phone(self.dice), 60),
            ("栖霞居家服务部", "", "养老服务组织", "详见备注", _short(by), "不详", names.phone(self.dice), "约30"),
        ]  # fmt: skip
        self._staged(f"{_short(by)}十一月新增机构.csv", [*known, *fresh], by, at)

    def _upload(self, by: Post, at: datetime) -> None:
        self._opened(f"{_short(by)}民宿转养老场所摸底.csv", self._known(by, 4), by, at)

    def _known(self, by: Post, n: int) -> list[Row]:
        code = by.unit.code
        village_names = dict(Division.objects.filter(to_on=None, code__startswith=code[:9]).values_list("code", "name"))
        rows = Institution.objects.filter(code__startswith=code[:9], is_registered=True).order_by("pk")[:n]
        return [
            (one.name, one.uscc, one.kind, one.address, _short(by), village_names[one.code], names.phone(self.dice), "")
            for one in rows
        ]

    def _staged(self, name: str, rows: Sequence[Row], by: Post, at: datetime) -> Batch:
        batch = self._opened(name, rows, by, at)
        institutions.map_batch(batch_id=batch.pk, choices={}, by=by, at=at + timedelta(minutes=3))
        return institutions.stage_batch(batch_id=batch.pk, at=at + timedelta(minutes=4), pause=_no_pause)

    def _opened(self, name: str, rows: Sequence[Row], by: Post, at: datetime) -> Batch:
        text = io.StringIO()
        csv.writer(text).writerows([("演示数据",), _HEAD, *rows])
        token = f"{self.dice.between(0, 2**52):032x}"
        return institutions.open_batch(content=text.getvalue().encode("utf-8-sig"), name=name, token=token, source="known",
                                       code=by.unit.code, by=by, at=at)  # fmt: skip


def _short(by: Post) -> str:
    return by.unit.name.removesuffix("工作专班")


def _no_pause() -> None:
    pass
