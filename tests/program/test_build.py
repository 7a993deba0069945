"""Drafts become the program, or all that is wrong with them, each at its place."""

from dataclasses import replace
from datetime import date, time

import pytest

from gsef_notify.program.build import build
from gsef_notify.program.draft import DraftClock, DraftPerson, DraftSegment, DraftSession, DraftTimes
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Place, Problems
from tests.conftest import utc

FILE = "session.md"
SEOUL = "Asia/Seoul"


def at(line: int, path: str = FILE) -> Place:
    return Place(path, line)


def clock(start: str, end: str, zone: str, line: int = 2) -> DraftClock:
    return DraftClock(time.fromisoformat(start), time.fromisoformat(end), zone, at(line))


def segment(start: str, end: str, title: str = "Talk", line: int = 10, **more: object) -> DraftSegment:
    plain = DraftSegment(time.fromisoformat(start), time.fromisoformat(end), title, at(line))
    return replace(plain, **more)  # type: ignore[arg-type]


def person(name: str, line: int = 5, **more: object) -> DraftPerson:
    return replace(DraftPerson(name, "speaker", at(line)), **more)  # type: ignore[arg-type]


def draft(
    day: date = date(2021, 10, 8), clocks: tuple[DraftClock, ...] | None = None, **more: object
) -> DraftSession:
    times = DraftTimes(day, (clock("18:00", "19:30", SEOUL),) if clocks is None else clocks)
    return replace(DraftSession("One", times, at(1)), **more)  # type: ignore[arg-type]


def built(*drafts: DraftSession) -> tuple[Program, list[str]]:
    """The program, and the findings without their remedies."""
    problems = Problems()
    program = build(drafts, problems).program
    return program, [str(problem).rpartition(" - ")[0] for problem in sorted(problems.found)]


def findings(*drafts: DraftSession) -> list[str]:
    return built(*drafts)[1]


def ids(*segments: DraftSegment) -> list[str]:
    program, found = built(draft(segments=segments))
    assert found == []
    return [s.id for s in program.sessions[0].segments]


def test_a_session_is_told_in_instants_and_keeps_its_zone() -> None:
    (session,) = built(draft())[0].sessions
    assert (session.start, session.end) == (utc("2021-10-08 09:00"), utc("2021-10-08 10:30"))
    assert (session.timezone, session.language) == (SEOUL, "en")


def test_clocks_that_disagree_are_both_told_in_utc() -> None:
    clocks = (clock("18:00", "19:30", "KST"), clock("10:00", "11:30", "UTC", line=3))
    assert findings(draft(clocks=clocks)) == [
        "session.md:3:1: error CLOCKS_DISAGREE the stated times disagree: 18:00-19:30 KST is 2021-10-08 "
        "09:00-10:30 UTC, but 10:00-11:30 UTC is 2021-10-08 10:00-11:30 UTC"
    ]


def test_clocks_may_show_different_days() -> None:
    clocks = (clock("08:00", "09:00", SEOUL), clock("19:00", "20:00", "America/Toronto"))
    (session,) = built(draft(clocks=clocks))[0].sessions
    assert session.start == utc("2021-10-07 23:00")


def test_an_abbreviation_of_several_zones_is_settled_by_another_clock() -> None:
    clocks = (clock("17:00", "18:00", "CST"), clock("09:00", "10:00", "UTC"))
    (session,) = built(draft(clocks=clocks))[0].sessions
    assert session.timezone == "Asia/Shanghai"


def test_an_abbreviation_of_several_zones_alone_lists_them() -> None:
    assert findings(draft(clocks=(clock("17:00", "18:00", "IST"),))) == [
        "session.md:2:1: error ZONE_AMBIGUOUS IST may mean Asia/Kolkata (UTC+05:30), Europe/Dublin "
        "(UTC+01:00), Asia/Jerusalem (UTC+03:00)"
    ]


def test_an_abbreviation_of_several_zones_is_settled_by_the_countries_of_the_people() -> None:
    people = (person("Ana", country="India"), person("Ben", country="Canada"))
    program, found = built(draft(clocks=(clock("17:00", "18:00", "IST"),), people=people))
    assert program.sessions[0].timezone == "Asia/Kolkata"
    assert found == [
        "session.md:2:1: warning ZONE_GUESSED IST is taken for Asia/Kolkata, because of the people's "
        "countries"
    ]


def test_of_zones_with_one_clock_the_peoples_own_is_named() -> None:
    people = (person("Ana", country="Mexico"),)
    clocks = (clock("17:00", "18:00", "CDT"), clock("22:00", "23:00", "UTC"))
    program, found = built(draft(clocks=clocks, people=people))
    assert (program.sessions[0].timezone, found) == ("America/Mexico_City", [])


def test_countries_that_leave_two_zones_do_not_help() -> None:
    people = (person("Ana", country="India"), person("Ben", country="Ireland"))
    (found,) = findings(draft(clocks=(clock("17:00", "18:00", "IST"),), people=people))
    assert "ZONE_AMBIGUOUS" in found


def test_winter_time_in_summer_is_reported_and_read_as_the_zone() -> None:
    program, found = built(draft(clocks=(clock("11:00", "12:00", "CET"),)))
    assert program.sessions[0].start == utc("2021-10-08 09:00")
    assert found == [
        "session.md:2:1: warning ZONE_SLOPPY CET is UTC+01:00, but on 2021-10-08 Europe/Paris has UTC+02:00, "
        "which is used"
    ]


def test_a_time_that_does_not_exist_is_refused_with_both_readings() -> None:
    clocks = (clock("00:30", "02:00", "America/Santiago"),)
    assert findings(draft(day=date(2021, 9, 5), clocks=clocks)) == [
        "session.md:2:1: error TIME_NONEXISTENT 2021-09-05 00:30 does not exist in America/Santiago: the "
        "clocks go forward there; it could mean 03:30 UTC (23:30 at UTC-04:00) or 04:30 UTC (01:30 at "
        "UTC-03:00)"
    ]


def test_a_segment_time_that_happens_twice_is_refused_at_its_own_line() -> None:
    clocks = (clock("22:00", "00:30", "America/Santiago"),)
    twice = segment("22:00", "23:30", line=12)
    (found,) = findings(draft(day=date(2022, 4, 2), clocks=clocks, segments=(twice,)))
    assert found.startswith("session.md:12:1: error TIME_AMBIGUOUS 2022-04-02 23:30 happens twice")


def test_a_session_without_length_is_refused() -> None:
    assert findings(draft(clocks=(clock("18:00", "18:00", SEOUL),))) == [
        "session.md:2:1: error SESSION_EMPTY the session ends when it begins, at 18:00"
    ]


def test_segments_follow_the_clock_whose_times_they_have() -> None:
    clocks = (clock("18:00", "19:30", SEOUL), clock("09:00", "10:30", "UTC"))
    segments = (segment("09:00", "09:30", "A"), segment("09:30", "10:30", "B"))
    program, found = built(draft(clocks=clocks, segments=segments))
    assert found == []
    assert [s.start for s in program.sessions[0].segments] == [
        utc("2021-10-08 09:00"),
        utc("2021-10-08 09:30"),
    ]


def test_segments_may_pass_midnight() -> None:
    clocks = (clock("23:30", "00:30", SEOUL),)
    segments = (
        segment("23:30", "23:50", "A"),
        segment("23:50", "00:10", "B"),
        segment("00:10", "00:30", "C"),
    )
    program, found = built(draft(clocks=clocks, segments=segments))
    assert found == []
    assert [f"{s.start:%H:%M}-{s.end:%H:%M}" for s in program.sessions[0].segments] == [
        "14:30-14:50",
        "14:50-15:10",
        "15:10-15:30",
    ]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (
            [("18:00", "18:30"), ("18:30", "18:20")],
            ["error SEGMENT_BACKWARDS the segment 'B' ends at 18:20, not after it begins (18:30-18:20)"],
        ),
        (
            [("18:00", "18:30"), ("18:30", "18:30")],
            ["error SEGMENT_BACKWARDS the segment 'B' ends at 18:30, not after it begins (18:30-18:30)"],
        ),
        (
            [("18:00", "18:30"), ("18:29", "18:40")],
            ["error SEGMENTS_OVERLAP the segment 'B' (18:29-18:40) begins before 'A' has ended"],
        ),
        (
            [("18:00", "19:00"), ("19:00", "19:40")],
            ["error SEGMENT_OUTSIDE the segment 'B' (19:00-19:40) lies outside of the session's stated time"],
        ),
        (
            [("18:00", "18:30"), ("18:31", "18:40")],
            ["warning SEGMENT_GAP nothing is on for 1 minute between 'A' and 'B'"],
        ),
        (
            [("18:00", "18:30"), ("18:35", "18:40")],
            ["warning SEGMENT_GAP nothing is on for 5 minutes between 'A' and 'B'"],
        ),
    ],
)
def test_the_running_order_is_checked_line_by_line(times: list[tuple[str, str]], expected: list[str]) -> None:
    segments = tuple(segment(*t, title, line) for t, title, line in zip(times, "AB", (10, 11), strict=True))
    assert findings(draft(segments=segments)) == [f"session.md:11:1: {each}" for each in expected]


def test_the_id_of_a_session_is_the_name_of_its_file() -> None:
    assert [s.id for s in built(draft(place=at(1, "a/b/GSEF 2021 – Séoul.md")))[0].sessions] == [
        "gsef-2021-seoul"
    ]


def test_sessions_of_one_file_are_told_apart_by_title() -> None:
    program, found = built(draft(), draft(title="Two"), draft(title="Two"))
    assert found == []
    assert [s.id for s in program.sessions] == ["one", "two", "two-2"]


def test_files_of_one_name_are_refused_and_not_numbered() -> None:
    assert findings(draft(), draft(place=at(4, "session.yaml"))) == [
        "session.yaml:4:1: error ID_TWICE the id 'session' is taken already at session.md:1"
    ]


def test_a_title_of_another_file_is_refused_and_not_numbered() -> None:
    other = at(4, "other.yaml")
    drafts = (draft(), draft(title="Two"), draft(place=other), draft(title="Three", place=other))
    assert findings(*drafts) == [
        "other.yaml:4:1: error ID_TWICE the id 'one' is taken already at session.md:1"
    ]


def test_segment_ids_are_made_of_titles() -> None:
    a, b, c = (segment(f"18:{n}0", f"18:{n + 1}0", title) for n, title in enumerate(["Été!", "열린", "Été"]))
    assert ids(a, b, c) == ["ete", "segment-2", "ete-2"]


def test_a_given_segment_id_is_kept_and_makes_way_for_itself() -> None:
    assert ids(segment("18:00", "18:10", "Talk"), segment("18:10", "18:20", "B", id="talk")) == [
        "talk-2",
        "talk",
    ]


def test_a_long_title_is_cut_at_a_word() -> None:
    (found,) = ids(segment("18:00", "18:10", "Introduction of the session: background information and so on"))
    assert found == "introduction-of-the-session-background"


def test_a_given_id_that_no_address_can_hold_is_refused() -> None:
    wrong = segment("18:00", "18:10", id="Aa B")
    assert findings(draft(segments=(wrong,))) == ["session.md:10:1: error ID_WRONG 'Aa B' can not be an id"]


def test_the_same_person_has_the_same_id_in_every_session() -> None:
    program, _ = built(
        draft(people=(person("Ana Ñandú"),)),
        draft(title="Two", people=(person("Bo Li"), person("Ana Ñandú"))),
    )
    assert [[p.id for p in s.people] for s in program.sessions] == [["ana-nandu"], ["bo-li", "ana-nandu"]]


@pytest.mark.parametrize(
    ("country", "code", "zone"),
    [
        ("Uganda", "UG", "Africa/Kampala"),
        ("kr", "KR", "Asia/Seoul"),
        ("Canada", "CA", None),
        ("", None, None),
    ],
)
def test_a_zone_is_concluded_from_a_country_with_only_one(
    country: str, code: str | None, zone: str | None
) -> None:
    (session,) = built(draft(people=(person("Ana", country=country),)))[0].sessions
    assert (session.people[0].country, session.people[0].timezone) == (code, zone)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("email", "a b@example.org", "error ADDRESS_WRONG 'a b@example.org' is no e-mail address"),
        ("email", "a@b@example.org", "error ADDRESS_WRONG 'a@b@example.org' is no e-mail address"),
        ("email", '"a"@example.org', "error ADDRESS_WRONG '\"a\"@example.org' is no e-mail address"),
        ("timezone", "Asia/Soul", "error ZONE_UNKNOWN_NAME unknown time zone 'Asia/Soul': did you mean"),
        ("country", "Atlantis", "warning COUNTRY_UNKNOWN no country is known by the name 'Atlantis'"),
    ],
)
def test_what_is_wrong_with_a_person_is_told_where_it_stands(field: str, value: str, expected: str) -> None:
    wrong = replace(person("Ana", places={field: at(7)}), **{field: value})  # type: ignore[arg-type]
    (found,) = findings(draft(people=(wrong,)))
    assert found.startswith(f"session.md:7:1: {expected}")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://x.org", "https://", "https://a b", "https://x.org/\u202ecod"]
)
def test_only_web_addresses_are_links(link: str) -> None:
    assert findings(draft(join_url=link, places={"join_url": at(8)})) == [
        f"session.md:8:1: error LINK_WRONG {link!r} is no web address"
    ]


def test_an_unknown_language_is_reported_and_english_assumed() -> None:
    program, found = built(draft(language="Klingonese", places={"language": at(9)}))
    assert program.sessions[0].language == "en"
    assert found == [
        "session.md:9:1: warning LANGUAGE_UNKNOWN the language 'Klingonese' is unknown; English is assumed"
    ]


def test_a_speaker_is_named_as_the_people_are() -> None:
    people = (person("Ana Ñandú", label="Speaker 1"), person("Bo Li", label="Speaker 2"))
    talk = segment("18:00", "18:10", speakers=("Dr. ana nandu", "speaker 2", "Bo Li"))
    program, found = built(draft(people=people, segments=(talk,)))
    assert found == []
    assert program.sessions[0].segments[0].people == ("ana-nandu", "bo-li")


@pytest.mark.parametrize("name", ["", "Mr.", "Bo"])
def test_a_name_that_is_nobodys_is_not_taken_for_the_first(name: str) -> None:
    talk = segment("18:00", "18:10", speakers=(name,))
    assert findings(draft(people=(person("Ana"),), segments=(talk,))) == [
        f"session.md:10:1: error SPEAKER_UNKNOWN {name!r} is none of the session's people (Ana)"
    ]


def test_a_broken_session_does_not_take_the_others_with_it() -> None:
    program, found = built(draft(clocks=(clock("18:00", "18:00", SEOUL),)), draft(title="Two"))
    assert [s.title for s in program.sessions] == ["Two"]
    assert len(found) == 1
