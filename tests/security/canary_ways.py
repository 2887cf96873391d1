"""What is done with the canaries: every act, every list, print and export, faults on purpose, backup and erasure."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate, now

from shouhu.jobs import backup, chores, schedule, sealing
from shouhu.jobs.models import Run
from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.informants.models import Opening
from shouhu.ledgers.tips import actions, queries, receipts
from shouhu.ledgers.tips.actions import attaching
from shouhu.ledgers.tips.models import Bar, Tip, Transfer
from tests import office
from tests.jobs.homes import CHEAP
from tests.security.canary import Informant
from tests.security.canary_desk import Seat
from tests.security.canary_office import LARGE, NEXT, PASSPHRASE, Office
from tests.security.filled import form_with

WHY = "凭回执三次留言没有答复，缺合同原件无法核查"


class Broken(Exception):
    """A fault of ours whose message quotes what somebody wrote."""


class Trip(Office):
    """What is done with the canaries once they are in."""

    def steps(self) -> list[Callable[[], None]]:
        """This function will give what is done, in order."""
        return [
            self.open_the_office, self.make_the_key, self.tell_on_the_public_pages, self.tell_to_the_office, self.bring_lists,
            self.let_the_clock_work, self.look_at_lists, self.lead_one_to_its_end, self.hand_around, self.pass_on, self.merge,
            self.come_back_with_the_receipt, self.open_identities, self.look_around, self.fail, self.change_keys, self.look_into_the_journal,
            self.back_up, self.erase,
        ]  # fmt: skip

    # --- through

    def tip(self, number: int) -> Tip:
        """This function will give the tip of an informant."""
        return Tip.objects.get(receipt_hash=receipts.hashed(self.receipts[number]))

    def look_at_lists(self) -> None:
        """This function will open the lists, the work list, notices, search and exports of everybody who has them."""
        self.office.get("tip-list")
        self.office.get("tip-list", show="all", channel="public", page="2")
        self.office.get("tip-list", show="urgent")
        self.office.get("tip-list", text="X000001")
        self.office.get("tip-export", show="all")
        for post in (self.chief, self.second, self.worker, self.helper, *self.posts.values()):
            seat = self.seat(post)
            for route in ("home", "home-work", "home-notices", "home-bell"):
                seat.get(route)
        for query in ("柳湾康养公寓", Tip.objects.earliest("pk").number):  # where one thing is found, straight to it
            self.office.get("search", q=query, status=302)
        self.office.get("home-work-export")

    def sorted_out(self, number: int, **more: Any) -> Tip:
        """This function will have the office sort a tip, with the copy that the machine masked, and give units every clean file."""
        tip = self.tip(number)
        page = self.office.get("tip-page", tip.pk)
        for token in re.findall(rf"/tip/{tip.pk}/file/(\w+)/", page):
            self.office.get("tip-file", tip.pk, token)
        given = {"is_in_scope": "yes", "says": "以养老服务为名收取预付款", "guise": "elder_service", "scheme": "prepaid_runaway",
                 "is_sure": "on", "released": self.clean_files(tip), **more}  # fmt: skip
        self.office.act("tip-sort", tip.pk, "triage", ask="copy", **given)
        return tip

    def clean_files(self, tip: Tip) -> list[int]:
        """This function will give the files of a tip that units may be given."""
        return [one.pk for one in queries.releasable(tip)]

    def lead_one_to_its_end(self) -> None:
        """This function will lead a tip from sorting to the archive, looked at by everybody on the way."""
        tip = self.sorted_out(0)
        office_, unit, pk = self.office, self.unit, tip.pk
        office_.act("tip-sort", pk, "retriage", ask="copy", is_in_scope="yes", says="再看一遍", is_sure="on")
        office_.act("tip-sort", pk, "link", number=self.place.number)
        office_.act("tip-hand", pk, "assign", target=f"unit:{self.worker.unit_id}", says="请核实收费和退费")
        self.everybody_reads(tip)
        unit.get("tip-list")
        unit.act("tip-verify", pk, "accept")
        files = [SimpleUploadedFile("证据.txt", "账本一页".encode())]
        told = {"outcome": "true", "facts": "查实收取会员费并承诺返利", "evidence": "账本、合同", "more": "防范和处置非法集资条例第二条",
                "recovered": "50000", "n_persons": "2", "now-promises_return": "yes", "now-takes_prepayment": "yes"}  # fmt: skip
        url = reverse("tip-verify", args=[pk, "conclude"])
        form = unit.form("tip-verify", pk, "conclude", ask="outcome")
        unit.post_to(url, form.sent(**told, **{"try": "1"}), 200)
        unit.post_to(url, form.sent(**told, papers=files))
        self.watch.verbs.add("tip-verify conclude")
        office_.act("tip-answer", pk, "reply", text="经核查，您反映的情况属实，已责令退费。")
        office_.act("tip-answer", pk, "report", ask="text")
        self.deputy.act("tip-approve", pk, "send_back", why="请补充依据")
        office_.act("tip-answer", pk, "report", ask="text")
        office_.act("tip-approve", pk, "approve", status=409)
        self.deputy.act("tip-approve", pk, "approve")
        self.deputy.act("tip-approve", pk, "archive")
        self.everybody_reads(tip)
        office_.act("tip-hand", pk, "reopen", why="回头看发现反弹")
        office_.get("institution-page", self.place.pk)

    def everybody_reads(self, tip: Tip) -> None:
        """This function will open a tip as everybody who may, with the files that they get; others find nothing."""
        for post in (self.chief, self.second, self.worker, self.posts["leader"], self.posts["analyst"]):
            seat = self.seat(post)
            page = seat.get("tip-page", tip.pk)
            if post.role != "analyst":
                for token in re.findall(rf"/tip/{tip.pk}/file/(\w+)/", page):
                    seat.get("tip-file", tip.pk, token)
        for role in ("confidential", "auditor", "administrator", "security"):
            self.seat(self.posts[role]).get("tip-page", tip.pk, status=404)
        self.seat(self.grid).get("tip-page", tip.pk, status=404)

    def hand_around(self) -> None:
        """This function will hand a tip from unit to unit, with all that may come between."""
        tip = self.sorted_out(1)
        office_, pk = self.office, tip.pk
        self.sorted_out(2), self.sorted_out(3)
        picked = {"pick": [self.tip(2).pk, self.tip(3).pk], "unit": self.worker.unit_id}
        page = office_.post_to(reverse("tip-assign-many"), {**picked, "look": "1"}, 200)
        office_.post_to(reverse("tip-assign-many"), form_with(page, "pick").sent())
        office_.act("tip-hand", pk, "assign", target=f"post:{self.worker.pk}")
        self.unit.act("tip-verify", pk, "give_back", why="不归本单位管")
        office_.act("tip-hand", pk, "assign", target=f"unit:{self.worker.unit_id}")
        self.unit.act("tip-verify", pk, "accept")
        office_.act("tip-hand", pk, "join", unit_id=str(self.helper.unit_id), says="请协助走访")
        self.town.get("tip-list")
        self.town.get("tip-page", pk)
        self.town.act("tip-verify", pk, "accept")
        self.informant_adds(1)
        office_.get("tip-page", pk)
        office_.act("tip-sort", pk, "recopy", ask="copy", is_sure="on", released=self.clean_files(tip))
        self.town.get("tip-page", pk)
        self.town.act("tip-verify", pk, "give_back", why="走访已完成")
        office_.act("tip-answer", pk, "write", text="请问收据还在吗？")
        self.deputy.act("tip-approve", pk, "supervise", says="重点线索")
        office_.act("tip-hand", pk, "suspend", why="等待鉴定", until_on=f"{localdate() + timedelta(30)}")
        office_.act("tip-hand", pk, "resume")
        self.deputy.act("tip-approve", pk, "unsupervise", says="已有进展")
        office_.act("tip-sort", pk, "bar", target=f"unit:{self.helper.unit_id}")
        self.town.get("tip-page", pk, status=404)
        office_.get("tip-bars")
        office_.act(
            "tip-unbar",
            Bar.objects.get(tip=tip, unit=self.helper.unit_id, lifted_at=None).pk,
            why="只是提到，不是反映它",
        )
        office_.get("tip-bars", show="lifted")
        office_.act(
            "tip-hand",
            pk,
            "survey",
            round_id=str(self.round.pk),
            name="河东路托老点",
            address="河东路12号",
            code=office.VILLAGE,
        )

    def pass_on(self) -> None:
        """This function will pass a tip on that is another department's, and take its receipt in."""
        tip = self.sorted_out(4, is_in_scope="no", says="食品质量问题")
        self.office.act("tip-hand", tip.pk, "pass_on", to_name="望澜区市场监督管理局", says="属于食品问题")
        self.office.get("tip-transfers")
        for way in ("waiting", "returned", "outside"):
            self.office.get("tip-transfers", way=way)
        self.office.act("tip-receive", Transfer.objects.get(tip=tip).pk)
        self.office.get("tip-transfers-export")
        self.office.act("tip-answer", tip.pk, "reply", text="您反映的事已转市场监督管理局办理。")

    def merge(self) -> None:
        """This function will merge two tips, part them and merge them again."""
        tip, other = self.sorted_out(5), self.tip(1)
        for _ in range(2):
            self.office.act("tip-sort", tip.pk, "merge", into=other.number, why="同一家公司同一件事")
            self.office.get("tip-page", other.pk)
            self.unit.get("tip-page", other.pk)
            if _ == 0:
                self.office.act("tip-sort", tip.pk, "unmerge", why="并错了")

    def informant_adds(self, number: int) -> None:
        """This function will have an informant come back and add words and a photo."""
        one = self.informants[number]
        seat, mine = Seat(self.watch, informant=one), reverse("public-mine")
        page = seat.post_to(mine, {"receipt": self.receipts[number]}, 200)
        seat.post_to(
            mine, form_with(page, "text").sent(do="add", text=f"{one.word('message')}补充的话", shots=one.photo()), 200
        )
        attaching.copy_new(at=now())

    def come_back_with_the_receipt(self) -> None:
        """This function will have informants look, write, err, rate and contest."""
        mine = reverse("public-mine")
        for number in (0, 1, 4, 5):
            seat = Seat(self.watch, informant=self.informants[number])
            seat.post_to(mine, {"receipt": "0000 0000 0000 0000"}, 200)
            page = seat.post_to(mine, {"receipt": receipts.printed(self.receipts[number])}, 200)
            one = self.informants[number]
            if number != 4:
                wrong = SimpleUploadedFile(f"{one.word('file')}.exe", b"MZ\x90\0")
                sent = form_with(page, "text").sent(do="add", text=f"{one.word('message')}再补充", papers=wrong)
                page = seat.post_to(mine, sent, 200)
                page = seat.post_to(mine, {**form_with(page, "text").sent(do="add")}, 200)
            if number == 4:
                page = seat.post_to(mine, form_with(page, "rating").sent(do="rate", opinion=one.word("opinion")), 200)
                page = seat.post_to(mine, form_with(page, "rating").sent(do="rate", rating="contested"), 200)
            seat.post_to(mine, form_with(page, "known").sent(do="show", look="contrast"), 200)
            self.office.get("tip-page", self.tip(number).pk)
            if number in (1, 5):
                self.unit.get("tip-page", self.tip(1).pk)
        self.everybody_reads(self.tip(1))
        self.office.get("tip-list", show="contested")
        self.office.get("home-notices")

    # --- identities

    def open_identities(self) -> None:
        """This function will have identities asked for, refused, granted, opened and read once."""
        for number in (9, 0, 1):
            self.office.act("informant-ask", self.tip(number).pk, reason=WHY, viewer_id=str(self.chief.pk))
            opening = Opening.objects.latest("pk").pk
            for who in (self.office, self.deputy, self.keeper):
                who.get("informant-list")
            if number == 1:
                self.deputy.post_to(reverse("informant-decide", args=[opening]), {"granted": "no", "why": ""}, 422)
                self.deputy.post_to(
                    reverse("informant-decide", args=[opening]), {"granted": "no", "why": "先再留言一次"}
                )
                continue
            self.deputy.get("informant-page", opening)
            self.deputy.post_to(reverse("informant-decide", args=[opening]), {"granted": "yes"})
            self.keeper.get("informant-page", opening)
            release = reverse("informant-release", args=[opening])
            self.keeper.post_to(release, {"passphrase": NEXT}, 422)
            self.keeper.post_to(release, {"passphrase": PASSPHRASE})
            self.deputy.post_to(reverse("informant-read", args=[opening]), {}, 409)
            self.office.get("informant-page", opening)
            if number == 0:
                informants.expire(at=now() + timedelta(2))
                self.office.post_to(reverse("informant-read", args=[opening]), {}, 409)
                continue
            self.office.post_to(reverse("informant-read", args=[opening]), {}, 200)
            self.office.post_to(reverse("informant-read", args=[opening]), {}, 409)

    def change_keys(self) -> None:
        """This function will change passphrase, code and key; identities are sealed anew on the way."""
        keeper = self.keeper
        keeper.act("informant-key-act", "passphrase", passphrase=PASSPHRASE, new=NEXT, again=NEXT)
        keeper.act("informant-key-act", "recover", code=self.code, new=PASSPHRASE, again=PASSPHRASE)
        keeper.act("informant-key-act", "code", passphrase=PASSPHRASE, status=200)
        keeper.act("informant-key-act", "rotate", passphrase=PASSPHRASE, status=200)
        keeper.get("informant-key")

    # --- around

    def look_around(self) -> None:
        """This function will look at figures, terms, results and the other rooms that tips reach."""
        for post in (self.chief, self.helper, self.posts["leader"], self.posts["analyst"]):
            self.seat(post).get("tip-bulletin")
        self.office.get("tip-bulletin", circulated="on")
        self.office.get("tip-bulletin-export")
        self.office.get("tip-results", channel="platform_12337")
        self.office.get("tip-results-export", channel="platform_12337")
        terms = self.office.form("tip-terms", ask="verifying")
        self.office.post_to(reverse("tip-terms"), terms.sent(verifying="10"), 200)
        self.office.post_to(reverse("tip-terms"), terms.sent(verifying="10", confirm="1"))
        self.office.get("institution-list")
        for chore in ("tips.read", "openings.expire"):
            chores.CHORES[chore](now())
        for route in ("home", "home-work", "home-notices", "tip-list"):
            self.office.get(route)

    def look_into_the_journal(self) -> None:
        """This function will have the auditor read, check and take out the journal."""
        auditor = self.seat(self.posts["auditor"])
        auditor.get("journal-list")
        auditor.get("journal-list", page="2")
        auditor.get("journal-subject", "tip", self.tip(0).pk)
        auditor.get("journal-list-export")
        for route in ("journal-verify", "journal-export"):
            if route == "journal-verify":
                auditor.get(route)
            response = auditor.client.post(reverse(route), {})
            self.watch.look(response, reverse(route), "POST", "auditor")

    # --- faults

    def fail(self) -> None:
        """This function will make faults on purpose: nothing there, not now, and faults of ours that quote what was written."""
        one, tip = self.informants[6], self.tip(6)
        self.office.get("tip-page", 10**9, status=404)
        self.office.get("/tip/nothing/", status=404)
        Seat(self.watch, informant=one).get("/public/nothing/", status=404)
        self.office.post_to(reverse("tip-verify", args=[tip.pk, "accept"]), {}, 409)
        form = self.office.form("tip-sort", tip.pk, "triage", ask="copy")
        bad = form.sent(
            is_in_scope="yes", says=one.text, guise="elder_service", scheme="prepaid_runaway", copy=one.text
        )
        self.office.post_to(reverse("tip-sort", args=[tip.pk, "triage"]), bad, 422)
        fault = Broken(one.text, one.word("name"), one.phone)
        sent = {**bad, "is_sure": "on"}
        with mock.patch("shouhu.ledgers.tips.actions.triage", side_effect=fault):
            self.office.post_to(reverse("tip-sort", args=[tip.pk, "triage"]), sent, 500)
        with mock.patch("shouhu.ledgers.tips.queries.words", side_effect=fault):
            self.office.get("tip-page", tip.pk, status=500)
        taking = self.office.form("tip-take", ask="text")
        given = taking.sent(text=one.text, name=one.word("name"), phone=one.phone, code=office.VILLAGE)
        for broken in ("shouhu.ledgers.vault.actions.store", "shouhu.ledgers.tips.actions.taking.receipts.hashed"):
            with mock.patch(broken, side_effect=fault):
                self.office.post_to(reverse("tip-take"), {**given, "papers": [one.photo(LARGE)]}, 500)
        with mock.patch("shouhu.ledgers.journal.actions.record_many", side_effect=OSError(28, one.text)):
            self._tell_and_fail(one)
        for broken in (
            "shouhu.ledgers.tips.reading.screening.screen_many",
            "shouhu.ledgers.tips.actions.reading.reading.Roster",
        ):
            with mock.patch(broken, side_effect=fault), mock.patch.dict(chores.CHORES):
                Tip.objects.filter(pk=self.tip(7).pk).update(read_at=None)
                Run.objects.filter(job="tips.read").delete()
                schedule.run_due(chores.CHORES, now)
        chores.CHORES["tips.read"](now())
        with mock.patch("shouhu.jobs.backup._write", side_effect=fault), suppress(Broken):
            chores.back_up(now())

    def _tell_and_fail(self, one: Informant) -> None:
        seat, form = Seat(self.watch, informant=one), reverse("public-form")
        page = seat.post_to(form, seat.form("public-form", ask="text").sent(text=one.text, moving="no", go="next"), 200)
        page = seat.post_to(form, form_with(page, "place").sent(go="next"), 200)
        last = form_with(page, "state").sent(
            who="named", name=one.word("name"), phone=one.phone, go="next", shots=one.photo()
        )
        seat.post_to(form, last, 500)
        refused: tuple[dict[str, Any], ...] = ({"CONTENT_LENGTH": "99999999"}, {"HTTP_SEC_FETCH_SITE": "cross-site"})
        for more in refused:
            self.watch.look(seat.client.post(form, {"text": one.text}, **more), form, "POST", "informant")
        self.watch.look(seat.client.put(form, one.text), form, "PUT", "informant")
        url = f"/public/{self.receipts[one.number]}/"
        response = seat.client.get(url)
        self.watch.look(response, "/public/nothing/", "GET", "informant")

    # --- kept and gone

    def back_up(self) -> None:
        """This function will back up by hand and read the file back."""
        with mock.patch.object(sealing, "COST", CHEAP):
            made = backup.make(
                target=self.watch.folder / "hand.shouhu", passphrase="望澜区二〇二六年备份口令", at=now()
            )
            backup.examine(made, "望澜区二〇二六年备份口令")

    def erase(self) -> None:
        """This function will let the time of some tips run out: words, files and identities go, and nothing comes out on the way."""
        tip = self.tip(4)
        self.office.act("tip-answer", tip.pk, "report", ask="text")
        self.deputy.act("tip-approve", tip.pk, "approve")
        self.deputy.act("tip-approve", tip.pk, "archive")
        n = actions.erase_due(today=localdate() + timedelta(9000), at=now())
        assert n, "nothing was due"
        self.office.get("tip-page", tip.pk)
        Seat(self.watch, informant=self.informants[4]).post_to(
            reverse("public-mine"), {"receipt": self.receipts[4]}, 200
        )
