"""The desk as processes: it comes up, says where, and leaves nothing running behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from shouhu.jobs import homes, https, imports, serve, worker
from tests.jobs.homes import ROOT, command, environment

Made = Callable[[str], Path]
WAIT = 120


@contextmanager
def desk(home: Path, *options: object) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """This function will run a desk and give its process and what it said until it was open."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "shouhu.cli", "desk", "serve", *map(str, options)], env=environment(home), cwd=ROOT,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said: list[str] = []
    assert process.stdout
    try:
        for line in process.stdout:
            said.append(line.strip())
            if "守护已打开" in line:
                break
        yield process, said
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT)
        process.stdout.close()


def listens(port: int) -> bool:
    """This function will tell whether anybody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < serve.free_port("127.0.0.1", port) < port + serve.PORTS_TRIED
        with pytest.raises(serve.NotServed, match="--port"):
            serve.free_port("127.0.0.1", port, tries=1)


def test_the_desk_says_where_it_is_and_stops_with_all_it_started(new_home: Made) -> None:
    home = new_home("home")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with desk(home, "--port", port) as (process, said):
            found = int(said[-1].split("127.0.0.1:")[1].split("（")[0])
            assert said[0] == f"端口 {port} 已被占用，改用 {found}。"
            with urllib.request.urlopen(f"http://127.0.0.1:{found}/login/") as answer:
                assert answer.status == 200
            again = command(home, "desk", "serve")
            assert (again.returncode, again.stdout.strip()) == (0, f"守护已经在运行：http://127.0.0.1:{found}")
            refused = command(home, "desk", "real", "--code=110101", "--office=办", "--administrator=甲",
                              "--security=乙", "--auditor=丙")  # fmt: skip
            assert (refused.returncode, "请先在它的窗口按 Ctrl+C" in refused.stdout) == (2, True)
            process.send_signal(signal.SIGTERM)
            assert process.wait(WAIT) == 0
    assert not listens(found)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_nothing_goes_on_when_the_desk_is_killed(new_home: Made) -> None:
    with desk(new_home("home"), "--port", 8731) as (process, said):
        port = int(said[-1].split("127.0.0.1:")[1].split("（")[0])
        os.kill(process.pid, signal.SIGKILL)
        until = time.monotonic() + WAIT
        while listens(port) and time.monotonic() < until:
            time.sleep(0.1)
        assert not listens(port)


def test_over_https_the_log_in_page_is_fetched_with_the_offices_own_certificate(new_home: Made) -> None:
    checked = command(new_home("home"), "desk", "serve", "--lan", "--check", "--host", "desk.office")
    assert (checked.returncode, "https://desk.office:" in checked.stdout) == (0, True), checked.stdout


def test_certificate_files_from_elsewhere_serve_too(new_home: Made, tmp_path: Path) -> None:
    made = https.own(tmp_path / "https", ("desk.office",), now())
    checked = command(
        new_home("home"), "desk", "serve", "--check", "--certificate", made.certificate, "--key", made.key
    )
    assert (checked.returncode, "https://desk.office:" in checked.stdout) == (0, True), checked.stdout
    alone = command(new_home("other"), "desk", "serve", "--certificate", made.certificate)
    assert (alone.returncode, "要一起给出" in alone.stdout) == (2, True)


def test_a_desk_that_was_not_made_ready_says_so(tmp_path: Path) -> None:
    done = command(tmp_path / "new", "desk", "serve", "--check")
    assert (done.returncode, "还没有准备好" in done.stdout) == (2, True)


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with homes.occupied(tmp_path, "正在启动") as note:
        note("http://127.0.0.1:8000")
        with pytest.raises(homes.InUse, match="8000") as refused, homes.occupied(tmp_path, "再来一个"):
            pass
        assert refused.value.address == "http://127.0.0.1:8000"
    with homes.occupied(tmp_path, "以后"):
        pass


@pytest.mark.django_db
def test_tasks_of_a_worker_that_was_killed_are_done_again_but_not_for_ever() -> None:
    name = worker.worker_name(Path("/home/desk"))
    lost, poison, others = (imports.stage.enqueue(number) for number in range(3))
    for result, taken_by in ((lost, [name]), (poison, [name] * worker.TAKEN_AT_MOST), (others, ["elsewhere"])):
        DBTaskResult.objects.filter(pk=result.id).update(
            status=TaskResultStatus.RUNNING, worker_ids=taken_by, started_at=now() - timedelta(hours=1)
        )
    worker.take_back(name)
    status = dict(DBTaskResult.objects.values_list("args_kwargs__args__0", "status"))
    assert status == {0: "READY", 1: "FAILED", 2: "RUNNING"}
