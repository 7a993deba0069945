"""Messages as other people's programs read them."""

import email
import email.policy
import json
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple

import mailparser
import pytest

NODE = Path(__file__).parent / "node"


class File(NamedTuple):
    """A part that is no body: a calendar to act upon has no file name, but a method."""

    name: str
    content_type: str
    method: str
    content: bytes


@dataclass(frozen=True)
class Seen:
    """What a program makes of a message. ``headers`` are their names from the top; line ends are LF."""

    headers: list[str]
    subject: str
    sender: tuple[str, str]
    recipient: tuple[str, str]
    unsubscribe: str
    text: str
    html: str
    files: list[File]


Reader = Callable[[bytes], Seen]


def by_python(content: bytes) -> Seen:
    """By the parser that all programs in Python have."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    assert [part.defects for part in message.walk() if part.defects] == []
    text, html, *files = [part for part in message.walk() if not part.is_multipart()]
    return Seen(
        headers=message.keys(),
        subject=_decoded(message["Subject"]),
        sender=_mailbox(message["From"]),
        recipient=_mailbox(message["To"]),
        unsubscribe=_unfolded(message["List-Unsubscribe"] or ""),
        text=_lines(_payload(text)).decode(),
        html=_lines(_payload(html)).decode(),
        files=[_file(part) for part in files],
    )


def by_mail_parser(content: bytes) -> Seen:
    """By mail-parser, which gives most texts in form NFC, and of a calendar to act upon only its text."""
    message = mailparser.parse_from_bytes(content)
    assert not message.has_defects
    [text], [html] = message.text_plain, message.text_html
    calendars = [
        File("", "text/calendar", "REQUEST", _lines(each.encode())) for each in message.text_not_managed
    ]
    attachments = [
        File(each["filename"], each["mail_content_type"], "", _lines(b64decode(each["payload"])))
        for each in message.attachments
    ]
    [sender], [recipient] = message.from_, message.to
    return Seen(
        headers=message.message.keys(),
        subject=_unfolded(message.subject),
        sender=sender,
        recipient=recipient,
        unsubscribe=_unfolded(message.headers.get("List-Unsubscribe", "")),
        text=_lines(text.encode()).decode(),
        html=_lines(html.encode()).decode(),
        files=calendars + attachments,
    )


@contextmanager
def postal_mime() -> Iterator[Reader]:
    """By postal-mime, in one process for as many messages as one likes."""
    node = shutil.which("node")
    if node is None or not (NODE / "node_modules").is_dir():
        pytest.skip("postal-mime is not here: install node and npm, then run npm ci --prefix tests/mail/node")
    with subprocess.Popen(
        [node, NODE / "read.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def read(content: bytes) -> Seen:
            stdin.write(b64encode(content) + b"\n")
            stdin.flush()
            return _by_postal_mime(json.loads(stdout.readline()))

        yield read


def _by_postal_mime(message: dict[str, Any]) -> Seen:
    """It may end a body with a line end more than it has."""
    values = {header["key"]: header["value"] for header in message["headers"]}
    return Seen(
        headers=[header["originalKey"] for header in message["headers"]],
        subject=message.get("subject", ""),
        sender=(message["from"]["name"], message["from"]["address"]),
        recipient=(message["to"][0]["name"], message["to"][0]["address"]),
        unsubscribe=values.get("list-unsubscribe", ""),
        text=_ended(message["text"]),
        html=_ended(message["html"]),
        files=[_file_of_postal_mime(each) for each in message["attachments"]],
    )


def _ended(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"


def _file_of_postal_mime(each: dict[str, Any]) -> File:
    content = _lines(b64decode(each["content"]))
    return File(each["filename"] or "", each["mimeType"], each.get("method", ""), content)


def _decoded(raw: str) -> str:
    return str(make_header(decode_header(_unfolded(raw))))


def _unfolded(raw: str) -> str:
    return re.sub(r"\r?\n", "", raw)


def _mailbox(raw: str) -> tuple[str, str]:
    name, address = parseaddr(_unfolded(raw))
    return _decoded(name), address


def _file(part: Parsed) -> File:
    method = part.get_param("method")
    return File(part.get_filename() or "", part.get_content_type(), str(method or ""), _lines(_payload(part)))


def _payload(part: Parsed) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")
