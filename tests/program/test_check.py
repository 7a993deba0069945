"""A careful colleague looks the program over."""

from pathlib import Path

import pytest

from gsef_notify import readers
from gsef_notify.program.build import Built
from gsef_notify.program.check import check
from gsef_notify.program.problems import Problem, Problems
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
      - {name: Ana, country: Canada}
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
        "9:16: warning ZONE_UNKNOWN Ana has no known time zone: Canada has 23, and times are told to them in "
        "the session's zone, Asia/Seoul - give their zone in the contact list (people.csv) or in YAML, like "
        "America/St_Johns or America/Halifax"
    ]


def test_a_person_without_a_country_is_named_too(tmp_path: Path) -> None:
    assert findings(tmp_path, YAML.replace(", country: Canada", "")) == [
        "9:16: warning ZONE_UNKNOWN Ana (speaker) has no country, so no time zone: times are told to them in "
        "the session's zone, Asia/Seoul - give their zone in the contact list (people.csv) or in YAML, like "
        "Asia/Seoul"
    ]


def test_a_person_whose_zone_is_known_is_not_named(tmp_path: Path) -> None:
    assert findings(tmp_path, YAML.replace("Canada", "Canada, timezone: America/Toronto")) == []


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
    sure = YAML.replace("Canada", "Korea")
    assert old in sure
    (found,) = findings(tmp_path, sure.replace("Korea", "South Korea").replace(old, new))
    assert found.startswith(f"3:5: {expected}")


def test_half_of_a_program_gives_no_warnings(tmp_path: Path) -> None:
    second = YAML.partition("sessions:")[2].replace("One", "Two").replace("18:00-19:30", "soon")
    codes = [problem.split()[2] for problem in findings(tmp_path, YAML + second.lstrip("\n"))]
    assert codes == ["TIME_UNREADABLE", "TIME_UNREADABLE"]


def test_an_empty_program_is_not_commented() -> None:
    problems = Problems()
    check(Built(readers.read([]).program), (), problems)
    assert problems.found == []
