"""A feed is the same bytes for the same program, and everybody reads the same instants out of it."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from msgspec.structs import replace

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import feed, segment_file
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import NothingSelected, Selection
from gsef_notify.program.changes import Publication, first_publication
from gsef_notify.program.model import Program, Segment, Session
from tests.conftest import ERIC, ROOT, SAMPLE, utc
from tests.feeds.peers import READERS, Events, by_node_ical
from tests.feeds.truth import around_changes

SITE = Site("GSEF 2021", "https://gsef.example.org", "gsef.example.org")
PUBLISHED_AT = utc("2021-09-01 12:00")

# Zones whose clocks change in the north, in the south, by half an hour, around Ramadan, or never.
ZONES = [
    "America/Santiago", "America/Toronto", "Europe/Paris", "Europe/London", "Africa/Casablanca",
    "Africa/Kampala", "Africa/Dakar", "Asia/Seoul", "Asia/Phnom_Penh", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/Mexico_City", "America/St_Johns", "Pacific/Auckland", "UTC",
]  # fmt: skip


@pytest.fixture
def publication(program: Program) -> Publication:
    return first_publication(program, PUBLISHED_AT)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_erics_segment_stands_at_six_twenty_one_in_santiago(publication: Publication) -> None:
    selection = Selection(person=ERIC, face=Face(timezone="America/Santiago"))
    lines = unfolded(feed(SITE, publication, selection))
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT") + 1]
    title = "Work Integration Social Enterprises & International Cooperation"
    assert event == [
        "BEGIN:VEVENT",
        "UID:gsef-2021-alliances.work-integration-social-enterprises@gsef.example.org",
        "DTSTAMP:20210901T120000Z",
        "LAST-MODIFIED:20210901T120000Z",
        "SEQUENCE:0",
        f"SUMMARY;LANGUAGE=en:{title} - Eric Leyton Inostroza",
        "STATUS:CONFIRMED",
        "RELATED-TO;RELTYPE=PARENT:gsef-2021-alliances@gsef.example.org",
        "DTSTART;TZID=America/Santiago:20211008T062100",
        "DTEND;TZID=America/Santiago:20211008T063100",
        "DESCRIPTION;LANGUAGE=en:Join: https://meet.example.org/gsef-2021-alliances\\n\\n"
        "Fri 08 Oct 2021\\, 06:21-06:31 Santiago time (UTC-03:00)\\n"
        "Fri 08 Oct 2021\\, 18:21-18:31 Seoul time (UTC+09:00)\\n"
        "Fri 08 Oct 2021\\, 09:21-09:31 UTC\\n\\n"
        "Eric Leyton Inostroza\\, Project Manager\\, "
        "ENSIE (European Network for Social Integration Enterprises) "
        "& CIESCOOP (Centro Internacional de Economía Social y Cooperativa)\\n\\n"
        "Part of: Initiatives and alliances between local governments and SSE actors to build a new economy",
        "LOCATION:https://meet.example.org/gsef-2021-alliances",
        "CONFERENCE;VALUE=URI;LABEL=Online:https://meet.example.org/gsef-2021-alliances",
        "URL:https://gsef.example.org/sessions/gsef-2021-alliances",
        "BEGIN:PARTICIPANT",
        "UID:gsef-2021-alliances.eric-leyton-inostroza@gsef.example.org",
        "PARTICIPANT-TYPE:SPEAKER",
        "SUMMARY:Eric Leyton Inostroza",
        "END:PARTICIPANT",
        "END:VEVENT",
    ]


def test_the_calendar_says_what_it_is_and_when_to_look_again(publication: Publication) -> None:
    lines = unfolded(feed(SITE, publication, Selection()))
    assert lines[: lines.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//gsef-notify//gsef-notify//EN",
        "CALSCALE:GREGORIAN",
        "uid:calendar.segments@gsef.example.org",
        "NAME:GSEF 2021",
        "X-WR-CALNAME:GSEF 2021",
        "LAST-MODIFIED:20210901T120000Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "URL:https://gsef.example.org",
        "SOURCE;VALUE=URI:https://gsef.example.org/calendar.ics",
        "COLOR:olivedrab",
    ]


@pytest.mark.parametrize("read", (*READERS, by_node_ical))
@pytest.mark.parametrize("timezone", [None, "America/Santiago", "UTC"])
def test_everybody_reads_the_same_instants(
    publication: Publication, read: Callable[[bytes], Events], timezone: str | None
) -> None:
    (session,) = publication.program.sessions
    expected = sorted(
        (f"gsef-2021-alliances.{s.id}@gsef.example.org", s.start, s.end) for s in session.segments
    )
    assert read(feed(SITE, publication, Selection(face=Face(timezone=timezone)))) == expected


@pytest.mark.parametrize(
    ("timezone", "read"),
    [
        (zone, read)
        for zone in ZONES
        for read in (*READERS, by_node_ical)
        if (zone, read) != ("Africa/Casablanca", by_node_ical)
    ],  # where its data are older than the last change
)
def test_everybody_reads_the_same_instants_around_every_clock_change(
    read: Callable[[bytes], Events], timezone: str
) -> None:
    publication = around_changes(
        timezone, datetime(2020, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC)
    )
    (session,) = publication.program.sessions
    expected = sorted((f"s.{s.id}@gsef.example.org", s.start, s.end) for s in session.segments)
    assert read(feed(SITE, publication, Selection())) == expected


def observances(publication: Publication, timezone: str) -> list[list[str]]:
    text = feed(SITE, publication, Selection(face=Face(timezone))).decode()
    assert "RDATE" not in text
    found = re.findall(r"BEGIN:(?:DAYLIGHT|STANDARD)\r\n.*?END:\w+", text, re.DOTALL)
    return [observance.split("\r\n") for observance in found]


def test_clocks_that_change_by_rule_are_written_as_two_rules(publication: Publication) -> None:
    assert observances(publication, "America/Toronto") == [
        ["BEGIN:DAYLIGHT", "DTSTART:20200308T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
         "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400", "TZNAME:EDT", "END:DAYLIGHT"],
        ["BEGIN:STANDARD", "DTSTART:20201101T020000", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
         "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "TZNAME:EST", "END:STANDARD"],
    ]  # fmt: skip
    (spring, _) = observances(publication, "Europe/Paris")
    assert spring[2] == "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"


def test_other_changes_are_written_one_by_one_in_the_time_before(publication: Publication) -> None:
    found = observances(publication, "Africa/Casablanca")
    assert len(found) == 7
    assert found[3] == [
        "BEGIN:DAYLIGHT", "DTSTART:20210411T030000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000", "TZNAME:+00",
        "END:DAYLIGHT",
    ]  # fmt: skip
    (only,) = observances(publication, "Asia/Seoul")
    assert only[1:4] == ["DTSTART:20200101T090000", "TZOFFSETFROM:+0900", "TZOFFSETTO:+0900"]


def test_each_process_writes_the_same_bytes() -> None:
    command = [sys.executable, "-m", "gsef_notify", "feed", str(SAMPLE), "--timezone", "Europe/Paris"]
    environments = [{"PYTHONHASHSEED": seed, "PATH": ""} for seed in ("0", "1")]
    first, second = (
        subprocess.run(command, env=env, capture_output=True, check=True, cwd=ROOT, timeout=60).stdout
        for env in environments
    )
    assert first == second
    assert first.startswith(b"BEGIN:VCALENDAR\r\n")


def test_lines_are_short_and_end_as_they_should(publication: Publication) -> None:
    content = feed(SITE, publication, Selection())
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_no_address_of_a_person_is_published(publication: Publication) -> None:
    assert any(person.email for _, person in publication.program.people())
    for selection in (Selection(), Selection(person="dara-huot"), Selection(detail="sessions")):
        text = b"".join(feed(SITE, publication, selection).split(b"\r\n "))
        assert (
            re.findall(rb"[\w.]+@[\w.]+", re.sub(rb"\r\n(?:UID|uid|RELATED-TO;RELTYPE=PARENT):.*", b"", text))
            == []
        )


def test_a_moderator_has_the_whole_session_and_a_speaker_their_own(publication: Publication) -> None:
    counts = [
        feed(SITE, publication, Selection(person=name)).count(b"BEGIN:VEVENT") for name in ("dara-huot", ERIC)
    ]
    assert counts == [10, 1]


def test_one_event_a_session_tells_the_running_order(publication: Publication) -> None:
    selection = Selection(detail="sessions", face=Face(timezone="America/Santiago"))
    lines = unfolded(feed(SITE, publication, selection))
    assert lines.count("BEGIN:VEVENT") == 1
    (description,) = [line for line in lines if line.startswith("DESCRIPTION")]
    assert "06:21-06:31 Work Integration Social Enterprises" in description


def test_an_alarm_is_there_only_when_asked_for(publication: Publication) -> None:
    assert b"VALARM" not in feed(SITE, publication, Selection())
    face = Face(alarm=timedelta(minutes=15))
    assert feed(SITE, publication, Selection(face=face)).count(b"TRIGGER:-PT15M\r\n") == 10


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("es", ["Enlace: https://meet.example.org/gsef-2021-alliances",
                "vie 8 oct 2021, 22:21-22:31 hora de Auckland (UTC+13:00)",
                "vie 8 oct 2021, 18:21-18:31 hora de Seúl (UTC+09:00)",
                "vie 8 oct 2021, 09:21-09:31 UTC", "06:21-06:31 Santiago de Chile"]),
        ("fr", ["Lien : https://meet.example.org/gsef-2021-alliances",
                "ven. 8 oct. 2021, 22:21-22:31 heure de Auckland (UTC+13:00)",
                "ven. 8 oct. 2021, 18:21-18:31 heure de Séoul (UTC+09:00)",
                "ven. 8 oct. 2021, 09:21-09:31 UTC", "06:21-06:31 Santiago"]),
        ("ko", ["참여: https://meet.example.org/gsef-2021-alliances",
                "2021년 10월 8일 (금), 22:21-22:31 오클랜드 시간 (UTC+13:00)",
                "2021년 10월 8일 (금), 18:21-18:31 서울 시간 (UTC+09:00)",
                "2021년 10월 8일 (금), 09:21-09:31 UTC", "06:21-06:31 산티아고"]),
    ],
)  # fmt: skip
def test_the_times_stand_there_in_the_feeds_language(
    publication: Publication, language: str, lines: list[str]
) -> None:
    selection = Selection(person=ERIC, face=Face("Pacific/Auckland", None, language))
    described = description(with_eric_in("America/Santiago", publication), selection)
    assert [line for line in described if line][: len(lines)] == lines


def test_the_times_of_the_speakers_cities_say_on_which_day_they_are(publication: Publication) -> None:
    changed = with_eric_in("Pacific/Honolulu", publication)
    assert "23:21-23:31 Honolulu (-1 day)" in description(changed, Selection(person=ERIC))


def with_eric_in(timezone: str, publication: Publication) -> Publication:
    (session,) = publication.program.sessions
    people = tuple(replace(p, timezone=timezone) if p.id == ERIC else p for p in session.people)
    return first_publication(Program(sessions=(replace(session, people=people),)), PUBLISHED_AT)


def description(publication: Publication, selection: Selection) -> list[str]:
    (event,) = Calendar.from_ical(feed(SITE, publication, selection)).walk("VEVENT")
    return str(event["DESCRIPTION"]).split("\n")


def test_a_track_and_a_language_have_feeds_of_their_own(publication: Publication) -> None:
    (session,) = publication.program.sessions
    other = replace(session, id="other", track="돌봄 경제", language="ko-KR")
    both = first_publication(Program(sessions=(replace(session, track="Allied Towns"), other)), PUBLISHED_AT)
    track = unfolded(feed(SITE, both, Selection(track="allied-towns")))
    assert {line for line in track if line.startswith("RELATED-TO")} == {
        "RELATED-TO;RELTYPE=PARENT:gsef-2021-alliances@gsef.example.org"
    }
    assert "NAME:Allied Towns - GSEF 2021" in track
    assert "CATEGORIES:Allied Towns" in track
    korean = unfolded(feed(SITE, both, Selection(language="ko")))
    assert {line for line in korean if line.startswith("RELATED-TO")} == {
        "RELATED-TO;RELTYPE=PARENT:other@gsef.example.org"
    }


@pytest.mark.parametrize("kind", ["session", "person", "track", "language"])
def test_an_unknown_id_selects_nothing(publication: Publication, kind: str) -> None:
    selection = Selection(**{kind: "nope"})  # type: ignore[arg-type]
    with pytest.raises(NothingSelected, match=f"no {kind} 'nope'"):
        feed(SITE, publication, selection)


def test_hostile_titles_stay_text(publication: Publication) -> None:
    (session,) = publication.program.sessions
    title = "x\r\nATTENDEE:mailto:evil@example.org\nBEGIN:VEVENT;,\\ \u2028"
    hostile = Segment(id="h", title=title, start=session.start, end=session.end)
    changed = first_publication(
        Program(sessions=(Session(id="s", title=title, start=session.start, end=session.end,
                                  timezone="Asia/Seoul", segments=(hostile,)),)), PUBLISHED_AT)  # fmt: skip
    lines = unfolded(feed(SITE, changed, Selection()))
    assert lines.count("BEGIN:VEVENT") == 1
    assert [line for line in lines if line.startswith("ATTENDEE")] == []


def test_an_attached_segment_has_the_identity_that_it_has_in_the_feed(publication: Publication) -> None:
    (session,) = publication.program.sessions
    segment = session.segments[4]
    attached = unfolded(segment_file(SITE, publication, Face("America/Santiago"), session, segment))
    fed = unfolded(feed(SITE, publication, Selection(person=ERIC, face=Face("America/Santiago"))))
    event = slice(attached.index("BEGIN:VEVENT"), attached.index("END:VEVENT"))
    assert attached[event] == fed[fed.index("BEGIN:VEVENT") : fed.index("END:VEVENT")]
    assert "METHOD" not in "".join(attached)
