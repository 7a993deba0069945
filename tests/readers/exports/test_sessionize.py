"""Sessionize's "All" view."""

import json
from pathlib import Path

import pytest

from gsef_notify import readers
from gsef_notify.readers.source import Assumptions
from tests.conftest import shared, utc

ALL = {
    "sessions": [
        {
            "id": "4711",
            "title": "Nets",
            "description": "How they last.",
            "startsAt": "2026-04-16T08:00:00",
            "endsAt": "2026-04-16T08:50:00",
            "speakers": ["ada", "bo"],
            "categoryItems": [2],
            "questionAnswers": [{"questionId": 9, "answerValue": "https://live.example.org/nets"}],
            "roomId": 5,
        },
        {"id": "4712", "title": "Open", "startsAt": None, "endsAt": None, "speakers": []},
    ],
    "speakers": [
        {"id": "bo", "firstName": "Bo", "lastName": "Lind"},
        {"id": "ada", "fullName": "Dr. Ada Nyong", "tagLine": "Secretary"},
    ],
    "questions": [{"id": 9, "question": "Streaming URL"}],
    "categories": [{"id": 1, "title": "Track", "items": [{"id": 2, "name": "Sea"}]}],
    "rooms": [{"id": 5, "name": "Deck"}],
}


def reading(tmp_path: Path, timezone: str) -> readers.Reading:
    (tmp_path / "all.json").write_text(json.dumps(ALL, indent=2))
    return readers.read([tmp_path / "all.json"], (), Assumptions(timezone))


def test_a_session_comes_with_its_room_track_link_and_speakers(tmp_path: Path) -> None:
    (session,) = reading(tmp_path, "Europe/Vienna").accept().sessions
    assert (session.id, session.title, session.room, session.track) == ("4711", "Nets", "Deck", "Sea")
    assert (session.start, session.end) == (utc("2026-04-16 06:00"), utc("2026-04-16 06:50"))
    assert (session.join_url, session.background) == ("https://live.example.org/nets", "How they last.")
    assert sorted((p.name, p.position) for p in session.people) == [
        ("Ada Nyong", "Secretary"),
        ("Bo Lind", ""),
    ]


def test_what_is_not_scheduled_is_told(tmp_path: Path) -> None:
    found = reading(tmp_path, "Europe/Vienna").problems
    assert [p.message for p in found if p.code == "NOT_SCHEDULED"] == ["'Open' has no time and is left out"]


def test_the_zone_is_asked_for(tmp_path: Path) -> None:
    (problem,) = reading(tmp_path, "").errors
    assert (problem.code, problem.place.line) == ("ZONE_MISSING", 4)


@pytest.mark.parametrize(("name", "count"), [("global-azure-bootcamp-linz-2021", 37), ("qaorthehwy", 46)])
def test_real_exports_have_all_their_sessions(name: str, count: int) -> None:
    found = readers.read([shared(f"data/sessionize/{name}.json")], (), Assumptions("Europe/Vienna"))
    assert len(found.accept().sessions) == count - sum(p.code == "NOT_SCHEDULED" for p in found.problems)
