"""E-mail addresses that may be written into a header and an SMTP command (RFC 5321 section 4.1.2)."""

import re
import unicodedata
from urllib.parse import quote, unquote

import idna

from gsef_notify.errors import GsefNotifyError

_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,64}")
_LONGEST_DOMAIN = 253
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")

_SCHEME = re.compile(r"\s*mailto:", re.IGNORECASE)
_LONGEST_URI = 1000
_LITERAL_IN_URIS = "!$&'*+-./=_~@"


class AddressError(GsefNotifyError):
    """A text that is no e-mail address, or one that no server should be asked to deliver to."""


def checked_address(text: str) -> str:
    """The address with its domain in lower-case ASCII, its local part in Unicode's form NFC (RFC 6532
    section 3.1). Raises AddressError.

    Quoted local parts and address literals are refused: no list of people has them, many attacks do. A local
    part beyond ASCII is let through; it needs a server with SMTPUTF8 (RFC 6531).
    """
    written, at, domain = text.strip().rpartition("@")
    local = unicodedata.normalize("NFC", written)
    if not at or not _LOCAL.fullmatch(local) or ".." in local or len(local.encode()) > 64:
        raise AddressError(f"{text[:80]!r} is no e-mail address")
    try:
        address = f"{local}@{ascii_domain(domain)}"
    except AddressError:
        raise AddressError(f"{text[:80]!r} is no e-mail address") from None
    if len(address.encode()) > 254:
        raise AddressError(f"{text[:40]!r}... is longer than an e-mail address can be")
    return address


def mailto(address: str) -> str:
    """A checked address as a URI (RFC 6068). ``&``, ``/`` and ``=`` stay as they are, although that RFC would
    have them encoded: calendar programs compare such URIs as texts."""
    return f"mailto:{quote(checked_address(address), safe=_LITERAL_IN_URIS)}"


def from_mailto(uri: str) -> str:
    """The address that a mailto URI is of, checked; the scheme may be in capitals. Raises AddressError."""
    scheme = _SCHEME.match(uri)
    if scheme is None or len(uri) > _LONGEST_URI:
        raise AddressError(f"{uri[:40]!r} is no e-mail address - mailto: and an address is one")
    return checked_address(unquote(uri[scheme.end() :]))


def ascii_domain(domain: str) -> str:
    """The domain as the name system knows it: in lower case, what is beyond ASCII as A-labels (IDNA 2008,
    RFC 5891, after the mapping of UTS 46). Raises AddressError."""
    name = domain.lower()
    try:
        if not domain.isascii():
            name = idna.encode(domain[: _LONGEST_DOMAIN + 1], uts46=True).decode("ascii")
    except UnicodeError:
        name = ""
    if len(name) > _LONGEST_DOMAIN or not _DOMAIN.fullmatch(name):
        raise AddressError(f"{domain[:80]!r} is no domain")
    return name
