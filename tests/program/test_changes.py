"""Segments keep their past from one revision to the next."""

import msgspec

from gsef_notify.program.changes import Lineage, Publication, first_publication, next_publication
from gsef_notify.program.model import Program
from tests.conftest import utc

FIRST, SECOND = utc("2021-09-01 12:00"), utc("2021-09-02 12:00")


def retitled(program: Program, title: str) -> Program:
    (session,) = program.sessions
    segments = (msgspec.structs.replace(session.segments[0], title=title), *session.segments[1:])
    return Program(sessions=(msgspec.structs.replace(session, segments=segments),))


def test_everything_is_new_at_first(program: Program) -> None:
    publication = first_publication(program, FIRST)
    assert set(publication.lineages.values()) == {Lineage(0, FIRST)}
    assert publication.revision == 1


def test_only_what_changed_moves_on(program: Program) -> None:
    (session,) = program.sessions
    changed = next_publication(first_publication(program, FIRST), retitled(program, "Sound check"), SECOND)
    assert changed.revision == 2
    assert changed.lineage(session, session.segments[0]) == Lineage(1, SECOND)
    assert changed.lineage(session, session.segments[1]) == Lineage(0, FIRST)
    assert changed.lineage(session) == Lineage(1, SECOND)


def test_a_publication_is_the_same_after_a_way_through_the_database(program: Program) -> None:
    publication = first_publication(program, FIRST)
    assert msgspec.json.decode(msgspec.json.encode(publication), type=Publication) == publication
