"""The private keys that mails are signed with, out of their files."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gsef_notify.addresses import AddressError, ascii_domain
from gsef_notify.errors import SettingsError
from gsef_notify.mail.dkim import SigningKey

_RSA_BITS = range(1024, 4097)
_LARGEST_FILE = 65_536
_REMEDY = (
    "name a PEM file with a private key, as it is written by "
    "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 or by openssl genpkey -algorithm ED25519"
)


def load_signing_key(domain: str, selector: str, key_file: str) -> SigningKey:
    """The key whose public half is published at ``selector._domainkey.domain``.

    ``key_file`` is a PEM file with an RSA key of 1024 to 4096 bits (RFC 8301 section 3.2) or an Ed25519 key,
    without a password. Raises SettingsError, which never shows what is in the file.
    """
    algorithm, sign = _loaded(key_file, _content(key_file))
    return SigningKey(_name("domain", domain), _name("selector", selector), algorithm, sign)


def _name(key: str, text: str) -> str:
    try:
        return ascii_domain(text)
    except AddressError:
        raise SettingsError(
            f"dkim: {key}: {text[:80]!r} is no name in the DNS - write letters, digits, hyphens and dots"
        ) from None


def _content(key_file: str) -> bytes:
    if "PRIVATE KEY" in key_file:
        raise SettingsError("dkim: key_file is a key itself - save it in a file and write the file's name")
    try:
        with Path(key_file).open("rb") as file:
            return file.read(_LARGEST_FILE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(f"dkim: can not read {key_file!r}: {reason} - {_REMEDY}") from None


def _loaded(key_file: str, content: bytes) -> tuple[str, Callable[[bytes], bytes]]:
    try:
        key = load_pem_private_key(content, password=None)
    except TypeError:
        raise SettingsError(
            f"dkim: {key_file!r} is protected by a password - save it without one, for this user only to read"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError(f"dkim: {key_file!r} holds no private key - {_REMEDY}") from None
    if isinstance(key, Ed25519PrivateKey):
        return "ed25519-sha256", _by_ed25519(key)
    if isinstance(key, RSAPrivateKey) and key.key_size in _RSA_BITS:
        return "rsa-sha256", _by_rsa(key)
    raise SettingsError(f"dkim: {key_file!r} holds a key of a kind or size that nobody verifies - {_REMEDY}")


def _by_rsa(key: RSAPrivateKey) -> Callable[[bytes], bytes]:
    return lambda content: key.sign(content, PKCS1v15(), SHA256())


def _by_ed25519(key: Ed25519PrivateKey) -> Callable[[bytes], bytes]:
    """RFC 8463 section 3: it is the digest that is signed."""
    return lambda content: key.sign(sha256(content).digest())
