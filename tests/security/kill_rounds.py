"""
Rounds of intake that are cut off by kill -9: run as a program in a home of its own, prints a line of JSON with what was found.

Each round is a process of 20 clients that hand tips in over the counter, half of them with a file, and tell every receipt that
reached them to this process; it is killed at a random moment, and whatever was told must be there, whole and once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

CLIENTS = 20
TOWN = "990101001000"


def main(rounds: int) -> None:
    """This function will do the rounds and print what was told, found, lost, doubled and torn."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils.timezone import now

    from shouhu.ledgers.tips import actions
    from shouhu.ledgers.units.models import Post, Unit

    call_command("migrate", verbosity=0)
    unit = Unit.objects.create(code="990101000000", name="专项办", kind="campaign_office")
    Post.objects.create(code="P1", title="综合岗", role="campaign_office", unit=unit)
    actions.take_in(form=form_for("f" * 32), by=None, at=now())  # what is read once is read before the rounds
    connection.close()
    chance = random.Random(rounds)
    told: list[str] = []
    for number in range(rounds):
        told += _cut_off(number, chance.uniform(0.05, 0.5))
    sys.stdout.write(json.dumps({"kills": rounds, "told": len(told), **_looked_for(told)}) + "\n")


def _cut_off(number: int, seconds: float) -> list[str]:
    """One round: the keys of the forms whose receipt reached its client before the process was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _hand_in(number, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as lines:
        first = lines.readline()  # it is at work
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rest = lines.read()
    whole = (first + rest).rpartition("\n")[0].split("\n")
    return [line for line in whole if line]


def _hand_in(number: int, writing: int) -> None:
    from shouhu.public.counter import Counter

    counter = Counter()

    def client(place: int) -> None:
        n = 0
        while True:
            key = f"{number:08x}{place:08x}{n:016x}"
            taken = counter.hand_in(form_for(key))
            os.write(writing, f"{key} {taken.receipt}\n".encode())
            n += 1

    for place in range(CLIENTS):
        threading.Thread(target=client, args=(place,), daemon=True).start()
    time.sleep(60)
    os._exit(1)  # nobody killed it


def form_for(key: str) -> Any:
    """This function will give the form of a key: its words and its file follow from it."""
    from shouhu.ledgers.tips import actions

    token = key[::-1]
    papers = [actions.Paper(content_for(key), f"{key}.txt", "text/plain", token)] if int(key, 16) % 2 else []
    return actions.Form(key=key, channel="public", code=TOWN, text=f"线索 {key}", papers=papers)


def content_for(key: str) -> bytes:
    """This function will give the bytes of the file that goes with a key."""
    return f"证据 {key}\n".encode() * 200


def _looked_for(told: list[str]) -> dict[str, int]:
    from django.db import connection
    from django.utils.timezone import now

    from shouhu.ledgers.tips import actions, receipts
    from shouhu.ledgers.tips.models import Attachment, Step, Tip
    from shouhu.ledgers.vault.actions import content_of

    found = lost = torn = other = 0
    for line in told:
        key, receipt = line.split(" ")
        tip = Tip.objects.filter(receipt_hash=receipts.hashed(receipt)).first()
        if tip is None:
            lost += 1
            continue
        files = [content_of(one.file) for one in tip.attachments.select_related("file")]
        whole = tip.text == f"线索 {key}" and files == [content_for(key)] * (int(key, 16) % 2)
        found, torn = found + whole, torn + (not whole)
    for line in told[:: max(len(told) // 40, 1)]:  # whoever was cut off sends the same form again
        key, receipt = line.split(" ")
        again = actions.take_in(form=form_for(key), by=None, at=now())
        other += again.is_new or again.receipt != receipt
    texts = [tip.text for tip in Tip.objects.all()]
    half = sum(not one.steps.exists() for one in Tip.objects.all())
    half += Attachment.objects.filter(file=None).count() + Step.objects.filter(tip=None).count()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        sound = cursor.fetchone() == ("ok",)
    odd = [tip for tip in Tip.objects.all() if int(tip.text.split(" ")[1], 16) % 2 and tip.attachments.count() != 1]
    return {
        "found": found, "lost": lost, "torn": torn, "other": other, "kept": len(texts),
        "doubled": len(texts) - len(set(texts)), "half": half + len(odd), "unsound": int(not sound),
    }  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(int(sys.argv[1]))
