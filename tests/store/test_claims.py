"""Claims pass over what others are claiming, and find the most urgent without looking at the rest."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, text

from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.plan import plan
from gsef_notify.store import outbox, people, planned
from gsef_notify.store.backends import is_shared
from gsef_notify.store.database import transaction
from gsef_notify.store.tables import contacts as contact_table
from gsef_notify.store.tables import deliveries
from tests.conftest import RESTLESS, utc

NOW = utc("2021-10-01 09:00")
MANY = 5000

pytestmark = pytest.mark.both_databases


@pytest.fixture
def crowd(engine: Engine, program: Program) -> Engine:
    """A reminder that is due, and so many deliveries of it: a third ready, a third to be tried later."""
    names = [{"email": f"p{n}@example.org", "name": f"P {n}", "origin": "list"} for n in range(MANY)]
    with transaction(engine) as connection:
        people.add(connection, [Contact(name="Ana", email="ana@example.org", role="participant")])
        reminders = plan(program, RESTLESS, people.listeners(connection))
        planned.replan(connection, reminders, NOW - timedelta(days=30))
        connection.execute(insert(contact_table), names)
        known = connection.scalars(select(contact_table.c.id).order_by(contact_table.c.id))
        rows = [_row(reminders[0].key, n) for n in known]
        connection.execute(insert(deliveries), rows)
        connection.execute(text("ANALYZE"))
    return engine


def _row(key: str, contact: int) -> dict[str, Any]:
    state = ("ready", "deferred", "sent")[contact % 3]
    return {
        "reminder": key,
        "contact_id": contact,
        "state": state,
        "due": NOW,
        "useless_from": NOW + timedelta(hours=1),
        "next_try": NOW + timedelta(minutes=5 if state == "deferred" else 0),
        "rank": 1,
        "attempts": 0,
    }


def test_several_are_claimed_at_once_the_most_urgent_first(crowd: Engine) -> None:
    with transaction(crowd) as connection:
        urgent = deliveries.update().where(deliveries.c.contact_id.in_((30, 60)))
        connection.execute(urgent.values(useless_from=NOW + timedelta(minutes=10)))
        got = outbox.claim_several(connection, "me", NOW, 4)
    assert [each.contact_id for each in got] == [30, 60, 3, 6]
    assert {each.attempts for each in got} == {1}


def test_what_is_deferred_is_claimed_when_its_time_has_come(crowd: Engine) -> None:
    later = NOW + timedelta(minutes=5)
    with transaction(crowd) as connection:
        connection.execute(deliveries.delete().where(deliveries.c.contact_id > 30))
        assert len(outbox.claim_several(connection, "me", NOW, MANY)) == 10
        assert outbox.claim(connection, "me", NOW) is None
        assert outbox.claim(connection, "me", later) is not None


def test_two_claims_at_once_do_not_wait_for_each_other(crowd: Engine) -> None:
    if not is_shared(crowd):
        return  # there is one writer at a time
    with transaction(crowd) as first, transaction(crowd) as second:
        second.execute(text("SET LOCAL lock_timeout = '5s'"))
        one = outbox.claim_several(first, "first", NOW, 5)
        other = outbox.claim_several(second, "second", NOW, 5)
        assert not {each.id for each in one} & {each.id for each in other}
        assert (outbox.expire(second, NOW), outbox.recover(second, NOW)) == (0, 0)


def test_a_claim_does_not_look_at_all_that_waits(crowd: Engine) -> None:
    with transaction(crowd) as connection:
        steps = _plans(connection)
    assert "deliveries_to_claim" in steps
    assert "SCAN deliveries" not in steps
    assert "Seq Scan on deliveries" not in steps
    assert "SORT" not in steps.upper().replace("SORTED", "")
    assert "TEMP B-TREE" not in steps


def _plans(connection: Connection) -> str:
    """How the database does the statements of a claim."""
    prefix = "EXPLAIN " if is_shared(connection) else "EXPLAIN QUERY PLAN "
    seen: list[tuple[str, Any]] = []

    def see(_: Any, __: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if "deliveries.next_try <=" in statement:
            seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", see)
    outbox.claim(connection, "me", NOW)
    event.remove(connection, "before_cursor_execute", see)
    rows = (row for each in seen for row in connection.exec_driver_sql(prefix + each[0], each[1]))
    return "\n".join(str(row[-1]) for row in rows)
