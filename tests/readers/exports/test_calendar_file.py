"""iCalendar files of other programs."""

from datetime import UTC
from pathlib import Path

import pytest
from icalendar import Calendar

from gsef_notify import readers
from gsef_notify.readers.source import Assumptions
from tests.conftest import shared, utc

HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n"
EVENT = (
    "BEGIN:VEVENT\nUID:Talk-1@x.org\nDTSTAMP:20260101T000000Z\nSUMMARY;LANGUAGE=de:Nets\\, and more\n"
    "DTSTART;TZID=Europe/Berlin:20260820T100000\nDTEND;TZID=Europe/Berlin:20260820T110000\n"
    "LOCATION:Deck\nCATEGORIES:Sea,Land\nDESCRIPTION:One\\n\\nTwo\n"
    'ATTENDEE;CN="Dr. Ada Nyong":https://x.org/ada\nATTENDEE;CN=A Guest:mailto:guest@x.org\n'
    "ATTENDEE;CN=Cai;ROLE=CHAIR:mailto:cai@x.org\n"
    "CONFERENCE;VALUE=URI:https://live.example.org/nets\nEND:VEVENT\n"
)
TAIL = "END:VCALENDAR\n"


def reading(tmp_path: Path, text: str, timezone: str = "") -> readers.Reading:
    (tmp_path / "a.ics").write_bytes(text.encode())
    return readers.read([tmp_path / "a.ics"], (), Assumptions(timezone))


def event(*pairs: tuple[str, str]) -> str:
    text = EVENT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return HEAD + text + TAIL


def test_an_event_is_a_session_of_one_segment(tmp_path: Path) -> None:
    (session,) = reading(tmp_path, HEAD + EVENT + TAIL).accept().sessions
    assert (session.title, session.room, session.track) == ("Nets, and more", "Deck", "Sea")
    assert (session.start, session.end) == (utc("2026-08-20 08:00"), utc("2026-08-20 09:00"))
    assert (session.timezone, session.language, session.background) == ("Europe/Berlin", "de", "One\n\nTwo")
    assert session.join_url == "https://live.example.org/nets"
    assert [(p.name, p.role) for p in session.people] == [("Ada Nyong", "speaker"), ("Cai", "moderator")]
    assert len(session.segments) == 1


def test_its_id_stays_when_its_title_changes(tmp_path: Path) -> None:
    first = reading(tmp_path, event()).accept().sessions[0].id
    assert reading(tmp_path, event(("Nets\\, and more", "Ropes"))).accept().sessions[0].id == first


@pytest.mark.parametrize(
    ("pairs", "timezone", "start", "zone"),
    [
        ([(";TZID=Europe/Berlin:20260820T100000", ":20260820T080000Z"),
          (";TZID=Europe/Berlin:20260820T110000", ":20260820T090000Z")], "", "2026-08-20 08:00", "UTC"),
        ([(";TZID=Europe/Berlin", "")], "Europe/Vienna", "2026-08-20 08:00", "Europe/Vienna"),
        ([("TZID=Europe/Berlin", 'TZID="W. Europe Standard Time"')], "", "2026-08-20 08:00", "Europe/Berlin"),
        ([("TZID=Europe/Berlin", "TZID=/example.org/5/Asia/Seoul")], "", "2026-08-20 01:00", "Asia/Seoul"),
    ],
)  # fmt: skip
def test_zones_are_known_in_many_forms(
    tmp_path: Path, pairs: list[tuple[str, str]], timezone: str, start: str, zone: str
) -> None:
    (session,) = reading(tmp_path, event(*pairs), timezone).accept().sessions
    assert (session.start, session.timezone) == (utc(start), zone)


def test_the_zone_of_the_calendar_serves_floating_times(tmp_path: Path) -> None:
    text = event((";TZID=Europe/Berlin", "")).replace(
        "VERSION:2.0\n", "VERSION:2.0\nX-WR-TIMEZONE:Asia/Seoul\n"
    )
    (session,) = reading(tmp_path, text).accept().sessions
    assert (session.start, session.timezone) == (utc("2026-08-20 01:00"), "Asia/Seoul")


def test_a_zone_that_the_file_defines_itself(tmp_path: Path) -> None:
    own = (
        "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\n"
        "TZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    text = HEAD + own + EVENT.replace("TZID=Europe/Berlin", "TZID=Ours") + TAIL
    (session,) = reading(tmp_path, text).accept().sessions
    assert (session.start, session.timezone) == (utc("2026-08-20 07:00"), "Etc/GMT-3")


def test_a_time_that_happens_twice_is_the_first_as_the_standard_says(tmp_path: Path) -> None:
    pairs = [("20260820T100000", "20261025T023000"), ("20260820T110000", "20261025T033000")]
    found = reading(tmp_path, event(*pairs))
    (session,) = found.accept().sessions
    assert session.start == utc("2026-10-25 00:30")
    assert "TIME_DOUBTFUL" in [problem.code for problem in found.problems]


def test_a_time_that_is_skipped_goes_by_the_offset_before(tmp_path: Path) -> None:
    pairs = [("20260820T100000", "20260329T023000"), ("20260820T110000", "20260329T040000")]
    (session,) = reading(tmp_path, event(*pairs)).accept().sessions
    assert session.start == utc("2026-03-29 01:30")


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("DTSTART;TZID=Europe/Berlin:20260820T100000", "DTSTART;VALUE=DATE:20260820")], "NOT_SCHEDULED"),
        ([("LOCATION:Deck", "STATUS:CANCELLED")], "EVENT_CANCELLED"),
        ([("LOCATION:Deck", "RRULE:FREQ=DAILY;COUNT=3")], "EVENT_REPEATS"),
        ([("DTEND;TZID=Europe/Berlin:20260820T110000\n", "")], "SESSION_EMPTY"),
    ],
)
def test_what_can_not_be_shown_is_told(tmp_path: Path, pairs: list[tuple[str, str]], code: str) -> None:
    assert code in [problem.code for problem in reading(tmp_path, event(*pairs)).problems]


def test_what_stands_before_the_calendar_is_passed_over(tmp_path: Path) -> None:
    assert len(reading(tmp_path, "<!--\n" + HEAD + EVENT + TAIL).accept().sessions) == 1


def test_a_duration_serves_for_an_end(tmp_path: Path) -> None:
    text = event(("DTEND;TZID=Europe/Berlin:20260820T110000", "DURATION:PT90M"))
    assert reading(tmp_path, text).accept().sessions[0].end == utc("2026-08-20 09:30")


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("hello", "1:1: error CALENDAR_BROKEN"),
        (HEAD + TAIL, "1:1: error NO_SESSIONS the calendar holds no event"),
        (event((";TZID=Europe/Berlin", "")), "4:1: error ZONE_MISSING the time names no time zone"),
        (
            event(("TZID=Europe/Berlin", "TZID=Mars")),
            "4:1: error ZONE_MISSING the time names a time zone that",
        ),
        (
            event((":20260820T100000", ":soon")),
            "4:1: error TIME_UNREADABLE 'Nets, and more' begins at 'soon'",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, text: str, finding: str) -> None:
    (problem,) = reading(tmp_path, text).errors
    assert str(problem).replace(f"{tmp_path}/a.ics:", "").startswith(finding)


def test_the_same_event_twice_stays_once_and_another_of_its_uid_stays(tmp_path: Path) -> None:
    other = EVENT.replace("Nets", "Ropes")
    found = reading(tmp_path, HEAD + EVENT + EVENT + other + TAIL)
    assert len(found.accept().sessions) == 2
    assert "EVENT_TWICE" in [problem.code for problem in found.problems]


REAL = {
    "cloudnativelinz.calendar.ics": 47,
    "fosdem-2024-bookmarks-terts.ics": 16,
    "gab-linz-2021.cosmos-db.ics": 1,
    "klimacamp-2015.event10.ics": 1,
    "moca24.schedule.ics": 88,
}


@pytest.mark.parametrize(("name", "count"), REAL.items())
def test_real_calendars_have_all_their_events(name: str, count: int) -> None:
    file = shared(f"data/ics-conferences/{name}")
    program = readers.read([file], (), Assumptions("Europe/Vienna")).accept()
    assert len(program.sessions) == count


@pytest.mark.parametrize("name", ["cloudnativelinz.calendar.ics", "fosdem-2024-bookmarks-terts.ics"])
def test_real_instants_are_those_that_icalendar_reads(name: str) -> None:
    file = shared(f"data/ics-conferences/{name}")
    program = readers.read([file], (), Assumptions("Europe/Vienna")).accept()
    theirs = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert sorted(session.start for session in program.sessions) == sorted(
        component.decoded("DTSTART").astimezone(UTC) for component in theirs
    )
