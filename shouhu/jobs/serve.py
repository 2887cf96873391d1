"""
The desk as one command: the web server, the worker, on an office network also the page about trusting the certificate.

The two are processes of their own. Each holds one end of a pipe and stops when the other end closes, so that nothing goes on
running after this process, however it ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from granian import Granian
from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels

from shouhu.jobs import STAMP, homes, https, trust, worker
from shouhu.jobs.https import Certificate
from shouhu.ledgers.units.refusals import Refused

Tell = Callable[[str], None]
PORT, SECURE_PORT, TRUST_PORT = 8000, 8443, 8080
PORTS_TRIED = 20
START_SECONDS, STOP_SECONDS = 180, 20
RENEWAL_SECONDS = 3600
_spawning = multiprocessing.get_context("spawn")


class NotServed(Refused):
    """The desk could not be started."""


@dataclass(frozen=True)
class Place:
    """Where the desk is served; with a certificate over https."""

    address: str
    port: int
    certificate: Certificate | None = None

    @property
    def url(self) -> str:
        """The address that people open."""
        if self.certificate is None:
            return f"http://127.0.0.1:{self.port}"
        return f"https://{self.certificate.hosts[0].removeprefix('.')}:{self.port}"


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    port: int | None = None
    lan: bool = False
    certificate: Path | None = None
    key: Path | None = None
    hosts: tuple[str, ...] = ()
    check: bool = False
    """Start, fetch the log-in page, stop."""
    browse: bool = False


def serve(wish: Wish, tell: Tell) -> int:
    """
    This function will serve the desk until it is told to stop, and give the exit code.

    A desk that is running already in the same folder is shown instead of started twice.

    :raises NotServed: no port is free, or the server does not come up.
    """
    with ExitStack() as stack:
        try:
            note = stack.enter_context(homes.occupied(settings.HOME, "正在启动"))
        except homes.InUse as running:
            if wish.check or not running.address.startswith("http"):
                raise
            tell(f"守护已经在运行：{running.address}")
            _browse(wish, running.address)
            return 0
        if not (settings.STATIC_ROOT / STAMP).exists():
            raise NotServed("还没有准备好：请先运行 python3 start.py，或 shouhu desk prepare。")
        place = _place(wish, tell)
        note(place.url)
        _announce_to_children(place)
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _interrupt)
        try:
            web = stack.enter_context(Child(_serve_pages, place))
            work = stack.enter_context(Child(worker.run))
            _wait_until_up(place, web)
            if wish.check:
                return _checked(place, tell)
            if place.certificate and place.certificate.authority:
                _offer_trust(place, stack, tell)
            tell(f"守护已打开：{place.url}（按 Ctrl+C 停止）")
            _browse(wish, place.url)
            _watch(place, web, work)
        except KeyboardInterrupt:
            tell("正在停止 …")
    return 0


class Child:
    """A process that ends with this one; with ``with`` it is also ended in order."""

    def __init__(self, target: Callable[..., None], *arguments: Any) -> None:
        self._target, self._arguments = target, arguments
        self.start()

    def start(self) -> None:
        """This function will start the process."""
        self._life, end = _spawning.Pipe()
        self.process = _spawning.Process(target=self._target, args=(*self._arguments, end))
        self.process.start()
        end.close()

    def stop(self) -> None:
        """This function will let the process finish what it is at, and kill it if that takes too long."""
        self._life.close()
        self.process.join(STOP_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_port(address: str, wanted: int, tries: int = PORTS_TRIED) -> int:
    """
    This function will give the wanted port, or the next one that nobody listens on.

    :raises NotServed: none of them is free.
    """
    for port in range(wanted, wanted + tries):
        with socket.socket() as probe:
            if sys.platform != "win32":  # there it would take a port away from its owner
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((address, port))
                return port
    raise NotServed(f"端口 {wanted} 到 {wanted + tries - 1} 都被占用，请用 --port 换一个。")


def _place(wish: Wish, tell: Tell) -> Place:
    if bool(wish.certificate) != bool(wish.key):
        raise NotServed("--certificate 和 --key 要一起给出。")
    if wish.certificate and wish.key:
        certificate: Certificate | None = https.given(wish.certificate, wish.key, now())
    elif wish.lan:
        certificate = https.own(settings.HOME / "https", (*wish.hosts, *https.hosts_here()), now())
    else:
        certificate = None
    address = "0.0.0.0" if wish.lan or certificate else "127.0.0.1"
    wanted = wish.port or (SECURE_PORT if certificate else PORT)
    port = free_port(address, wanted)
    if port != wanted:
        tell(f"端口 {wanted} 已被占用，改用 {port}。")
    return Place(address, port, certificate)


def _announce_to_children(place: Place) -> None:
    """The processes read their settings from the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouhu.config.settings")
    if place.certificate:
        os.environ["SHOUHU_HTTPS"] = "1"
        named = filter(None, os.environ.get("SHOUHU_HOSTS", "").split(","))
        os.environ["SHOUHU_HOSTS"] = ",".join(dict.fromkeys((*named, *place.certificate.hosts)))


def _serve_pages(place: Place, life: Connection) -> None:
    """The server's process. SQLite has one writer at a time and gains nothing by more processes."""
    embedded = str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")
    workers, threads = (1, 8) if embedded else (min(4, os.cpu_count() or 1), 4)
    if hasattr(os, "setpgrp"):
        os.setpgrp()  # Ctrl+C is for the process above to hear; the server's own answer to it takes ten seconds
    tls = place.certificate
    server = Granian(
        "shouhu.config.wsgi:application", address=place.address, port=place.port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=threads, websockets=False, log_level=LogLevels.error, respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS // 2, ssl_cert=tls.certificate if tls else None,
        ssl_key=tls.key if tls else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )  # fmt: skip

    def wait_for_the_end() -> None:
        with suppress(EOFError, OSError):
            life.recv()
        server.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    server.serve()


def _wait_until_up(place: Place, web: Child) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and web.process.is_alive():
        with suppress(ConnectionError, TimeoutError, urllib.error.URLError):
            fetched(place, "/")
            return
        time.sleep(0.1)
    raise NotServed("服务没有启动起来，原因见上面的英文信息。")


def fetched(place: Place, path: str) -> int:
    """This function will ask this machine's server for a page, trusting its own certificate only, and give the status."""
    scheme = "https" if place.certificate else "http"
    asked = urllib.request.Request(f"{scheme}://127.0.0.1:{place.port}{path}")
    context = None
    if place.certificate:
        own = place.certificate.authority
        context = ssl.create_default_context(cafile=str(own or place.certificate.certificate))
        if own is None:  # it is not made for 127.0.0.1
            context.check_hostname = False
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            asked.add_header("Host", place.certificate.hosts[0].removeprefix("."))
    handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(asked, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code)


def _checked(place: Place, tell: Tell) -> int:
    django.setup()  # the routes are needed only here
    status = fetched(place, reverse(settings.LOGIN_URL))
    tell(f"检查：{place.url} 的登录页答复 {status}，已停止。")
    return 0 if status == 200 else 70


def _offer_trust(place: Place, stack: ExitStack, tell: Tell) -> None:
    assert place.certificate
    port = free_port("0.0.0.0", TRUST_PORT)
    page = stack.enter_context(trust.TrustPage(("0.0.0.0", port), place.certificate, place.url))
    threading.Thread(target=page.serve_forever, daemon=True).start()
    stack.callback(page.shutdown)
    address = f"http://{place.certificate.hosts[0]}:{port}"
    tell(f"手机第一次使用，请扫码或打开 {address} ，按步骤信任证书。指纹应为：\n{place.certificate.fingerprint}")
    trust.code_on_terminal(address, tell)


def _watch(place: Place, web: Child, work: Child) -> None:
    """Start again what fell over, and serve a renewed certificate, until interrupted."""
    looked = time.monotonic()
    while True:
        time.sleep(1)
        for child in (web, work):
            if not child.process.is_alive():
                time.sleep(3)
                child.stop()
                child.start()
        if place.certificate and place.certificate.authority and time.monotonic() - looked > RENEWAL_SECONDS:
            looked, before = time.monotonic(), place.certificate.certificate.read_bytes()
            https.own(settings.HOME / "https", place.certificate.hosts, now())
            if place.certificate.certificate.read_bytes() != before:
                web.stop()
                web.start()


def _browse(wish: Wish, url: str) -> None:
    if wish.browse:
        with suppress(webbrowser.Error):
            webbrowser.open(url)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
