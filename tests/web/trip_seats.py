"""Who sits at which screen on the trip, and what is done at each of them alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.trip_hands import Hand

NAME, FILED, FOUND = "柳湾康养公寓", "清河镇敬老院", "石桥托老点"
"""The three of the workbook: the trip is about the first."""


@dataclass
class Seat:
    """A person at a screen."""

    hand: Hand
    page: Page
    pictures: Path
    n_pictures: list[int]

    def picture(self, name: str) -> None:
        """This function will keep what is on the screen."""
        self.n_pictures[0] += 1
        path = self.pictures / f"{type(self.hand).__name__.lower()}-{self.n_pictures[0]:02}-{name}.png"
        self.page.screenshot(path=path, full_page=True)

    def room(self, name: str) -> None:
        """This function will go to a room of the desk."""
        self.hand.follow(self.page.get_by_role("navigation", name="工作台").get_by_role("link", name=name))

    def row(self, words: str) -> None:
        """This function will open what a list shows under these words."""
        self.hand.follow(self.page.get_by_role("main").get_by_role("link", name=words).first)

    def says(self, words: str) -> None:
        """This function will wait until the page says these words."""
        expect(self.page.get_by_role("main")).to_contain_text(words)


@dataclass
class Office:
    """The four screens of the trip; the phone is that of whoever sits at the town's screen."""

    office: Seat
    deputy: Seat
    town: Seat
    phone: Seat
    folder: Path


def paper(path: Path) -> Path:
    """This function will write an image that stands for a photo or a scan."""
    Image.linear_gradient("L").resize((800, 600)).save(path)
    return path
