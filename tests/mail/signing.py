"""Keys to sign mails with, and a DNS in memory where their public halves are found."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class Zone:
    """What the DNS says, by name."""

    records: dict[str, str] = field(default_factory=dict)

    def publish(self, domain: str, selector: str, key: PrivateKey) -> None:
        self.records[f"{selector}._domainkey.{domain}."] = record(key)

    def answer(self, name: bytes, timeout: int = 5) -> bytes:
        return self.records.get(name.decode(), "").encode()

    def verdicts(self, content: bytes) -> list[bool]:
        """What dkimpy says of each signature of a message, from the top."""
        message = dkim.DKIM(content)
        number = sum(name.lower() == b"dkim-signature" for name, _ in message.headers)
        return [_verdict(message, n, self.answer) for n in range(number)]


def _verdict(message: dkim.DKIM, number: int, answer: Callable[..., bytes]) -> bool:
    try:
        return bool(message.verify(number, dnsfunc=answer))
    except dkim.DKIMException:
        return False


def record(key: PrivateKey) -> str:
    """The TXT record of a key (RFC 6376 section 3.6.1, RFC 8463 section 4)."""
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return f"v=DKIM1; k=ed25519; p={b64encode(public.public_bytes_raw()).decode()}"
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(der).decode()}"


def save(key: PrivateKey, file: Path, password: str = "", *, older: bool = False) -> str:
    """The name of the file, in which the key now is as PEM; ``older`` is openssl's former format."""
    lock: KeySerializationEncryption = NoEncryption()
    if password:
        lock = BestAvailableEncryption(password.encode())
    format_ = PrivateFormat.TraditionalOpenSSL if older else PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(Encoding.PEM, format_, lock))
    return str(file)
