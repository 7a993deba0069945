"""What a new TLS connection costs a server: TLS 1.3 with an ECDSA key on P-256, in memory."""

import ssl
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANDSHAKES = 200


def handshake_seconds(folder: Path) -> float:
    """Core seconds of the server's half, the median; the folder is for its key."""
    server, client = _contexts(folder)
    return statistics.median(_handshake(server, client) for _ in range(HANDSHAKES))


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> float:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    theirs = client.wrap_bio(to_client, to_server)
    spent, has_ended = 0.0, False
    while not has_ended:
        _advance(theirs)
        begun = time.thread_time()
        has_ended = _advance(ours)
        spent += time.thread_time() - begun
    return spent


def _advance(side: ssl.SSLObject) -> bool:
    """Whether this side is done."""
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    file = folder / "tls.pem"
    file.write_bytes(_key_and_certificate())
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(file)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    return server, client


def _key_and_certificate() -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "calendar.example.org")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
