"""What stands under the body: attachments, signature and date, notes, 版记, and the page numbers."""

from __future__ import annotations

from shouhu.engines.documents.letters import texts
from shouhu.engines.documents.letters.ink import KEPT, indented, paragraph, run, spaced
from shouhu.engines.documents.letters.kinds import unbroken
from shouhu.engines.documents.letters.letter import Letter, day
from shouhu.engines.documents.letters.page import LINE, SIGN, SMALL, TEXT, millimetres

_FROM_EDGE, _FROM_EDGE_IF_LONG, _MOST_IN_SIGNER = 4.0, 2.0, 20.0
"""Characters: from the date to the right edge, from a signer that is longer than date and edge allow, in a line of one."""
_SLACK = 2.0
_FRAME = f'<w:framePr w:w="{TEXT}" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="center" w:yAlign="bottom"/>'
_UNDER_NUMBER = millimetres(5.5)
"""The foot of a page ends 20 mm above the edge of the paper, its number 25.5: the dash is 7 mm under the text."""


def foot(letter: Letter) -> str:
    """This function will write everything after the body."""
    notes = [paragraph("Normal", run(f"（{letter.contact}）"))] if letter.contact else []
    at_left = spaced(LINE, before=LINE) + '<w:jc w:val="left"/>'
    receipt = [paragraph("Normal", run(letter.receipt), more=at_left)] if letter.receipt else []
    imprint = _imprint(letter)
    end = [*imprint, paragraph("Normal", more=spaced(20))] if imprint or not _ends_in_text(letter) else []
    return "".join([*_attachments(letter), *_signature(letter), *notes, *receipt, *end])


def _ends_in_text(letter: Letter) -> bool:
    """Whether a paragraph ends the document, as it must."""
    last = letter.body[-1] if letter.body else None
    return isinstance(last, str) or bool(letter.issuers or letter.dated_on or letter.contact or letter.receipt)


def _attachments(letter: Letter) -> list[str]:
    """附件说明: one line under the body, names under each other."""
    several = len(letter.attachments) > 1
    parts = []
    for at, name in enumerate(letter.attachments, 1):
        number = f"{at}." if several else ""
        label = f"附件：{number}" if at == 1 else number
        place = indented(left=_chars(5 + texts.width(number)), first=-_chars(texts.width(label)))
        more = (KEPT if at == len(letter.attachments) else "") + spaced(LINE, before=LINE if at == 1 else 0) + place
        parts.append(paragraph("Attachment", run(label + name), more=more))
    return parts


def _chars(width: float) -> int:
    """A width in characters of the body, in twips."""
    return round(width * SIGN)


def _signature(letter: Letter) -> list[str]:
    """
    署名和成文日期: the date ends 4 characters from the right edge, and the signers stand centred above it.

    A signer too long for that ends 2 characters from the edge, and the date stands centred under it.
    """
    lines = [line for name in letter.issuers for line in texts.parted(name, _MOST_IN_SIGNER, unbroken())]
    if letter.dated_on:
        lines.append(day(letter.dated_on))
    if not lines:
        return []
    box = max(map(texts.width, lines)) + _SLACK
    right = max(_FROM_EDGE + texts.width(lines[-1]) / 2 - box / 2, _FROM_EDGE_IF_LONG - _SLACK / 2)
    left = max(0, TEXT - _chars(right + box))
    parts = []
    for at, line in enumerate(lines):
        more = spaced(LINE, before=0 if at else 2 * LINE) + indented(left=left, right=_chars(right))
        parts.append(paragraph("Signature", run(line), more=more))
    return parts


def _imprint(letter: Letter) -> list[str]:
    """版记, on the last lines of the last page: copies to, printed by and on; a letter has neither rules nor printer."""
    rows = []
    to = ("主送", letter.addressees if letter.is_addressed_below else ()), ("抄送", letter.copies_to)
    for label, units in to:
        if units:
            more = indented(left=4 * SMALL, right=SMALL, first=-3 * SMALL)
            rows.append(paragraph("Imprint", run(f"{label}：{'，'.join(units)}。"), more=_FRAME + more))
    if letter.head != "letter" and (letter.printed_by or letter.printed_on):
        printed = f"{day(letter.printed_on)}印发" if letter.printed_on else ""
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT - SMALL}"/></w:tabs>'
        runs = run(letter.printed_by), "<w:r><w:tab/></w:r>", run(printed)
        rows.append(paragraph("Imprint", *runs, more=_FRAME + tab + indented(left=SMALL)))
    if letter.head == "letter" or not rows:
        return rows
    inner = [part for row in rows[1:] for part in (_rule("single"), row)]
    return [_rule("thick"), rows[0], *inner, _rule("thick")]


def _rule(kind: str) -> str:
    """A rule of the 版记 as wide as the text: an underlined tab, since offices lay out frames with borders differently."""
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT}"/></w:tabs>'
    return paragraph("ImprintRule", f'<w:r><w:rPr><w:u w:val="{kind}"/></w:rPr><w:tab/></w:r>', more=_FRAME + tab)


def page_number(side: str) -> str:
    """This function will write the number of an odd page (``right``) or of an even one (``left``): — 1 —."""
    indent = indented(left=SMALL) if side == "left" else indented(right=SMALL)
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    more = spaced(SMALL, after=_UNDER_NUMBER) + indent + f'<w:jc w:val="{side}"/>'
    return paragraph("PageNumber", run("— "), field, run(" —"), more=more)
