"""Whatever a message is made of, three parsers of different people read the same, and what was meant."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gsef_notify.mail.list_headers import feedback_id, unsubscribe_headers
from gsef_notify.mail.mime import Attachment, Invitation, Mailbox, Message, to_bytes
from tests.mail.readers import File, Reader, Seen, by_mail_parser, by_python, postal_mime
from tests.mail.test_invitation import calendar
from tests.mail.test_mime import INJECTIONS, MESSAGE, as_lines, as_one_line

SCRIPTS = [
    "Économie sociale et solidaire",
    "사회연대경제와 지역 활성화",
    "Социальная экономика",
    "الاقتصاد الاجتماعي והסולידרי",
    "社会的連帯経済、地域の再生",
    "សេដ្ឋកិច្ចសង្គម ភ្នំពេញ",
    "सामाजिक अर्थव्यवस्था",
    "👩🏽‍🌾👨‍👩‍👧‍👦 e\u0301\u0323 \u202eabc\ufeff",
]
CHARACTERS = st.characters() | st.sampled_from('\r\n\0\t \u2028\u0085=?_\\"<>@,;:()[].\ud800é가\x7f')
TEXTS = st.text(CHARACTERS, max_size=60) | st.sampled_from([*INJECTIONS, *SCRIPTS])
TEXTS |= st.builds(lambda text, times: text * times, TEXTS, st.integers(2, 60))
URLS = st.text("abc%20/=?&", max_size=400).map(
    lambda text: re.sub("%(?!20)|=[?]", "-", f"https://a.org/{text}")
)
LINES = st.lists(st.text("\t =.-가é:;METHODBEGIN", max_size=90), max_size=6)
FILES = st.builds(
    Attachment, TEXTS, st.sampled_from(["application/pdf", "image/png"]), st.binary(max_size=300)
)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """A message of which everything that people write is as hostile as it gets."""
    name, lines = draw(TEXTS), draw(LINES)
    return Message(
        sender=Mailbox("reminders@example.org", name),
        recipient=Mailbox("ana@münchen.example", draw(TEXTS)),
        reply_to=None,
        subject=draw(TEXTS),
        date=MESSAGE.date,
        message_id=MESSAGE.message_id,
        text=draw(TEXTS),
        html=draw(TEXTS),
        language="en",
        attachments=tuple(draw(st.lists(FILES, max_size=2))),
        headers=(
            *unsubscribe_headers(draw(URLS), "off@example.org"),
            feedback_id("cancelled", name, "r@example.org"),
        ),
        invitation=Invitation("REQUEST", calendar("METHOD:REQUEST", "BEGIN:VEVENT", *lines, "END:VEVENT")),
    )


thoroughly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def by_postal_mime() -> Iterator[Reader]:
    with postal_mime() as read:
        yield read


def meant(message: Message) -> Seen:
    assert message.invitation is not None
    invitation = File("", "text/calendar", "REQUEST", message.invitation.content.replace(b"\r\n", b"\n"))
    names = ["Date", "From", "To", "Subject", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"]
    names += ["Feedback-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language", "MIME-Version"]
    return Seen(
        headers=[*names, "Content-Type"],
        subject=as_one_line(message.subject),
        sender=(as_one_line(message.sender.name), "reminders@example.org"),
        recipient=(as_one_line(message.recipient.name), "ana@xn--mnchen-3ya.example"),
        unsubscribe=message.headers[0][1],
        text=as_lines(message.text),
        html=as_lines(message.html),
        files=[invitation, *map(_attached, message.attachments)],
    )


def _attached(attachment: Attachment) -> File:
    name = re.sub(r'[/\\:*?"<>|]', "_", as_one_line(attachment.filename)) or "attachment"
    return File(name, attachment.content_type, "", attachment.content.replace(b"\r\n", b"\n"))


def composed(seen: Seen) -> Seen:
    """With all text in Unicode's form NFC; the content of attached files stays as it is."""
    invitation, *others = seen.files
    files = [each._replace(name=nfc(each.name)) for each in others]
    return replace(
        seen,
        subject=nfc(seen.subject),
        sender=(nfc(seen.sender[0]), seen.sender[1]),
        recipient=(nfc(seen.recipient[0]), seen.recipient[1]),
        text=nfc(seen.text),
        html=nfc(seen.html),
        files=[invitation._replace(content=nfc(invitation.content.decode()).encode()), *files],
    )


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def ended_once(seen: Seen) -> Seen:
    return replace(seen, text=seen.text.rstrip("\n") + "\n", html=seen.html.rstrip("\n") + "\n")


@thoroughly
@given(message=messages())
def test_the_standard_parser_of_python_reads_what_was_meant(message: Message) -> None:
    assert by_python(to_bytes(message)) == meant(message)


@thoroughly
@given(message=messages())
def test_mail_parser_reads_what_was_meant(message: Message) -> None:
    assert composed(by_mail_parser(to_bytes(message))) == composed(meant(message))


@thoroughly
@given(message=messages())
def test_postal_mime_reads_what_was_meant(by_postal_mime: Reader, message: Message) -> None:
    assert by_postal_mime(to_bytes(message)) == ended_once(meant(message))


@thoroughly
@given(message=messages())
def test_no_line_is_too_long_and_every_line_ends_as_mail_does(message: Message) -> None:
    content = to_bytes(message)
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"") and b"\r" not in content.replace(b"\r\n", b"")
