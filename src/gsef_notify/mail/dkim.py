"""DKIM signatures over the bytes of a message (RFC 6376, RFC 8463). Pure."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from gsef_notify.mail.headers import folded

SIGNED_HEADERS = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
)
"""Each is signed once more often than it occurs, so that nobody can add another (RFC 6376 section 8.15)."""

_NEXT_FIELD = re.compile(rb"\r\n(?![ \t])")
_BLANKS = re.compile(rb"[ \t]+")
_SIGNATURE_PIECE = 72


@dataclass(frozen=True)
class SigningKey:
    """``domain`` and ``selector`` say where the public key is found; ``algorithm`` is ``rsa-sha256`` or
    ``ed25519-sha256``, and ``sign`` gives its signature over some bytes."""

    domain: str
    selector: str
    algorithm: str
    sign: Callable[[bytes], bytes] = field(repr=False)


def signed(content: bytes, keys: Iterable[SigningKey]) -> bytes:
    """The message with a signature of each key above its header; nothing else of it changes.

    ``content`` has CRLF line ends. The signatures are independent of each other: a reader that knows only one
    of the algorithms verifies that one.
    """
    head, _, body = content.partition(b"\r\n\r\n")
    fields = _fields(head)
    digest = _base64(sha256(relaxed_body(body)).digest())
    return b"".join(f"{_signature(key, fields, digest)}\r\n".encode() for key in keys) + content


def relaxed_header(name: bytes, value: bytes) -> bytes:
    """A header field for the digest (RFC 6376 section 3.4.2), without a line end."""
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" \t")


def relaxed_body(body: bytes) -> bytes:
    """A body for the digest (RFC 6376 section 3.4.4)."""
    text = _BLANKS.sub(b" ", body + b"\r\n").replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def _signature(key: SigningKey, fields: list[tuple[bytes, bytes]], digest: str) -> str:
    names = [name for name in SIGNED_HEADERS for _ in range(1 + len(_values(fields, name)))]
    words = ["v=1;", f"a={key.algorithm};", "c=relaxed/relaxed;", f"d={key.domain};", f"s={key.selector};"]
    words += [f"h={names[0]}:", *(f"{name}:" for name in names[1:-1]), f"{names[-1]};", f"bh={digest};"]
    unsigned = folded("DKIM-Signature", words) + "\r\n b="
    name, _, value = unsigned.encode().partition(b":")
    signature = key.sign(b"\r\n".join([*_signed_fields(fields), relaxed_header(name, value)]))
    return unsigned + "\r\n ".join(_in_pieces(_base64(signature)))


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    parts = (line.partition(b":") for line in _NEXT_FIELD.split(head))
    return [(name, value) for name, _, value in parts]


def _values(fields: list[tuple[bytes, bytes]], name: str) -> list[bytes]:
    return [value for found, value in fields if found.strip().lower() == name.lower().encode()]


def _signed_fields(fields: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    """Of several fields of one name the lowest comes first (RFC 6376 section 5.4.2)."""
    for name in SIGNED_HEADERS:
        for value in reversed(_values(fields, name)):
            yield relaxed_header(name.encode(), value)


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _in_pieces(text: str) -> Iterator[str]:
    return (text[n : n + _SIGNATURE_PIECE] for n in range(0, len(text), _SIGNATURE_PIECE))
