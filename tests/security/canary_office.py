"""The desk that the canaries come to, and every way in: the public pages, somebody at a post, lists of other platforms."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from unittest import mock

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate, now

from shouhu.jobs import chores, schedule, sealing
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.informants.models import Identity, Opening
from shouhu.ledgers.journal.models import Entry
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.tips.models import Attachment, Message, Tip, Transfer
from shouhu.ledgers.units.models import Post, Tenure
from tests import office
from tests.jobs.homes import CHEAP
from tests.security.canary import Informant
from tests.security.canary_desk import Seat, Watch
from tests.security.filled import form_with

PASSPHRASE, NEXT = "柳湾村口那棵老樟树一九八三年栽", "南渡镇的老船夫从来不迟到不早退"
LISTED = 6
"""Tips of the list of another platform."""
LARGE = 3 * 1024 * 1024
"""Bytes of a file that Django by itself would put on the disk."""


class Office:
    """The people of the desk, the informants, and every way in."""

    def __init__(self, watch: Watch, n_tips: int) -> None:
        self.watch, self.n_tips = watch, n_tips
        self.informants = [Informant(number) for number in range(n_tips + 2 * LISTED)]
        self.receipts: dict[int, str] = {}

    def n_kept(self) -> dict[str, int]:
        """This function will count what there is, so that nobody searches an empty house."""
        models = (Tip, Identity, Attachment, Message, Entry, Opening, Transfer)
        return {model.__name__: model.objects.count() for model in models}

    # --- the office

    def open_the_office(self) -> None:
        """This function will give the county its people."""
        today = localdate()
        self.chief = office.post("campaign_office", holder="罗敏")
        self.second = office.post("campaign_office", holder="冯远")
        self.worker, self.helper = office.post("member_unit", holder="宋佳"), office.post("task_force", office.TOWN)
        others = ("leader", "analyst", "confidential", "auditor", "administrator", "security")
        self.posts: dict[str, Post] = {role: office.post(role) for role in others}
        self.grid = office.post("grid_worker", office.VILLAGE)
        Tenure.objects.update(from_on=today - timedelta(30))
        campaign = Campaign.objects.create(title="专项行动", code=office.COUNTY, ruleset_id="001", starts_on=today - timedelta(9),
                                           ends_on=today + timedelta(60))  # fmt: skip
        self.place = office.institution("柳湾康养公寓", at=now(), surveyed_on=today)
        disposals.settle(institution_ids=[self.place.pk], by=self.chief, at=now())
        self.round = surveys.open_round(title="第一轮", campaign_id=campaign.pk, code=office.COUNTY, opens_on=today, due_on=today + timedelta(20),
                           by=self.chief, at=now())  # fmt: skip
        self.office, self.deputy, self.unit = self.seat(self.chief), self.seat(self.second), self.seat(self.worker)
        self.town, self.keeper = self.seat(self.helper), self.seat(self.posts["confidential"])

    def seat(self, post: Post) -> Seat:
        """This function will sit somebody at a post."""
        return Seat(self.watch, post)

    def make_the_key(self) -> None:
        """This function will have the 保密员 make the key, and type the recovery code back."""
        self.keeper.get("informant-key")
        page = self.keeper.act(
            "informant-key-act", "make", status=200, new=PASSPHRASE, again=PASSPHRASE, understood="on"
        )
        self.code = self._code(page)
        self.keeper.post_to(reverse("informant-key-check"), form_with(page, "typed").sent(typed="AAAAA BBBBB"), 422)

    def _code(self, page: str) -> str:
        found = re.search(r"<samp>([0-9A-Z]{5}(?: [0-9A-Z]{5}){4})</samp>", page)
        assert found, page
        return found[1]

    # --- in

    def tell_on_the_public_pages(self) -> None:
        """This function will have most informants go through the three screens, with a mistake and files."""
        for one in self.informants[: self.n_tips]:
            if one.number % 5 == 4:
                continue
            seat, form = Seat(self.watch, informant=one), reverse("public-form")
            if one.number % 10 == 0:
                for route in ("public-home", "public-privacy", "public-mine"):
                    seat.get(route)
            page = seat.get("public-form")
            if one.number % 7 == 0:  # comes back to the first screen
                page = seat.post_to(form, form_with(page, "text").sent(text=one.text, look="large"), 200)
            page = seat.post_to(
                form,
                form_with(page, "text").sent(text=one.text, moving="yes" if one.number % 9 == 3 else "no", go="next"),
                200,
            )
            if "电话打过了" in page:
                page = seat.post_to(form, form_with(page, "state").sent(go="next"), 200)
            more = {"named": f"{one.word('words')}养老公司", "code": office.TOWN, "place": one.address, "happened": one.word("told"),
                    "sum": "五万", "victims": "2", "age": "70s", "ongoing": "yes"}  # fmt: skip
            page = seat.post_to(form, form_with(page, "place").sent(**more, go="next"), 200)
            if one.number % 7 == 1:  # goes back, and on again
                page = seat.post_to(form, form_with(page, "state").sent(go="back"), 200)
                page = seat.post_to(form, form_with(page, "place").sent(go="next"), 200)
            last = {"who": "named", "name": one.word("name"), "phone": one.phone, "go": "next"}
            if one.number % 7 == 2:  # a file that is not taken: the screen comes back with what was typed
                wrong = SimpleUploadedFile(f"{one.word('file')}.exe", b"MZ\x90\0" + one.mark("photo").encode())
                page = seat.post_to(form, form_with(page, "state").sent(**last, papers=wrong), 200)
            files = {"shots": one.photo(LARGE if one.number == 8 else 0), "papers": one.letter()}
            page = seat.post_to(form, form_with(page, "state").sent(**last, **files), 200)
            self.receipts[one.number] = self._receipt(page)

    def _receipt(self, page: str) -> str:
        found = re.findall(r"<span>(\w{4})</span>", page)
        assert len(found) == 4, page
        return "".join(found)

    def tell_to_the_office(self) -> None:
        """This function will have the others tell somebody at a post, who writes it down, once with a mistake."""
        self.office.get("tip-card")
        grid = self.seat(self.grid)
        for one in self.informants[4 : self.n_tips : 5]:
            seat = grid if one.number % 10 == 9 else self.office
            form = seat.form("tip-take", ask="text")
            given = form.sent(text=one.text, named=f"{one.word('words')}养老公司", place=one.address, happened=one.word("told"), sum="五万",
                              n_victims="2", name=one.word("name"), phone=one.phone, address=one.address, contact=one.phone,
                              outer_number=f"H{one.number}", code=office.VILLAGE)  # fmt: skip
            if one.number == 4:
                wrong = SimpleUploadedFile(f"{one.word('file')}.exe", b"MZ\x90\0")
                seat.post_to(reverse("tip-take"), {**given, "sum": "好几个", "papers": [wrong]}, 422)
            page = seat.post_to(
                reverse("tip-take"),
                {**given, "papers": [one.photo(LARGE if one.number == 9 else 0), one.letter()]},
                200,
            )
            found = re.search(r"<samp>([0-9A-Z ]{19})</samp>", page)
            assert found, page
            self.receipts[one.number] = found[1].replace(" ", "")

    def bring_lists(self) -> None:
        """This function will bring lists of another platform: one is taken in, one is given up, one cannot be read."""
        self.office.get("tip-arrivals")
        self.office.get("tip-arrival-template")
        first = self._bring(self.informants[self.n_tips : self.n_tips + LISTED])
        page = self.office.get("tip-arrival", first)
        columns = form_with(page, "c-0-A")
        self.office.post_to(reverse("tip-arrival-columns", args=[first]), columns.sent())
        self.office.post_to(reverse("tip-arrival-columns", args=[first]), columns.sent(**{"c-0-A": "text"}), 409)
        self.office.post_to(reverse("tip-arrival-take", args=[first]), {})
        second = self._bring(self.informants[self.n_tips + LISTED :])
        self.office.post_to(reverse("tip-arrival-drop", args=[second]), {})
        one = self.informants[-1]
        bad = SimpleUploadedFile(f"{one.word('file')}.xlsx", one.text.encode())
        self.office.post_to(reverse("tip-arrivals"), {"channel": "platform_12337", "file": bad}, 422)

    def _bring(self, told: list[Informant]) -> int:
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
            sheet = book.add_worksheet("清单")
            rows = [("线索编号", "举报时间", "举报内容", "被举报单位", "举报人", "联系电话", "举报人住址")]
            rows += [(f"P{one.number}", f"{localdate():%Y-%m-%d}", one.text, f"{one.word('words')}公司", one.word("name"), one.phone, one.address)
                     for one in told]  # fmt: skip
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            book.set_properties({"author": told[0].mark("paper")})
        file = SimpleUploadedFile(f"{told[0].word('file')}.xlsx", content.getvalue())
        response = self.office.client.post(reverse("tip-arrivals"), {"channel": "platform_12337", "file": file})
        self.watch.look(response, reverse("tip-arrivals"), "POST", "campaign_office")
        assert response.status_code == 302, response.content.decode()
        return int(response["Location"].rstrip("/").rpartition("/")[2])

    def let_the_clock_work(self) -> None:
        """This function will do all jobs of the clock, the nightly backup with them."""
        with mock.patch.object(sealing, "COST", CHEAP):
            nights = self.watch.folder / "nights"
            nights.mkdir()
            chores.set_nightly_backup(nights, "望澜区每夜备份的口令二〇二六")
            runs = schedule.run_due(chores.CHORES, now)
        assert {run.job for run in runs if run.done_at} == set(chores.CHORES), [run.remark for run in runs]
        assert not Tip.objects.filter(read_at=None).exists()
        assert not Attachment.objects.filter(copied_at=None).exists()
