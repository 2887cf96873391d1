"""Three months of the invented district: every kind of course, on days that fit together."""

from __future__ import annotations

from collections import Counter
from datetime import date

from shouhu.demo.district import district
from shouhu.demo.history import CAMPAIGN_DAYS, tracks
from shouhu.engines.rules.ratings import rate_one
from shouhu.engines.rules.rulesets import load

TODAY = date(2026, 11, 22)
TRACKS = tuple(tracks(district(1, as_of=TODAY)))


def test_the_same_seed_and_day_tell_the_same() -> None:
    assert tuple(tracks(district(1, as_of=TODAY))) == TRACKS
    assert tuple(tracks(district(1, as_of=TODAY), 2)) != TRACKS


def test_days_are_in_order_and_inside_the_campaign() -> None:
    for track in TRACKS:
        days = [track.found_on, *(visit.on for visit in track.visits)]
        known = [day for day in days if day]
        assert known == sorted(known), track.institution.name
        assert all(0 < (TODAY - day).days < CAMPAIGN_DAYS for day in known)


def test_there_is_every_kind_of_course() -> None:
    outcomes = Counter(visit.outcome for track in TRACKS for visit in track.visits)
    assert outcomes["submitted"] >= 5 and outcomes["returned"] >= 2
    assert sum(not track.visits for track in TRACKS) >= 20
    assert sum(track.found_on is not None for track in TRACKS) >= 5
    ruleset = load()
    moves = Counter(
        (rate_one(track.visits[0].answers, ruleset).colour, rate_one(track.visits[1].answers, ruleset).colour)
        for track in TRACKS
        if len(track.visits) == 2
    )
    better = sum(
        n for (before, after), n in moves.items() if before in ("red", "orange", "yellow") and after == "green"
    )
    worse = sum(n for (before, after), n in moves.items() if before == "green" and after in ("red", "orange", "yellow"))
    assert better >= 8 and worse >= 5, moves
