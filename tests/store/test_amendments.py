"""Amendments stand until they are undone, and the program is kept as its files say it."""

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, delete

from gsef_notify.program.amendments import MINUTE, Amendment
from gsef_notify.program.model import Program
from gsef_notify.store import amendments, revisions
from gsef_notify.store.database import transaction, trial
from gsef_notify.store.status import status
from gsef_notify.store.tables import written
from tests.conftest import utc

pytestmark = pytest.mark.both_databases

NOW = utc("2021-10-08 08:50")


@pytest.fixture
def late(program: Program) -> Amendment:
    (session,) = program.sessions
    return Amendment(
        id=1,
        kind="late",
        session=session.id,
        segment=session.segments[0].id,
        by=-7 * MINUTE,
        made_at=NOW,
        base=session.start,
    )


@pytest.fixture
def cancelled(late: Amendment) -> Amendment:
    return replace(late, id=2, kind="cancelled", segment=None, by=0 * MINUTE)


def test_what_is_kept_comes_back_in_the_order_in_which_it_was_made(
    engine: Engine, late: Amendment, cancelled: Amendment
) -> None:
    with transaction(engine) as connection:
        assert [amendments.add(connection, each) for each in (late, cancelled)] == [1, 2]
    with transaction(engine) as connection:
        assert amendments.standing(connection) == (late, cancelled)


def test_what_is_undone_stands_no_longer_and_is_undone_once(
    engine: Engine, late: Amendment, cancelled: Amendment
) -> None:
    with transaction(engine) as connection:
        for each in (late, cancelled):
            amendments.add(connection, each)
        assert amendments.undo(connection, 1, NOW)
        assert not amendments.undo(connection, 1, NOW)
        assert amendments.standing(connection) == (cancelled,)


def test_the_program_is_published_as_amended_and_kept_as_written(
    engine: Engine, program: Program, cancelled: Amendment
) -> None:
    with transaction(engine) as connection:
        revisions.accept(connection, program, NOW)
        amendments.add(connection, cancelled)
        assert revisions.restate(connection, NOW)[0].program == Program()
        assert revisions.as_written(connection) == program
        assert not revisions.accept(connection, program, NOW)[1]
        amendments.undo(connection, 1, NOW)
        publication, is_new = revisions.restate(connection, NOW)
        assert (publication.program, publication.revision, is_new) == (program, 3, True)
        assert not revisions.restate(connection, NOW)[1]


def test_a_database_of_before_there_were_amendments_knows_what_was_written(
    engine: Engine, program: Program, cancelled: Amendment
) -> None:
    with transaction(engine) as connection:
        revisions.accept(connection, program, NOW)
        connection.execute(delete(written))
        assert revisions.as_written(connection) == program
        amendments.add(connection, cancelled)
        assert revisions.restate(connection, NOW)[0].program == Program()
        assert revisions.as_written(connection) == program


def test_nothing_can_be_amended_before_something_is_published(engine: Engine) -> None:
    with transaction(engine) as connection, pytest.raises(LookupError):
        revisions.restate(connection, NOW)


def test_nothing_of_a_trial_stays(engine: Engine, late: Amendment) -> None:
    with trial(engine) as connection:
        amendments.add(connection, late)
        assert amendments.standing(connection) == (late,)
    with transaction(engine) as connection:
        assert amendments.standing(connection) == ()


def test_status_tells_what_stands_and_why_it_is_not_in_force(
    engine: Engine, program: Program, late: Amendment
) -> None:
    with transaction(engine) as connection:
        revisions.accept(connection, program, NOW)
        amendments.add(connection, late)
        amendments.add(connection, replace(late, session="gone", segment=None))
        (first, second) = status(connection, utc("2021-09-01 00:00"))["amendments"]
    assert first["what"] == f"{late.session} from {late.segment} on is 7 minutes earlier"
    assert (first["minutes"], first["made_at"], first["lapsed"]) == (-7, NOW, None)
    assert second["lapsed"] == "the files have no session gone"
