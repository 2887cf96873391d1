"""A world to knock at every door of: seats of all roles and objects of all kinds, at each of six places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

from django.apps import apps
from django.test import Client
from PIL import Image, ImageDraw

from shouhu.ledgers.campaigns import actions as campaigns
from shouhu.ledgers.campaigns.models import Campaign
from shouhu.ledgers.clearances import actions as clearances
from shouhu.ledgers.clearances.actions import Paper
from shouhu.ledgers.clearances.models import Clearance, Step
from shouhu.ledgers.disposals import actions as disposals
from shouhu.ledgers.disposals.models import Disposal
from shouhu.ledgers.informants import actions as informants
from shouhu.ledgers.institutions import actions as institutions
from shouhu.ledgers.institutions.models import Institution
from shouhu.ledgers.ratings import actions as ratings
from shouhu.ledgers.ratings.models import Standing
from shouhu.ledgers.supervision import actions as supervising
from shouhu.ledgers.supervision.models import Item, LookBack
from shouhu.ledgers.surveys import actions as surveys
from shouhu.ledgers.surveys.models import Assignment
from shouhu.ledgers.tips import actions as tips
from shouhu.ledgers.tips.actions import arriving
from shouhu.ledgers.tips.models import Bar, Tip
from shouhu.ledgers.units import actions as units
from shouhu.ledgers.units.models import Division, Person, Post, Tenure, Unit
from shouhu.ledgers.units.rights import roles
from shouhu.ledgers.vault import actions as vault
from shouhu.ledgers.vault.models import StoredFile
from tests import office
from tests.ledgers.disposals.work import FACTS, FUNDS
from tests.ledgers.institutions.sheet import register, row
from tests.security.running import run_campaign

AT = office.AT
LATER = AT + timedelta(days=1)
"""When the pages are opened."""
DAY = AT.date()
TOWN, COUNTY, VILLAGE, FAR = office.TOWN, office.COUNTY, office.VILLAGE, office.FAR_VILLAGE
PROVINCE, CITY, FOREIGN = "990000000000", "990100000000", "990103001001"
PLACES = {TOWN: "甲", VILLAGE: "乙", FAR: "丙", COUNTY: "丁", FOREIGN: "戊", CITY: "己"}
"""Code to the mark that the names of its institutions bear."""
RELATIONS = {
    TOWN: {"own": TOWN, "child": VILLAGE, "sibling": FAR, "parent": COUNTY},
    COUNTY: {"own": COUNTY, "child": VILLAGE, "sibling": FOREIGN, "parent": CITY},
}
"""Seat to where an object of each relation stands."""
PERSON, PHONE, TALKED = "欧阳哨兵", "13977712345", "哨兵在场"
"""What must stay sealed: who stands behind an institution, their telephone, and who was at a talk."""
MISSING = {"pk": 987_654_321, "token": "f" * 32, "code": "990109009000", "key": "987654321", "item": 987_654_321}
"""What stands in an address for something that is not there."""
TOKENS = count(1 << 40)  # apart from those of other helpers: files stay when the database is rolled back
KEYS = count(1)


def mark(code: str) -> str:
    """This function will give the text that the names and addresses of all institutions of a place hold."""
    return f"哨兵{PLACES[code]}处"


def staff(code: str) -> str:
    """This function will give the text that the names of an office and of somebody in it hold."""
    return f"哨所{PLACES[code]}处"


@dataclass
class World:
    """Seats by role and code, and by kind and code what an address needs to name an object."""

    seats: dict[tuple[str, str], Post] = field(default_factory=dict)
    found: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    clients: dict[tuple[str, str], Client] = field(default_factory=dict)
    """Browsers in which the holders of the seats in RELATIONS are logged in."""

    def name(self, kind: str, code: str) -> dict[str, Any]:
        """This function will give what an address needs to name the object of a kind at a place."""
        return self.found[kind, code]


def sits(post: Post) -> Client:
    """This function will give a browser in which the holder of a post is logged in since LATER."""
    client = office.sit(Client(), post)
    session = client.session
    session.update({"seen": LATER.timestamp(), "began": LATER.timestamp()})
    session.save()
    return client


def seat(role: str, code: str, *, subject: int | None = None) -> Post:
    """This function will make a post of a role at the one office of a place, and somebody who holds it."""
    unit, _ = Unit.objects.get_or_create(code=code, name=f"{code}办公室", kind="task_force")
    name = f"{role}.{code[:12]}"
    post = Post.objects.create(
        code=f"{list(roles()).index(role)}.{code}", title=role, role=role, unit=unit, subject=subject
    )
    person = Person.objects.create(username=name, name=name, must_change_password=False)
    Tenure.objects.create(post=post, person=person, from_on=DAY.replace(month=1))
    return post


def built() -> World:
    """This function will build the world."""
    office.divisions()
    for code in (PROVINCE, CITY, FOREIGN):
        Division.objects.create(code=code, name=f"{code}区划")
    office.post()  # registers institutions for tests/office.py
    world = World()
    for code in (PROVINCE, *PLACES):
        for role in roles():
            if role != "institution":
                world.seats[role, code] = seat(role, code)
    Campaign.objects.create(title="专项行动", code=PROVINCE, ruleset_id="001", starts_on=DAY.replace(day=1),
                            ends_on=DAY.replace(month=12))  # fmt: skip
    informants.make_key(passphrase="守门的人记得这一句很长的话", by=world.seats["confidential", PROVINCE], at=AT)
    for code in PLACES:
        _Place(world, code).fill()
    world.clients = {one: sits(post) for one, post in world.seats.items() if one[1] in RELATIONS}
    return world


@cache
def picture() -> bytes:
    """This function will draw a photo; that all sheets show the same one is what a reviewer must be told of."""
    image = Image.new("RGB", (640, 480), "white")
    for k in range(12):
        x, y = k * 397 % 500, k * 173 % 400
        ImageDraw.Draw(image).rectangle((x, y, x + 90, y + 70), fill=(k * 20, k * 13, 80))
    file = BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def rows() -> dict[tuple[str, Any], dict[str, Any]]:
    """This function will give every row of every ledger but the journal, by its model and id, sealed values opened."""
    ledgers = (one for one in apps.get_models() if one.__module__.startswith("shouhu.ledgers"))
    kept = (one for one in ledgers if one._meta.app_label != "journal")
    return {
        (one._meta.label, values[one._meta.pk.attname]): values for one in kept for values in one._base_manager.values()
    }


def stored(by: Post, content: bytes = b"%PDF-1.4", name: str = "凭证.pdf", kind: str = "application/pdf") -> StoredFile:
    """This function will seal a small file."""
    return vault.store(content=content, name=name, media_type=kind, token=f"{next(TOKENS):032x}", by=by.code, at=AT)


class _Place:
    """Builds one object of every kind at a place; a province's posts act, for they may act anywhere."""

    def __init__(self, world: World, code: str) -> None:
        self.world, self.code = world, code
        self.chief, self.hand = world.seats["campaign_office", PROVINCE], world.seats["task_force", PROVINCE]
        self.signer = office.post("campaign_office", office.COUNTY)
        self.by: dict[str, Any] = {"by": self.hand, "at": AT}

    def keep(self, kind: str, row_: Any) -> Any:
        """This function will keep an object under its kind."""
        self.world.found[kind, self.code] = {"pk": row_.pk}
        return row_

    def institution(self, kind: str, **facts: Any) -> Institution:
        """This function will register an institution whose name tells the place, and whose people must stay sealed."""
        sealed = {"legal_representative": PERSON, "principal": PERSON, "investor": (PERSON,), "phone": PHONE}
        made = office.institution(f"{mark(self.code)}{kind}院", self.code, **{
            **FUNDS, **sealed, "address": f"{mark(self.code)}{kind}路1号", **facts,
        })  # fmt: skip
        institutions.set_point(institution_id=made.pk, latitude=30.1, longitude=120.1, **self.by)
        return made

    def fill(self) -> None:
        """This function will build everything."""
        self.home = self.keep("institution", self.institution("总", **FACTS["orange"]))
        self.world.seats["institution", self.code] = seat("institution", self.code, subject=self.home.pk)
        self.world.found["journal", self.code] = {"kind": "institution", "key": str(self.home.pk)}
        outlet = institutions.add_outlet(institution_id=self.home.pk, name="分店", address="", opened_on=DAY, **self.by)
        self.keep("outlet", outlet)
        for build in (
            self.disposing, self.rating, self.surveying, self.clearing, self.importing, self.staffing, self.tipping,
            self.arriving, self.campaigning, self.planning, self.supervising,
        ):  # fmt: skip
            build()

    def disposing(self) -> None:
        """This function will open a disposal, and put on it what can hang on one."""
        disposals.rate_and_open(institution_ids=[self.home.pk], ruleset_id="001", by=self.chief, at=AT)
        disposal = self.keep("disposal", Disposal.objects.get(institution=self.home))
        task = {one.proof: one for one in disposal.tasks.all()}
        talk = self.keep("task", task["talk"])
        self.keep("talk", disposals.record_talk(task_id=talk.pk, held_on=DAY, place="会议室", present=TALKED,
                                                summary="限期整改", **self.by))  # fmt: skip
        paper = stored(self.hand)
        disposals.add_evidence(task_id=talk.pk, effective_on=DAY, file=paper, **self.by)
        self.world.found["file", self.code] = {"token": paper.token}
        self.keep("referral", disposals.refer(task_id=task["referral"].pk, receiver="政法委", sent_on=DAY, **self.by))
        self.keep("refund", disposals.record_refund(disposal_id=disposal.pk, kind="owed", on=DAY, n_persons=2,
                                                    sum_fen=100, **self.by))  # fmt: skip
        self.keep("application", disposals.ask(task_id=talk.pk, kind="waiver", reason="情形不存在", **self.by))

    def rating(self) -> None:
        """This function will propose a colour, let one fall, contest a fact, and owe a correction."""
        self.keep("decision", ratings.propose(institution_id=self.home.pk, colour="red", reason="现场核查",
                                              expires_on=DAY + timedelta(30), by=self.chief, at=AT))  # fmt: skip
        file = stored(self.hand)
        self.keep("objection", ratings.file_objection(institution_id=self.home.pk, fact="collapsed", says="没有这回事",
                                                      file=file, **self.by))  # fmt: skip
        self.world.found["exhibit", self.code] = {"token": file.token}
        fallen = self.keep("fallen", self.institution("降", **FACTS["red"]))
        disposals.rate_and_open(institution_ids=[fallen.pk], ruleset_id="001", by=self.chief, at=AT)
        ratings.disclose(rows=[Standing.objects.get(institution=fallen)], receiver=mark(self.code), what="名单",
                         facts=["n_beds"], by=self.chief, at=AT)  # fmt: skip
        fallen.refresh_from_db()
        institutions.revise(
            institution_id=fallen.pk, base=fallen.n, changes={"suspected_crime": False}, cause="edit", **self.by
        )
        disposals.rate_and_open(institution_ids=[fallen.pk], ruleset_id="001", by=self.chief, at=AT)
        contested = ratings.file_objection(institution_id=fallen.pk, fact="n_beds", says="是90张", **self.by)
        ratings.decide_objection(
            objection_id=contested.pk, is_upheld=True, grounds="属实", value=90, by=self.chief, at=AT
        )
        self.keep("correction", contested.corrections.get())

    def surveying(self) -> None:
        """This function will open a round, give its work to the place's own office, and hand a sheet with a photo in."""
        campaign = Campaign.objects.get(code=PROVINCE)
        opened = self.keep("round", surveys.open_round(title="第一轮", campaign_id=campaign.pk, code=self.code, opens_on=DAY,
                                                       due_on=DAY + timedelta(9), by=self.chief, at=AT))  # fmt: skip
        seat_ = self.keep("seat", self.world.seats["task_force", self.code])
        surveys.assign(
            round_id=opened.pk, institution_ids=[self.home.pk, self.institution("查").pk], by=self.chief, at=AT
        )
        work = Assignment.objects.filter(round=opened).order_by("pk")
        surveys.reassign(assignment_ids=[one.pk for one in work], unit_id=seat_.unit_id, by=self.chief, at=AT)
        handed, self.world.found["work", self.code] = work[0], {"pk": work[1].pk}
        self.home.refresh_from_db()
        sheet = self.keep("sheet", surveys.submit(
            assignment_id=handed.pk, key=UUID(int=next(KEYS)), base=self.home.n, method="visit", n_asked=3,
            answers={"principal": PERSON, "phone": PHONE}, visited_at=AT - timedelta(hours=1), by=seat_, at=AT,
        ))  # fmt: skip
        photo = surveys.attach_photo(sheet_id=sheet.pk, content=picture(), token=f"{next(TOKENS):032x}", caption="front",
                                     by=seat_, at=AT)  # fmt: skip
        self.world.found["photo", self.code] = {"token": photo.file.token}

    def clearing(self) -> None:
        """This function will put a site on the ledger, name who answers for it, and go and see it."""
        site = self.institution("点", registered="未登记", filed="未备案")
        found = clearances.find(institution_id=site.pk, **self.by)
        assert isinstance(found, Clearance)
        self.keep("clearance", found)
        clearances.appoint(clearance_id=found.pk, owner_id=self.world.seats["task_force", self.code].pk, **self.by)
        paper = Paper(b"\xff\xd8\xff", "照片.jpg", "image/jpeg", f"{next(TOKENS):032x}")
        clearances.verify(clearance_id=found.pk, done_on=DAY, paper=paper, **self.by)
        step = Step.objects.get(clearance=found, verb="verify")
        assert step.file
        self.world.found["paper", self.code] = {"pk": found.pk, "token": step.file.token}

    def tip(self, verb: str, tip: Tip, by: Post, **given: Any) -> Any:
        """This function will take a step about a tip."""
        return getattr(tips, verb)(tip_id=tip.pk, **given, by=by, at=AT)

    def told(self) -> Tip:
        """This function will take a tip about the place's institution in, and sort it."""
        form = tips.Form(f"{next(TOKENS):032x}", "public", self.code, f"{mark(self.code)}总院收会员费不退",
                         identity={"name": PERSON, "phone": PHONE})  # fmt: skip
        tip = tips.take_in(form=form, by=None, at=AT).tip
        tips.read_new(at=AT)
        self.tip("triage", tip, self.chief, is_in_scope=True, says="属实", copy=f"{mark(self.code)}总院收会员费", guise="elder_service",
                 scheme="prepaid_runaway", is_urgent=False)  # fmt: skip
        return tip

    def tipping(self) -> None:
        """This function will have the place's own office verify one tip, pass another on, and keep somebody from a third."""
        office_, seat_ = self.world.seats["campaign_office", self.code], self.world.seats["task_force", self.code]
        tip = self.keep("tip", self.told())
        self.tip("assign", tip, office_, unit_id=seat_.unit_id, handler_id=None, says="")
        self.tip("accept", tip, seat_, handler_id=None)
        paper = tips.Paper(picture(), "证据.jpg", "image/jpeg", f"{next(TOKENS):032x}")
        self.tip("conclude", tip, seat_, outcome="true", facts="属实", evidence="照片", basis=["合同"], changes={}, found_on=DAY,
                 papers=[paper])  # fmt: skip
        self.world.found["evidence", self.code] = {"pk": tip.pk, "token": paper.token}
        away = self.told()
        self.tip("pass_on", away, office_, to_name="邻区", says="不在本区")
        self.keep("transfer", away.transfers.get())
        named = self.world.seats["member_unit", self.code]
        self.keep("bar", Bar.objects.create(tip=self.told(), post=named, set_at=AT))

    def supervising(self) -> None:
        """This function will have the place's campaign office write to the place's own unit, and give it something to look at again."""
        office_, seat_ = self.world.seats["campaign_office", self.code], self.world.seats["task_force", self.code]
        here = mark(self.code)
        given: dict[str, Any] = {"unit_id": seat_.unit_id, "by": office_, "at": AT}
        order = supervising.orders.issue(title=f"{here}督办", issue=f"{here}请补齐", n_days=5, **given)
        self.keep("supervision_order", order)
        paper = Paper(b"%PDF-1.4", "佐证.pdf", "application/pdf", f"{next(TOKENS):032x}")
        supervising.orders.reply(order_id=order.pk, says=f"{here}已办", paper=paper, by=seat_, at=AT)
        self.world.found["supervision_reply", self.code] = {"token": paper.token}
        told: dict[str, Any] = {"named_ids": [seat_.unit_id], "unit_ids": [], "by": office_, "at": AT}
        circular = supervising.circulars.draft(manner="praise", title=f"{here}通报", text=f"{here}办得好", **told)
        self.keep("supervision_circular", supervising.circulars.send(circular_id=circular.pk, by=office_, at=AT))
        self.keep("regulatory_talk", supervising.talks.call(meets_on=DAY, meets_when=time(15), place=f"{here}会议室",
                                                            invited="负责同志", why=f"{here}逾期", **given))  # fmt: skip
        look_back = self.keep("look_back", LookBack.objects.create(
            issuer=office_.unit, title=f"{mark(self.code)}回头看", from_on=DAY, until_on=DAY, shares={"clearance": "1"},
            pools={"clearance": []}, seed="ab" * 32, due_on=DAY, due_how=[], drawn_at=AT, drawn_by=office_,
        ))  # fmt: skip
        site = Clearance.objects.get(pk=self.world.found["clearance", self.code]["pk"])
        self.keep(
            "look_item", Item.objects.create(look_back=look_back, kind="clearance", clearance=site, unit=seat_.unit)
        )
        team = [self.world.seats[role, self.code].pk for role in ("task_force", "member_unit", "analyst")]
        sealed = supervising.inspecting.commit(title=f"{mark(self.code)}抽查", town="", rates={"orange": "1"}, post_ids=team, team_size=3,
                                               declared=[], seed="cd" * 32, by=office_, at=AT)  # fmt: skip
        drawn = self.keep("draw", supervising.inspecting.draw(draw_id=sealed.pk, words=["见证"], by=office_, at=AT))
        self.keep("visit", drawn.visits.get())
        tip = self.told()
        self.tip("link", tip, self.chief, institution_id=self.home.pk)
        self.tip("assign", tip, office_, unit_id=seat_.unit_id, handler_id=None, says="")
        self.tip("accept", tip, seat_, handler_id=None)
        self.tip(
            "conclude",
            tip,
            seat_,
            outcome="true",
            facts="属实",
            evidence="照片",
            basis=["合同"],
            changes={},
            found_on=DAY,
        )
        self.keep("proved_tip", tip)

    def arriving(self) -> None:
        """This function will bring a list of another platform, and ask to open who told a tip."""
        office_ = self.world.seats["campaign_office", self.code]
        content = f"线索编号,举报内容,举报人\n{mark(self.code)},{mark(self.code)}收钱,{PERSON}\n".encode()
        arrival = arriving.open_arrival(content=content, name="名单.csv", media_type="text/csv", token=f"{next(TOKENS):032x}",
                                        channel="platform_12337", by=office_, at=AT)  # fmt: skip
        self.keep("arrival", arrival)
        tip = Tip.objects.get(pk=self.world.found["tip", self.code]["pk"])
        assert tip.identity_id
        asked = informants.ask(
            identity_id=tip.identity_id, viewer_id=office_.pk, reason="缺合同原件", by=office_, at=AT
        )
        self.keep("opening", asked)

    def campaigning(self) -> None:
        """This function will run a campaign of the place."""
        office_, hand = self.world.seats["campaign_office", self.code], self.world.seats["task_force", self.code]
        self.world.found["campaign_paper", self.code] = run_campaign(office_, hand, self.keep, mark(self.code), PHONE)

    def planning(self) -> None:
        """This function will hand a plan of the place's own office in, and read it."""
        office_ = self.world.seats["campaign_office", self.code]
        here = mark(self.code)
        content = f"{here}防范养老诈骗宣传方案\n一、工作任务\n（一）{here}走访。社区张贴《{here}表》（附件1），6月底前完成。\n"
        handed = campaigns.hand_in(content=content.encode(), name="方案.txt", token=f"{next(TOKENS):032x}", campaign_id=None, by=office_,
                                   at=AT)  # fmt: skip
        paper = self.keep("plan", campaigns.read_paper(paper_id=handed.pk, at=AT))
        self.world.found["plan-item", self.code] = {"pk": paper.pk, "item": paper.items.get(kind="task").pk}

    def importing(self) -> None:
        """This function will bring a register as far as its preview, and leave a staff list to be confirmed."""
        content = register([row(1, name=f"{mark(self.code)}入院")] * 2)
        batch = institutions.open_batch(content=content, name="台账.csv", token=f"{next(TOKENS):032x}", source="registry",
                                        code=self.code, **self.by)  # fmt: skip
        institutions.map_batch(batch_id=batch.pk, choices={}, **self.by)
        institutions.stage_batch(batch_id=batch.pk, at=AT, pause=lambda: None)
        self.keep("batch", batch)
        self.keep("staged", batch.rows.exclude(doubt="").latest("pk"))
        upload = stored(self.world.seats["administrator", self.code], content, "人员.csv", "application/octet-stream")
        self.world.found["upload", self.code] = {"token": upload.token}

    def staffing(self) -> None:
        """This function will set up an office of the place with a post and somebody who holds it."""
        unit = self.keep(
            "unit", units.add_unit(code=self.code, name=f"{staff(self.code)}单位", kind="other", by=None, at=AT)
        )
        post = self.keep("post", units.add_post(unit_id=unit.pk, title="综合岗", role="member_unit", by=None, at=AT))
        name = f"sentry{PLACES_IN_LATIN[self.code]}"
        person = self.keep(
            "person", units.add_person(username=name, name=staff(self.code), encoded="!", by=None, at=AT)
        )
        units.appoint(post_id=post.pk, person_id=person.pk, on=DAY, by=None, at=AT)
        self.world.found["division", self.code] = {"code": self.code}


PLACES_IN_LATIN = dict(zip(PLACES, "abcdef", strict=True))
FILES: dict[str, Callable[[], bytes]] = {"photo": picture}
"""What a row of the matrix can send along."""
