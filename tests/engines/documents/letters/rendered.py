"""Letters as they print: LibreOffice makes PDF files of them, and their pages are measured in millimetres."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from pypdfium2 import raw

from shouhu.engines.documents.letters import Letter, docx

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
WRITER = bool(SOFFICE) and (Path(os.path.realpath(str(SOFFICE))).parent / "libswlo.so").exists()
MILLIMETRE = 25.4 / 72
DOTS = 300
"""Dots an inch of the pictures that are measured."""
STAND_INS = {
    "仿宋_GB2312": "AR PL UMing CN",
    "楷体_GB2312": "AR PL UKai CN",
    "黑体": "Noto Sans CJK SC",
    "宋体": "Noto Serif CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
}
"""Fonts that a Debian machine may have for those that offices have; without one fontconfig finds another Chinese one."""


@dataclass(frozen=True)
class Line:
    """Signs at one height, in millimetres from the left and the top of the paper."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half way between its ends."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Page:
    """One page: its size, and its lines from top to bottom."""

    path: Path
    number: int
    width: float
    height: float
    lines: list[Line]

    @cached_property
    def picture(self) -> NDArray[np.uint8]:
        """The page as it looks: rows of dots of red, green and blue."""
        document = pypdfium2.PdfDocument(self.path)
        picture = np.array(document[self.number].render(scale=DOTS / 72).to_pil().convert("RGB"))
        document.close()
        return picture

    @property
    def red(self) -> NDArray[np.bool_]:
        """Where it is red."""
        return (self.picture[:, :, 0] > 180) & (self.picture[:, :, 1] < 120)

    @property
    def dark(self) -> NDArray[np.bool_]:
        """Where it is dark."""
        return (self.picture[:, :, 0] < 160) & (self.picture[:, :, 1] < 160)

    def find(self, text: str) -> Line:
        """The first line that holds a text."""
        return next(line for line in self.lines if text in line.text)

    def first_red(self) -> float:
        """How far under the edge of the paper the first red dot is."""
        return float(np.flatnonzero(self.red.any(axis=1))[0] * 25.4 / DOTS)

    def bars(self, ink: NDArray[np.bool_], least: float) -> list[tuple[float, float, float, float]]:
        """Rules of an ink at least so long: left, right, top and bottom in millimetres, from the top down."""
        scale = 25.4 / DOTS
        is_rule = ink.sum(axis=1) * scale >= least
        edges = np.flatnonzero(np.diff(np.concatenate(([False], is_rule, [False])).astype(int)))
        found = []
        for top, after in edges.reshape(-1, 2):
            across = np.flatnonzero(ink[top:after].any(axis=0))
            found.append((across[0] * scale, (across[-1] + 1) * scale, top * scale, after * scale))
        return found


def printed(folder: Path, letters: Mapping[str, Letter]) -> dict[str, list[Page]]:
    """This function will print letters in one run of LibreOffice, with a profile and a list of fonts of its own."""
    if not WRITER:
        pytest.skip("LibreOffice Writer (soffice) is not installed: it prints the letters of this test")
    for name, letter in letters.items():
        (folder / f"{name}.docx").write_bytes(docx(letter))
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{font}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{other}</string></edit></match>'
        for font, other in STAND_INS.items()
    )
    config = folder / "fonts.conf"
    folders = "".join(f"<dir>{path}</dir>" for path in ("/usr/share/fonts", "/usr/local/share/fonts"))
    config.write_text(
        f'<?xml version="1.0"?><fontconfig>{folders}<cachedir>{folder}/fonts</cachedir>{rules}</fontconfig>', "utf-8"
    )
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
    files = [str(folder / f"{name}.docx") for name in letters]
    environment = os.environ | {"FONTCONFIG_FILE": str(config)}
    subprocess.run(
        [*command, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=300, env=environment
    )
    return {name: _pages(folder / f"{name}.pdf") for name in letters}


def _pages(path: Path) -> list[Page]:
    document = pypdfium2.PdfDocument(path)
    pages = []
    for number, page in enumerate(document):
        width, height = page.get_size()
        pages.append(Page(path, number, width * MILLIMETRE, height * MILLIMETRE, _lines(page, height)))
    document.close()
    return pages


def _lines(page: pypdfium2.PdfPage, height: float) -> list[Line]:
    text = page.get_textpage()
    rows: dict[int, list[tuple[float, float, float, float, str]]] = defaultdict(list)
    for at in range(text.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(text, at))
        if sign.isspace() or ord(sign) < 0x20:
            continue
        left, bottom, right, top = text.get_charbox(at, loose=True)
        near = next((key for key in rows if abs(key - (bottom + top) / 2) < 5), round((bottom + top) / 2))
        rows[near].append((left, right, height - top, height - bottom, sign))
    lines = []
    for _, signs in sorted(rows.items(), reverse=True):
        signs.sort()
        left, right = signs[0][0], max(sign[1] for sign in signs)
        top, bottom = min(sign[2] for sign in signs), max(sign[3] for sign in signs)
        words = "".join(sign[4] for sign in signs)
        lines.append(Line(words, *(length * MILLIMETRE for length in (left, right, top, bottom))))
    return lines
