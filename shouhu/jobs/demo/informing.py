"""The key of the 保密员, requests to know who told, and lists that other platforms sent."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from functools import partial

from django.utils.timezone import localdate

from shouhu.demo import names
from shouhu.demo import tips as written
from shouhu.demo.history import CAMPAIGN_DAYS
from shouhu.demo.tips import Listed
from shouhu.jobs.demo.days import moment
from shouhu.jobs.demo.tipping import Tips
from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.tips import queries
from shouhu.ledgers.tips.actions import arriving
from shouhu.ledgers.tips.models import Tip
from shouhu.ledgers.units.scope import Scope

_OPENINGS = (  # key of the tip, days back, hour, why, and why not (None: granted; empty: nobody has decided)
    ("coins", 40, 10, "想当面感谢并回访举报人", "回访可以凭回执留言，不必知道是谁"),
    ("beds", 1, 16, "举报人称持有推介会录音原件，已留言两次约定交接方式未回复，须由保密员联系本人", None),
    ("sincere", 0, 7, "举报人反映被威胁，须核实处境并联系公安机关保护，留言无法及时送达", ""),
)


class Informants:
    """What goes with tips: the key comes before the first name, the requests after their tips."""

    def __init__(self, tips: Tips, passphrase: str) -> None:
        self.tips, self.passphrase = tips, passphrase
        self.offices, self.days, self.dice = tips.offices, tips.days, tips.dice

    def put(self) -> None:
        """This function will put key, lists and requests on the days."""
        day = self.days.as_of
        self.days.put(moment(day - timedelta(days=CAMPAIGN_DAYS), 10), self._make_key)
        for listed in written.lists():
            self.days.put(moment(day - timedelta(days=listed.back), 9, 40), partial(self._bring, listed))
        for key, back, hour, why, why_not in _OPENINGS:
            at = moment(day - timedelta(days=back), hour, 30)
            self.days.put(at, partial(self._ask, key, why, why_not))

    def _make_key(self, at: datetime) -> None:
        """The recovery code is not kept: nothing that is sealed here needs to outlive the demo."""
        informants.make_key(passphrase=self.passphrase, by=self.offices["confidential"], at=at)

    def _ask(self, key: str, why: str, why_not: str | None, at: datetime) -> None:
        case = self.tips.cases.get(key)
        tip = Tip.objects.get(pk=case.pk) if case else None
        asker, granter = self.offices["office"], self.offices["office2"]
        if tip is None or tip.identity_id is None or queries.one(Scope.of(asker), tip.pk) is None:
            return
        opening = informants.ask(identity_id=tip.identity_id, viewer_id=asker.pk, reason=why, by=asker, at=at)
        decided = at + timedelta(minutes=50)
        if why_not is None:
            informants.grant(opening_id=opening.pk, by=granter, at=decided)
        elif why_not:
            informants.refuse(opening_id=opening.pk, why=why_not, by=granter, at=decided)

    def _bring(self, listed: Listed, at: datetime) -> None:
        """A list is taken in as a whole; the last one still waits for somebody to look through it."""
        by = self.offices["office"]
        text = io.StringIO()
        csv.writer(text).writerow(listed.head)
        for number, back, *rest in listed.rows:
            on = localdate(at) - timedelta(days=back - listed.back)
            words = {"person": names.person(self.dice), "phone": names.phone(self.dice)}
            cells = [cell.format(**words) if isinstance(cell, str) else cell for cell in rest]
            csv.writer(text).writerow([number, on.isoformat(), *cells])
        arrival = arriving.open_arrival(
            content=text.getvalue().encode("utf-8-sig"), name=listed.name, media_type="text/csv", token=self.tips.token(),
            channel=listed.channel, by=by, at=at,
        )  # fmt: skip
        if listed.is_taken:
            came = arriving.take_arrival(
                arrival_id=arrival.pk, seed=self.tips.token(), by=by, at=at + timedelta(minutes=9)
            )
            for taken, way in zip(came, listed.ways, strict=True):
                self.tips.carry(taken, way, at + timedelta(minutes=9))
