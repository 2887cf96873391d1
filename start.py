#!/usr/bin/env python3
"""
Set up and run Shouhu (守护) with nothing but Python 3.11 or newer.

    python3 start.py              set up, fill a new database with the invented demo district, open the desk in the browser
    python3 start.py --lan        … for phones and computers of the office network, over https
    python3 start.py --check      … fetch the log-in page once and stop
    python3 start.py real         leave the demo: an empty desk for a real district (the demo is set aside, not deleted)
    python3 start.py backup …     everything into one sealed file; restore … brings it back
    python3 start.py service      start with the machine: what to install (--install does it, on Linux)
    python3 start.py rate         write the example register, rate it, say where the lists are (files only, no desk)
    python3 start.py setup        set up only; then .venv/bin/shouhu (Windows: .venv\\Scripts\\shouhu) is the command
    python3 start.py test …       set up and run the tests (what follows goes to pytest)
    python3 start.py check        lint, types, contracts, and whether docs/spec.md is current
    python3 start.py bench …      measure against the peers
    python3 start.py soak …       the tests with their full number of random cases
    python3 start.py spec         write docs/spec.md from tests/spec

Without a verb: --port N, --lan, --host NAME, --certificate FILE --key FILE, --seed N, --as-of DATE, --check.
With every verb: --wheels FOLDER, to install from wheels on this disk, without a network.

Everything goes into .venv and var/ beside this file. Windows: written for, never tried.
This file must parse under Python 3.6, so that an old Python gets a sentence and not a syntax error.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN, EXE = (VENV / "Scripts", ".exe") if os.name == "nt" else (VENV / "bin", "")
PYTHON, SHOUHU, UV, CONTRACTS = (BIN / (name + EXE) for name in ("python", "shouhu", "uv", "lint-imports"))
HOME = Path(os.environ.get("SHOUHU_HOME") or str(ROOT / "var")).resolve()


def main(argv: "list[str]") -> int:
    """This function will carry out one verb and return the exit code of what it ran."""
    verbs = {"desk": desk, "real": real, "backup": backup, "restore": restore, "service": service, "rate": rate}
    verbs.update({"setup": setup, "test": test, "check": check, "bench": bench, "soak": soak, "spec": spec})
    argv = wheels_from(list(argv))
    verb, rest = (argv[0], argv[1:]) if argv and not argv[0].startswith("-") else ("desk", argv)
    if (
        verb not in verbs
        or (rest and verb in ("setup", "check", "spec", "rate"))
        or (verb == "desk" and not known(rest))
    ):
        say(
            "用法：python3 start.py [real | backup | restore | service | rate | setup | test | check | bench | soak | spec]",
            "Usage: the line above; each verb is explained at the top of start.py.",
        )
        return 64
    if sys.version_info < (3, 11):
        seen = f"{sys.version_info[0]}.{sys.version_info[1]}"
        say(f"需要 Python 3.11 或更新的版本，现在是 {seen}。", f"Python 3.11 or newer is needed; this is {seen}.")
        return 1
    return verbs[verb](rest)


def wheels_from(argv: "list[str]") -> "list[str]":
    """Take --wheels FOLDER out of the arguments and tell pip of it, as its environment variables do."""
    if "--wheels" not in argv[:-1]:
        return argv
    at = argv.index("--wheels")
    folder = str(Path(argv[at + 1]).resolve())
    os.environ.update({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder})
    return argv[:at] + argv[at + 2 :]


FLAGS, VALUES = ("--lan", "--check"), ("--port", "--host", "--certificate", "--key", "--seed", "--as-of")


def known(rest: "list[str]") -> bool:
    """Whether these are options of the desk, each with its value."""
    waiting = False
    for part in rest:
        if waiting:
            waiting = False
        elif part in VALUES:
            waiting = True
        elif part not in FLAGS:
            return False
    return not waiting


def desk(rest: "list[str]") -> int:
    """Make the desk ready, fill a new database with the demo, and serve until Ctrl+C."""
    if not ready("requirements.txt"):
        return 1
    for_demo = [place for place, part in enumerate(rest) if part in ("--seed", "--as-of")]
    demo = [rest[place + step] for place in for_demo for step in (0, 1)]
    serving = [part for place, part in enumerate(rest) if place not in for_demo and place - 1 not in for_demo]
    code = wait(subprocess.Popen(shouhu("desk", "prepare", "--demo", *demo)))
    return code or become(shouhu("desk", "serve", *serving))


def real(rest: "list[str]") -> int:
    """Leave the demo for a real district."""
    return become(shouhu("desk", "real", *rest)) if ready("requirements.txt") else 1


def backup(rest: "list[str]") -> int:
    """Back up into one sealed file."""
    return become(shouhu("backup", *rest)) if ready("requirements.txt") else 1


def restore(rest: "list[str]") -> int:
    """Bring a backup back."""
    return become(shouhu("restore", *rest)) if ready("requirements.txt") else 1


def service(rest: "list[str]") -> int:
    """Say how the desk starts with the machine, or see to it (--install, on Linux)."""
    options = [part for part in rest if part != "--install"]
    if not known(options) or "--check" in options:
        say("用法：python3 start.py service [--install] [--port N] [--lan] …", "Usage: the line above.")
        return 64
    if os.name == "nt":
        command = " ".join(f'"{part}"' for part in (sys.executable, ROOT / "start.py", *options))
        say(
            "在管理员命令行里运行下面这一行（登录时自动打开）：",
            "Run this line as an administrator; it starts at log-on:",
        )
        print("schtasks /Create /TN Shouhu /SC ONLOGON /RL LIMITED /TR " + '"' + command.replace('"', '\\"') + '"')
        return 0
    place = Path.home() / ".config" / "systemd" / "user" / "shouhu.service"
    commands = [["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", "shouhu"],
                ["loginctl", "enable-linger"]]  # fmt: skip
    if "--install" not in rest:
        print(unit(options), end="")
        say(f"把以上内容存为 {place}，再运行：", "Save the above there, then run (--install does both):")
        print("\n".join("    " + " ".join(command) for command in commands))
        return 0
    if not ready("requirements.txt"):
        return 1
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch(mode=0o600)
    place.write_text(unit(options), "utf-8")
    return max(call(*command) for command in commands)


def unit(options: "list[str]") -> str:
    """The systemd unit of this very folder, with the SHOUHU_ settings of the moment."""

    def quoted(part: object) -> str:
        return '"' + str(part).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'

    settings = sorted((name, value) for name, value in os.environ.items() if name.startswith("SHOUHU_"))
    run = [sys.executable, ROOT / "start.py", *options]
    lines = ["[Unit]", "Description=Shouhu", "After=network-online.target", "", "[Service]"]
    lines += ["Environment=" + quoted(f"{name}={value}") for name, value in settings]
    lines += ["ExecStart=" + " ".join(quoted(part) for part in run), "Restart=on-failure", "KillMode=mixed", ""]
    return "\n".join([*lines, "[Install]", "WantedBy=default.target", ""])


def rate(_: "list[str]") -> int:
    """Rate the shipped example register; files only, no desk."""
    if not ready("requirements.txt"):
        return 1
    example, lists = HOME / "example", HOME / "example" / "四色名单"
    code = call(SHOUHU, "example", example)
    if code == 0:
        code = call(SHOUHU, "rate", example / "示例台账.xlsx", "--out", lists, "--yes")
    if code > 1:  # 1 is "done with remarks"
        return code
    say(f"名单和附表在：{lists}", "The lists and annexes are in the folder above.")
    open_folder(lists)
    return 0


def setup(_: "list[str]") -> int:
    """Set up and stop."""
    if not ready("requirements.txt"):
        return 1
    say(f"准备好了。命令是：{SHOUHU} --help", "Ready. The command is above.")
    return 0


def test(rest: "list[str]") -> int:
    """Run the tests."""
    return (
        call(PYTHON, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *rest) if ready("requirements-dev.txt") else 1
    )


def check(_: "list[str]") -> int:
    """Run every check that needs no test run; all of them, even when one fails."""
    if not ready("requirements-dev.txt", "requirements-bench.txt"):  # the bench is checked like the rest
        return 1
    return max(
        call(PYTHON, "-m", "ruff", "check"),
        call(PYTHON, "-m", "ruff", "format", "--check"),
        call(PYTHON, "-m", "mypy"),
        call(CONTRACTS),
        call(PYTHON, "-m", "tests.spec.page", "--check"),
    )


def bench(rest: "list[str]") -> int:
    """Measure against the peers."""
    return call(PYTHON, "-m", "bench", *rest) if ready("requirements-dev.txt", "requirements-bench.txt") else 1


def soak(rest: "list[str]") -> int:
    """Run the tests with their full number of random cases."""
    os.environ["SHOUHU_SOAK"] = "1"
    return test(rest)


def spec(_: "list[str]") -> int:
    """Write docs/spec.md."""
    return call(PYTHON, "-m", "tests.spec.page") if ready("requirements-dev.txt") else 1


def ready(*files: str) -> bool:
    """This function will bring .venv up to these requirements files; False means that it has said why it could not."""
    missing = [file for file in files if not stamp(file).exists()]
    if not missing:
        return True
    if not environment():
        return False
    uv = step("准备安装工具", "uv", pip("install", "--require-hashes", "-r", "requirements-uv.txt"), must=False)
    tell_uv_what_pip_knows()
    for file in missing:
        if not packages(uv, file, "--require-hashes", "-r", file):
            return False
    if not packages(uv, "shouhu", "--no-deps", "--no-build-isolation", "-e", "."):
        return False
    for file in missing:
        stamp(file).touch()
    return True


def stamp(file: str) -> Path:
    """The empty file whose name says that this very content was installed, in this place, for this Python."""
    state = [(ROOT / name).read_bytes() for name in (file, "requirements-uv.txt", "pyproject.toml")]
    state += [str(ROOT).encode(), sys.version.encode()]
    return VENV / f"ready-{hashlib.sha256(b'|'.join(state)).hexdigest()[:32]}"


def environment() -> bool:
    """Make .venv, unless there is one that works and is of this Python."""
    same = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if PYTHON.exists() and subprocess.run([str(PYTHON), "-c", same], stderr=subprocess.DEVNULL).returncode == 0:
        return True
    if importlib.util.find_spec("ensurepip") is None:
        say("这台电脑缺少 python3-venv，请先运行：", "This machine lacks python3-venv. First run:")
        print("    sudo apt install python3-venv")
        return False
    return step("建立运行环境", ".venv", [sys.executable, "-m", "venv", "--clear", str(VENV)])


def tell_uv_what_pip_knows() -> None:
    """Offices point pip at a mirror, and their machines trust its certificate; uv looks at neither by itself."""
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    query = pip("config", "get", "global.index-url")
    found = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().strip()
    mirror = os.environ.get("PIP_INDEX_URL") or found
    if mirror:
        os.environ.setdefault("UV_DEFAULT_INDEX", mirror)


def packages(uv: bool, what: str, *arguments: str) -> bool:
    """Install with uv, or, where that fails, with pip."""
    command = [str(UV), "pip", "install", "--python", str(PYTHON), *arguments]
    if os.environ.get("PIP_NO_INDEX") == "1":  # uv does not read pip's variables
        command += ["--no-index", "--find-links", os.environ.get("PIP_FIND_LINKS", "")]
    if uv and step("安装", what, command, must=False):
        return True
    return step("用 pip 安装", what, pip("install", *arguments))


def pip(*arguments: str) -> "list[str]":
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]


def step(label: str, what: str, argv: "list[str]", must: bool = True) -> bool:
    """
    Run a part of the set-up, its seconds ticking on a terminal, and tell whether it succeeded.

    What it printed is shown only when it failed and there is no other way (``must``).
    """
    start, live = time.monotonic(), sys.stdout.isatty()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(argv, cwd=str(ROOT), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        while process.poll() is None:
            if live:
                print(f"\r· {label} {what} … {time.monotonic() - start:.0f} s", end="", flush=True)
            time.sleep(0.2)
        done = process.returncode == 0
        seconds = time.monotonic() - start
        print(f"{chr(13) if live else ''}{'✓' if done else '✗'} {label} {what} {seconds:.1f} s  ", flush=True)
        if must and not done:
            output.seek(0)
            print(output.read().decode("utf-8", "replace")[-3000:])
            say(
                "没有装成。请检查网络；单位有内部软件源的，先用 pip config 或 PIP_INDEX_URL 指过去，再运行一次。",
                "Not installed. Check the network, or point pip at a mirror that you can reach, and run this again.",
            )
    return done


def call(*argv: object) -> int:
    """Run a program in this folder and return its exit code."""
    return wait(subprocess.Popen([str(part) for part in argv], cwd=str(ROOT)))


def shouhu(*arguments: object) -> "list[str]":
    """The command shouhu, to be run where the person is, whose file names are meant from there."""
    return [str(part) for part in (PYTHON, "-P", "-m", "shouhu.cli", *arguments)]


def wait(process: "subprocess.Popen[bytes]") -> int:
    """Give a program's exit code; Ctrl+C is for the program to answer."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def become(argv: "list[str]") -> int:
    """Run a program in the place of this one, so that whoever stops this stops that."""
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(argv[0], argv)
    return wait(subprocess.Popen(argv))


def open_folder(folder: Path) -> None:
    """Show the folder, where there is a person at a desktop."""
    if os.environ.get("CI") or not sys.stdout.isatty():
        return
    if sys.platform == "win32":
        os.startfile(folder)
    elif sys.platform == "darwin":
        call("open", folder)
    elif shutil.which("xdg-open") and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        call("xdg-open", folder)


def say(chinese: str, english: str) -> None:
    print(chinese)
    print("  " + english, flush=True)


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a console without Chinese must not stop the set-up
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
