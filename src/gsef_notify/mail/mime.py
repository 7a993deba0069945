"""A message as the bytes that are mailed. Pure.

Written by hand because Python 3.11's email package turns a crafted title into a header of its own
(CVE-2024-6923) and breaks long List-Unsubscribe URLs; the tests read everything back with that package.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256

from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.errors import GsefNotifyError
from gsef_notify.mail.calendar_method import methods_of
from gsef_notify.mail.headers import (
    LINE_LENGTH,
    LONGEST_LINE,
    filename_parameters,
    folded,
    mailbox_header,
    one_line,
    text_header,
    url_header,
)

_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; [\w-]+=[\w.:+-]+)*", re.ASCII)
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
_NOT_FOR_OTHERS = re.compile(
    r"date|from|sender|to|cc|bcc|reply-to|subject|message-id|auto-submitted|mime-version|content-.*",
    re.IGNORECASE,
)
_NEVER_ENCODED = re.compile(r"list-.*|feedback-id", re.IGNORECASE)
_METHOD = re.compile(r"[A-Z]{3,20}")


class MessageError(GsefNotifyError):
    """A message that can not be written as one: it would be read as something else."""


@dataclass(frozen=True)
class Mailbox:
    """An e-mail address and the name that is shown for it."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that goes along. ``content_type`` may have parameters: ``text/calendar; charset=utf-8``."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Invitation:
    """A calendar that mail programs act upon (RFC 6047): ``content`` is iCalendar with CRLF whose METHOD is
    ``method``, such as REQUEST or CANCEL."""

    method: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One mail to one recipient. ``date`` is an aware datetime, ``message_id`` has its angle brackets,
    ``language`` is a BCP 47 tag; ``headers`` are further ones, by name and value."""

    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox | None
    subject: str
    date: datetime
    message_id: str
    text: str
    html: str
    language: str
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    invitation: Invitation | None = None


def to_bytes(message: Message) -> bytes:
    """The message with CRLF line ends and seven bits a character; the same message gives the same bytes.

    Only an address beyond ASCII is written as UTF-8 (RFC 6532). A body ends with a line end, whether it was
    given with one or not. Raises MessageError and AddressError.
    """
    head = _head(message)
    content_type, body = _content(message)
    lines = [*head, content_type]
    _assert_names("\r\n".join(lines), [_name_of(line) for line in lines])
    content = "\r\n".join([*lines, "", body]).encode()
    _assert_lengths(content)
    return content


def _head(message: Message) -> list[str]:
    return [
        folded("Date", [_date(message.date)]),
        _mailbox("From", message.sender),
        _mailbox("To", message.recipient),
        *([_mailbox("Reply-To", message.reply_to)] if message.reply_to else []),
        text_header("Subject", message.subject),
        folded("Message-ID", [_checked_message_id(message.message_id)]),
        *(_further(name, value) for name, value in message.headers),
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        text_header("Content-Language", message.language),
        "MIME-Version: 1.0",
    ]


def _date(date: datetime) -> str:
    if date.tzinfo is None:
        raise MessageError("the date of a message needs its offset from UTC")
    return format_datetime(date.astimezone(UTC))


def _mailbox(name: str, mailbox: Mailbox) -> str:
    address = checked_address(mailbox.address)
    if "=?" in address or one_line(address) != address:
        raise AddressError(f"{mailbox.address!r} would be read as another address")
    return mailbox_header(name, mailbox.name, address)


def _checked_message_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id) or len(message_id) > 250:
        raise MessageError(f"{message_id!r} is no Message-ID: write <unique@domain>")
    return message_id


def _further(name: str, value: str) -> str:
    if not _HEADER_NAME.fullmatch(name) or _NOT_FOR_OTHERS.fullmatch(name):
        raise MessageError(f"{name!r} can not be added as a header")
    return url_header(name, value) if _NEVER_ENCODED.fullmatch(name) else text_header(name, value)


def _content(message: Message) -> tuple[str, str]:
    """The Content-Type line of the whole message and its body."""
    alternatives = [_text_part("plain", message.text), _text_part("html", message.html)]
    if message.invitation:
        alternatives.append(_calendar_part(message.invitation))
    content_type, body = _multipart(message, "alternative", alternatives)
    if not message.attachments:
        return content_type, body
    attachments = [_attachment_part(attachment) for attachment in message.attachments]
    return _multipart(message, "mixed", [f"{content_type}\r\n\r\n{body}", *attachments])


def _multipart(message: Message, subtype: str, parts: Iterable[str]) -> tuple[str, str]:
    """A boundary with ``=_`` in it occurs in no encoded body (RFC 2045 section 6.7, rule 1)."""
    boundary = f"=_{sha256(f'{subtype} {message.message_id}'.encode()).hexdigest()[:32]}"
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return folded("Content-Type", [f"multipart/{subtype};", f'boundary="{boundary}"']), (
        f"{body}--{boundary}--\r\n"
    )


def _text_part(subtype: str, text: str) -> str:
    encoding, body = _encoded_text(text)
    return "\r\n".join(
        [f"Content-Type: text/{subtype}; charset=utf-8", f"Content-Transfer-Encoding: {encoding}", "", body]
    )


def _encoded_text(text: str) -> tuple[str, str]:
    """Quoted-printable, which people can read, unless base64 is shorter, as it is for Korean."""
    lines = re.sub(r"\r\n?", "\n", text).removesuffix("\n").split("\n")
    content = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
    printable, base64 = b2a_qp(content).decode().removesuffix("\r\n"), _base64(content)
    return ("quoted-printable", f"{printable}\r\n") if len(printable) <= len(base64) else ("base64", base64)


def _calendar_part(invitation: Invitation) -> str:
    """In base64, which keeps its line ends wherever a mail is stored (RFC 6047 sections 2.4 and 2.5)."""
    _check_method(invitation)
    return "\r\n".join(
        [
            f"Content-Type: text/calendar; charset=utf-8; method={invitation.method}",
            "Content-Transfer-Encoding: base64",
            "",
            _base64(invitation.content),
        ]
    )


def _check_method(invitation: Invitation) -> None:
    try:
        methods = methods_of(invitation.content)
    except ValueError as error:
        raise MessageError(f"the calendar of an invitation is none: {error}") from None
    if not _METHOD.fullmatch(invitation.method) or methods != [invitation.method]:
        said = ", ".join(map(repr, methods)) or "none"
        raise MessageError(
            f"an invitation with the method {invitation.method!r} has a calendar whose METHOD is {said}"
        )


def _base64(content: bytes) -> str:
    encoded = b64encode(content).decode()
    return "\r\n".join(encoded[n : n + LINE_LENGTH] for n in range(0, len(encoded), LINE_LENGTH))


def _attachment_part(attachment: Attachment) -> str:
    if not _CONTENT_TYPE.fullmatch(attachment.content_type):
        raise MessageError(f"{one_line(attachment.content_type)!r} is no content type")
    return "\r\n".join(
        [
            folded("Content-Type", attachment.content_type.split(" ")),
            "Content-Transfer-Encoding: base64",
            folded("Content-Disposition", ["attachment;", *filename_parameters(attachment.filename)]),
            "",
            _base64(attachment.content),
        ]
    )


def _name_of(line: str) -> str:
    return line.partition(":")[0]


def _assert_lengths(content: bytes) -> None:
    """RFC 5322 section 2.1.1."""
    longest = max(content.split(b"\r\n"), key=len)
    if len(longest) > LONGEST_LINE:
        begin = longest[:60].decode("utf-8", "replace")
        raise MessageError(f"a line of {len(longest)} bytes is too long for mail: {begin!r}...")


def _assert_names(head: str, expected: list[str]) -> None:
    written = [_name_of(line) for line in re.split(r"\r\n|\r|\n", head) if not line.startswith(" ")]
    if written != expected:
        raise MessageError(f"the header would have the lines {written} instead of {expected}")
