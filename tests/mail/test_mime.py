"""Whatever a message is made of, a standard reader gets it back, and nothing else."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gsef_notify.addresses import AddressError
from gsef_notify.mail.mime import Attachment, Mailbox, Message, MessageError, to_bytes

MESSAGE = Message(
    sender=Mailbox("reminders@example.org", "GSEF reminders"),
    recipient=Mailbox("eric.leyton@example.org", "Eric Leyton Inostroza"),
    reply_to=Mailbox("help@example.org"),
    subject="In 10 minutes: you speak at 06:21 (Santiago time)",
    date=datetime(2021, 10, 8, 18, 11, tzinfo=timezone(timedelta(hours=9))),
    message_id="<0123abc@example.org>",
    text="Dear Eric,\n\nyou speak at 06:21.\n",
    html="<!doctype html><p>you speak at <b>06:21</b></p>\n",
    language="en",
)
INVITATION = Attachment("speech.ics", "text/calendar; charset=utf-8", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
HEADERS = ["Date", "From", "To", "Reply-To", "Subject", "Message-ID"]
HEADERS += ["Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type"]

INJECTIONS = [
    "=?utf-8?q?hi=0ABcc=3A_evil=40x=2Ey?=",
    "a\r\nBcc: evil@x.y",
    "a\nBcc: evil@x.y",
    "a\rBcc: evil@x.y",
    "a\u2028Bcc: evil@x.y",
    "a\x85Bcc: evil@x.y",
    "a\x0bBcc: evil@x.y",
    "a\x00b",
    "\r\n\r\n<script>alert(1)</script>",
    'Ana" <evil@x.y>, "',
    "Ana <evil@x.y>",
    "a=?b=?utf-8?b?Cg==?=",
    "half a pair \ud800",
    "evil@x.y, other@x.y",
    "group: evil@x.y;",
    "(a comment",
    "back\\slash\\",
]
TEXTS = st.text() | st.sampled_from(INJECTIONS) | st.text("가나다é=? _", min_size=20, max_size=200)
thoroughly = settings(deadline=None)


def read(message: Message) -> EmailMessage:
    parsed = email.message_from_bytes(to_bytes(message), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def as_one_line(text: str) -> str:
    """What becomes of a text in a header: controls and runs of spaces are one space."""
    characters = text.encode("utf-8", "replace").decode()
    visible = (" " if ord(c) < 33 or 127 <= ord(c) < 160 or c in "\u2028\u2029" else c for c in characters)
    return " ".join(filter(None, "".join(visible).split(" "))).strip()


def as_lines(text: str) -> str:
    """What becomes of a body: one kind of line end, and one at the end."""
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return lines if lines.endswith("\n") else lines + "\n"


def head(message: Message) -> str:
    return to_bytes(message).partition(b"\r\n\r\n")[0].decode()


def name_of(message: Message, header: str) -> str:
    """Read with the parser that drops the space between encoded words, as RFC 2047 section 6.2 asks for."""
    raw = email.message_from_bytes(to_bytes(message), policy=email.policy.compat32)[header]
    return str(make_header(decode_header(parseaddr(re.sub(r"\r?\n", "", raw))[0])))


def test_a_plain_message_is_written_like_this() -> None:
    assert to_bytes(MESSAGE).decode().split("\r\n") == [
        "Date: Fri, 08 Oct 2021 09:11:00 +0000",
        "From: GSEF reminders <reminders@example.org>",
        "To: Eric Leyton Inostroza <eric.leyton@example.org>",
        "Reply-To: <help@example.org>",
        "Subject: In 10 minutes: you speak at 06:21 (Santiago time)",
        "Message-ID: <0123abc@example.org>",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "Content-Language: en",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        ' boundary="=_a1deceb6d7b4881d6accd2ec4352e6fc"',
        "",
        "--=_a1deceb6d7b4881d6accd2ec4352e6fc",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Dear Eric,",
        "",
        "you speak at 06:21.",
        "",
        "--=_a1deceb6d7b4881d6accd2ec4352e6fc",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "<!doctype html><p>you speak at <b>06:21</b></p>",
        "",
        "--=_a1deceb6d7b4881d6accd2ec4352e6fc--",
        "",
    ]


def test_the_same_message_is_the_same_bytes() -> None:
    assert to_bytes(MESSAGE) == to_bytes(replace(MESSAGE))


@thoroughly
@given(subject=TEXTS)
@example(
    subject="In 10 minutes: you speak at 06:21 (Santiago time) - " + "Économie sociale et solidaire " * 9
)
@example(subject="=?utf-8?q?hi=0ABcc=3A_evil=40x=2Ey?=")
@example(subject="x" * 300)
@example(subject="사회적경제 " * 40)
def test_a_subject_is_read_back(subject: str) -> None:
    parsed = read(replace(MESSAGE, subject=subject))
    assert parsed["Subject"] == as_one_line(subject)
    assert parsed.keys() == HEADERS


@thoroughly
@given(name=TEXTS)
@example(name="Martin Van Den Borre, Fab City (Montréal)")
@example(name='Dr. "Bo" O\\Neil')
@example(name="International Association of Everybody Everywhere " * 4)
def test_a_display_name_is_read_back(name: str) -> None:
    message = replace(MESSAGE, recipient=Mailbox("eric@example.org", name), sender=Mailbox("a@b.org", name))
    parsed = read(message)
    assert [(a.username, a.domain) for a in parsed["To"].addresses] == [("eric", "example.org")]
    assert [(a.username, a.domain) for a in parsed["From"].addresses] == [("a", "b.org")]
    assert parsed.keys() == HEADERS
    if '"' not in as_one_line(name) and "\\" not in as_one_line(name):
        assert name_of(message, "To") == name_of(message, "From") == as_one_line(name)


@pytest.mark.parametrize("name", ["Éric Leyton", "김영", 'Dr. "Bo" O\\Neil', "Leyton, Eric", "Mr. Young Kim"])
def test_a_display_name_of_usual_length_is_read_back_by_the_newer_parser(name: str) -> None:
    parsed = read(replace(MESSAGE, recipient=Mailbox("eric@example.org", name)))
    assert parsed["To"].addresses[0].display_name == name


@thoroughly
@given(text=TEXTS, html=TEXTS)
@example(text="trailing blanks  \t\n.\n..\nFrom me\n" + "x" * 2000, html="<p>" + "사회적경제" * 300)
@example(text="", html="\r\r\n\n")
def test_both_bodies_are_read_back(text: str, html: str) -> None:
    parsed = read(replace(MESSAGE, text=text, html=html))
    plain, rich = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert plain is not None and rich is not None
    assert plain.get_content().replace("\r\n", "\n") == as_lines(text)
    assert rich.get_content().replace("\r\n", "\n") == as_lines(html)


@thoroughly
@given(contents=st.lists(st.binary(max_size=300), min_size=1, max_size=3), filename=TEXTS)
@example(contents=[b"\r\n--=_a1deceb6d7b4881d6accd2ec4352e6fc--\r\n"], filename="économie.ics")
@example(contents=[b""], filename="../../etc/passwd")
@example(contents=[b""], filename="a" * 200 + ".ics")
def test_attachments_are_read_back_byte_for_byte(contents: list[bytes], filename: str) -> None:
    attachments = tuple(Attachment(filename, "application/octet-stream", content) for content in contents)
    found = list(read(replace(MESSAGE, attachments=attachments)).iter_attachments())
    assert [part.get_content() for part in found] == contents
    expected = re.sub(r'[/\\:*?"<>|]', "_", as_one_line(filename)) or "attachment"
    assert {part.get_filename() for part in found} == {expected}
    assert {tuple(part.keys()) for part in found} == {
        ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")
    }


def test_an_invitation_stands_beside_the_two_bodies() -> None:
    parsed = read(replace(MESSAGE, attachments=(INVITATION,)))
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert [part.get_content_disposition() for part in parsed.iter_attachments()] == ["attachment"]


@thoroughly
@given(subject=TEXTS, name=TEXTS, text=TEXTS, filename=TEXTS, url=TEXTS)
def test_lines_are_as_short_as_the_standards_ask(
    subject: str, name: str, text: str, filename: str, url: str
) -> None:
    message = replace(
        MESSAGE,
        subject=subject,
        recipient=Mailbox("eric@example.org", name),
        text=text,
        attachments=(replace(INVITATION, filename=filename),),
        headers=(("X-Topic", url),),
    )
    content = to_bytes(message)
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"") and b"\r" not in content.replace(b"\r\n", b"")
    words = re.findall(rb"=\?utf-8\?b\?[^?]*\?=", content)
    assert all(len(word) <= 75 for word in words)
    assert all(b64_is_whole_characters(word) for word in words)


def b64_is_whole_characters(word: bytes) -> bool:
    return isinstance(str(make_header(decode_header(word.decode()))), str)


@thoroughly
@given(value=TEXTS)
def test_a_further_header_can_not_bring_another_along(value: str) -> None:
    parsed = read(replace(MESSAGE, headers=(("X-Topic", value), ("List-Id", value))))
    assert parsed.keys() == [*HEADERS[:6], "X-Topic", "List-Id", *HEADERS[6:]]
    assert parsed["X-Topic"] == as_one_line(value)


@pytest.mark.parametrize("length", [20, 60, 90, 900])
def test_a_url_in_a_header_is_neither_encoded_nor_broken(length: int) -> None:
    url = f"<https://example.org/unsubscribe/{'t' * length}?x=ü>"
    message = replace(
        MESSAGE,
        headers=(("List-Unsubscribe", url), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
    )
    assert f"List-Unsubscribe: {url.replace('ü', '%C3%BC')}\r\n" in head(message) + "\r\n"
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head(message)


def test_a_url_that_looks_like_an_encoded_word_is_not_read_as_one() -> None:
    url = "<https://example.org/ =?utf-8?q?evil?= >"
    parsed = read(replace(MESSAGE, headers=(("List-Unsubscribe", url),)))
    assert parsed["List-Unsubscribe"] == "<https://example.org/ =%3Futf-8?q?evil?= >"


@pytest.mark.parametrize("name", ["Bcc", "bcc", "Subject", "Content-Type", "X Y", "X:Y", "X\r\nBcc", "", "Ü"])
def test_a_header_that_is_ours_or_none_is_refused(name: str) -> None:
    with pytest.raises(MessageError):
        to_bytes(replace(MESSAGE, headers=((name, "value"),)))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "eric",
        "eric@",
        "@example.org",
        "a@b@example.org",
        "a@example.org, evil@x.y",
        "a@example.org\r\nBcc: evil@x.y",
        "<a@example.org>",
        '"a b"@example.org',
        "a b@example.org",
        "a@exa mple.org",
        "a@[127.0.0.1]",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 60}.org",
        "=?utf-8?q?hi=0ABcc=3A_evil=40x=2Ey?=@example.org",
        "a\u2028@example.org",
        "a\ud800@example.org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    for message in (
        replace(MESSAGE, recipient=Mailbox(address)),
        replace(MESSAGE, sender=Mailbox(address)),
        replace(MESSAGE, reply_to=Mailbox(address)),
    ):
        with pytest.raises(AddressError):
            to_bytes(message)


def test_an_international_domain_is_written_in_ascii() -> None:
    assert "\r\nTo: <info@xn--mnchen-3ya.example>\r\n" in head(
        replace(MESSAGE, recipient=Mailbox("info@münchen.example"))
    )


def test_an_international_local_part_is_written_as_it_is() -> None:
    message = replace(MESSAGE, recipient=Mailbox("josé@example.org"))
    assert "\r\nTo: <josé@example.org>\r\n" in head(message)


@pytest.mark.parametrize("message_id", ["", "0123@example.org", "<a@b>\r\nBcc: evil@x.y", "<a b@c>", "<a>"])
def test_a_message_id_of_another_shape_is_refused(message_id: str) -> None:
    with pytest.raises(MessageError):
        to_bytes(replace(MESSAGE, message_id=message_id))


@pytest.mark.parametrize("content_type", ["", "text", "text/calendar\r\nX: y", 'text/x; name="a"b"', "a/b; "])
def test_a_content_type_of_another_shape_is_refused(content_type: str) -> None:
    with pytest.raises(MessageError):
        to_bytes(replace(MESSAGE, attachments=(replace(INVITATION, content_type=content_type),)))


def test_a_date_without_offset_is_refused() -> None:
    with pytest.raises(MessageError):
        to_bytes(replace(MESSAGE, date=MESSAGE.date.replace(tzinfo=None)))


@thoroughly
@given(date=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2037, 12, 31)))  # noqa: DTZ001
def test_a_date_is_read_back(date: datetime) -> None:
    aware = date.replace(microsecond=0, tzinfo=UTC)
    assert read(replace(MESSAGE, date=aware))["Date"].datetime == aware
