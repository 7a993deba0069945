"""Tokens in links that need no row of their own: whom and what they are for, signed. Pure.

A token is the URL-safe base64 of a MAC and of ``CONTACT SESSION``. The MAC is HMAC-SHA256 over the purpose
and those, cut to 128 bits (RFC 2104 section 5), so that no token opens what another purpose is for.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Literal

Purpose = Literal["rsvp", "unsubscribe"]
MAC_BYTES = 16
_SHAPE = re.compile(r"[A-Za-z0-9_-]{24,1200}")
_PAYLOAD = re.compile(r"(?P<contact>[1-9][0-9]{0,17}) (?P<session>.*)", re.DOTALL)


@dataclass(frozen=True)
class Tokens:
    """Makes tokens with a secret, and reads those that were made with it."""

    secret: bytes = field(repr=False)

    def issue(self, purpose: Purpose, contact_id: int, session: str) -> str:
        """The token with which a contact opens a session's page; the same each time."""
        payload = f"{contact_id} {session}".encode()
        return _written(self._mac(purpose, payload) + payload)

    def read(self, purpose: Purpose, token: str) -> tuple[int, str] | None:
        """The contact and session that a token is for, None for one that was not issued for the purpose."""
        signed = _read(token)
        mac, payload = signed[:MAC_BYTES], signed[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(purpose, payload)):
            return None
        found = _PAYLOAD.fullmatch(payload.decode())
        return (int(found["contact"]), found["session"]) if found else None

    def fingerprint(self, text: str) -> str:
        """What stands for a text where it must not be guessed: forty hexadecimal digits, the same each
        time."""
        return hmac.digest(self.secret, b"fingerprint\0" + text.encode(), "sha256").hex()[:40]

    def _mac(self, purpose: Purpose, payload: bytes) -> bytes:
        return hmac.digest(self.secret, purpose.encode() + b"\0" + payload, "sha256")[:MAC_BYTES]


def _written(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _read(token: str) -> bytes:
    """The bytes of a token, b"" for a text that is none, or that says the same in other signs."""
    if not _SHAPE.fullmatch(token) or len(token) % 4 == 1:
        return b""
    content = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return content if _written(content) == token else b""
