"""A mail that comes in -> what it is. Pure.

Whoever wrote it may have meant harm, and what it says is not yet true: the caller finds out.
"""

import re
from email.message import Message
from email.utils import getaddresses

import msgspec

from gsef_notify.mail.bounces import Bounce, read_report, read_unstructured
from gsef_notify.mail.parts import content_of, field, parsed, parts

MOST_BYTES = 1_000_000
MOST_CALENDAR_BYTES = 200_000
# The parser makes an object of each part and each group of fields, looks at each line once for each part that
# is open, and at a Content-Type once for each of its parameters: of all these honest mails have few.
MOST_SEPARATORS, MOST_TYPES, MOST_BLANKS, LONGEST_TYPE = 1000, 40, 20_000, 4000
_SEPARATOR = re.compile(rb"^--", re.MULTILINE)
_TYPE = re.compile(rb"^content-type.*(?:\n[ \t].*)*", re.MULTILINE | re.IGNORECASE)
_BLANK = re.compile(rb"^[ \t]*$", re.MULTILINE)
_METHOD = re.compile(rb"^METHOD[^\r\n:]*:[ \t]*([A-Z]+)", re.MULTILINE | re.IGNORECASE)
_ANSWERS = ("REPLY", "COUNTER")
_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
_UNSOUND = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


class CalendarReply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to an invitation (RFC 6047): its calendar in UTF-8, and the address in From, "" where there
    are several."""

    content: bytes
    sender: str


class OutOfOffice(msgspec.Struct, frozen=True):
    """A mail that nobody wrote (RFC 3834): most often that somebody is away."""


class Ordinary(msgspec.Struct, frozen=True):
    """A mail from somebody to somebody."""


class Unreadable(msgspec.Struct, frozen=True):
    """Nothing that a mail should be; ``reason`` is a sentence."""

    reason: str


Inbound = Bounce | CalendarReply | OutOfOffice | Ordinary | Unreadable


def read_inbound(content: bytes) -> Inbound:
    """What a mail is, whatever its bytes. Never raises."""
    if reason := _too_much(content):
        return Unreadable(reason)
    try:
        message = parsed(content)
        return (
            read_report(message)
            or _calendar_reply(message)
            or read_unstructured(message)
            or (OutOfOffice() if _is_automatic(message) else Ordinary())
        )
    except _UNSOUND as error:
        return Unreadable(f"it is not built as mails are ({type(error).__name__})")


def _too_much(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        return f"it has more than {MOST_BYTES} bytes"
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    types = [len(found[0]) for found in _TYPE.finditer(lines)]
    is_short = len(types) <= MOST_TYPES and max(types, default=0) <= LONGEST_TYPE
    limits = ((_SEPARATOR, MOST_SEPARATORS), (_BLANK, MOST_BLANKS))
    is_flat = all(sum(1 for _ in pattern.finditer(lines)) <= most for pattern, most in limits)
    return "" if is_short and is_flat else "it has too many parts"


def _calendar_reply(message: Message) -> CalendarReply | None:
    for part in parts(message):
        if part.get_content_type() in ("text/calendar", "application/ics"):
            content = content_of(part)
            if _method(part, content) in _ANSWERS and len(content) <= MOST_CALENDAR_BYTES:
                return CalendarReply(content=_as_utf8(part, content), sender=_sender(message))
    return None


def _method(part: Message, content: bytes) -> str:
    """As the calendar says it, else the part."""
    if found := _METHOD.search(content):
        return found[1].decode("ascii").upper()
    return str(part.get_param("method", "")).upper()


def _as_utf8(part: Message, content: bytes) -> bytes:
    try:
        return content.decode(part.get_content_charset("utf-8")).encode()
    except (LookupError, ValueError):
        return content


def _sender(message: Message) -> str:
    addresses = [address for _, address in getaddresses([field(message, "From")[:1000]]) if "@" in address]
    return addresses[0] if len(addresses) == 1 else ""


def _is_automatic(message: Message) -> bool:
    submitted = field(message, "Auto-Submitted").lower()
    marked = any(field(message, name) for name in _AUTOMATIC)
    return submitted not in ("", "no") or marked or field(message, "Precedence").lower() == "auto_reply"
