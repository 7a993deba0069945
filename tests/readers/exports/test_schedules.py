"""Schedules of frab, c3voc and pretalx, in XML and JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gsef_notify import readers
from gsef_notify.program.model import Program, Session
from gsef_notify.readers.source import Assumptions
from tests.conftest import shared, utc

XML = """<?xml version="1.0" encoding="utf-8"?>
<schedule>
  <version>1</version>
  <conference>
    <acronym>camp</acronym><title>A Camp</title><time_zone_name>Europe/Berlin</time_zone_name>
  </conference>
  <day index="1" date="2026-08-20">
    <room name="Tent">
      <event guid="3F2504E0-4F89-11D3-9A0C-0305E82C3301" id="17">
        <date>2026-08-20T23:30:00+02:00</date>
        <start>23:30</start>
        <duration>01:00</duration>
        <room>Tent</room>
        <title>Stars &amp; other lights</title>
        <subtitle>A walk</subtitle>
        <track>Sky</track>
        <language>de</language>
        <abstract>Bring a lamp.&lt;br/&gt;And a coat.</abstract>
        <persons><person id="1">Dr. Ada Nyong</person><person id="2">Bo Lind</person></persons>
        <links><link href="https://live.example.org/sky">Livestream</link></links>
      </event>
    </room>
  </day>
</schedule>
"""
EVENT: dict[str, Any] = {
    "id": 17,
    "guid": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "date": "2026-08-20T23:30:00+02:00",
    "start": "23:30",
    "duration": "01:00",
    "room": "Tent",
    "title": "Stars & other lights",
    "subtitle": "A walk",
    "track": "Sky",
    "language": "de",
    "abstract": "Bring a lamp.<br/>And a coat.",
    "description": "",
    "persons": [{"public_name": "Dr. Ada Nyong"}, {"name": "Bo Lind"}],
    "links": [{"title": "Livestream", "url": "https://live.example.org/sky"}],
}
HEAD = {"acronym": "camp", "title": "A Camp", "time_zone_name": "Europe/Berlin"}


def version_1(event: dict[str, Any] = EVENT, head: dict[str, str] = HEAD) -> str:
    day = {"date": "2026-08-20", "rooms": {"Tent": [event]}}
    return json.dumps({"schedule": {"version": "1", "conference": {**head, "days": [day]}}}, indent=1)


def version_2() -> str:
    event = {
        **{key: EVENT[key] for key in ("guid", "title", "subtitle", "language", "abstract", "links")},
        "code": "17",
        "start": EVENT["date"],
        "end": "2026-08-21T00:30:00+02:00",
        "room": {"name": "Tent"},
        "track": {"slug": "sky"},
        "participants": [
            {"name": "Dr. Ada Nyong", "role": "SPEAKER"},
            {"name": "Bo Lind", "role": "SPEAKER"},
        ],
    }
    conference = {**HEAD, "tracks": [{"slug": "sky", "name": "Sky"}]}
    return json.dumps({"schedule": {"conference": conference, "events": [event]}})


def reading(tmp_path: Path, name: str, text: str, timezone: str = "") -> readers.Reading:
    (tmp_path / name).write_text(text)
    return readers.read([tmp_path / name], (), Assumptions(timezone))


def codes(found: readers.Reading) -> list[str]:
    return [problem.code for problem in found.problems if problem.code != "ZONE_UNKNOWN"]


def messages(found: readers.Reading, code: str) -> list[str]:
    return [problem.message for problem in found.problems if problem.code == code]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.xml", XML), ("a.json", version_1()), ("a.json", version_2())],
    ids=["xml", "v1", "v2"],
)
def test_an_event_is_a_session_of_one_segment(tmp_path: Path, name: str, text: str) -> None:
    (session,) = reading(tmp_path, name, text).accept().sessions
    assert (session.id, session.title, session.room, session.track) == (
        "camp-17",
        "Stars & other lights",
        "Tent",
        "Sky",
    )
    assert (session.start, session.end) == (utc("2026-08-20 21:30"), utc("2026-08-20 22:30"))
    assert (session.timezone, session.language) == ("Europe/Berlin", "de")
    assert session.background == "A walk\n\nBring a lamp.\n\nAnd a coat."
    assert session.join_url == "https://live.example.org/sky"
    assert [person.name for person in session.people] == ["Ada Nyong", "Bo Lind"]
    (segment,) = session.segments
    assert (segment.id, segment.title, segment.people) == (
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "Stars & other lights",
        ("ada-nyong", "bo-lind"),
    )
    assert (segment.start, segment.end) == (session.start, session.end)


def test_findings_stand_at_the_event(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.xml", XML.replace("23:30</start>", "22:30</start>"))
    (problem,) = [each for each in found.problems if each.code == "START_DIFFERS"]
    assert (problem.place.line, problem.place.column) == (9, 7)
    found = reading(tmp_path, "a.json", version_1({**EVENT, "start": "22:30"}))
    (problem,) = [each for each in found.problems if each.code == "START_DIFFERS"]
    assert (tmp_path / "a.json").read_text().splitlines()[problem.place.line - 1].strip().startswith('"guid"')


@pytest.mark.parametrize(
    ("changes", "head", "timezone", "start", "zone", "expected"),
    [
        ({}, {}, "", "2026-08-20 21:30", "Etc/GMT-2", ["ZONE_GUESSED"]),
        ({}, {}, "Europe/Vienna", "2026-08-20 21:30", "Europe/Vienna", []),
        ({"date": "2026-08-20T21:30:00+00:00"}, HEAD, "", "2026-08-20 21:30", "Europe/Berlin", []),
        ({"date": "2026-08-20T03:00:00+05:30", "start": "03:00"}, {}, "", "2026-08-19 21:30", "Asia/Kolkata",
         ["ZONE_GUESSED"]),
        ({"date": "2026-08-20T23:30:00"}, HEAD, "", "2026-08-20 21:30", "Europe/Berlin", []),
        ({"date": ""}, HEAD, "", "2026-08-20 21:30", "Europe/Berlin", []),
        ({}, {"time_zone_name": "Mars/Olympus"}, "", "2026-08-20 21:30", "Etc/GMT-2",
         ["ZONE_GUESSED", "ZONE_UNKNOWN_NAME"]),
    ],
)  # fmt: skip
def test_the_full_date_is_believed_and_what_is_guessed_is_said(
    tmp_path: Path,
    changes: dict[str, str],
    head: dict[str, str],
    timezone: str,
    start: str,
    zone: str,
    expected: list[str],
) -> None:
    found = reading(tmp_path, "a.json", version_1({**EVENT, **changes}, head), timezone)
    (session,) = found.accept().sessions
    assert (session.start, session.timezone, codes(found)) == (utc(start), zone, expected)


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("01:00", 60),
        ("1:00", 60),
        ("0:05", 5),
        ("1:01:30", 1530),
        ("PT1H30M", 90),
        ("45", 45),
        ("P1DT1H", 1500),
    ],
)
def test_durations_are_read_in_every_form(tmp_path: Path, duration: str, minutes: int) -> None:
    (session,) = reading(tmp_path, "a.json", version_1({**EVENT, "duration": duration})).accept().sessions
    assert (session.end - session.start).total_seconds() == minutes * 60


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"duration": "soon"}, "DURATION_UNREADABLE"),
        ({"duration": "00:00"}, "SESSION_EMPTY"),
        ({"language": "Klingonisch"}, "LANGUAGE_UNKNOWN"),
    ],
)
def test_what_an_event_lacks_is_a_warning(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    found = reading(tmp_path, "a.json", version_1({**EVENT, **changes}))
    assert found.errors == ()
    assert code in codes(found)


def test_a_time_in_the_hour_that_is_skipped_asks_for_an_offset(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.json", version_1({**EVENT, "date": "2026-03-29T02:30:00", "start": "02:30"}))
    assert [problem.code for problem in found.errors] == ["TIME_DOUBTFUL"]


def test_without_any_zone_it_is_asked_for_once(tmp_path: Path) -> None:
    day = {"date": "2026-08-20", "rooms": {"Tent": [{**EVENT, "date": "", "id": n} for n in range(3)]}}
    found = reading(tmp_path, "a.json", json.dumps({"schedule": {"conference": {"days": [day]}}}))
    assert [problem.code for problem in found.errors] == ["ZONE_MISSING"]
    assert 'timezone = "Europe/Berlin"' in found.errors[0].remedy


def test_two_events_of_one_id_both_stay(tmp_path: Path) -> None:
    other = {**EVENT, "title": "More lights", "date": "2026-08-21T23:30:00+02:00"}
    day = {"date": "2026-08-20", "rooms": {"Tent": [EVENT, other]}}
    found = reading(tmp_path, "a.json", json.dumps({"schedule": {"conference": {**HEAD, "days": [day]}}}))
    assert len(found.accept().sessions) == 2
    assert codes(found) == ["ID_TWICE"]


def test_a_person_named_twice_in_an_event_is_one(tmp_path: Path) -> None:
    twice = {**EVENT, "persons": [{"name": "Ada Nyong"}, {"name": "ADA NYONG"}]}
    (session,) = reading(tmp_path, "a.json", version_1(twice)).accept().sessions
    assert [person.name for person in session.people] == ["Ada Nyong"]


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("a.xml", "<schedule><day date='2014-07-21'><entry/></day></schedule>",
         "1:1: error FORMAT_UNKNOWN its days hold <entry>, not <room> with <event>: it is no frab schedule"),
        ("a.xml", "<iCalendar/>",
         "1:1: error FORMAT_UNKNOWN this is xCal, calendar data in XML, which is not read"),
        ("a.xml", "<html/>",
         "1:1: error FORMAT_UNKNOWN the file is XML of another kind: it begins with <html>"),
        ("a.xml", "<schedule>\n<day></schedule>", "2:8: error XML_SYNTAX no XML: mismatched tag"),
        ("a.xml", "<schedule/>", "1:1: error NO_SESSIONS the schedule holds no event"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY x "y">]>\n<schedule>&x;</schedule>',
         "1:13: error XML_DOCTYPE the file declares a document type"),
        ("a.xml", "<a>" * 60, "1:154: error XML_DEEP nested too deeply to be a program"),
        ("a.json", "{\n  'a': 1}", "2:3: error JSON_SYNTAX no JSON: Expecting property name enclosed in"),
        ("a.json", "[" * 100_000, "1:1: error JSON_DEEP nested too deeply to be a program"),
        ("a.json", '{"hello": 1}', "1:1: error FORMAT_UNKNOWN the file is JSON of a kind that is not known"),
    ],
)  # fmt: skip
def test_what_is_no_schedule_is_one_sentence(tmp_path: Path, name: str, text: str, finding: str) -> None:
    (problem,) = reading(tmp_path, name, text).errors
    assert str(problem).replace(f"{tmp_path}/{name}:", "").startswith(finding)


def test_no_entity_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    text = f'<!DOCTYPE a SYSTEM "file://{tmp_path}/secret.txt">\n{XML.partition("?>")[2].strip()}'
    found = reading(tmp_path, "a.xml", text)
    assert [problem.code for problem in found.errors] == ["XML_DOCTYPE"]


def test_a_time_before_the_change_of_day_belongs_to_the_night(tmp_path: Path) -> None:
    night = {**EVENT, "date": "", "start": "00:15"}
    (session,) = (
        reading(tmp_path, "a.json", version_1(night, {**HEAD, "day_change": "04:00"})).accept().sessions
    )
    assert session.start == utc("2026-08-20 22:15")


def test_a_talk_that_is_moved_keeps_its_id(tmp_path: Path) -> None:
    bare = {key: value for key, value in EVENT.items() if key not in ("id", "guid")}
    moved = {**bare, "date": "2026-08-21T10:00:00+02:00", "start": "10:00"}
    ids = [reading(tmp_path, "a.json", version_1(e)).accept().sessions[0].id for e in (bare, moved)]
    assert ids[0] == ids[1]


def test_a_date_in_utc_beside_the_same_local_start_is_doubted(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.json", version_1({**EVENT, "date": "2026-08-20T23:30:00Z"}))
    assert "START_DIFFERS" in codes(found)


def test_persons_may_stand_in_the_event_itself(tmp_path: Path) -> None:
    text = XML.replace("<persons>", "").replace("</persons>", "")
    (session,) = reading(tmp_path, "a.xml", text).accept().sessions
    assert [person.name for person in session.people] == ["Ada Nyong", "Bo Lind"]


def only(tmp_path: Path, content: object, timezone: str = "") -> Session:
    (session,) = reading(tmp_path, "a.json", json.dumps(content), timezone).accept().sessions
    return session


def test_the_schedule_of_the_pretalx_widget(tmp_path: Path) -> None:
    talk = {
        "code": "ABCDEF",
        "title": "Nets",
        "start": "2026-08-20T10:00:00+08:00",
        "end": "2026-08-20T10:30:00+08:00",
        "room": 4,
        "track": 7,
        "speakers": ["XYZ"],
    }
    widget = {
        "talks": [talk],
        "timezone": "Asia/Taipei",
        "rooms": [{"id": 4, "name": {"en": "Deck"}}],
        "tracks": [{"id": 7, "name": {"zh-tw": "Sea"}}],
        "speakers": [{"code": "XYZ", "name": "Ada Nyong"}],
    }
    session = only(tmp_path, widget)
    assert (session.id, session.room, session.track, session.timezone) == (
        "abcdef",
        "Deck",
        "Sea",
        "Asia/Taipei",
    )
    assert (session.start, [p.name for p in session.people]) == (utc("2026-08-20 02:00"), ["Ada Nyong"])


def test_an_event_of_indico(tmp_path: Path) -> None:
    contribution = {
        "id": "12",
        "title": "Nets",
        "startDate": {"date": "2026-08-20", "time": "14:10:00", "tz": "UTC"},
        "endDate": {"date": "2026-08-20", "time": "14:30:00", "tz": "UTC"},
        "speakers": [{"first_name": "Ada", "last_name": "Nyong"}],
    }
    event = {"id": "1", "title": "Sea", "timezone": "Europe/Warsaw", "contributions": [contribution]}
    session = only(tmp_path, {"results": [event]})
    assert (session.start, session.end) == (utc("2026-08-20 14:10"), utc("2026-08-20 14:30"))
    assert (session.timezone, [p.name for p in session.people]) == ("Europe/Warsaw", ["Ada Nyong"])


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda session: [{"groupId": 1, "sessions": [session]}],
        lambda session: [{"date": "2026-08-20", "rooms": [{"name": "Deck", "sessions": [session]}] * 2}],
        lambda session: {"sessions": [session], "rooms": [], "speakers": None},
    ],
    ids=["sessions", "grid", "all without speakers"],
)
def test_other_views_of_sessionize(tmp_path: Path, wrapped: Callable[[object], object]) -> None:
    session = {
        "id": "1",
        "title": "Nets",
        "startsAt": "2026-08-20T10:00:00",
        "endsAt": "2026-08-20T11:00:00",
        "room": "Deck",
    }
    found = only(tmp_path, wrapped(session), "Europe/Vienna")
    assert (found.title, found.room, found.start) == ("Nets", "Deck", utc("2026-08-20 08:00"))


def test_a_schedule_in_which_nothing_has_a_time_is_refused(tmp_path: Path) -> None:
    found = reading(tmp_path, "a.json", version_1({**EVENT, "date": "", "start": ""}))
    assert [problem.code for problem in found.errors] == ["NO_SESSIONS"]


COUNTS = {
    "schedule-xml/31c3.schedule.xml": 138,
    "schedule-xml/38c3.trimmed.schedule.xml": 335,
    "schedule-xml/39c3-himmel.schedule.xml": 186,
    "schedule-xml/debconf.pentabarf.xml": 181,
    "schedule-xml/jev22-everything.schedule.xml": 433,
    "schedule-json/39c3-himmel.schedule.json": 186,
    "schedule-json/fosdem-2024.fossy.json": 876,
    "schedule-json/jev22-channels.schedule.json": 213,
    "schedule-json/klimacamp-2015.frab-events.json": 98,
    "schedule-json/voc-example.frab-camp2019.json": 79,
    "schedule-json/voc-example.hub-schedule2.json": 2,
    "schedule-json/voc-example.invalid-example.json": 1,
    "schedule-json/voc-example.pretalx-democon.json": 36,
    "schedule-json/voc-example.pretalx-rc3.json": 48,
}


def program_of(name: str) -> Program:
    return readers.read([shared(f"data/{name}")]).accept()


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_real_schedules_have_all_their_events(name: str, count: int) -> None:
    program = program_of(name)
    assert len(program.sessions) == sum(len(session.segments) for session in program.sessions) == count


def test_real_schedules_in_two_formats_agree() -> None:
    xml, as_json = (program_of(f"schedule-{kind}/39c3-himmel.schedule.{kind}") for kind in ("xml", "json"))
    assert [(s.id, s.start, s.end, s.title) for s in xml.sessions] == [
        (s.id, s.start, s.end, s.title) for s in as_json.sessions
    ]
