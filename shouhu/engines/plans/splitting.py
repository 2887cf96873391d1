"""Collections (范文大全, 精选19篇) become plans; a single plan stays one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from shouhu.engines.plans import labels, reading
from shouhu.engines.plans.page import Paper, Paragraph

_LONGEST_TITLE = 60
_SHORTEST_PLAN = 100
"""Characters of a usual part; less are lines of a table of contents."""
_LONGEST_STEP = 2
"""From one number to the next, as a headline may be lost."""


def plans(paper: Paper) -> tuple[Paper, ...]:
    """
    This function will split a collection: at numbered headlines (第一篇, 篇1, …方案2), else at titles behind which the
    numbering starts again. What stands before the first one belongs to none.

    Each part is a paper of its own, named ``<name>-<number>``, with places in its own text.
    """
    begins = _numbered(paper.paragraphs) or _titled(paper.paragraphs)
    if len(begins) < 2:
        return (paper,)
    ends = [*begins[1:], len(paper.paragraphs)]
    parts = [paper.paragraphs[begin:end] for begin, end in zip(begins, ends, strict=True)]
    return tuple(_part(paper, paragraphs, number) for number, paragraphs in enumerate(parts, 1))


def _part(paper: Paper, paragraphs: Sequence[Paragraph], number: int) -> Paper:
    first, last = paragraphs[0].start, paragraphs[-1].end
    moved = (replace(paragraph, start=paragraph.start - first, end=paragraph.end - first) for paragraph in paragraphs)
    return Paper(f"{paper.name}-{number}", paper.text[first:last], tuple(moved))


def _numbered(paragraphs: Sequence[Paragraph]) -> list[int]:
    """Where headlines of one form count 1, 2, 3 …, each with a plan behind it; the form that counts furthest."""
    best: list[int] = []
    for form in reading.each("parts"):
        runs: list[list[tuple[int, int]]] = []
        for place, number in _headlines(paragraphs, form):
            step = number - runs[-1][-1][1] if runs else 0
            if runs and 0 < step <= _LONGEST_STEP:
                runs[-1].append((place, number))
            elif number == 1:
                runs.append([(place, number)])  # the run before was a table of contents, or the same headline
        for run in runs:
            begins = [place for place, _ in run]
            if len(begins) > max(len(best), 1) and _are_plans(paragraphs, begins):
                best = begins
    return best


def _headlines(paragraphs: Sequence[Paragraph], form: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for place, paragraph in enumerate(paragraphs):
        if (
            paragraph.kind != "row"
            and len(paragraph.text) <= _LONGEST_TITLE
            and (match := form.fullmatch(paragraph.text))
        ):
            yield place, labels.number(match[1])


def _titled(paragraphs: Sequence[Paragraph]) -> list[int]:
    """Where titles stand behind which 一、 comes again, unless a notice brings its own plan or an annex follows."""
    begins: list[int] = []
    for place, paragraph in enumerate(paragraphs):
        if not _is_title(paragraph) or _starts(paragraphs, place) != 1:
            continue
        if begins and (
            _continues(paragraphs[begins[-1]], paragraph)
            or any(re.match(r"附\s*件", other.text) for other in paragraphs[max(begins[-1], place - 4) : place])
        ):
            continue
        begins.append(place)
    return begins if len(begins) > 1 and _are_plans(paragraphs, begins) else []


def _is_title(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        paragraph.kind != "row"
        and 6 <= len(text) <= _LONGEST_TITLE
        and text.rstrip("）)0123456789").endswith(reading.words("titles"))
        and not re.search(r"[，。；：\t]", text)
        and labels.starts(text) is None
    )


def _starts(paragraphs: Sequence[Paragraph], place: int) -> int:
    """The number of the first label behind a title, 0 where another title comes first."""
    for paragraph in paragraphs[place + 1 :]:
        if _is_title(paragraph):
            return 0
        if label := labels.starts(paragraph.text):
            return label.number
    return 0


def _continues(title: Paragraph, following: Paragraph) -> bool:
    """Whether a title names the one that follows: a notice, with the plan that it makes known."""
    return following.text in title.text or (title.text.endswith("通知") and not following.text.endswith("通知"))


def _are_plans(paragraphs: Sequence[Paragraph], begins: Sequence[int]) -> bool:
    ends = [*begins[1:], len(paragraphs)]
    sizes = [
        sum(len(paragraph.text) for paragraph in paragraphs[begin + 1 : end])
        for begin, end in zip(begins, ends, strict=True)
    ]
    return median(sizes) >= _SHORTEST_PLAN
