"""
The texts of the desk and their English: what there is to translate, and the catalogue brought up to it.

    python -m tests.web.texts    adds new texts to shouhu/web/locale/en/LC_MESSAGES/django.po, empty, and drops those that are gone

Texts are marked in templates and in the code of the pages ({% translate "…" %}, _("…")). What the floors below say is not marked,
for they write Chinese only: every fixed text of the ledgers, and the labels in their data. The pages translate it where they show it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polib
import yaml
from django.utils.translation.template import templatize

from shouhu.engines.rules.rulesets import READINGS
from shouhu.engines.rules.values import UNNAMED
from shouhu.engines.rules.words import COLOUR, colour

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "shouhu/web/locale/en/LC_MESSAGES/django.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
LABELS = {
    "engines/rules/facts.yaml": {"title", "ask", "unit", "choices"},
    "engines/rules/colours/*.yaml": {"says"},
    "engines/rules/measures/*.yaml": {"says", "when", "body"},
    "ledgers/campaigns/workflow.yaml": {"states", "says", "guard"},
    "ledgers/campaigns/mechanisms.yaml": {"title", "says"},
    "ledgers/campaigns/templates/*.yaml": {"title", "says"},
    "ledgers/disposals/workflow.yaml": {"states", "says", "guard", "deadline"},
    "ledgers/supervision/workflow.yaml": {"states", "says", "guard"},
    "ledgers/supervision/backtrace.yaml": {"says"},
    "ledgers/journal/verbs.yaml": set(),
    "ledgers/surveys/questions.yaml": {"title"},
    "ledgers/surveys/duties.yaml": {"says"},
    "ledgers/tips/channels.yaml": {"title", "sources"},
    "ledgers/tips/columns.yaml": {"title"},
    "ledgers/tips/workflow.yaml": {"says", "guard"},
    "engines/text/taxonomy.yaml": {"says"},
    "ledgers/units/rights.yaml": {"title", "says"},
}
"""Data and the keys whose texts the desk shows; with no keys all of it."""
_MARKED = re.compile(r"""\b(n?gettext|_)\(((?:u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:,\s*)?)+)""")
_OF_CODE = ("apps.py", "counted.py", "divisions.py")
"""Files of the ledgers whose Chinese is no text: names for Django, patterns, notations."""

_PUT_TOGETHER = ("审批中止计时", "审批延长时限", "审批不采取该措施")
"""What the ledgers' work lists make of two words."""

Texts = dict[str, tuple[str, set[str]]]
"""Text → its plural (or the empty string) and the files that hold it."""


def texts() -> Texts:
    """This function will find every text, in the order of the files."""
    found: Texts = {}
    places: list[tuple[Path, Iterable[tuple[str, str]]]] = []
    for face in ("web", "public"):
        for path in sorted((ROOT / "shouhu" / face).rglob("*.html")):
            places.append((path, _in_template(path.read_text("utf-8"))))
        for path in sorted((ROOT / "shouhu" / face).rglob("*.py")):
            places.append((path, _marked(ast.parse(path.read_text("utf-8")))))
    for path in sorted((ROOT / "shouhu/ledgers").rglob("*.py")):
        if "migrations" not in path.parts and path.name not in _OF_CODE:
            places.append((path, _said(ast.parse(path.read_text("utf-8")))))
    for name, keys in LABELS.items():
        for path in sorted((ROOT / "shouhu").glob(name)):
            places.append((path, _labels(yaml.safe_load(path.read_text("utf-8")), keys)))
    words = ROOT / "shouhu/engines/rules/words.py"
    places.append((words, _named(ast.parse(words.read_text("utf-8")))))
    places.append((words, [(text, "") for text in (*map(colour, COLOUR), *READINGS.values(), UNNAMED, *_PUT_TOGETHER)]))
    for path, pairs in places:
        for one, many in pairs:
            plural, where = found.get(one, ("", set()))
            found[one] = (plural or many, where | {str(path.relative_to(ROOT))})
    return found


def placeholders(text: str) -> set[str]:
    """This function will give what a text leaves open: %(name)s, %s, {name}."""
    return set(re.findall(r"%\(\w+\)[+\d.,]*[sd]|%[+\d.,]*[sd]|\{\w*\}", text.replace("%%", "")))


def _in_template(source: str) -> Iterator[tuple[str, str]]:
    for name, arguments in _MARKED.findall(templatize(source)):
        said = ast.literal_eval(f"[{arguments}]")
        yield said[0].replace("\r\n", "\n"), said[1] if name == "ngettext" else ""


def _marked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    marks = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(one)), *rest]) if name in marks:
                plural = (
                    rest[0].value if marks[name].startswith("ngettext") and isinstance(rest[0], ast.Constant) else ""
                )
                yield one, str(plural)


def _said(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Every Chinese string but docstrings, patterns and the parts of formatted ones."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    parts |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts |= {id(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_pattern(node)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if CHINESE.search(text) and id(node) not in parts:
                yield text.strip(), ""


def _is_pattern(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr in ("compile", "sub") and bool(node.args)


def _named(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The texts of a module's tables."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            yield from _said(ast.Module([node], []))


def _labels(data: Any, keys: set[str], *, is_label: bool = False) -> Iterator[tuple[str, str]]:
    match data:
        case dict():
            for key, value in data.items():
                if key == "choices":
                    yield from ((choice, "") for choice in value)
                else:
                    yield from _labels(value, keys, is_label=is_label or not keys or key in keys)
        case list():
            for value in data:
                yield from _labels(value, keys, is_label=is_label)
        case str() if is_label and CHINESE.search(data):
            yield data, ""


def update() -> None:
    """This function will bring the catalogue up to the texts; translations of texts that stay are kept."""
    kept = {one.msgid: one for one in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text, (plural, where) in texts().items():
        entry = polib.POEntry(msgid=text, msgid_plural=plural, occurrences=[(path, "") for path in sorted(where)])
        if plural:
            entry.msgstr_plural = {0: "", 1: ""}
        if text in kept and bool(kept[text].msgid_plural) == bool(plural):
            entry.msgstr, entry.msgstr_plural = kept[text].msgstr, kept[text].msgstr_plural
        catalogue.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))


if __name__ == "__main__":
    import django
    from django.conf import settings

    settings.configure()
    django.setup()
    update()
