"""
Certificates for the office network, made on the machine itself, since phones give camera and offline work to https only.

``SHOUHU_HOME/https`` holds an authority (``ca.crt``, ``ca.secret``; ten years) that each phone is told to trust once, and the
server's certificate (``server.crt``, ``server.secret``; 398 days, the longest that phones accept), renewed in time.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shouhu.ledgers.units.refusals import Refused

CA_DAYS, SERVER_DAYS, RENEW_DAYS = 3650, 398, 30
_ANYWHERE = ("192.0.2.1", 9)  # an address that no network has; asking the way to it sends nothing


class BadCertificate(Refused):
    """The certificate files given cannot serve."""


@dataclass(frozen=True)
class Certificate:
    """Files for the server and the names that they are good for; ``authority`` is set when they are the office's own."""

    certificate: Path
    key: Path
    hosts: tuple[str, ...]
    authority: Path | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority as people compare it, in pairs of digits."""
        assert self.authority is not None
        digest = x509.load_pem_x509_certificate(self.authority.read_bytes()).fingerprint(hashes.SHA256())
        return digest.hex(":").upper()


def hosts_here() -> tuple[str, ...]:
    """This function will give the addresses and names under which this machine is reached on its network, addresses first."""
    name = socket.gethostname()
    found = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_ANYWHERE)
        found.append(str(probe.getsockname()[0]))
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(name, None, socket.AF_INET)]
    kept = [address for address in dict.fromkeys(found) if not ip_address(address).is_loopback]
    names = [name] if "." in name else [name, f"{name}.local"]  # a name in Chinese is none that a certificate can bear
    return (*kept, *(name for name in names if name.isascii()), "localhost", "127.0.0.1")


def own(folder: Path, hosts: Sequence[str], at: datetime) -> Certificate:
    """This function will give the office's own certificate for these hosts, made or renewed if need be."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, signing = _authority(folder, at)
    path, key_path = folder / "server.crt", folder / "server.secret"
    if not _serves(path, authority, hosts, at):
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            _builder(_named(hosts[0]), authority.subject, key.public_key(), at, SERVER_DAYS)
            .add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
            )
            .sign(signing, hashes.SHA256())
        )  # fmt: skip
        _write_key(key_path, key)
        _write(path, made.public_bytes(serialization.Encoding.PEM), 0o600)
    return Certificate(path, key_path, tuple(hosts), folder / "ca.crt")


def given(certificate: Path, key: Path, at: datetime) -> Certificate:
    """
    This function will take certificate files that the office got elsewhere (PEM, the chain in the same file).

    :raises BadCertificate: they do not belong together, are not in force, or name no host.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound) as error:
        raise BadCertificate(
            f"证书或私钥用不了，请检查是否为 PEM 格式、是否配对、是否写明域名：{certificate}、{key}"
        ) from error
    if not found.not_valid_before_utc <= at <= found.not_valid_after_utc:
        raise BadCertificate(
            f"证书不在有效期内（{found.not_valid_before_utc:%Y-%m-%d} 至 {found.not_valid_after_utc:%Y-%m-%d}）。"
        )
    hosts = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
    return Certificate(certificate, key, tuple(host.removeprefix("*") for host in hosts))


def _authority(folder: Path, at: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    path, key_path = folder / "ca.crt", folder / "ca.secret"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named(f"守护 {socket.gethostname()}"[:64])
        made = (
            _builder(name, name, key.public_key(), at, CA_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write_key(key_path, key)
        _write(path, made.public_bytes(serialization.Encoding.PEM), 0o600)
    signing = serialization.load_pem_private_key(key_path.read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    return x509.load_pem_x509_certificate(path.read_bytes()), signing


def _serves(path: Path, authority: x509.Certificate, hosts: Sequence[str], at: datetime) -> bool:
    """Whether the certificate that is there is of this authority, for these hosts, and good for a while yet."""
    if not path.exists():
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        found.verify_directly_issued_by(authority)
    except Exception:  # whatever is wrong with it, a new one is made
        return False
    soon = at + timedelta(days=RENEW_DAYS)
    return (
        set(names) == {_general(host) for host in hosts}
        and found.not_valid_before_utc <= at < soon < found.not_valid_after_utc
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    """Valid from the hour before, since the clocks of phones differ."""
    begins = at - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(issuer).public_key(key).serial_number(x509.random_serial_number())
        .not_valid_before(begins).not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name[:64]), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Shouhu")]
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    form = serialization.PrivateFormat.PKCS8
    _write(path, key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()), 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
