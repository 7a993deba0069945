"""Services on one PostgreSQL database hear each other, and know who is alive."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, select, text

from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.service.line import Line, Successor
from gsef_notify.service.publish import publish, take_contacts
from gsef_notify.store import locks, outbox, presence
from gsef_notify.store.announcing import announce
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.tables import deliveries
from tests.conftest import POLICY, utc
from tests.service.running import wait_until

SECONDS = 10
DUE = utc("2021-10-01 09:00")


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture
def planned(engine: Engine, program: Program, contacts: tuple[Contact, ...]) -> Engine:
    """The sample, published for its contact list."""
    take_contacts(engine, contacts, POLICY, DUE)
    publish(engine, program, POLICY, DUE)
    return engine


@contextmanager
def line(engine: Engine, owner: str) -> Iterator["queue.Queue[str]"]:
    """The line of a service, and what it has heard; the first is that the line stands."""
    heard: queue.Queue[str] = queue.Queue()
    held = Line(engine, owner, lambda: heard.put(owner))
    held.open()
    try:
        heard.get(timeout=SECONDS)
        yield heard
    finally:
        held.close()


def is_absent(engine: Engine, owner: str) -> bool:
    with transaction(engine) as connection:
        return owner in presence.absent(connection, [owner])


def test_what_one_announces_all_hear_when_it_is_committed(engine: Engine) -> None:
    with line(engine, "a") as first, line(engine, "b") as second:
        with transaction(engine) as connection:
            announce(connection)
            assert (first.qsize(), second.qsize()) == (0, 0)
        assert (first.get(timeout=SECONDS), second.get(timeout=SECONDS)) == ("a", "b")


def test_who_has_a_line_is_alive_and_who_has_none_is_absent(engine: Engine) -> None:
    with line(engine, "a"):
        assert not is_absent(engine, "a")
        assert is_absent(engine, "b")
    wait_until(lambda: is_absent(engine, "a"), "the end of the line")


def test_a_line_that_the_server_cuts_is_taken_up_again(engine: Engine) -> None:
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    with line(engine, "a") as heard:
        with transaction(engine) as connection:
            connection.execute(cut)
        assert heard.get(timeout=SECONDS) == "a"
        assert not is_absent(engine, "a")


def test_a_turn_is_one_at_a_time_and_ends_with_its_block(engine: Engine, database_url: str) -> None:
    other = open_database(database_url)
    with locks.turn(engine, "mail") as first, locks.turn(other, "mail") as second:
        assert (first, second) == (True, False)
    with locks.turn(other, "mail") as third, locks.turn(engine, "else") as fourth:
        assert (third, fourth) == (True, True)
    other.dispose()


def test_a_lock_is_waited_for(engine: Engine) -> None:
    order: list[int] = []
    begun = threading.Event()

    def work() -> None:
        with transaction(engine) as connection:
            begun.set()
            locks.hold(connection, locks.PLANNING)
            order.append(2)

    thread = threading.Thread(target=work)
    with transaction(engine) as connection:
        locks.hold(connection, locks.PLANNING)
        thread.start()
        begun.wait()
        order.append(1)
    thread.join()
    assert order == [1, 2]


def test_what_a_dead_service_was_sending_is_taken_over_the_second_time_that_it_is_missed(
    planned: Engine,
) -> None:
    successor = Successor(planned, "successor")
    with transaction(planned) as connection:
        outbox.expand(connection, DUE)
        taken = outbox.claim(connection, "dead", DUE)
        outbox.claim(connection, "alive", DUE)
        outbox.claim(connection, "successor", DUE)
    with line(planned, "alive"):
        assert [successor.look(DUE) for _ in range(3)] == [0, 1, 0]
    with transaction(planned) as connection:
        assert outbox.senders(connection) == {"alive", "successor"}
        waiting = select(deliveries.c.id).where(deliveries.c.state == "deferred")
        assert taken is not None
        assert connection.scalars(waiting).all() == [taken.id]
