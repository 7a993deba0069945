"""A careful colleague looks the program over."""

from datetime import datetime
from pathlib import Path

import pytest

from gsef_notify import readers
from gsef_notify.program.build import Built
from gsef_notify.program.check import check
from gsef_notify.program.check_nights import is_night
from gsef_notify.program.problems import Place, Problem, Problems, told
from gsef_notify.readers import contact_list
from tests.conftest import SAMPLE

YAML = """
sessions:
  - title: One
    date: "2021-10-08"
    time: "18:00-19:30"
    timezone: Asia/Seoul
    join: https://x.org
    speakers:
      - {name: Ana, country: Ecuador}
    segments:
      - {time: "18:00-19:30", title: A}
"""


def findings(tmp_path: Path, text: str = YAML) -> list[str]:
    file = tmp_path / "one.yaml"
    file.write_text(text)
    return [str(problem).replace(f"{file}:", "") for problem in readers.read([file]).problems]


def unknown(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.message.partition(" has ")[0] for problem in problems if problem.code == "ZONE_UNKNOWN"]


def test_a_person_of_a_country_with_several_zones_is_named_at_their_place(tmp_path: Path) -> None:
    assert findings(tmp_path) == [
        "9:16: warning ZONE_UNKNOWN Ana has no known time zone: Ecuador has 2 time zones, and times are "
        "told to them in the session's zone, Asia/Seoul - give their zone in the contact list (people.csv) "
        "or in YAML: America/Guayaquil, Pacific/Galapagos"
    ]


def test_a_person_without_a_country_is_named_too(tmp_path: Path) -> None:
    assert findings(tmp_path, YAML.replace(", country: Ecuador", "")) == [
        "9:16: warning ZONE_UNKNOWN Ana (speaker) has no country, so no time zone: times are told to them in "
        "the session's zone, Asia/Seoul - give their zone in the contact list (people.csv) or in YAML, like "
        "Asia/Seoul"
    ]


def test_a_person_whose_zone_is_known_is_not_named(tmp_path: Path) -> None:
    assert findings(tmp_path, YAML.replace("Ecuador", "Canada, timezone: Europe/Paris")) == []


def test_the_contact_list_may_know_more() -> None:
    contacts = contact_list.read(SAMPLE.with_name("people.csv")).accept()
    assert unknown(readers.read([SAMPLE]).problems) == [
        "Dara Huot (moderator)",
        "Eric Leyton Inostroza",
        "Martin Van Den Borre",
    ]
    assert unknown(readers.read([SAMPLE], contacts).problems) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    join: https://x.org\n", "", "warning NO_JOIN_LINK the session does not say where to join"),
        (
            '    segments:\n      - {time: "18:00-19:30", title: A}\n',
            "",
            "warning NO_SEGMENTS 'One' has no running order",
        ),
        ("18:00-19:30", "19:30-18:00", "warning SESSION_LONG 'One' lasts 22.5 hours"),
    ],
)
def test_what_deserves_a_look_is_told_at_the_session(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    sure = YAML.replace("country: Ecuador", "timezone: Asia/Seoul")
    assert old in sure
    found = findings(tmp_path, sure.replace(old, new))
    assert [each for each in found if each.startswith(f"3:5: {expected}")]


def test_half_of_a_program_gives_no_warnings(tmp_path: Path) -> None:
    second = YAML.partition("sessions:")[2].replace("One", "Two").replace("18:00-19:30", "soon")
    codes = [problem.split()[2] for problem in findings(tmp_path, YAML + second.lstrip("\n"))]
    assert codes == ["TIME_UNREADABLE", "TIME_UNREADABLE"]


def test_an_empty_program_is_not_commented() -> None:
    problems = Problems()
    check(Built(readers.read([]).program), {}, problems)
    assert problems.found == []


TWO = """
sessions:
  - title: One
    date: "2021-10-08"
    time: "18:00-19:30"
    timezone: Asia/Seoul
    room: Hall
    moderator: {name: Ana, country: KR}
    speakers:
      - {name: Ben, country: KR}
    segments:
      - {time: "18:00-18:30", title: A, speakers: [Ben]}
      - {time: "18:30-19:30", title: B}
  - title: Two
    date: "2021-10-08"
    time: "19:30-20:30"
    timezone: Asia/Seoul
    room: Hall
    moderator: {name: Cem, country: KR}
    speakers:
      - {name: Ben, country: KR}
    segments:
      - {time: "19:30-20:30", title: C, speakers: [Ben]}
"""


def changed(*pairs: tuple[str, str]) -> str:
    text = TWO
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (changed(), []),
        (
            changed(("19:30-20:30", "18:15-20:30")),
            [
                "14:5: warning ROOM_TWICE 'Two' begins in Hall before 'One' has ended",
                "23:16: warning PERSON_IN_TWO_PLACES Ben is in two places at once: 'A' and 'C'",
            ],
        ),
        (
            changed(("19:30-20:30", "19:00-20:30"), ("name: Cem", "name: Dr. Ana")),
            [
                "14:5: warning PERSON_IN_TWO_PLACES Ana is in two places at once: 'One' and 'Two'",
                "14:5: warning ROOM_TWICE 'Two' begins in Hall before 'One' has ended",
            ],
        ),
        (
            changed(("title: C, speakers: [Ben]", "title: C, speakers: [Cem]")),
            ["21:16: warning PERSON_IDLE Ben is among the speakers, but no segment is theirs"],
        ),
        (
            changed(("18:30-19:30", "18:30-19:25")),
            ["13:16: warning SEGMENT_GAP nothing is on for the last 5 minutes of the session"],
        ),
        (
            changed(("18:00-18:30", "18:01-18:30")),
            ["12:16: warning SEGMENT_GAP nothing is on for the first minute of the session"],
        ),
        (
            changed(("name: Cem, country: KR", "name: Cem, country: KR, email: cem@office.lan")),
            ["19:23: warning ADDRESS_DOUBTFUL no mail reaches cem@office.lan"],
        ),
        (
            changed(("name: Cem, country: KR", "name: Cem, country: KR, email: cem@gmial.com")),
            ["19:23: warning ADDRESS_DOUBTFUL cem@gmial.com looks mistyped"],
        ),
        (
            changed(("title: B", f"title: {'B' * 256}")),
            ["13:16: warning TEXT_LONG the title has 256 characters; calendars cut it after 255"],
        ),
        (
            changed(("title: Two", 'title: "Two\\u202Eowt"')),
            [
                "14:5: warning HIDDEN_CHARACTER the title holds the hidden character U+202E "
                "(right-to-left override) after 'Two'"
            ],
        ),
        (
            changed(("name: Ben", 'name: "Ben\\u200B"')),
            [
                "10:16: warning HIDDEN_CHARACTER the name holds the hidden character U+200B "
                "(zero width space) after 'Ben'",
                "21:16: warning HIDDEN_CHARACTER the name holds the hidden character U+200B "
                "(zero width space) after 'Ben'",
            ],
        ),
        (
            changed(("19:30-20:30", "18:50-19:50"), ("name: Cem, country: KR", "name: Cem, country: UG"),
                    ("title: Two\n    date: \"2021-10-08\"", "title: Two\n    date: \"2021-10-09\""),
                    ("18:50-19:50", "06:30-07:30")),
            [
                "14:5: warning NIGHT 'Two' is at 00:30-01:30 by Cem's clock (Kampala): night",
                "14:5: warning NIGHT_SPREAD minutes of the session that fall into the night: Cem 60, Ben 30",
                "23:16: warning NIGHT 'C' is at 06:30-07:30 by Ben's clock (Seoul): night",
            ],
        ),
    ],
)  # fmt: skip
def test_the_colleague_says(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert [found.rpartition(" - ")[0] for found in findings(tmp_path, text)] == expected


def test_a_zone_is_asked_for_once_in_a_program(tmp_path: Path) -> None:
    text = changed(("name: Ben, country: KR", "name: Ben"))
    assert [found.split()[2] for found in findings(tmp_path, text)] == ["ZONE_UNKNOWN"]


@pytest.mark.parametrize(
    ("wall", "night"),
    [("22:59", False), ("23:00", True), ("06:59", True), ("07:00", False), ("12:00", False)],
)
def test_night_is_from_eleven_to_seven(wall: str, night: bool) -> None:
    assert is_night(datetime.fromisoformat(f"2021-10-08T{wall}:00+09:00")) is night


def test_many_warnings_of_a_kind_are_counted_and_errors_never() -> None:
    warnings = [Problem(Place("a.xml", n), "warning", "W", "m", "r") for n in range(1, 14)]
    errors = [Problem(Place("a.xml", n), "error", "E", "m", "r") for n in range(1, 14)]
    lines = list(told([*warnings, *errors]))
    assert len([line for line in lines if "error" in line]) == 13
    assert len([line for line in lines if ": warning W" in line]) == 10
    assert lines[-1] == "a.xml: 3 more warnings W - see them all with: gsef-notify check --all"
    assert len(list(told(warnings, None))) == 13
