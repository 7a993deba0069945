"""What a server writes when it can not deliver a mail (RFC 3464, RFC 6533). Pure.

Anybody can write such a mail, so that nothing in it is true by itself: see ``service.bounces``.
"""

import re
from collections.abc import Iterator
from email.message import Message

import msgspec

from gsef_notify.mail.parts import field, parsed, parts, returned_message, text_of

# The address can never have mail (RFC 3463 sections 3.2 and 3.3): there is no such mailbox (5.1.1) or domain
# (5.1.2), it is no address (5.1.3), the mailbox has moved and nobody knows where (5.1.6), the domain takes no
# mail (5.1.10, RFC 7505), the mailbox is closed (5.2.1). Everything else may be otherwise tomorrow: a full
# mailbox (5.2.2), networks (5.4.x), what somebody's policy says (5.7.x).
HARD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
MOST_FAILURES, MOST_MESSAGE_IDS = 200, 10
LONGEST_DIAGNOSTIC = 900
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])", re.ASCII)
_QUOTED_ID = re.compile(r"^[ \t>]*message-id:\s{0,5}(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
_QMAIL = re.compile(r"<(?P<address>[^\s<>]{1,320})>:\s*(?P<why>.*)", re.DOTALL)
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to one recipient, under each of the addresses that the server has for them. ``action`` is
    ``failed``, ``delayed`` or another word of RFC 3464 section 2.3.3; ``status`` is "" where it is not
    known."""

    addresses: tuple[str, ...]
    action: str
    status: str = ""
    diagnostic: str = ""

    @property
    def is_hard(self) -> bool:
        """Whether that address can never have mail."""
        return self.action == "failed" and self.status in HARD


class Bounce(msgspec.Struct, frozen=True, kw_only=True):
    """What a server says of a mail: of which, by its Message-ID or what may be that, and of which recipients.
    There are none where its words are not understood."""

    message_ids: tuple[str, ...]
    failures: tuple[Failure, ...] = ()

    def of(self, address: str) -> Failure | None:
        """What happened to a recipient, the worst of it; None where it is not about them."""
        theirs = [each for each in self.failures if address.casefold() in map(str.casefold, each.addresses)]
        return min(theirs, key=lambda each: (not each.is_hard, each.action != "failed"), default=None)


def read_report(message: Message) -> Bounce | None:
    """A report as RFC 3464 wants it, None for any other mail."""
    blocks = [block for part in parts(message) for block in _status_blocks(part)]
    if not blocks:
        return None
    failures = [failure for block in blocks if (failure := _failure(block))]
    return Bounce(
        message_ids=_message_ids(message, _named_ids(message)), failures=tuple(failures[:MOST_FAILURES])
    )


def read_unstructured(message: Message) -> Bounce | None:
    """A bounce as some programs write it all the same, Exim's and qmail's; of any other server's only which
    mail it is about. None for other mails."""
    text = "\n\n".join(text_of(part) for part in parts(message) if part.get_content_maintype() == "text")
    named = field(message, "X-Failed-Recipients")
    failures = tuple(_named(named) if named else _qmail(text))[:MOST_FAILURES]
    named_ids = _named_ids(message, text)
    if not failures and not (named_ids and _is_from_a_server(message)):
        return None
    return Bounce(message_ids=_message_ids(message, named_ids), failures=failures)


def _status_blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery status: of the message, then of each recipient."""
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return
    inner = [block for block in part.get_payload() if isinstance(block, Message)]
    yield from inner
    for text in filter(None, map(text_of, inner or [part])):
        yield from (parsed(block.encode()) for block in re.split(r"\n[ \t]*\n", text)[:MOST_FAILURES])


def _failure(block: Message) -> Failure | None:
    named = [_address(field(block, name)) for name in ("Original-Recipient", "Final-Recipient")]
    addresses = tuple(dict.fromkeys(filter(None, named)))
    action = re.match(r"[a-z-]*", field(block, "Action").lower())
    if not addresses or not action:
        return None
    diagnostic = field(block, "Diagnostic-Code")[:LONGEST_DIAGNOSTIC]
    return Failure(
        addresses=addresses,
        action=action[0],
        status=_status(field(block, "Status"), diagnostic),
        diagnostic=diagnostic,
    )


def _status(stated: str, diagnostic: str) -> str:
    """The code of RFC 3463; where that says nothing (5.0.0, as Exim always has it), the one that the other
    server gave."""
    own, given = _STATUS.search(stated), _STATUS.search(diagnostic)
    if own and given and own[0].endswith(".0.0") and given[0][0] == own[0][0]:
        return given[0]
    return own[0] if own else ""


def _address(text: str) -> str:
    """``rfc822; eric@example.org`` (RFC 3464 section 2.3.1), beyond ASCII as RFC 6533 section 3 writes it."""
    kind, separator, address = text.partition(";")
    bare = (address if separator else kind).strip().removeprefix("<").removesuffix(">")
    return _UNICODE.sub(_sign, bare)[:320]


def _sign(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def _message_ids(message: Message, named: list[str]) -> tuple[str, ...]:
    """Of the mail that it is about: as that is named in it, else as it answers it."""
    answered = [_MESSAGE_ID.findall(field(message, name)) for name in ("In-Reply-To", "References")]
    return tuple(dict.fromkeys([*named, *(each for ids in answered for each in ids)]))[:MOST_MESSAGE_IDS]


def _named_ids(message: Message, text: str = "") -> list[str]:
    returned = [inner for part in parts(message) if (inner := returned_message(part))]
    found = [each for inner in returned for each in _MESSAGE_ID.findall(field(inner, "Message-ID"))]
    return found + _QUOTED_ID.findall(text)


def _named(text: str) -> Iterator[Failure]:
    """Those of Exim's ``X-Failed-Recipients``."""
    for address in text.split(","):
        if "@" in address:
            yield Failure(addresses=(_address(address),), action="failed")


def _qmail(text: str) -> Iterator[Failure]:
    """Those of a text that begins as qmail's always do: a paragraph for each, until one that begins with a
    dash."""
    if not text.lstrip().startswith("Hi. This is the"):
        return
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("-"):
            return
        if found := _QMAIL.match(paragraph.lstrip("\n")):
            why = " ".join(found["why"].split())[:LONGEST_DIAGNOSTIC]
            yield Failure(addresses=(found["address"],), action="failed", diagnostic=why)


def _is_from_a_server(message: Message) -> bool:
    sender = field(message, "From").lower()
    return field(message, "Return-Path") == "<>" or "mailer-daemon@" in sender or "postmaster@" in sender
