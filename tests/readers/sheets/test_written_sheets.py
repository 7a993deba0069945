"""Sheets as many hands write them, each beside what it says: every instant, person and segment."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gsef_notify import readers
from gsef_notify.program.model import Session

SHEETS = Path(__file__).parent / "written"
EXPECTED = sorted(SHEETS.glob("*.expected.json"))
RIGHT = [file for file in EXPECTED if "sessions" in json.loads(file.read_text())]


def sheet_of(expected: Path) -> Path:
    name = expected.name.removesuffix(".expected.json")
    return next(file for file in expected.parent.glob(f"{name}.*") if file != expected)


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def told(session: Session) -> dict[str, Any]:
    return {
        "title": session.title,
        "timezone": session.timezone,
        "start": stamp(session.start),
        "end": stamp(session.end),
        "language": session.language,
        "join_url": session.join_url,
        "people": [
            {
                "name": person.name,
                "role": person.role,
                "country": person.country,
                "organization": person.organization,
                "email": person.email,
            }
            for person in session.people
        ],
        "segments": [
            {
                "start": stamp(segment.start),
                "end": stamp(segment.end),
                "title": segment.title,
                "people": [person.name for person in session.people_of(segment)],
            }
            for segment in session.segments
        ],
    }


def tidied(value: Any) -> Any:
    """The expected facts with plain blanks, as the program has them."""
    if isinstance(value, dict):
        return {key: tidied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [tidied(each) for each in value]
    return " ".join(value.split()) if isinstance(value, str) else value


@pytest.mark.parametrize("expected", RIGHT, ids=lambda file: sheet_of(file).name)
def test_a_sheet_says_what_its_writer_meant(expected: Path) -> None:
    (session,) = readers.read([sheet_of(expected)]).accept().sessions
    (meant,) = tidied(json.loads(expected.read_text()))["sessions"]
    assert told(session) == meant


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("island-buses.txt", ["CLOCKS_DISAGREE", "SPEAKER_UNKNOWN", "SEGMENT_OUTSIDE"]),
        ("wrong-bus-stops.html", ["WEEKDAY_WRONG", "CLOCKS_DISAGREE", "SPEAKER_UNKNOWN"]),
    ],
)
def test_everything_wrong_with_a_sheet_is_told_at_once(name: str, codes: list[str]) -> None:
    assert [problem.code for problem in readers.read([SHEETS / name]).problems] == codes
