"""The house stays as it was agreed: rooms, floors, clauses, words. What fails here is a habit broken, not a bug."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from shouhu.engines import law
from shouhu.engines.rules.facts import declared
from tests.spec.page import page

ROOT = Path(__file__).parents[1]
ROOMS = {
    "shouhu": {"config", "cli", "web", "public", "jobs", "figures", "ledgers", "demo", "engines"},
    "shouhu/ledgers": {
        "supervision", "disposals", "clearances", "ratings", "tips", "informants", "surveys", "institutions", "campaigns", "units", "journal",
        "vault",
    },
    "shouhu/engines": {"documents", "draws", "rules", "law", "periods", "plans", "text"},
}  # fmt: skip
PURE = ("shouhu/engines", "shouhu/demo")
BELOW_THE_FACES = (*PURE, "shouhu/ledgers")
DRAWS_BY_LOT = "shouhu/ledgers/vault/keys.py"  # nonces and keys must not be foreseen
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NAMED_IN_SETTINGS = {
    "argon2",
    "django_tasks_db",
    "django_include_bootstrap",
    "django_htmx",
    "leaflet",
    "psycopg",
    "whitenoise",
}
LONGEST = 400  # lines in a file of Python

UNTRACKED = {".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
UNTRACKED |= {".import_linter_cache"}
CLOCK_AND_CHANCE = {"time", "random", "secrets", "uuid"}
NETWORK = {"asyncio", "ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "ssl", "urllib", "xmlrpc"}
NETWORK |= {"aiohttp", "django", "httpx", "requests", "urllib3"}
HARMLESS = ("urllib.parse", "random.Random")  # the latter takes a seed
# The glossary's terms, as nobody should spell them in code.
PINYIN = re.compile(
    r"anjian|baolei|beian|bumen|changsuo|chengse|chuzhi|dengji|dianpian|fengxian|fuwu|guakou|hongse|huangse|jigou|jiedao|juweihui"
    r"|laoren|luse|mingcheng|mingdan|minzheng|paicha|qingtui|qingling|shequ|taizhang|tousu|wangge|weidengji|xiansuo|xiangzhen|xuanchuan"
    r"|yanglao|yinhuan|yusuan|yufufei|zeren|zhapian|zhengzhi|zhenjie|zhuanban|zijin",
    re.IGNORECASE,
)


def files(*suffixes: str, under: str = ".") -> list[Path]:
    """This function will list the files of the repository, by path from the root."""
    found = (path for path in (ROOT / under).rglob("*") if path.suffix in suffixes or not suffixes)
    kept = (path for path in found if path.is_file() and not UNTRACKED & set(path.relative_to(ROOT).parts))
    return sorted(path for path in kept if ".egg-info" not in str(path))


def at(path: Path, line: int = 0) -> str:
    """This function will say where something is, as editors understand it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    """This function will parse a file once."""
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """This function will give every module that a file imports, with the line, also inside functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def barred(path: Path, modules: set[str]) -> Iterator[tuple[str, int]]:
    """This function will give the imports of these modules."""
    yield from ((n, line) for n, line in imports(path) if n.split(".")[0] in modules and not n.startswith(HARMLESS))


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """This function will walk YAML data and give every mapping in it."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from rows(part)


def yaml_rows() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in files(".yaml", under="shouhu"):
        yield from ((path, row) for row in rows(yaml.safe_load(path.read_text("utf-8"))))


# --- rooms and floors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("floor", ROOMS)
def test_there_are_no_rooms_but_the_agreed_ones(floor: str) -> None:
    found = {p.stem for p in (ROOT / floor).iterdir() if p.name not in ("__init__.py", "__pycache__")}
    assert found == ROOMS[floor]


def test_rooms_hold_code_and_data_only() -> None:
    faces, text = [ROOT / "shouhu/web", ROOT / "shouhu/public"], ROOT / "shouhu/engines/text"
    elsewhere = [p for p in files(under="shouhu") if not any(map(p.is_relative_to, faces))]
    learnt = {*text.glob("*.npz"), *(text / "corpus").glob("*.jsonl")}
    assert [at(p) for p in elsewhere if p.suffix not in (".py", ".yaml", ".csv", ".txt") and p not in learnt] == []


def test_every_package_says_what_it_is() -> None:
    packages = {path.parent for path in files(".py", under="shouhu")}
    assert [at(p) for p in packages if not (p / "__init__.py").exists()] == []
    assert [at(p) for p in packages if not ast.get_docstring(tree(p / "__init__.py"))] == []


def test_contracts_place_every_room() -> None:
    layers = [c for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    rooms = {c["containers"][0]: {room for layer in c["layers"] for room in layer.split(" | ")} for c in layers}
    assert {container.replace(".", "/"): inside for container, inside in rooms.items()} == ROOMS
    assert all(c["exhaustive"] for c in layers)


@pytest.mark.parametrize("floor", BELOW_THE_FACES)
def test_no_clock_and_no_chance_below_the_faces(floor: str) -> None:
    faults = []
    for path in files(".py", under=floor):
        if at(path) != DRAWS_BY_LOT:
            faults += [f"{at(path, line)} {name}" for name, line in barred(path, CLOCK_AND_CHANCE)]
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("now", "today", "utcnow", "urandom")
            ):
                faults.append(f"{at(path, node.lineno)} .{node.func.attr}")
    assert faults == []


@pytest.mark.parametrize("floor", PURE)
def test_no_network_in_pure_rooms(floor: str) -> None:
    faults = [f"{at(path, line)} {name}" for path in files(".py", under=floor) for name, line in barred(path, NETWORK)]
    assert faults == []


def test_dependencies_are_those_that_the_code_imports() -> None:
    module_of = {
        "pyyaml": "yaml", "python-stdnum": "stdnum", "argon2-cffi": "argon2", "django-leaflet": "leaflet", "pillow": "pil",
        "psycopg[binary,pool]": "psycopg", "markdown-it-py": "markdown_it",
    }  # fmt: skip
    names = [re.split("[<>=]", name)[0].lower() for name in PYPROJECT["project"]["dependencies"]]
    listed = {module_of.get(name, name.replace("-", "_")) for name in names}
    optional = {
        module_of.get(name, name.replace("-", "_"))
        for extra in ("spark", "train", "names", "ocr")
        for name in PYPROJECT["project"]["optional-dependencies"][extra]
    }
    used = {name.split(".")[0].lower() for path in files(".py", under="shouhu") for name, _ in imports(path)}
    used |= NAMED_IN_SETTINGS
    used -= {"shouhu", *(name.lower() for name in sys.stdlib_module_names)}
    assert used - optional == listed


# --- law -------------------------------------------------------------------------------------------------------------


def test_every_clause_resolves() -> None:
    cited = [
        (at(path), clause)
        for path, row in yaml_rows()
        for clause in [row.get("clause"), *row.get("power", [])]
        if clause
    ]
    assert cited
    unknown = []
    for where, clause in cited:
        try:
            law.cite(clause)
        except law.UnknownClause as error:
            unknown.append(f"{where}: {error}")
    assert unknown == []


def test_our_wording_is_short() -> None:
    said = [(at(path), str(row["says"])) for path, row in yaml_rows() if "says" in row]
    assert said
    assert [(where, says) for where, says in said if len(says) > 30] == []


@pytest.mark.parametrize("source", law.sources().values(), ids=lambda source: source.id)
def test_every_source_is_explained(source: law.Source) -> None:
    plan = source.kind == "plan"
    text = (ROOT / "docs/law" / (f"{source.id}.md" if plan else "national.md")).read_text("utf-8")
    assert [path for path in source.clauses if f"{source.id} {path}" not in text] == []


def test_every_reading_that_the_code_names_is_explained() -> None:
    told = set(re.findall(r"\b[A-Z]{3}-\d+\b", (ROOT / "docs/law/README.md").read_text("utf-8")))
    families = "|".join(sorted({name.split("-")[0] for name in told}))
    named = {
        name
        for path in [*files(".py", ".yaml", under="shouhu"), *files(".py", under="tests")]
        for name in re.findall(rf"\b(?:{families})-\d+\b", path.read_text("utf-8"))
    }
    assert named - told == set()


# --- words -----------------------------------------------------------------------------------------------------------


def identifiers(path: Path) -> Iterator[tuple[str, int]]:
    """This function will give every name that a file makes, with its line."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.FunctionDef(name=name, lineno=line) | ast.ClassDef(name=name, lineno=line):
                yield name, line
            case ast.arg(arg=name, lineno=line) | ast.Name(id=name, ctx=ast.Store(), lineno=line):
                yield name, line


def test_identifiers_are_english() -> None:
    faults = [
        f"{at(path, line)} {name}"
        for path in files(".py")
        for name, line in identifiers(path)
        if not name.isascii() or PINYIN.search(name)
    ]
    faults += [at(path) for path in files(".py", ".yaml") if not path.name.isascii() or PINYIN.search(path.stem)]
    assert faults == []


def test_public_functions_say_what_they_will_do() -> None:
    silent = [
        at(path, node.lineno)
        for path in files(".py", under="shouhu")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if "This function will" not in (ast.get_docstring(node) or "") and not is_command(node)
    ]
    assert silent == []


def is_command(node: ast.FunctionDef) -> bool:
    """This function will tell a command of the command line, whose docstring is the help that a clerk reads."""
    return any("command" in ast.dump(d) or "group" in ast.dump(d) for d in node.decorator_list)


def test_the_glossary_holds_only_words_that_the_code_uses() -> None:
    code = "\n".join(path.read_text("utf-8") for path in files(".py", ".yaml", under="shouhu"))
    terms = re.findall(r"`([a-z_]+)`", (ROOT / "GLOSSARY.md").read_text("utf-8"))
    assert terms
    assert [term for term in terms if not re.search(rf"(?<![a-z]){term}s?(?![a-z])", code, re.IGNORECASE)] == []


# --- files -----------------------------------------------------------------------------------------------------------


def test_no_file_is_too_long() -> None:
    written = (path for path in files(".py") if path.parent.name != "migrations")
    lengths = {at(path): len(path.read_text("utf-8").splitlines()) for path in written}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_nothing_names_a_package_host_or_the_place_it_was_written_at() -> None:
    dot = re.escape(".")
    hosts = ("pypi", "pythonhosted", "npmjs", "npmmirror", "jsdelivr", "unpkg", "googleapis", "tuna", "debian")
    named = re.compile(
        rf"\b(?:{'|'.join(hosts)}){dot}(?:org|com|net|cn|tsinghua)|(?<![\w.>])/wor[k]/|\b(?:domain|house|stack|rules){dot}md\b"
    )
    faults = [
        f"{at(path, number)} {line.strip()}"
        for path in files(".py", ".yaml", ".md", ".toml", ".txt", ".in", "")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if named.search(line)
    ]
    assert faults == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_requirements_are_hashed_and_name_no_address(path: Path) -> None:
    text = path.read_text("utf-8")
    pinned = [block for block in text.replace("\\\n", " ").splitlines() if block.strip()]
    assert pinned
    assert [block[:60] for block in pinned if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", block)] == []
    assert "://" not in text


def test_the_manual_explains_every_column() -> None:
    text = (ROOT / "shouhu/web/manual/columns.md").read_text("utf-8")
    assert [fact.title for fact in declared().values() if f"| {fact.title} |" not in text] == []


def test_the_specification_page_is_current() -> None:
    assert (ROOT / "docs/spec.md").read_text("utf-8") == page(), "make spec"
