"""The mail to a speaker, and a private certificate authority as one makes it for a relay of one's own."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gsef_notify.mail.compose import Forum, Letter
from gsef_notify.mail.matter import Links, Recipient, SessionMatter
from gsef_notify.mail.mime import Mailbox
from gsef_notify.program.model import Session
from tests.conftest import ERIC, utc

ON_AIR = utc("2021-10-08 09:21")
_ON_BOTH_LOOPS = ("test_pool.py", "test_pipelining.py", "test_smtp_security.py")
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL = _SINCE + timedelta(days=365 * 30)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The service runs on uvloop, whose transports are others than those of asyncio."""
    ours = {"asyncio": asyncio.new_event_loop}
    return ours | {"uvloop": uvloop.new_event_loop} if item.path.name in _ON_BOTH_LOOPS else ours


@dataclass(frozen=True)
class Authority:
    """``certificate`` is the PEM file to trust; ``context_for`` gives a server of that name its TLS."""

    certificate: Path
    context_for: Callable[[str], ssl.SSLContext]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that signs a certificate for any host name or IP address."""
    folder = tmp_path_factory.mktemp("authority")
    key, subject = ec.generate_private_key(ec.SECP256R1()), _name("Test authority")
    root = _builder(subject, subject, key).add_extension(x509.BasicConstraints(True, None), critical=True)
    (folder / "ca.pem").write_bytes(root.sign(key, SHA256()).public_bytes(Encoding.PEM))

    def context_for(host: str) -> ssl.SSLContext:
        own_key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([_alternative_name(host)])
        unsigned = _builder(_name(host), subject, own_key).add_extension(names, critical=False)
        pem = folder / f"{host}.pem"
        private = own_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        pem.write_bytes(private + unsigned.sign(key, SHA256()).public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    return Authority(folder / "ca.pem", context_for)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _alternative_name(host: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
    )


@pytest.fixture
def letter(session: Session) -> Letter:
    """The mail to Eric ten minutes before his segment."""
    links = Links(
        session="https://gsef.example.org/sessions/gsef-2021-alliances",
        calendar=f"https://gsef.example.org/people/{ERIC}.ics?timezone=America/Santiago",
    )
    return Letter(
        kind="speaker-segment",
        matter=SessionMatter(session, session.segments_of(ERIC), session.person(ERIC), links),
        recipient=Recipient("Eric Leyton Inostroza", "eric@example.org", "America/Santiago", True, "en"),
        now=ON_AIR - timedelta(minutes=10),
        forum=Forum("Global Social Economy Forum", "https://gsef.example.org", "help@example.org"),
        sender=Mailbox("reminders@example.org", "GSEF"),
        message_id="<1@example.org>",
    )


def about(letter: Letter, **changes: Any) -> Letter:
    """The letter with something else about its session."""
    assert isinstance(letter.matter, SessionMatter)
    return replace(letter, matter=replace(letter.matter, **changes))
