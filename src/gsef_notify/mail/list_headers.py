"""Headers by which mail programs let somebody unsubscribe, and providers sort complaints. Pure.

Each is a pair of name and value for ``Message.headers``.
"""

import re
from hashlib import sha256
from urllib.parse import quote

from gsef_notify.addresses import AddressError, ascii_domain, checked_address
from gsef_notify.folding import fold
from gsef_notify.mail.mime import MessageError

Header = tuple[str, str]

_ONE_CLICK: Header = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
_URL = re.compile(
    r"(?!.*=\?)(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+)(:[0-9]{1,5})?"
    r"(/([A-Za-z0-9._~!$&'()*+;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
_LONGEST_URL = 900
_LONGEST_NAME = 30
_SENDER_LENGTHS = range(5, 16)


def unsubscribe_headers(url: str, mailto: str | None = None) -> tuple[Header, ...]:
    """List-Unsubscribe (RFC 2369 section 3.2) and, where ``url`` begins with https, List-Unsubscribe-Post,
    which makes one click enough (RFC 8058).

    ``url`` is absolute, in ASCII, without user, fragment, commas and ``=?``; ``mailto`` is an address that
    unsubscribes whoever writes to it. Raises MessageError and AddressError.
    """
    scheme = _checked_scheme(url)
    links = [f"<{url}>", *([f"<{_mailto(mailto)}>"] if mailto else [])]
    headers = (
        ("List-Unsubscribe", ", ".join(links)),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )
    return headers if scheme == "https" else headers[:1]


def feedback_id(kind: str, forum: str, sender: str) -> Header:
    """The Feedback-ID by which Gmail counts complaints: the kind of mail, the forum, this program, and the
    sender's domain (an address is given), each as plain letters, digits and hyphens. Raises AddressError.

    The last has 5 to 15 characters, as Gmail wants it; a domain that is shorter or longer has its digest.
    """
    domain = _identifier(checked_address(sender).rpartition("@")[2])
    who = domain if len(domain) in _SENDER_LENGTHS else _digest(domain)
    return ("Feedback-ID", f"{_identifier(kind)}:{_identifier(forum)}:gsef-notify:{who}")


def _checked_scheme(url: str) -> str:
    found = _URL.fullmatch(url)
    try:
        if found is None or len(url) > _LONGEST_URL:
            raise AddressError("")
        ascii_domain(found["host"])
    except AddressError:
        raise MessageError(
            f"{url[:80]!r} can not be linked in a header - write https://HOST/PATH in plain ASCII, %XX for "
            f"special signs, in at most {_LONGEST_URL} signs"
        ) from None
    return found["scheme"]


def _mailto(address: str) -> str:
    """RFC 6068; in a link, a local part beyond ASCII is written as %XX."""
    local, _, domain = checked_address(address).rpartition("@")
    return f"mailto:{quote(local, safe='')}@{domain}?subject=unsubscribe"


def _identifier(text: str) -> str:
    """Plain and short; the digest of what has no plain letters, such as a Korean name."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return plain[:_LONGEST_NAME].strip("-") or _digest(text)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
