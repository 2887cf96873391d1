"""What the desk suggests about a tip, each with its reason; a person decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q, QuerySet

from shouhu.engines.text import masking
from shouhu.engines.text.normal import fold
from shouhu.ledgers.institutions import queries as institutions
from shouhu.ledgers.institutions.models import Hand, Institution, Version
from shouhu.ledgers.tips import alike, reading
from shouhu.ledgers.tips.models import Bar, Tip
from shouhu.ledgers.tips.queries.sight import messages, seen
from shouhu.ledgers.units.codes import LEVELS, level_of, within
from shouhu.ledgers.units.models import Post, Tenure, Unit
from shouhu.ledgers.units.rights import holders
from shouhu.ledgers.units.scope import Scope

MOST_SIMILAR = 10
FEW_INSTITUTIONS = 5
"""In a village with fewer, what happened tells who told."""
_LEGAL = re.compile(r"(股份|责任|有限|公司|集团|民办非企业单位|[()（）])+")
_STREET = re.compile(r"[^\s省市区县镇乡]{1,12}?(?:路|街|巷|道|弄|里|胡同|大道)\d+(?:-\d+)?号")
_SHORTEST_CORE = 3


# --- similar tips


def similar_to(scope: Scope, tip: Tip) -> list[tuple[Tip, float, tuple[str, ...]]]:
    """
    This function will give the tips that tell the same script, the most alike first: tip, score of 1, what both name.

    For those who sort; others get none, as it would tell them words of the original.
    """
    if not scope.may("tip.original") or tip.erased_at:
        return []
    matches = alike.nearest(tip)
    rows = {row.pk: row for row in seen(scope).filter(pk__in=[match.id for match in matches])}
    found = [
        (rows[match.id], match.score, tuple(str(one.value) for one in match.shared))
        for match in matches
        if match.id in rows
    ]
    return found[:MOST_SIMILAR]


# --- the institution


@dataclass(frozen=True)
class Linkable:
    """An institution that a tip may be about, and why."""

    institution: Institution
    why: str


def linkable(scope: Scope, tip: Tip) -> list[Linkable]:
    """This function will give the institutions of the county that name, phone, address or people suggest, the surest first."""
    if not scope.may("tip.original") or tip.erased_at:
        return []
    county = tip.code[: LEVELS["county"]]
    rows = institutions.seen(scope).filter(code__startswith=county)
    why: dict[int, list[str]] = {}
    for pk, reason in _reasons(rows, tip):
        why.setdefault(pk, []).append(reason)
    best = sorted(why, key=lambda pk: (-len(why[pk]), pk))[:MOST_SIMILAR]
    kept = rows.in_bulk(best)
    return [Linkable(kept[pk], "；".join(why[pk])) for pk in best]


def _reasons(rows: QuerySet[Institution], tip: Tip) -> Iterator[tuple[int, str]]:
    told = tip.told or {}
    words = reading.bare(" ".join((tip.text, told.get("named", ""), told.get("place", ""))))
    found = reading.found(tip)
    places = [name for name in _place_names(tip.code) if name]
    named = {reading.bare(str(one.value)) for one in found if one.kind == "org"}
    if told.get("named"):
        named.add(reading.bare(told["named"]))
    usccs = {str(one.value) for one in found if one.kind == "uscc"}
    for pk, name, uscc, address in rows.values_list("pk", "name", "uscc", "address"):
        whole, core = reading.bare(name), _core(name, places)
        if whole in words:
            yield pk, f"名称“{name}”在文字里出现"
        elif len(core) >= _SHORTEST_CORE and (core in words or any(len(one) >= 4 and one in whole for one in named)):
            yield pk, f"名称相近：{name}"
        if uscc and uscc in usccs:
            yield pk, "统一社会信用代码相同"
        street = _STREET.search(fold(address).text.replace(" ", "")) if address else None
        if street and reading.bare(street[0]) in words:
            yield pk, f"地址相同：{street[0]}"
    yield from _by_phone(rows, {str(one.value) for one in found if one.kind == "phone"})
    yield from _by_people(rows, {str(one.value) for one in found if one.kind == "person"})


def _by_phone(rows: QuerySet[Institution], phones: set[str]) -> Iterator[tuple[int, str]]:
    """Phones are sealed with the other personal facts, so those of the county are opened; only when a phone was told."""
    if not phones:
        return
    versions = Version.objects.filter(institution__in=rows.values("pk"), n=F("institution__n"))
    for pk, personal in versions.values_list("institution", "personal"):
        known = {re.sub(r"\D", "", one) for one in re.split(r"[、,，;；/ ]", str((personal or {}).get("phone", "")))}
        if known & phones:
            yield pk, "联系电话相同"


def _by_people(rows: QuerySet[Institution], people: set[str]) -> Iterator[tuple[int, str]]:
    if not people:
        return
    hashes = [settings.KEYS.blind(name, "person") for name in people]
    hands = Hand.objects.filter(name_hash__in=hashes, to_on=None, institution__in=rows.values("pk"))
    for pk in hands.values_list("institution", flat=True).distinct():
        yield pk, "登记的负责人或投资人与文字里的人同名"


def _core(name: str, places: Iterable[str]) -> str:
    """A name without place and legal form: 安康养老院 of 望澜区安康养老院有限公司."""
    plain = _LEGAL.sub("", name)
    for place in places:
        plain = plain.replace(place, "")
    return reading.bare(plain)


def _place_names(code: str) -> list[str]:
    return sorted(reading.places_of(code), key=len, reverse=True)


# --- to whom


def receivers(scope: Scope, tip: Tip) -> list[tuple[Unit, str]]:
    """This function will give the units that could have a tip, those of its place first, and what keeps each from it, or empty."""
    able = Post.objects.filter(role__in=holders("tip.verify"), closed_on=None)
    units = list(scope.limit(Unit.objects.filter(closed_on=None, pk__in=able.values("unit"))))
    units.sort(key=lambda unit: (not within(tip.code, unit.code), -len(unit.code.rstrip("0")), unit.pk))
    held = Tenure.objects.filter(to_on=None, post__in=able).values_list("post__unit", "post")
    posts: dict[int, set[int]] = {}
    for unit, post in held:
        posts.setdefault(unit, set()).add(post)
    bars = list(Bar.objects.filter(tip=tip, lifted_at=None))
    barred_units, barred_posts = {one.unit_id for one in bars}, {one.post_id for one in bars}

    def hindrance(unit: Unit) -> str:
        if unit.pk in barred_units:
            return "线索点名了这个单位，须回避"
        if not posts.get(unit.pk):
            return "这个单位没有在岗的承办人员"
        if not posts[unit.pk] - barred_posts:
            return "线索点名了这个单位能承办的人员，须回避"
        return ""

    return [(unit, hindrance(unit)) for unit in units]


def handlers(tip: Tip, unit: Unit) -> list[tuple[Post, str]]:
    """This function will give the posts of a unit that could handle a tip, and what keeps each from it, or empty."""
    bars = set(Bar.objects.filter(tip=tip, lifted_at=None).values_list("post", flat=True))
    rows = Post.objects.filter(unit=unit, role__in=holders("tip.verify"), closed_on=None, tenures__to_on=None)
    return [
        (post, "线索点名了这个人，须回避" if post.pk in bars else "")
        for post in rows.filter(tenures__isnull=False).order_by("code").distinct()
    ]


# --- warnings


def warnings(scope: Scope, tip: Tip) -> list[str]:
    """This function will say what a person should mind before the tip goes on."""
    told = [*_about_bars(tip), *_about_place(tip)]
    if scope.may("tip.original") and not tip.erased_at:
        if tip.reading is None:
            told.append("机器没能读取这条线索，请人工甄别，并留意是否点名了承办单位或人员")
        left = Counter(one.mark.strip("〔〕") for one in masking.spans(tip.copy))
        if left:
            counted = "、".join(f"{mark}{n}处" for mark, n in left.items())
            told.append(f"脱敏文本里还有：{counted}。属于举报人、老人和证人的，请先遮盖")
        fresh = sum(1 for one in messages(scope, tip) if one.is_from_informant and one.message.read_at is None)
        if fresh:
            told.append(f"举报人有{fresh}条补充还没有看")
    if tip.rating == "contested":
        told.append("举报人不认可答复，请核对是否需要重启办理")
    return told


def _about_bars(tip: Tip) -> Iterator[str]:
    bars = Bar.objects.filter(tip=tip, lifted_at=None)
    offices = Post.objects.filter(role="campaign_office", closed_on=None, unit__in=bars.values("unit"))
    if offices.exists():
        if tip.unit.posts.filter(role="campaign_office", closed_on=None).exists():
            yield "线索点名了专项办，该办看不到这条线索，由上级专项办办理"
        else:
            yield "线索点名了专项办，系统内没有可以办理的上级专项办，只有领导能看到：请以书面方式移交上级"
    if n := bars.count():
        yield f"线索点名的{n}个单位或岗位须回避，看不到这条线索；只是提到、并非反映对象的，可以写明理由后解除"


def _about_place(tip: Tip) -> Iterator[str]:
    if level_of(tip.code) != "neighbourhood":
        return
    n = Institution.objects.filter(Q(code=tip.code), institutions.visible(), merged_into=None, ceased_on=None).count()
    if n < FEW_INSTITUTIONS:
        yield f"地点具体到村居，那里只有{n}家在册机构，凭事实就可能认出举报人：脱敏文本宜写到镇街，并略去亲属关系和日期"
