"""A calendar that mail programs act upon stands last among the alternatives and says what it asks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsef_notify.mail.mime import Attachment, Invitation, Message, MessageError, to_bytes
from gsef_notify.mail.stored import parsed
from tests.mail.test_mime import MESSAGE, read


def calendar(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in ("BEGIN:VCALENDAR", *lines, "END:VCALENDAR")).encode()


REQUEST = calendar("VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT", "SUMMARY:사회적경제", "END:VEVENT")
SPEECH = Attachment("speech.ics", "text/calendar; charset=utf-8", REQUEST)


def invited(method: str, content: bytes) -> Message:
    return replace(MESSAGE, invitation=Invitation(method, content))


def test_an_invitation_is_the_last_alternative_and_attachments_stay_beside() -> None:
    message = read(replace(invited("REQUEST", REQUEST), attachments=(SPEECH,)))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    invitation, attachment = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert invitation.items() == [
        ("Content-Type", 'text/calendar; charset="utf-8"; method="REQUEST"'),
        ("Content-Transfer-Encoding", "base64"),
    ]
    assert invitation.get_payload(decode=True) == REQUEST
    line = b"\r\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\r\n"
    assert to_bytes(invited("REQUEST", REQUEST)).count(line) == 1
    assert attachment["Content-Disposition"] == 'attachment; filename="speech.ics"'


def test_line_ends_survive_a_mail_folder_that_has_its_own() -> None:
    stored = to_bytes(invited("REQUEST", REQUEST)).replace(b"\r\n", b"\n")
    assert list(parsed(stored).walk())[-1].get_payload(decode=True) == REQUEST


@pytest.mark.parametrize(
    "content",
    [
        calendar("METHOD:CANCEL"),
        calendar("method:CANCEL"),
        calendar("METHOD;X-A=b:CANCEL"),
        calendar("METH", " OD:CAN", "\tCEL"),
        calendar("PRODID:METHOD:REQUEST", " METHOD:REQUEST", "METHOD:CANCEL"),
        calendar("METHOD:CANCEL", "BEGIN:VEVENT", "METHOD:REQUEST", "END:VEVENT"),
        calendar("METHOD:CANCEL") + calendar("METHOD:REQUEST"),
    ],
)
def test_the_method_is_read_from_the_unfolded_calendar_itself(content: bytes) -> None:
    message = read(invited("CANCEL", content))
    assert list(message.walk())[-1].get_param("method") == "CANCEL"
    with pytest.raises(MessageError, match="'REQUEST' has a calendar whose METHOD is 'CANCEL'"):
        to_bytes(invited("REQUEST", content))


@pytest.mark.parametrize(
    ("method", "content"),
    [
        ("REQUEST", calendar()),
        ("REQUEST", calendar("METHOD:REQUEST", "METHOD:REQUEST")),
        ("REQUEST", calendar("BEGIN:VEVENT", "METHOD:REQUEST", "END:VEVENT")),
        ("REQUEST", calendar("METHOD:request")),
        ("REQUEST", b"METHOD:REQUEST\r\n"),
        ("REQUEST", b""),
        ("REQUEST", REQUEST.replace(b"\r\n", b"\n")),
        ("REQUEST", REQUEST.replace(b"2.0", b"2\r0")),
        ("REQUEST", REQUEST.replace(b"2.0", b"2\x000")),
        ("REQUEST", REQUEST.replace(b"2.0", b"\xff")),
        ("REQUEST", REQUEST.removesuffix(b"\r\n")),
        ("REQUEST; x=y", calendar("METHOD:REQUEST; x=y")),
        ("", calendar("METHOD:")),
    ],
)
def test_an_invitation_that_asks_for_something_else_is_refused(method: str, content: bytes) -> None:
    with pytest.raises(MessageError):
        to_bytes(invited(method, content))


@given(lines=st.lists(st.text("\t =.-가é:;METHODBEGIN", max_size=90), max_size=6))
def test_a_calendar_is_read_back_byte_for_byte(lines: list[str]) -> None:
    content = calendar("METHOD:REQUEST", "BEGIN:VEVENT", *lines, "END:VEVENT")
    assert list(read(invited("REQUEST", content)).walk())[-1].get_payload(decode=True) == content
