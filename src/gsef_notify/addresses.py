"""E-mail addresses that may be written into a header and an SMTP command (RFC 5321 section 4.1.2)."""

import re
from urllib.parse import quote, unquote

from gsef_notify.errors import GsefNotifyError

_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f-\x9f\u2028\u2029]{1,64}")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)

_SCHEME = re.compile(r"\s*mailto:", re.IGNORECASE)
_LONGEST_URI = 1000
_LITERAL_IN_URIS = "!$&'*+-./=_~@"


class AddressError(GsefNotifyError):
    """A text that is no e-mail address, or one that no server should be asked to deliver to."""


def checked_address(text: str) -> str:
    """The address with its domain in lower-case ASCII (IDNA). Raises AddressError.

    Quoted local parts and address literals are refused: no list of people has them, many attacks do. A local
    part beyond ASCII is let through; it needs a server with SMTPUTF8 (RFC 6531).
    """
    local, at, domain = text.strip().rpartition("@")
    ascii_domain = _ascii(domain)
    if not (at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)) or ".." in local:
        raise AddressError(f"{text!r} is no e-mail address")
    if len(f"{local}@{ascii_domain}") > 254:
        raise AddressError(f"{text[:40]!r}... is longer than an e-mail address can be")
    return f"{local}@{ascii_domain}"


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


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
