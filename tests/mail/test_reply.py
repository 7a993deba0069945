"""What calendar programs answer is understood, and whatever else comes is refused in a sentence."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Event

from gsef_notify.addresses import AddressError, checked_address, from_mailto, mailto
from gsef_notify.mail.calendar_object import DEEPEST, LARGEST, CalendarObjectError
from gsef_notify.mail.reply import LONGEST_COMMENT, NotAReply, Reply, ReplyError, read_reply
from tests.conftest import utc

REPLIES = {path.stem: path.read_bytes() for path in sorted(Path(__file__).with_name("replies").iterdir())}
UID = "gsef-2021-alliances.work-integration-social-enterprises@gsef.example.org"
HIM = "eric@example.org"
STAMP = utc("2021-09-02 13:05") + timedelta(seconds=1)

UNDERSTOOD = {
    "apple": Reply(UID, 1, HIM, "ACCEPTED", "", STAMP),
    "evolution": Reply(UID, 1, HIM, "DECLINED", "I am travelling that day", STAMP),
    "exchange": Reply(UID, 1, HIM, "DECLINED", "", STAMP),
    "google": Reply(UID, 1, HIM, "ACCEPTED", "I will be there, with slides", STAMP),
    "google-counter": Reply(
        UID, 1, HIM, "DECLINED", "Half an hour later would suit me better; thanks!", STAMP,
        proposed=(utc("2021-10-08 10:00"), utc("2021-10-08 10:10")),
    ),
    "outlook": Reply(UID, 1, HIM, "TENTATIVE", "I may have to leave early\nbut I will try", STAMP),
    "outlook-counter": Reply(
        UID, 1, HIM, "TENTATIVE", "", STAMP, proposed=(utc("2021-10-08 10:00"), utc("2021-10-08 10:10"))
    ),
    "thunderbird": Reply(UID, 1, HIM, "DECLINED", "", utc("2026-11-24 21:25") + timedelta(seconds=58)),
}  # fmt: skip


@pytest.mark.parametrize("program", REPLIES)
def test_the_answer_of_a_calendar_program_is_understood(program: str) -> None:
    assert read_reply(REPLIES[program]) == UNDERSTOOD[program]


@pytest.mark.parametrize("program", REPLIES)
def test_line_ends_that_mails_lose_and_a_byte_order_mark_change_nothing(program: str) -> None:
    content = REPLIES[program]
    for changed in (
        content.replace(b"\r\n", b"\n"),
        content.replace(b"\r\n", b"\r"),
        b"\xef\xbb\xbf" + content,
    ):
        assert read_reply(changed) == UNDERSTOOD[program]


def answer(*lines: str, method: str = "REPLY", **properties: str) -> bytes:
    """An answer whose properties are these, "" to leave one out, with these lines beside them."""
    known = {
        "UID": ":u@example.org",
        "DTSTAMP": ":20210902T130501Z",
        "SEQUENCE": ":2",
        "ATTENDEE": ";PARTSTAT=ACCEPTED:mailto:eric@example.org",
        **properties,
    }
    own = [f"{name}{value}" for name, value in known.items() if value]
    event = ["BEGIN:VEVENT", *own, *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", *event, "END:VCALENDAR", ""]).encode()


EXPECTED = Reply("u@example.org", 2, HIM, "ACCEPTED", "", STAMP)


def test_what_makes_no_difference_makes_none() -> None:
    assert read_reply(answer()) == EXPECTED
    assert (
        read_reply(answer(ATTENDEE=';partstat="accepted";cn="x:;,y" : MailTo:Eric@EXAMPLE.org')) == EXPECTED
    )
    assert read_reply(answer("X-BROKEN", "X-B;=:", "NO COLON", ":", method=" reply ")) == EXPECTED
    assert read_reply(answer("BEGIN:VALARM", "ATTENDEE:mailto:x@y", "UID:z", "END:VALARM")) == EXPECTED
    assert read_reply(answer(DTSTAMP=":20210902T130501")) == EXPECTED
    assert read_reply(answer(DTSTAMP=";TZID=America/Santiago:20210902T090501")) == EXPECTED


def test_a_missing_sequence_is_none() -> None:
    assert read_reply(answer(SEQUENCE="")).sequence is None


def test_the_comment_is_the_first_and_of_limited_length() -> None:
    comment = read_reply(answer("COMMENT:one\\, two\\nthree\\\\n\x1b[31m\u2028", "COMMENT:four")).comment
    assert comment == "one, two\nthree\\n [31m"
    assert read_reply(answer(f"COMMENT:{'é' * 5000}")).comment == "é" * LONGEST_COMMENT


def test_a_counter_that_says_nothing_else_is_tentative() -> None:
    for partstat in ("", ";PARTSTAT=NEEDS-ACTION"):
        found = read_reply(answer(method="COUNTER", ATTENDEE=f"{partstat}:mailto:eric@example.org"))
        assert (found.partstat, found.proposed) == ("TENTATIVE", None)


@pytest.mark.parametrize(
    ("start", "end", "proposed"),
    [
        ("DTSTART:20211008T100000Z", "DTEND:20211008T110000Z", ("2021-10-08 10:00", "2021-10-08 11:00")),
        ("DTSTART:20211008T100000Z", "X-NO-END:1", ("2021-10-08 10:00", "2021-10-08 10:00")),
        ("DTSTART:20211008T100000Z", "DTEND:20211007T110000Z", ("2021-10-08 10:00", "2021-10-08 10:00")),
        ("DTSTART;TZID=W. Europe Standard Time:20211008T100000", "DTEND:20211008T110000Z",
         ("2021-10-08 08:00", "2021-10-08 11:00")),
        ("DTSTART;TZID=Customized Time Zone:20211008T100000", "DTEND:20211008T110000Z", None),
        ("DTSTART:20211008T100000", "DTEND:20211008T110000", None),
        ("DTSTART;VALUE=DATE:20211008", "DTEND;VALUE=DATE:20211009", None),
        ("DTSTART;TZID=Europe/Paris:20211031T023000", "DTEND:20211031T040000Z", None),
        ("DTSTART;TZID=Europe/Paris:00010101T000000", "DTEND:20211031T040000Z", None),
        ("DTSTART;TZID=Europe/Paris:99991231T235959", "DTEND:20211031T040000Z", None),
    ],
)  # fmt: skip
def test_a_proposed_time_is_an_instant_or_none(
    start: str, end: str, proposed: tuple[str, str] | None
) -> None:
    expected = (utc(proposed[0]), utc(proposed[1])) if proposed else None
    assert read_reply(answer(start, end, method="COUNTER")).proposed == expected
    assert read_reply(answer(start, end)).proposed is None


def test_of_several_events_with_one_uid_the_newest_is_taken() -> None:
    other = ["END:VEVENT", "BEGIN:VEVENT", "UID:u@example.org", "DTSTAMP:20210903T130501Z"]
    declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:eric@example.org"
    assert read_reply(answer(*other, declined, "SEQUENCE:2")).partstat == "DECLINED"
    assert read_reply(answer(*other, declined, "SEQUENCE:1")).partstat == "ACCEPTED"
    instance = "RECURRENCE-ID:20211008T100000Z"
    assert read_reply(answer(*other, declined, "SEQUENCE:2", instance)).partstat == "ACCEPTED"
    with pytest.raises(ReplyError, match="answer each invitation alone"):
        read_reply(answer(*(line.replace("UID:u", "UID:v") for line in other), declined))
    with pytest.raises(ReplyError, match="answer the invitation as a whole"):
        read_reply(answer(instance))


@pytest.mark.parametrize(
    "method", ["REQUEST", "PUBLISH", "CANCEL", "DECLINECOUNTER", "REFRESH", "ADD", "", "X" * 99]
)
def test_other_methods_are_no_replies(method: str) -> None:
    with pytest.raises(NotAReply, match="answers no invitation - METHOD:REPLY would"):
        read_reply(answer(method=method))


def test_what_names_no_method_is_no_reply() -> None:
    with pytest.raises(NotAReply):
        read_reply(answer().replace(b"METHOD:REPLY\r\n", b""))
    with pytest.raises(NotAReply):
        read_reply(answer("METHOD:REPLY").replace(b"METHOD:REPLY\r\n", b"", 1))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "does not end, or there is none"),
        (b"Yes, I will come", "does not end, or there is none"),
        (b"\xff\xfe" + answer().decode().encode("utf-16-le"), "is not UTF-8"),
        (answer(ATTENDEE=";CN=Zoë:mailto:x@y.org").decode().encode("latin-1"), "is not UTF-8"),
        (answer().partition(b"END:VCALENDAR")[0], "does not end"),
        (answer() * 2, "something beside the one calendar"),
        (answer("BEGIN:VALARM"), "END:VEVENT ends nothing"),
        (answer(*["BEGIN:VEVENT"] * 18_000), f"more than {DEEPEST} components"),
        (answer("COMMENT:" + "x" * LARGEST), "larger than 256 KiB"),
        (answer().replace(b"VEVENT", b"VTODO"), "no event that happens once"),
        (answer(UID=""), "it has no UID"),
        (answer(UID=":"), "it has no UID"),
        (answer(UID=":" + "u" * 1001), "no sensible one"),
        (answer(DTSTAMP=""), "when it was given"),
        (answer(DTSTAMP=":yesterday"), "when it was given"),
        (answer(DTSTAMP=";TZID=Europe/Paris:00010101T000000"), "when it was given"),
        (answer(SEQUENCE=":-1"), "is no number of an invitation"),
        (answer(SEQUENCE=":9999999999"), "is no number of an invitation"),
        (answer(SEQUENCE=":٢"), "is no number of an invitation"),
        (answer(ATTENDEE=""), "of no attendees"),
        (answer("ATTENDEE;PARTSTAT=ACCEPTED:mailto:other@example.org"), "of 2 attendees"),
        (answer(ATTENDEE=";PARTSTAT=ACCEPTED:invalid:nomail"), "does not say whose it is"),
        (answer(ATTENDEE=";PARTSTAT=ACCEPTED:mailto:a@b@c"), "does not say whose it is"),
        (answer(ATTENDEE=";PARTSTAT=ACCEPTED:mailto:a%0d%0aBcc:x@y.org"), "does not say whose it is"),
        (answer(ATTENDEE=":mailto:eric@example.org"), "PARTSTAT= is no answer"),
        (answer(ATTENDEE=";PARTSTAT=DELEGATED:mailto:eric@example.org"), "PARTSTAT=DELEGATED is no answer"),
        (answer(ATTENDEE=";PARTSTAT=NEEDS-ACTION:mailto:eric@example.org"), "PARTSTAT=NEEDS-ACTION is no"),
        (answer(ATTENDEE=';CN="open;PARTSTAT=ACCEPTED:mailto:eric@example.org'), "can not be read"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(CalendarObjectError, match=sentence):
        read_reply(content)


def test_a_zone_that_a_stranger_defines_is_kept_for_nobody() -> None:
    read_reply(REPLIES["exchange"])
    other = b'BEGIN:VEVENT\nDTSTART;TZID="(UTC-03:00) Santiago":20211008T062100\nEND:VEVENT\n'
    assert Event.from_ical(other).decoded("DTSTART") == datetime(2021, 10, 8, 6, 21)  # noqa: DTZ001


def read_or_refused(content: bytes) -> None:
    try:
        read_reply(content)
    except CalendarObjectError as error:
        assert str(error)
        assert len(str(error)) < 700


PIECES = r"""
BEGIN:VCALENDAR|END:VCALENDAR|BEGIN:VEVENT|END:VEVENT|BEGIN:|BEGIN;X=Y:VEVENT|END| |\t;|METHOD:REPLY
METHOD:COUNTER|UID:u|UID;X="|SEQUENCE:1|SEQUENCE;A=B;A=C,D:1|DTSTAMP:20210902T130501Z|DTSTAMP;TZID=a/b/c/d:20210902T130501
DTSTART;TZID=Europe/Paris:20210328T023000|DTEND:99999999T999999Z|RECURRENCE-ID:x|ORGANIZER:mailto:a@b.org
ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.org|ATTENDEE;PARTSTAT="ACCEPTED,DECLINED":mailto:a@b.org
ATTENDEE;PARTSTAT=ACCEPTED,DECLINED:mailto:a@b.org|ATTENDEE;PARTSTAT:mailto:a@b.org|ATTENDEE;EMAIL=a@b.org:/x/
ATTENDEE:mailto:%ff%00@é.org|COMMENT:\|COMMENT;X-RESPONSE-COMMENT=^n^'^^:
"""
pieces = st.sampled_from([piece.encode() for line in PIECES.split("\n") for piece in line.split("|")])


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces | st.binary(max_size=12), max_size=24).map(b"\r\n".join))
def test_nothing_else_than_a_sentence_comes_of_any_lines(content: bytes) -> None:
    read_or_refused(content)
    read_or_refused(b"BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VEVENT\n%b\nEND:VEVENT\nEND:VCALENDAR" % content)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(REPLIES)), st.data())
def test_nothing_else_than_a_sentence_comes_of_a_spoilt_answer(program: str, data: st.DataObject) -> None:
    spoilt = bytearray(REPLIES[program])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(spoilt)))
        spoilt[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20) | pieces)
    read_or_refused(bytes(spoilt))


@given(st.from_regex(r"[a-zA-Zé0-9!#$%&'*+/=?^_`{|}~-]{1,30}@[a-z0-9]{1,9}\.org", fullmatch=True))
def test_an_address_comes_back_from_its_uri(address: str) -> None:
    assert from_mailto(mailto(address)) == checked_address(address)
    assert mailto(address).isascii()


def test_a_uri_of_an_address_is_compared_as_text_by_others() -> None:
    assert mailto("eric+x=y/z&w'@Example.org") == "mailto:eric+x=y/z&w'@example.org"
    assert mailto("é%?#@example.org") == "mailto:%C3%A9%25%3F%23@example.org"
    with pytest.raises(AddressError, match="mailto: and an address is one"):
        from_mailto("https://example.org")
