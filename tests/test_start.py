"""start.py: what a machine lacks is said in a sentence, set-up is done once, exit codes are those of what ran."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import start

ROOT = Path(__file__).parents[1]


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that is not there yet."""
    place = tmp_path / ".venv"
    for name, path in {"VENV": place, "UV": place / "bin/uv", "PYTHON": place / "bin/python"}.items():
        monkeypatch.setattr(start, name, path)
    return place


def test_an_old_python_can_read_it() -> None:
    ast.parse((ROOT / "start.py").read_text("utf-8"), feature_version=(3, 6))


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "start.py").read_text("utf-8"))
    modules = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    modules += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert [name for name in modules if name.split(".")[0] not in sys.stdlib_module_names] == []


def test_an_old_python_gets_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    assert start.main([]) == 1
    assert "需要 Python 3.11 或更新的版本，现在是 3.8。" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [["dance"], ["setup", "now"], ["--help"], ["--port"], ["--lan", "now"], ["service", "--check"], ["rate", "x"]],
)
def test_an_unknown_verb_is_a_usage_error(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(argv) == 64
    assert "用法" in capsys.readouterr().out


def test_a_missing_package_of_the_system_is_named(
    venv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert start.main(["setup"]) == 1
    assert "    sudo apt install python3-venv\n" in capsys.readouterr().out
    assert not venv.exists()


def test_what_is_installed_already_is_not_installed_again(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv.mkdir()
    start.stamp("requirements.txt").touch()
    monkeypatch.setattr(start, "environment", lambda: pytest.fail("set up again"))
    assert start.ready("requirements.txt")


def test_a_change_of_requirements_is_noticed(venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("requirements.txt", "requirements-uv.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(start, "ROOT", tmp_path)
    before = start.stamp("requirements.txt")
    (tmp_path / "requirements.txt").write_text("changed")
    assert start.stamp("requirements.txt") != before


def test_pip_installs_the_same_hashed_file_where_uv_fails(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def step(label: str, what: str, argv: list[str], must: bool = True) -> bool:
        commands.append(argv)
        return "-m" in argv

    monkeypatch.setattr(start, "step", step)
    assert start.packages(True, "requirements.txt", "--require-hashes", "-r", "requirements.txt")
    uv, pip = commands
    assert uv[0].endswith("uv")
    assert pip[1:3] == ["-m", "pip"]
    assert uv[-3:] == pip[-3:] == ["--require-hashes", "-r", "requirements.txt"]


def test_a_failed_step_shows_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert not start.step("安装", "x", [sys.executable, "-c", "import sys; print('the reason'); sys.exit(3)"])
    out = capsys.readouterr().out
    assert "the reason" in out
    assert "没有装成" in out


def test_the_exit_code_is_that_of_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "ready", lambda *_: True)
    monkeypatch.setattr(start, "PYTHON", Path(sys.executable))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")  # start.py asks for it
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_one.py").write_text("def test_wrong():\n    assert 1 == 2\n\ndef test_right():\n    pass\n")
    assert start.main(["test", "-c", str(tmp_path / "pytest.ini"), str(tmp_path)]) == 1
    assert start.main(["test", "-c", str(tmp_path / "pytest.ini"), str(tmp_path), "-k", "right"]) == 0


@pytest.mark.parametrize(
    ("code", "expected"), [(0, 0), (1, 0), (2, 2), (70, 70)], ids=["done", "with remarks", "refused", "internal error"]
)
def test_remarks_on_the_example_are_no_failure(code: int, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "ready", lambda *_: True)
    monkeypatch.setattr(start, "call", lambda _, verb, *rest: code if verb == "rate" else 0)
    assert start.main(["rate"]) == expected


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What start.py ran with the command shouhu, nothing of which really runs."""
    commands: list[list[str]] = []

    def run(argv: list[str]) -> int:
        commands.append(argv[argv.index("shouhu.cli") + 1 :])
        return 0

    monkeypatch.setattr(start, "ready", lambda *_: True)
    monkeypatch.setattr(start, "become", run)
    monkeypatch.setattr(start, "wait", lambda process: 0)
    monkeypatch.setattr("subprocess.Popen", run)
    return commands


def test_without_a_verb_the_desk_is_made_ready_and_served(ran: list[list[str]]) -> None:
    assert start.main([]) == 0
    assert ran == [["desk", "prepare", "--demo"], ["desk", "serve"]]


def test_options_go_where_they_belong(ran: list[list[str]]) -> None:
    assert start.main(["--port", "9000", "--seed", "7", "--lan", "--as-of", "2026-05-31", "--check"]) == 0
    assert ran == [
        ["desk", "prepare", "--demo", "--seed", "7", "--as-of", "2026-05-31"],
        ["desk", "serve", "--port", "9000", "--lan", "--check"],
    ]


@pytest.mark.parametrize("verb", ["backup", "restore", "real"])
def test_verbs_on_the_database_are_passed_on(verb: str, ran: list[list[str]]) -> None:
    assert start.main([verb, "资料夹", "--yes"]) == 0
    assert ran == [[*(["desk"] if verb == "real" else []), verb, "资料夹", "--yes"]]


def test_what_cannot_be_made_ready_is_not_served(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "wait", lambda process: 2)
    assert start.main([]) == 2
    assert ran == [["desk", "prepare", "--demo"]]


def test_wheels_on_this_disk_are_all_that_is_looked_at(
    tmp_path: Path, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[list[str]] = []

    def step(label: str, what: str, argv: list[str], must: bool = True) -> bool:
        installed.append(argv)
        return must

    monkeypatch.setattr(start, "step", step)
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):  # pip reads these itself
        monkeypatch.setenv(name, "")  # put back afterwards
    assert start.main(["setup", "--wheels", str(tmp_path)]) == 0
    assert [os.environ[name] for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS")] == ["1", str(tmp_path)]
    assert start.packages(True, "requirements.txt", "-r", "requirements.txt")
    uv, pip = installed
    assert uv[-3:] == ["--no-index", "--find-links", str(tmp_path)]
    assert "-m" in pip


@pytest.mark.skipif(os.name == "nt", reason="systemd is of Linux")
def test_the_service_is_this_folder_with_its_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHOUHU_DATABASE", 'postgresql://a:1%2F"2@host/b')
    assert start.main(["service", "--lan", "--port", "9443"]) == 0
    unit = capsys.readouterr().out
    assert f'ExecStart="{sys.executable}" "{ROOT / "start.py"}" "--lan" "--port" "9443"\n' in unit
    assert 'Environment="SHOUHU_DATABASE=postgresql://a:1%%2F\\"2@host/b"\n' in unit
    assert "systemctl --user enable --now shouhu" in unit


def test_ctrl_c_is_for_the_program_to_answer() -> None:
    class Process:
        def __init__(self) -> None:
            self.interrupted = 2

        def wait(self) -> int:
            self.interrupted -= 1
            if self.interrupted >= 0:
                raise KeyboardInterrupt
            return 7

    assert start.wait(Process()) == 7  # type: ignore[arg-type]


def test_a_skip_fails_where_nothing_may_be_missing(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_inside.py").write_text("import pytest\ndef test_it():\n    pytest.skip('no Java')\n")
    (tmp_path / "test_mark.py").write_text("import pytest\n@pytest.mark.skip('no Java')\ndef test_it():\n    pass\n")
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    assert "3 skipped" in pytest_in(tmp_path, SHOUHU_NO_SKIPS="0")
    strict = pytest_in(tmp_path, "--continue-on-collection-errors", SHOUHU_NO_SKIPS="1")
    assert "1 failed, 2 errors" in strict
    assert strict.count("Skipped under SHOUHU_NO_SKIPS=1: Skipped: no Java") >= 2
    assert "could not import 'no_such_module'" in strict


def pytest_in(folder: Path, *arguments: str, **environment: str) -> str:
    """This function will give what pytest prints about a folder of tests."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, str(folder)]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True).stdout
