"""YAML programs, good and bad."""

from pathlib import Path

import pytest

from gsef_notify import readers
from gsef_notify.program.problems import ProgramRefused
from tests.conftest import utc

BASE = """
sessions:
  - id: one
    title: One
    date: "2021-10-08"
    time: "23:30-01:00"
    timezone: Asia/Seoul
    also: ["14:30-16:00 UTC", "10:30-12:00 EDT"]
    speakers:
      - {name: "Ms. Ana Ñandú", country: Chile, timezone: america/santiago, email: "ana@Example.ORG"}
      - {name: 김영, country: KR}
    segments:
      - {time: "23:30-00:10", title: "¡Hola, señor!", speakers: [ana nandu]}
      - {time: 00:10-00:30, title: 열린 토론}
      - {time: "00:30-01:00", title: "¡Hola, señor!", speakers: [김영]}
"""


def reading(tmp_path: Path, text: str, name: str = "p.yaml") -> readers.Reading:
    file = tmp_path / name
    file.write_text(text)
    return readers.read([file])


def codes(found: readers.Reading) -> list[str]:
    return [problem.code for problem in found.errors]


def test_a_session_may_pass_midnight(tmp_path: Path) -> None:
    (session,) = reading(tmp_path, BASE).accept().sessions
    assert (session.start, session.end) == (utc("2021-10-08 14:30"), utc("2021-10-08 16:00"))
    assert [(s.start, s.end) for s in session.segments] == [
        (utc("2021-10-08 14:30"), utc("2021-10-08 15:10")),
        (utc("2021-10-08 15:10"), utc("2021-10-08 15:30")),
        (utc("2021-10-08 15:30"), utc("2021-10-08 16:00")),
    ]


def test_names_become_ids_that_a_web_address_can_hold(tmp_path: Path) -> None:
    (session,) = reading(tmp_path, BASE).accept().sessions
    assert [person.id for person in session.people] == ["ana-nandu", "person-9a4970f10e21"]
    assert [segment.id for segment in session.segments] == ["hola-senor", "segment-2", "hola-senor-2"]
    assert [segment.people for segment in session.segments] == [("ana-nandu",), (), ("person-9a4970f10e21",)]


def test_people_are_understood(tmp_path: Path) -> None:
    ana, kim = reading(tmp_path, BASE).accept().sessions[0].people
    assert (ana.name, ana.country, ana.timezone, ana.email) == (
        "Ana Ñandú",
        "CL",
        "America/Santiago",
        "ana@example.org",
    )
    assert (kim.country, kim.timezone) == ("KR", "Asia/Seoul")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("14:30-16:00 UTC", "15:30-17:00 UTC", ["CLOCKS_DISAGREE"]),
        ("14:30-16:00 UTC", "soon", ["TIME_UNREADABLE"]),
        ("Asia/Seoul", "Seol/Asia", ["ZONE_UNKNOWN_NAME"]),
        ("timezone: Asia/Seoul", "language: en", ["ZONE_MISSING"]),
        ("2021-10-08", "2021-02-30", ["NO_DATE"]),
        ("2021-10-08", "2038-10-08", ["DATE_TOO_LATE"] * 3),
        ("title: One", "title: ''", ["NO_TITLE"]),
        ("time: 00:10-00:30", "time: 00:05-00:30", ["SEGMENTS_OVERLAP"]),
        ("00:30-01:00", "00:30-01:10", ["SEGMENT_OUTSIDE"]),
        ("00:30-01:00", "00:30-00:30", ["SEGMENT_BACKWARDS"]),
        ("speakers: [김영]", "speakers: [Bo]", ["SPEAKER_UNKNOWN"]),
        ("ana@Example.ORG", "ana@example.org\\r\\nBcc: x@example.org", ["ADDRESS_WRONG"]),
        ("ana@Example.ORG", '\\"a b\\"@example.org', ["ADDRESS_WRONG"]),
        ("id: one", "id: One!", ["ID_WRONG"]),
        ("id: one", "colour: red", ["KEY_UNKNOWN"]),
        ("id: one", "id: one\n    id: two", ["KEY_TWICE"]),
        ("id: one", "id: [one]", ["YAML_SHAPE"]),
        ("name: 김영", "name: Ana Nandu", ["PERSON_TWICE", "SPEAKER_UNKNOWN"]),
        ("america/santiago", "Europe/Atlantis", ["ZONE_UNKNOWN_NAME"]),
        ("sessions:", "sessions: &a", []),
    ],
)
def test_each_mistake_has_its_code(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert old in BASE
    assert codes(reading(tmp_path, BASE.replace(old, new))) == expected


def test_a_time_that_happens_twice_is_refused_with_both_readings(tmp_path: Path) -> None:
    text = """
sessions:
  - title: Twice
    date: "2022-04-02"
    time: "22:00-23:30"
    timezone: America/Santiago
"""
    (problem,) = reading(tmp_path, text).errors
    assert (problem.code, problem.place.line) == ("TIME_AMBIGUOUS", 6)
    assert "02:30 UTC (23:30 at UTC-03:00) or 03:30 UTC (23:30 at UTC-04:00)" in problem.message


def test_an_id_of_another_file_is_named_with_its_place(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(BASE)
    (problem,) = readers.read([tmp_path]).errors
    assert str(problem) == (
        f"{tmp_path}/b.yaml:3:5: error ID_TWICE the id 'one' is taken already at {tmp_path}/a.yaml:3 - "
        "give each session an id of its own"
    )


def test_a_folder_is_read_whole_but_for_what_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BASE)
    (tmp_path / "b.yml").write_text(BASE.replace("id: one", "id: two"))
    for name in ("people.csv", "README.md", ".hidden.yaml", "notes.odt"):
        (tmp_path / name).write_text("no program at all")
    assert [session.id for session in readers.read([tmp_path]).accept().sessions] == ["one", "two"]


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    (problem,) = readers.read([tmp_path]).errors
    assert (problem.code, problem.remedy) == (
        "NO_PROGRAM",
        "put a .md, .txt, .yaml, .yml, .xml, .json, .ics, .csv, .xlsx, .docx, .html, .pdf file into it",
    )


def test_an_alias_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    assert codes(reading(tmp_path, "\n".join(lines))) == ["YAML_ALIASES"]


def test_a_deep_nest_is_refused(tmp_path: Path) -> None:
    assert codes(reading(tmp_path, "sessions: " + "[" * 5000 + "]" * 5000)) == ["YAML_DEEP"]


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    assert codes(reading(tmp_path, "x" * (1024 * 1024 + 1))) == ["UNREADABLE"]


def test_controls_do_not_pass(tmp_path: Path) -> None:
    text = BASE.replace("title: One", r'title: "One\r\nBcc: x\u2028\u0007y"')
    assert reading(tmp_path, text).accept().sessions[0].title == "One Bcc: x y"


@pytest.mark.parametrize("text", ["# nothing yet\n", "---\n", "sessions:\n", "sessions: []\n", "~\n"])
def test_a_file_without_sessions_is_never_an_empty_program(tmp_path: Path, text: str) -> None:
    assert reading(tmp_path, text).errors


def told(found: readers.Reading, tmp_path: Path) -> list[str]:
    return [str(problem).replace(f"{tmp_path}/", "") for problem in found.errors]


def test_an_unreadable_time_is_one_error_and_no_cascade(tmp_path: Path) -> None:
    assert told(reading(tmp_path, BASE.replace('"23:30-01:00"', "18:00")), tmp_path) == [
        "p.yaml:6:11: error TIME_UNQUOTED 18:00 is one unquoted time; many YAML readers make a number of it "
        '(10:30 becomes 630) - write a range in quotes, "18:00-19:00"'
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("title: One", "title: One\n    join: ftp://x", "p.yaml:5:11: error LINK_WRONG"),
        ("america/santiago", "Asia/Soul", "p.yaml:10:59: error ZONE_UNKNOWN_NAME"),
        ("ana@Example.ORG", "a b@x.org", "p.yaml:10:84: error ADDRESS_WRONG"),
        ("- {name: 김영, country: KR}", "- 김영", "p.yaml:11:9: error YAML_SHAPE"),
        ("title: One", "title: One\n    ? [a]\n    : b", "p.yaml:5:7: error YAML_SHAPE"),
        ("title: One", "titel: One", "p.yaml:4:5: error KEY_UNKNOWN"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in BASE
    assert any(each.startswith(place) for each in told(reading(tmp_path, BASE.replace(old, new)), tmp_path))


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(BASE)
    found = readers.read([tmp_path, tmp_path / "p.yaml", tmp_path / "p.yaml"])
    assert [session.id for session in found.accept().sessions] == ["one"]


def test_a_missing_file_and_an_unknown_format_are_problems(tmp_path: Path) -> None:
    (tmp_path / "a.odt").write_text("x")
    assert told(readers.read([tmp_path / "a.odt", tmp_path / "b.md"]), tmp_path) == [
        "a.odt:1:1: error FORMAT_UNKNOWN files that end in '.odt' are not read - the formats are "
        ".md, .txt, .yaml, .yml, .xml, .json, .ics, .csv, .xlsx, .docx, .html, .pdf",
        "b.md:1:1: error NO_FILE there is no such file - name a file or folder that exists",
    ]


def test_a_program_with_errors_is_not_accepted(tmp_path: Path) -> None:
    found = reading(tmp_path, BASE.replace("Asia/Seoul", "Europe/Atlantis"))
    with pytest.raises(ProgramRefused, match="unknown time zone 'Europe/Atlantis'") as refused:
        found.accept()
    assert refused.value.problems == list(found.problems)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "this is a PDF under another name"),
        (b"PK\x03\x04", "this is a Word, Excel or other zipped file under another name"),
        (b"\xd0\xcf\x11\xe0\xa1", "this is an old Word or Excel file under another name"),
        (b"", "the file is empty"),
        (b"a\n\xe9", "byte 2 (line 2) is not UTF-8"),
        (b"a\x00b", "this is a binary file"),
        (b"x" * (1024 * 1024 + 1), "larger than 1024 KiB"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "p.yaml").write_bytes(content)
    (problem,) = readers.read([tmp_path]).errors
    assert (problem.code, problem.message) == ("UNREADABLE", message)


def test_a_byte_order_mark_is_let_pass(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(b"\xef\xbb\xbf" + BASE.encode())
    assert [session.id for session in readers.read([tmp_path]).accept().sessions] == ["one"]
