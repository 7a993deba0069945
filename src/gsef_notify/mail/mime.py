"""A message -> bytes (RFC 5322, MIME of RFC 2045 to 2047). Pure.

Written here and not with Python's ``email``, which on 3.11 lets an encoded newline in a title become a header
of its own and turns long List-Unsubscribe addresses into encoded words.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from gsef_notify.addresses import checked_address
from gsef_notify.errors import GsefNotifyError

LINE = 76
LONGEST_LINE = 998
_WORD_BYTES = 45  # 60 base64 characters: an encoded word may have 75 characters in all (RFC 2047 section 2)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")


class MessageError(GsefNotifyError):
    """The message can not be written as it is."""


@dataclass(frozen=True)
class Mailbox:
    """An address with the name shown for it."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that goes along. ``content_type`` may carry parameters: ``text/calendar; charset=utf-8``."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """All that a mail says. ``date`` is aware; ``message_id`` has its angle brackets."""

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


def to_bytes(message: Message) -> bytes:
    """The message with CRLF line ends, ready for an SMTP server or a Maildir.

    Raises AddressError or MessageError for what can not be written.
    """
    headers = list(_headers(message))
    head = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers)
    _assert_only(head, [name for name, _ in headers])
    return head + _body(message)


def _headers(message: Message) -> Iterator[tuple[str, str]]:
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise MessageError(f"{message.message_id!r} is no Message-ID")
    yield "From", _mailbox("From", message.sender)
    yield "To", _mailbox("To", message.recipient)
    if message.reply_to:
        yield "Reply-To", _mailbox("Reply-To", message.reply_to)
    yield "Subject", _unstructured("Subject", message.subject)
    yield "Date", f"{message.date.astimezone(UTC):%a, %d %b %Y %H:%M:%S} +0000"
    yield "Message-ID", message.message_id
    yield "Auto-Submitted", "auto-generated"
    yield "Content-Language", _token(message.language)
    for name, value in message.headers:
        if not _HEADER_NAME.fullmatch(name):
            raise MessageError(f"{name!r} is no header name")
        yield name, _unstructured(name, value)
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/mixed;\r\n boundary="{_boundary(message, "mixed")}"'


def _body(message: Message) -> bytes:
    alternatives = _multipart(
        _boundary(message, "alternative"),
        [
            _part("text/plain; charset=utf-8", "quoted-printable", _quoted(message.text)),
            _part("text/html; charset=utf-8", "quoted-printable", _quoted(message.html)),
        ],
    )
    kind = f'multipart/alternative;\r\n boundary="{_boundary(message, "alternative")}"'
    first = f"Content-Type: {kind}\r\n\r\n".encode() + alternatives
    return b"\r\n" + _multipart(_boundary(message, "mixed"), [first, *map(_attached, message.attachments)])


def _multipart(boundary: str, parts: Iterable[bytes]) -> bytes:
    joined = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return joined + b"--%s--\r\n" % boundary.encode()


def _part(content_type: str, encoding: str, content: bytes, disposition: str = "") -> bytes:
    lines = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}"]
    if disposition:
        lines.append(f"Content-Disposition: {disposition}")
    return "\r\n".join([*lines, "", ""]).encode() + content


def _attached(attachment: Attachment) -> bytes:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", attachment.filename).strip("-.") or "attachment"
    content_type = f"{_plain(attachment.content_type)};\r\n name={name}"
    encoded = base64.b64encode(attachment.content).decode()
    lines = "\r\n".join(encoded[n : n + LINE] for n in range(0, len(encoded), LINE))
    return _part(content_type, "base64", lines.encode(), f"attachment;\r\n filename={name}")


def _quoted(text: str) -> bytes:
    """Quoted-printable (RFC 2045 section 6.7): a person can read it in the mailbox file, too."""
    clean = text.encode("utf-8", "replace").decode()
    lines = clean.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return b"\r\n".join(binascii.b2a_qp(line.encode()).replace(b"=\n", b"=\r\n") for line in lines)


def _mailbox(header: str, mailbox: Mailbox) -> str:
    address = checked_address(mailbox.address)
    name = _plain(mailbox.name)
    if not name:
        return address
    if _is_plain_ascii(name) and len(name) + len(header) < LINE - 20:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return _broken(header, f'"{quoted}"', f"<{address}>")
    return _broken(header, _encoded(header, name), f"<{address}>")


def _broken(header: str, name: str, address: str) -> str:
    last = name.rpartition("\r\n")[2]
    room = LINE - (len(header) + 2 if last == name else 0)
    return f"{name} {address}" if len(last) + len(address) < room else f"{name}\r\n {address}"


def _unstructured(header: str, value: str) -> str:
    text = _plain(value)
    if not _is_plain_ascii(text) or any(len(word) > LONGEST_LINE - LINE for word in text.split(" ")):
        return _encoded(header, text)
    return _folded(header, text)


def _folded(header: str, text: str) -> str:
    lines = [""]
    room = LINE - len(header) - 2
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = LINE - 1
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\r\n ".join(lines)


def _encoded(header: str, text: str) -> str:
    """Encoded words (RFC 2047) of whole characters."""
    words, chunk = [], b""
    room = _WORD_BYTES - 3 * ((len(header) + 5) // 4)
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > room:
            words.append(chunk)
            chunk, room = b"", _WORD_BYTES
        chunk += encoded
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _plain(value: str) -> str:
    return " ".join(_CONTROLS.sub(" ", value).split())


def _is_plain_ascii(text: str) -> bool:
    return text.isascii() and "=?" not in text


def _token(language: str) -> str:
    return language if re.fullmatch(r"[A-Za-z0-9-]{1,35}", language) else "en"


def _boundary(message: Message, part: str) -> str:
    """No quoted-printable or base64 text can hold ``=_`` (RFC 2045 section 6.7)."""
    return f"=_{hashlib.sha256(f'{part} {message.message_id}'.encode()).hexdigest()[:24]}"


def _assert_only(head: bytes, names: list[str]) -> None:
    written = [
        line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"")
    ]
    if written != names or b"\n" in head.replace(b"\r\n", b"") or b"\r" in head.replace(b"\r\n", b""):
        raise MessageError("the headers are not those that were meant: the message is not sent")
