"""The office's own certificate, judged by the ssl module; the page that tells phones to trust it."""

from __future__ import annotations

import socket
import ssl
import stat
import sys
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from shouhu.jobs import https, trust
from shouhu.jobs.https import BadCertificate, Certificate
from shouhu.ledgers.vault.keys import KeyRing

HOSTS = ("10.20.30.40", "office-pc", "office-pc.local", "127.0.0.1")
AT = datetime.now(UTC)  # ssl looks at the machine's clock


def shaken(certificate: Certificate, name: str, trusted: Path | None) -> str:
    """This function will let a client that trusts one authority shake hands with a server, and give the protocol."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate.certificate, certificate.key)
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusted:
        asking.load_verify_locations(trusted)
    near, far = socket.socketpair()
    with near, far:

        def serve() -> None:
            try:
                serving.wrap_socket(far, server_side=True).close()
            except OSError:
                far.close()

        server = threading.Thread(target=serve)
        server.start()
        try:
            with asking.wrap_socket(near, server_hostname=name) as secure:
                return str(secure.version())
        finally:
            near.close()
            server.join()


def test_who_trusts_the_authority_trusts_the_server_under_each_of_its_names(tmp_path: Path) -> None:
    made = https.own(tmp_path / "https", HOSTS, AT)
    assert {shaken(made, name, made.authority) for name in HOSTS} == {"TLSv1.3"}
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shaken(made, "elsewhere", made.authority)
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(made, HOSTS[0], None)


def test_phones_accept_it(tmp_path: Path) -> None:
    made = https.own(tmp_path / "https", HOSTS, AT)
    server = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    assert server.not_valid_after_utc - server.not_valid_before_utc == timedelta(days=398)
    assert server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert made.authority
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(True, 0)


def test_it_stays_until_a_month_before_its_end_or_until_the_hosts_change(tmp_path: Path) -> None:
    folder = tmp_path / "https"
    first = https.own(folder, HOSTS, AT)
    content, authority = first.certificate.read_bytes(), (folder / "ca.crt").read_bytes()
    assert https.own(folder, HOSTS, AT + timedelta(days=360)).certificate.read_bytes() == content
    renewed = https.own(folder, HOSTS, AT + timedelta(days=370)).certificate.read_bytes()
    moved = https.own(folder, (*HOSTS, "10.20.30.41"), AT).certificate.read_bytes()
    assert len({content, renewed, moved}) == 3
    assert (folder / "ca.crt").read_bytes() == authority  # phones need not be told again
    assert first.fingerprint == https.own(folder, HOSTS, AT).fingerprint


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions")
def test_secrets_are_the_owners_only_and_no_keys_of_the_ring(tmp_path: Path) -> None:
    https.own(tmp_path / "keys", HOSTS, AT)
    for name in ("ca.secret", "server.secret"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600
    assert set(KeyRing.kept_in(tmp_path / "keys").keys) == {0, 1}


def test_files_from_elsewhere_are_looked_at_before_they_serve(tmp_path: Path) -> None:
    one, other = https.own(tmp_path / "one", HOSTS, AT), https.own(tmp_path / "other", HOSTS, AT)
    assert https.given(one.certificate, one.key, AT).hosts == (
        "office-pc",
        "office-pc.local",
        "10.20.30.40",
        "127.0.0.1",
    )
    with pytest.raises(BadCertificate, match="配对"):
        https.given(one.certificate, other.key, AT)
    with pytest.raises(BadCertificate, match="有效期"):
        https.given(one.certificate, one.key, AT + timedelta(days=400))
    with pytest.raises(BadCertificate):
        https.given(one.key, one.key, AT)


def test_this_machine_has_names_that_a_certificate_can_bear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "守护电脑")
    hosts = https.hosts_here()
    assert hosts[-2:] == ("localhost", "127.0.0.1")
    assert all(host.isascii() for host in hosts)
    assert https.own(tmp_path / "https", hosts, AT).certificate.exists()


def test_the_page_serves_the_certificate_and_nothing_else(tmp_path: Path) -> None:
    made = https.own(tmp_path / "https", HOSTS, AT)
    with trust.TrustPage(("127.0.0.1", 0), made, "https://10.20.30.40:8443") as page:
        threading.Thread(target=page.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{page.server_address[1]}"
        try:
            with urllib.request.urlopen(f"{base}/") as answer:
                text = answer.read().decode()
            with urllib.request.urlopen(f"{base}/shouhu.crt") as answer:
                served = x509.load_der_x509_certificate(answer.read())
            for path in ("/ca.secret", "/../https/ca.secret", "/?x", "/login/"):
                with pytest.raises(urllib.error.HTTPError, match="404") as refused:
                    urllib.request.urlopen(base + path)
                refused.value.close()
        finally:
            page.shutdown()
    assert made.authority
    assert served == x509.load_pem_x509_certificate(made.authority.read_bytes())
    for word in (
        made.fingerprint,
        "https://10.20.30.40:8443",
        "<svg",
        "安卓",
        "苹果",
        "Windows",
        f"守护 {socket.gethostname()}",
    ):
        assert word in text
    assert "<script" not in text
