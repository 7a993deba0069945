"""A slot is an invitation that calendar programs take, answer, move and drop."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from msgspec.structs import replace

from gsef_notify.addresses import AddressError
from gsef_notify.feeds.events import part_of_uid
from gsef_notify.feeds.feed import segment_file
from gsef_notify.feeds.invitation import Answer, Attendee, Organizer, invitation, method_of, withdrawal
from gsef_notify.feeds.reader import Face
from gsef_notify.mail.reply import Reply, read_reply
from gsef_notify.program.changes import Publication, first_publication, next_publication
from gsef_notify.program.model import Program, Segment, Session
from gsef_notify.readers.text import plain
from tests.conftest import ERIC, utc
from tests.feeds.attendees import IcalJs, ical_js, libical_answers, libical_says
from tests.feeds.peers import READERS, by_libical
from tests.feeds.test_feed import PUBLISHED_AT, SITE, unfolded

ERIC_HIMSELF = Attendee("Eric Leyton Inostroza", "eric@example.org")
DESK = Organizer("GSEF 2021: the desk", "answers@gsef.example.org")
SANTIAGO = Face("America/Santiago")
RINGING = Face("America/Santiago", alarm=timedelta(minutes=15))
SLOT = "work-integration-social-enterprises"
UID = f"gsef-2021-alliances.{SLOT}@gsef.example.org"
START = utc("2021-10-08 09:21")
LATER = timedelta(minutes=10)


@pytest.fixture
def publication(program: Program) -> Publication:
    return first_publication(program, PUBLISHED_AT)


@pytest.fixture(scope="module")
def calendar_on_ical_js() -> Iterator[IcalJs]:
    with ical_js() as calendar:
        yield calendar


def changed(publication: Publication, *segments: Segment, day: int = 2) -> Publication:
    """The next publication, in which these segments stand for those of the same id."""
    (session,) = publication.program.sessions
    now = {segment.id: segment for segment in segments}
    kept = tuple(now.get(segment.id, segment) for segment in session.segments)
    program = Program(sessions=(replace(session, segments=kept),))
    return next_publication(publication, program, utc(f"2021-09-{day:02} 12:00"))


def without_the_slot(publication: Publication, day: int = 3) -> Publication:
    (session,) = publication.program.sessions
    kept = tuple(segment for segment in session.segments if segment.id != SLOT)
    program = Program(sessions=(replace(session, segments=kept),))
    return next_publication(publication, program, utc(f"2021-09-{day:02} 12:00"))


def moved(publication: Publication) -> Publication:
    slot = part(publication)[1]
    return changed(publication, replace(slot, start=slot.start + LATER, end=slot.end + LATER))


def part(publication: Publication) -> tuple[Session, Segment]:
    session, segment = publication.part("gsef-2021-alliances", SLOT)
    assert segment
    return session, segment


def invited(
    publication: Publication,
    answer: Answer | None = None,
    attendee: Attendee = ERIC_HIMSELF,
    organizer: Organizer = DESK,
    face: Face = SANTIAGO,
) -> bytes:
    return invitation(SITE, publication, face, *part(publication), attendee, organizer, answer)


def people(content: bytes) -> list[str]:
    return [line for line in unfolded(content) if line.startswith(("ATTENDEE", "ORGANIZER"))]


def test_the_event_is_that_of_the_feed_with_the_two_who_are_concerned(publication: Publication) -> None:
    attached = unfolded(segment_file(SITE, publication, SANTIAGO, *part(publication)))
    both = [
        'ORGANIZER;CN="GSEF 2021: the desk":mailto:answers@gsef.example.org',
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;"
        'CN="Eric Leyton Inostroza":mailto:eric@example.org',
    ]
    begin, scale = attached.index(next(filter(lambda line: line[:8] == "DTSTART;", attached))), 4
    expected = [*attached[:scale], "METHOD:REQUEST", *attached[scale:begin], *both, *attached[begin:]]
    assert unfolded(invited(publication)) == expected


def test_the_same_invitation_is_the_same_bytes_in_short_lines(publication: Publication) -> None:
    content = invited(publication)
    assert invited(publication) == content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_nothing_in_it_is_only_for_feeds(publication: Publication) -> None:
    text = invited(publication).decode()
    assert re.findall(r"^(?:X-|REFRESH-INTERVAL|SOURCE|NAME|COLOR)[^:;]*", text, re.MULTILINE | re.I) == []
    assert invited(publication, face=Face("UTC")).count(b"VTIMEZONE") == 0


def test_it_holds_the_addresses_of_the_two_and_of_nobody_else(publication: Publication) -> None:
    assert any(person.email for _, person in publication.program.people())
    for content in (invited(publication), invited(without_the_slot(publication))):
        text = re.sub(rb"\r\n(?:UID|RELATED-TO;RELTYPE=PARENT):.*", b"", content.replace(b"\r\n ", b""))
        assert set(re.findall(rb"[\w.]+@[\w.]+", text)) == {b"eric@example.org", b"answers@gsef.example.org"}


def test_what_was_answered_to_this_or_a_later_sequence_is_not_asked_again(publication: Publication) -> None:
    again = moved(publication)
    asked = {
        (number, sequence): people(invited(told, Answer("TENTATIVE", sequence)))[1]
        for number, told in enumerate((publication, again))
        for sequence in (0, 1)
    }
    found = {key: re.findall("PARTSTAT=[^;]*;RSVP=[^;]*", line)[0] for key, line in asked.items()}
    assert found == {
        (0, 0): "PARTSTAT=TENTATIVE;RSVP=FALSE",
        (0, 1): "PARTSTAT=TENTATIVE;RSVP=FALSE",
        (1, 0): "PARTSTAT=NEEDS-ACTION;RSVP=TRUE",
        (1, 1): "PARTSTAT=TENTATIVE;RSVP=FALSE",
    }


def test_what_was_removed_is_taken_back_by_a_later_sequence(publication: Publication) -> None:
    gone = without_the_slot(moved(publication))
    assert method_of(gone, *part(gone)) == "CANCEL"
    lines = unfolded(invited(gone, Answer("ACCEPTED", 2), face=RINGING))
    assert {"METHOD:CANCEL", f"UID:{UID}", "SEQUENCE:2", "STATUS:CANCELLED"} <= set(lines)
    assert [line for line in lines if line.startswith("ATTENDEE")] == [
        'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;CN="Eric Leyton Inostroza":mailto:eric@example.org'
    ]
    assert "BEGIN:VALARM" not in lines


def test_who_is_no_longer_expected_is_told_so_while_it_takes_place(
    publication: Publication, tmp_path: Path
) -> None:
    other = changed(publication, replace(part(publication)[1], people=("dara-huot",)))
    content = withdrawal(SITE, other, RINGING, *part(other), ERIC_HIMSELF, DESK)
    lines = unfolded(content)
    assert {"METHOD:CANCEL", f"UID:{UID}", "SEQUENCE:1"} <= set(lines)
    assert [line for line in lines if line.startswith(("STATUS", "BEGIN:VALARM"))] == []
    assert libical_says("eric@example.org", content, invited(publication), tmp_path) == "CANCEL-EVENT"


# RFC 5546 sections 3.2.2 and 3.2.5: what must be there once, and what must not be there.
ONCE = {"DTSTAMP", "ORGANIZER", "SEQUENCE", "UID", "ATTENDEE"}
ONCE_OR_NEVER = {
    "CLASS", "CREATED", "DESCRIPTION", "DTEND", "DTSTART", "DURATION", "GEO", "LAST-MODIFIED", "LOCATION",
    "PRIORITY", "RECURRENCE-ID", "STATUS", "SUMMARY", "TRANSP", "URL",
}  # fmt: skip


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_tables_of_the_protocol_are_kept(publication: Publication, method: str) -> None:
    told = publication if method == "REQUEST" else without_the_slot(publication)
    calendar = Calendar.from_ical(invited(told, face=Face(alarm=timedelta(minutes=5))))
    (event,) = calendar.walk("VEVENT")
    names = [name for name, _ in event.property_items(recursive=False)]
    counts = {name: names.count(name) for name in names}
    assert calendar["METHOD"] == method
    assert {name for name in ONCE if counts.get(name) != 1} == set()
    assert {name for name in ONCE_OR_NEVER if counts.get(name, 0) > 1} == set()
    assert event["STATUS"] == {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}[method]
    assert "REQUEST-STATUS" not in counts
    assert ("VALARM" in {each.name for each in event.subcomponents}) == (method == "REQUEST")
    if method == "REQUEST":
        assert {"DTSTART", "SUMMARY"} <= counts.keys()
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    assert {event[name].params["TZID"] for name in ("DTSTART", "DTEND")} == zones


def test_a_calendar_on_ical_js_accepts_it_moves_it_and_drops_it(
    publication: Publication, calendar_on_ical_js: IcalJs
) -> None:
    calendar, him = calendar_on_ical_js, "eric@example.org"
    answered_at = utc("2021-09-01 13:00")
    taken = calendar.take(him, invited(publication), ("ACCEPTED", answered_at), forget=True)
    assert (taken["verdict"], taken["event"]["start"]) == ("new", "2021-10-08T09:21:00Z")
    assert read_reply(taken["reply"].encode()) == Reply(UID, 0, him, "ACCEPTED", "", answered_at)
    by_libical(taken["reply"].encode())

    assert calendar.take(him, invited(publication, Answer("ACCEPTED", 0)))["verdict"] == "known already"
    again = moved(publication)
    taken = calendar.take(him, invited(again, Answer("ACCEPTED", 0)), ("DECLINED", answered_at))
    assert (taken["verdict"], taken["event"]["start"]) == ("updated", "2021-10-08T09:31:00Z")
    assert [each["partstat"] for each in taken["event"]["attendees"]] == ["NEEDS-ACTION"]
    assert read_reply(taken["reply"].encode()) == Reply(UID, 1, him, "DECLINED", "", answered_at)

    gone = without_the_slot(again)
    taken = calendar.take(him, invited(gone))
    assert (taken["verdict"], taken["event"]["status"]) == ("cancelled", "CANCELLED")
    assert calendar.take(him, invited(again))["verdict"] == "known already"

    back = next_publication(gone, again.program, utc("2021-09-04 12:00"))
    taken = calendar.take(him, invited(back))
    assert (taken["verdict"], taken["event"]["status"]) == ("updated", "CONFIRMED")


def test_libical_takes_each_message_for_what_it_is(publication: Publication, tmp_path: Path) -> None:
    him, request = "eric@example.org", invited(publication)
    again = moved(publication)
    gone = without_the_slot(again)
    assert libical_says(him, request, None, tmp_path) == "REQUEST-NEW"
    assert libical_says(him, invited(again), request, tmp_path) == "REQUEST-RESCHEDULE"
    assert libical_says(him, invited(gone), invited(again), tmp_path) == "CANCEL-EVENT"
    assert libical_says(him, request, invited(again), tmp_path) == "OBSOLETE"


@pytest.mark.parametrize(
    ("partstat", "meaning"),
    [("ACCEPTED", "REPLY-ACCEPT"), ("DECLINED", "REPLY-DECLINE"), ("TENTATIVE", "REPLY-ACCEPT")],
)
def test_what_libical_answers_is_understood(
    publication: Publication, partstat: str, meaning: str, tmp_path: Path
) -> None:
    answered_at, request = utc("2021-09-02 13:00"), invited(moved(publication))
    answer = libical_answers(request, partstat, answered_at)
    assert read_reply(answer) == Reply(UID, 1, "eric@example.org", partstat, "", answered_at)  # type: ignore[arg-type]
    if partstat != "TENTATIVE":
        assert libical_says(DESK.address, answer, request, tmp_path) == meaning


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("zone", [None, "Africa/Casablanca", "UTC"])
def test_everybody_reads_the_slot_of_an_invitation(
    publication: Publication, read: object, zone: str | None
) -> None:
    assert callable(read)
    expected = [(UID, START, START + LATER)]
    assert read(invited(publication, face=Face(zone))) == expected
    assert read(invited(without_the_slot(publication), face=Face(zone))) == expected


def test_a_moderator_is_invited_to_the_whole_session(publication: Publication) -> None:
    (session,) = publication.program.sessions
    dara = Attendee("Dara Huot", "dara@example.org")
    content = invitation(SITE, publication, Face("Asia/Phnom_Penh"), session, None, dara, DESK)
    assert by_libical(content) == [("gsef-2021-alliances@gsef.example.org", session.start, session.end)]
    gone = next_publication(publication, Program(), utc("2021-09-03 12:00"))
    content = invitation(SITE, gone, Face("Asia/Phnom_Penh"), session, None, dara, DESK)
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"} <= set(unfolded(content))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('Eric "the, Fox"; Leyton', "CN=\"Eric ^'the, Fox^'; Leyton\""),
        ("^n ^^", 'CN="^^n ^^^^"'),
        ("Eric\r\nATTENDEE:mailto:evil@example.org", 'CN="Eric ATTENDEE:mailto:evil@example.org"'),
        ("a\\b\x00\x1b\u2028c", 'CN="a/b c"'),
        ("에릭 레이톤", 'CN="에릭 레이톤"'),
    ],
)
def test_a_name_stays_in_its_parameter(publication: Publication, name: str, written: str) -> None:
    (line,) = people(invited(publication, attendee=Attendee(name, "eric@example.org")))[1:]
    assert line == (
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;{written}"
        ":mailto:eric@example.org"
    )


@pytest.mark.parametrize("name", ["", " ", "\r\n"])
def test_who_has_no_name_has_no_parameter_for_it(publication: Publication, name: str) -> None:
    lines = people(
        invited(publication, attendee=Attendee(name, "e@example.org"), organizer=Organizer(name, "o@x.org"))
    )
    assert lines[0] == "ORGANIZER:mailto:o@x.org"
    assert lines[1].endswith(";RSVP=TRUE:mailto:e@example.org")


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nX:y", "a@b,c@d", "mailto:a@b.org", "a b@c.org"])
def test_what_is_no_address_is_refused(publication: Publication, address: str) -> None:
    with pytest.raises(AddressError, match="is no e-mail address"):
        invited(publication, attendee=Attendee("Eric", address))
    with pytest.raises(AddressError, match="is no e-mail address"):
        invited(publication, organizer=Organizer("Eric", address))


def clean(name: str) -> str:
    """What is left of a name in a parameter, as the documentation of invitations says it."""
    one_line = re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029 ]+", " ", name).strip()
    return one_line.replace("\\", "/")


texts = st.text(max_size=120) | st.text(st.sampled_from("ab^'\"\\;,:=\r\n\t \x00\u2028%")) | st.sampled_from([
    "Zoë ^'^n \"quoted\"", "مريم", "ნინო", "👩🏽‍🚀" * 40, "‮evil‬", "a" * 75, "é" * 80,
    "X;CN=\"y\":mailto:z@example.org",
])  # fmt: skip
local_parts = st.from_regex(r"[a-zé0-9!#$%&'*+/=?^_`{|}~-]{1,20}", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(name=texts, organizer=texts, title=texts.map(plain), local=local_parts, minutes=st.integers(1, 60_000))
def test_whoever_it_is_everybody_reads_the_same(
    calendar_on_ical_js: IcalJs, name: str, organizer: str, title: str, local: str, minutes: int
) -> None:
    start = utc("2021-03-01 00:00") + timedelta(minutes=minutes * 7)
    end = start + timedelta(minutes=1)
    segment = Segment(id="slot", title=title, start=start, end=end)
    session = Session(id="s", title=title, start=start, end=end, timezone="Europe/Paris", segments=(segment,))
    told = first_publication(Program(sessions=(session,)), PUBLISHED_AT)
    address = f"{local}@example.org"
    content = invitation(
        SITE, told, Face(), session, segment, Attendee(name, address), Organizer(organizer, DESK.address)
    )
    by_them = calendar_on_ical_js.take(address, content, forget=True)["event"]
    expected = ("s.slot@gsef.example.org", start, end, clean(organizer), [(address, clean(name))])
    assert seen_by_icalendar(content) == expected
    assert seen_by_ical(content) == expected
    assert expected == (
        by_them["uid"],
        datetime.fromisoformat(by_them["start"]),
        datetime.fromisoformat(by_them["end"]),
        by_them["organizer"][1] or "",
        [(from_uri(each["address"]), each.get("cn", "")) for each in by_them["attendees"]],
    )


Seen = tuple[str, datetime, datetime, str, list[tuple[str, str]]]


def seen_by_icalendar(content: bytes) -> Seen:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    found = event["ATTENDEE"]
    attendees = found if isinstance(found, list) else [found]
    return (
        str(event["UID"]),
        event.decoded("DTSTART"),
        event.decoded("DTEND"),
        event["ORGANIZER"].params.get("CN", ""),
        [(from_uri(str(each)), each.params.get("CN", "")) for each in attendees],
    )


def seen_by_ical(content: bytes) -> Seen:
    (event,) = IcsCalendarStream.calendar_from_ics(content.decode()).events
    assert event.organizer
    assert isinstance(event.dtstart, datetime)
    assert isinstance(event.dtend, datetime)
    return (
        str(event.uid),
        event.dtstart,
        event.dtend,
        event.organizer.common_name or "",
        [(from_uri(str(each.uri)), each.common_name or "") for each in event.attendees],
    )


def from_uri(uri: str) -> str:
    return unquote(uri.removeprefix("mailto:"))


def test_a_uid_leads_back_to_its_part(publication: Publication) -> None:
    gone = without_the_slot(publication)
    for told in (publication, gone):
        assert part_of_uid(SITE, told, UID) == ("gsef-2021-alliances", SLOT)
        found = part_of_uid(SITE, told, "gsef-2021-alliances@gsef.example.org")
        assert found == ("gsef-2021-alliances", None)
    long_gone = next_publication(gone, gone.program, utc("2022-09-03 12:00"))
    assert part_of_uid(SITE, long_gone, UID) is None


@pytest.mark.parametrize(
    "uid",
    [
        "", "@", "gsef-2021-alliances", "gsef-2021-alliances@example.org",
        "gsef-2021-alliances.@gsef.example.org",
        ".@gsef.example.org", "@gsef.example.org", f"{UID}\n", f" {UID}", f"{ERIC}@gsef.example.org",
        f"gsef-2021-alliances.{ERIC}@gsef.example.org", f"gsef-2021-alliances.{SLOT}.x@gsef.example.org",
        f"gsef-2021-alliances/{SLOT}@gsef.example.org",
    ],
)  # fmt: skip
def test_a_uid_that_is_not_ours_leads_nowhere(publication: Publication, uid: str) -> None:
    assert part_of_uid(SITE, publication, uid) is None
