"""Mails that come in are told apart, and no bytes do harm."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gsef_notify.mail import inbound
from gsef_notify.mail.bounces import HARD, Bounce, Failure
from gsef_notify.mail.inbound import CalendarReply, Ordinary, OutOfOffice, Unreadable, read_inbound

FOLDER = Path(__file__).with_name("inbound")
ERIC = "eric@coop.example"
OURS = "<0123456789abcdef@gsef.example>"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))


def mail(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def bounce(name: str) -> Bounce:
    found = read_inbound(mail(name))
    assert isinstance(found, Bounce)
    return found


@pytest.mark.parametrize(
    ("name", "action", "status", "is_hard"),
    [
        ("postfix", "failed", "5.1.1", True),
        ("postfix-delayed", "delayed", "4.4.1", False),
        ("exim", "failed", "5.2.1", True),
        ("exim-old", "failed", "", False),
        ("exchange-online", "failed", "5.1.10", True),
        ("gmail-full", "failed", "5.2.2", False),
        ("sendmail", "failed", "5.7.1", False),
        ("qmail", "failed", "", False),
    ],
)
def test_what_became_of_a_mail_is_understood(name: str, action: str, status: str, is_hard: bool) -> None:
    found = bounce(name)
    failure = found.of(ERIC)
    assert found.message_ids == (OURS,)
    assert failure is not None
    assert (failure.action, failure.status, failure.is_hard) == (action, status, is_hard)


def test_a_bounce_is_about_those_whom_it_names() -> None:
    assert bounce("postfix").of("ana@coop.example") is None
    assert bounce("exim-old").of("ana@coop.example") is not None
    assert bounce("sendmail").of("eric.leyton@elsewhere.example") == bounce("sendmail").of(ERIC)
    assert bounce("qmail").of("ana@coop.example") is None


def test_addresses_beyond_ascii_are_read() -> None:
    failure = bounce("smtputf8").of("김@coop.example")
    assert failure is not None
    assert failure.addresses == ("김@coop.example", "김@COOP.example")
    assert (failure.status, bounce("smtputf8").message_ids) == ("5.1.1", (OURS,))


def test_the_words_of_the_other_server_are_kept() -> None:
    gmail, qmail = bounce("gmail-full").failures[0], bounce("qmail").failures[0]
    assert gmail.diagnostic == (
        "smtp; 552-5.2.2 The mailbox is over its quota 552 5.2.2 and takes nothing more"
    )
    assert qmail.diagnostic.endswith("550 no such user (#5.1.1) Giving up on 192.0.2.7.")


def test_a_bounce_without_the_mail_is_an_answer_to_it() -> None:
    short = mail("exchange-online").partition(b"--_0a1b_\nContent-Type: message/rfc822")[0] + b"--_0a1b_--\n"
    found = read_inbound(short)
    assert isinstance(found, Bounce)
    assert (found.message_ids, len(found.failures)) == ((OURS,), 1)
    nameless = read_inbound(short.replace(OURS.encode(), b""))
    assert getattr(nameless, "message_ids", None) == ()


def test_words_that_are_not_understood_are_not_guessed_at() -> None:
    assert bounce("exchange-old") == Bounce(message_ids=(OURS,))


def test_the_worst_of_several_reports_counts() -> None:
    reports = [Failure(addresses=(ERIC,), action="delayed"), Failure(addresses=(ERIC,), action="failed"),
               Failure(addresses=(ERIC,), action="failed", status="5.1.1")]  # fmt: skip
    assert Bounce(message_ids=(), failures=tuple(reports)).of(ERIC.upper()) == reports[2]
    assert Bounce(message_ids=(), failures=tuple(reports[:2])).of(ERIC) == reports[1]


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", "5.2.2", "5.2.3", "5.4.1", "5.4.4", "5.0.0", "4.1.1"])
def test_what_may_pass_is_no_reason_to_send_nothing_more(status: str) -> None:
    assert status not in HARD


def test_an_absence_is_no_answer() -> None:
    assert read_inbound(mail("out-of-office")) == OutOfOffice()


def test_a_mail_from_somebody_is_left_to_people() -> None:
    assert read_inbound(mail("ordinary")) == Ordinary()


def test_an_answer_by_a_calendar_is_taken_out() -> None:
    found = read_inbound(mail("reply-google"))
    assert isinstance(found, CalendarReply)
    assert found.sender == ERIC
    assert found.content.splitlines()[:2] == [b"BEGIN:VCALENDAR", b"METHOD:REPLY"]


def test_an_answer_in_another_charset_comes_as_utf_8() -> None:
    found = read_inbound(mail("reply-outlook"))
    assert isinstance(found, CalendarReply)
    assert "COMMENT:Éric viendra" in found.content.decode()


def test_an_answer_from_several_senders_has_none() -> None:
    several = mail("reply-google").replace(b"From: Eric Leyton <", b"From: a@b.example, Eric <")
    assert getattr(read_inbound(several), "sender", None) == ""


def test_an_invitation_is_no_answer() -> None:
    assert read_inbound(mail("reply-google").replace(b"METHOD:REPLY", b"METHOD:REQUEST")) == OutOfOffice()


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (inbound.MOST_BYTES + 1),
        b"Content-Type: message/rfc822\n\n" * 1500,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1500)),
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 200_000,
        b"Content-Type: multipart/mixed; boundary=x\r\r" + b"--x\r" * 200_000,
        b"Content-Type: message/delivery-status\n\n" + b"A: b\n\n" * 140_000,
        b"Content-Type: multipart/report;\n " + b"a=b;\n " * 140_000,
    ],
    ids=[
        "long",
        "messages in messages",
        "parts in parts",
        "parts",
        "parts by CR",
        "recipients",
        "parameters",
    ],
)
def test_a_mail_that_is_made_to_exhaust_is_refused(content: bytes) -> None:
    assert isinstance(read_inbound(content), Unreadable)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: multipart/report; " + b"a=b; " * 700,
        b"Content-Type: text/plain; x*0*=" + b"%41" * 1000,
        b"Content-Type: text/calendar; charset=" + b"x" * 3000,
        b"Content-Type: text/calendar; method*=utf-8''%ff; charset*=x'y'%00",
        b"Content-Type: message/delivery-status; charset=unicode_escape",
        b"Content-Type: text/plain; charset=idna",
        b"Content-Type: text/rfc822-headers; charset=undefined\nContent-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: uuencode\nContent-Type: text/calendar",
        b"From: " + b"(" * 100_000,
        b"Message-ID: <" + b"(" * 5000,
        b"X-Failed-Recipients: " + b"a@b," * 50_000,
        b"\xff\xfe: \x00",
    ],
)
@pytest.mark.parametrize("body", [b"x", b"Action: failed\n\n", b"METHOD:REPLY\n", b"\xff\x00\n\n" * 9])
def test_a_hostile_mail_is_read_without_harm(head: bytes, body: bytes) -> None:
    read_inbound(head + b"\n\n" + body)


def test_no_mail_has_more_recipients_than_are_looked_at() -> None:
    block = b"Final-Recipient: rfc822;a@b.example\nAction: failed\n\n"
    found = read_inbound(b"Content-Type: message/delivery-status\n\n" + block * 5000)
    assert isinstance(found, Bounce)
    assert len(found.failures) == 200


@settings(max_examples=200, deadline=None)
@given(some.sampled_from(NAMES), some.data())
def test_a_spoilt_mail_is_read_without_harm(name: str, data: some.DataObject) -> None:
    content = bytearray(mail(name))
    for _ in range(data.draw(some.integers(1, 8))):
        place = data.draw(some.integers(0, len(content) - 1))
        content[place : place + data.draw(some.integers(0, 40))] = data.draw(some.binary(max_size=12))
    read_inbound(bytes(content))


def test_what_pythons_own_writer_makes_is_read() -> None:
    message = EmailMessage()
    message["From"] = "Eric <eric@coop.example>"
    message.set_content("Here is my answer.")
    message.add_attachment(
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nSUMMARY:안녕\nEND:VCALENDAR\n".encode(),
        maintype="text",
        subtype="calendar",
        filename="answer.ics",
    )
    found = read_inbound(bytes(message))
    assert isinstance(found, CalendarReply)
    assert "SUMMARY:안녕" in found.content.decode()
