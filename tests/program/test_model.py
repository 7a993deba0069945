"""The program answers who is where, and when."""

import msgspec
import pytest

from gsef_notify.program.model import Program, Session
from tests.conftest import ERIC

YOUNG, DARA = "young-kim", "dara-huot"


def test_a_speaker_has_the_segments_that_name_them(session: Session) -> None:
    assert [s.title for s in session.segments_of(YOUNG)] == ["Network of local governments promoting SSE"]


def test_a_moderator_has_the_whole_session(session: Session) -> None:
    assert session.segments_of(DARA) == session.segments


def test_a_segment_gives_its_people(session: Session) -> None:
    assert [p.name for p in session.people_of(session.segments[4])] == ["Eric Leyton Inostroza"]
    assert session.people_of(session.segments[0]) == ()


def test_people_are_found_by_role(session: Session) -> None:
    assert [p.id for p in session.with_role("moderator")] == [DARA]
    assert len(session.with_role("speaker")) == 4


def test_parts_are_found_by_id(program: Program, session: Session) -> None:
    assert program.session(session.id) == session
    assert session.person(ERIC).name == "Eric Leyton Inostroza"
    assert session.segment(session.segments[3].id) == session.segments[3]
    assert program.sessions_of(ERIC) == (session,)
    assert [person.id for _, person in program.people()] == [person.id for person in session.people]


def test_an_unknown_id_is_named_by_the_error(program: Program, session: Session) -> None:
    for ask in (program.session, session.person, session.segment, session.segments_of):
        with pytest.raises(KeyError, match="nobody"):
            ask("nobody")


def test_nobody_is_in_no_session(program: Program) -> None:
    assert program.sessions_of("nobody") == ()


def test_a_program_is_the_same_after_a_way_through_json(program: Program) -> None:
    assert msgspec.json.decode(msgspec.json.encode(program), type=Program) == program
