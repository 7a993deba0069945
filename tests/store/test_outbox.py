"""The outbox loses nothing and gives nothing out twice."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from gsef_notify.program.model import Program
from gsef_notify.reminders.facts import Beginning, Facts
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.plan import plan
from gsef_notify.store import audiences, database, outbox, people
from gsef_notify.store import planned as planned_reminders
from gsef_notify.store.database import transaction
from gsef_notify.store.outbox import Delivery, Told
from gsef_notify.store.tables import deliveries, reminders
from tests.conftest import ERIC, RESTLESS, utc

pytestmark = pytest.mark.both_databases

LONG_BEFORE = utc("2021-09-01 00:00")
WEEK_BEFORE = utc("2021-10-01 09:00")
LAST = utc("2021-10-08 09:31")


@pytest.fixture
def planned(engine: Engine, program: Program, contacts: tuple[Contact, ...]) -> Engine:
    """A database in which the sample is planned for its contact list."""
    with transaction(engine) as connection:
        people.add(connection, contacts)
        people.link(connection, program)
        replan(connection, program, LONG_BEFORE)
    return engine


def claim(engine: Engine, now: datetime, owner: str = "me") -> Delivery | None:
    with transaction(engine) as connection:
        outbox.expand(connection, now)
        outbox.expire(connection, now)
        return outbox.claim(connection, owner, now)


def claimed(engine: Engine, now: datetime, owner: str = "me") -> Delivery:
    delivery = claim(engine, now, owner)
    assert delivery is not None
    return delivery


def counts(engine: Engine) -> dict[str, int]:
    with transaction(engine) as connection:
        return outbox.counts(connection)


def replan(connection: Connection, program: Program, now: datetime) -> None:
    planned_reminders.keep_named(connection, program)
    reminders = plan(program, RESTLESS, people.listeners(connection))
    planned_reminders.replan(connection, reminders, now)


def told(delivery: Delivery, facts: Facts | None = None) -> Told:
    message_id = f"<{delivery.id}@example.org>"
    return Told(subject="x", message_id=message_id, facts=facts, timezone="UTC", revision=1)


def test_nothing_is_due_before_its_time(planned: Engine) -> None:
    assert claim(planned, WEEK_BEFORE - timedelta(seconds=1)) is None
    assert counts(planned) == {"planned": 31}


def test_a_due_reminder_becomes_a_delivery_to_each_whom_it_concerns(planned: Engine) -> None:
    names = {claimed(planned, WEEK_BEFORE).name for _ in range(4)}
    assert names == {"Young Kim", "Eric Leyton Inostroza", "Bernard Luyiga", "Martin Van Den Borre"}
    assert claim(planned, WEEK_BEFORE) is None


def test_what_is_claimed_carries_all_that_a_mail_needs(planned: Engine) -> None:
    found = [claimed(planned, WEEK_BEFORE) for _ in range(4)]
    (eric,) = [delivery for delivery in found if delivery.reminder.person == ERIC]
    assert (eric.email, eric.timezone, eric.language, eric.attempts, eric.believed) == (
        "eric.leyton@example.org",
        "America/Santiago",
        "en",
        1,
        None,
    )
    assert eric.key == f"speaker-7-days gsef-2021-alliances {ERIC} 20211008T092100Z eric.leyton@example.org"


def test_what_was_sent_is_sent_once(planned: Engine) -> None:
    delivery = claimed(planned, LAST)
    with transaction(planned) as connection:
        assert outbox.mark_sent(connection, delivery, told(delivery), "250 ok", LAST)
        assert not outbox.mark_sent(connection, delivery, told(delivery), "250 ok", LAST)
    with transaction(planned) as connection:
        row = connection.execute(select(deliveries).where(deliveries.c.id == delivery.id)).one()
    assert (row.state, row.proof, row.finished_at, row.owner) == ("sent", "250 ok", LAST, None)


def test_a_deferred_delivery_waits_and_comes_back(planned: Engine) -> None:
    delivery = claimed(planned, LAST)
    again = LAST + timedelta(minutes=1)
    with transaction(planned) as connection:
        assert outbox.defer(connection, delivery, "451 later", again)
        assert outbox.next_wake(connection) == again
    assert claim(planned, again - timedelta(seconds=1)) is None
    later = claim(planned, again)
    assert later is not None
    assert (later.id, later.attempts) == (delivery.id, 2)


def test_what_may_have_arrived_waits_as_unknown_and_comes_back(planned: Engine) -> None:
    delivery = claimed(planned, LAST)
    again = LAST + timedelta(minutes=1)
    with transaction(planned) as connection:
        assert outbox.defer(connection, delivery, "it may have arrived", again, "unknown")
        assert outbox.next_wake(connection) == again
        assert outbox.counts(connection)["unknown"] == 1
    later = claimed(planned, again)
    assert (later.id, later.attempts) == (delivery.id, 2)


def test_the_next_wake_is_the_earliest_thing_to_do(planned: Engine) -> None:
    with transaction(planned) as connection:
        assert outbox.next_wake(connection) == WEEK_BEFORE
    delivery = claimed(planned, WEEK_BEFORE)
    with transaction(planned) as connection:
        assert outbox.next_wake(connection) == WEEK_BEFORE
        outbox.defer(connection, delivery, "later", WEEK_BEFORE + timedelta(minutes=3))
    for _ in range(3):
        delivery = claimed(planned, WEEK_BEFORE)
        with transaction(planned) as connection:
            outbox.mark_failed(connection, delivery, "no", WEEK_BEFORE)
    with transaction(planned) as connection:
        assert outbox.next_wake(connection) == WEEK_BEFORE + timedelta(minutes=3)


def test_what_could_not_be_sent_in_time_expires_with_its_reason(planned: Engine) -> None:
    delivery = claimed(planned, LAST)
    assert delivery.reminder.rule == "speaker-10-minutes"
    with transaction(planned) as connection:
        outbox.defer(connection, delivery, "451 later", LAST + timedelta(minutes=1))
        assert outbox.expire(connection, delivery.reminder.start) == 1
        row = connection.execute(select(deliveries).where(deliveries.c.id == delivery.id)).one()
    assert (row.state, row.reason) == ("expired", "it could not be sent in time: 451 later")


def test_what_fell_due_while_nobody_was_there_is_recorded_as_expired(planned: Engine) -> None:
    assert claim(planned, utc("2021-10-09 09:00")) is None
    assert counts(planned) == {"planned": 0, "expired": 24}


@pytest.mark.parametrize("successor", ["me", "another"])
def test_a_lost_lease_comes_back_and_its_loser_can_not_mark(planned: Engine, successor: str) -> None:
    delivery = claimed(planned, WEEK_BEFORE)
    after = WEEK_BEFORE + outbox.LEASE
    with transaction(planned) as connection:
        assert outbox.recover(connection, after - timedelta(seconds=1)) == 0
        assert outbox.recover(connection, after) == 1
    again = [claimed(planned, after, successor) for _ in range(4)]
    assert delivery.id in {each.id for each in again}
    with transaction(planned) as connection:
        assert not outbox.mark_sent(connection, delivery, told(delivery), "250", after)
        assert not outbox.mark_failed(connection, delivery, "no", after)


def test_a_restart_takes_back_what_its_predecessor_was_sending(planned: Engine) -> None:
    delivery = claimed(planned, WEEK_BEFORE)
    with transaction(planned) as connection:
        assert outbox.recover_from(connection, ["another"], WEEK_BEFORE) == 0
        assert outbox.recover_from(connection, outbox.senders(connection), WEEK_BEFORE) == 1
    assert delivery.id in {claimed(planned, WEEK_BEFORE).id for _ in range(4)}


def test_planning_again_changes_nothing(planned: Engine, program: Program) -> None:
    claimed(planned, WEEK_BEFORE)
    before = counts(planned)
    with transaction(planned) as connection:
        replan(connection, program, WEEK_BEFORE)
    assert counts(planned) == before


def test_what_is_planned_no_more_is_cancelled(planned: Engine) -> None:
    claimed(planned, WEEK_BEFORE)
    with transaction(planned) as connection:
        planned_reminders.replan(connection, [], WEEK_BEFORE)
        states = connection.execute(select(reminders.c.state)).scalars().all()
    assert counts(planned) == {"planned": 0, "cancelled": 3, "sending": 1}
    assert set(states) == {"withdrawn"}


def test_a_contact_who_comes_late_still_gets_what_is_of_use(planned: Engine, program: Program) -> None:
    for _ in range(4):
        claimed(planned, WEEK_BEFORE)
    newcomer = Contact(name="Young Kim", email="kim@example.org", role="speaker")
    with transaction(planned) as connection:
        people.add(connection, [newcomer])
        people.link(connection, program)
        planned_reminders.reconsider(connection, WEEK_BEFORE)
    assert claimed(planned, WEEK_BEFORE).email == "kim@example.org"
    assert claim(planned, WEEK_BEFORE) is None


def test_a_delivery_knows_what_its_reader_was_told_before(planned: Engine) -> None:
    facts = Facts(start=Beginning(utc("2021-10-08 08:00"), "UTC"), link="https://example.org/room")
    for _ in range(4):
        delivery = claimed(planned, WEEK_BEFORE)
        with transaction(planned) as connection:
            outbox.mark_sent(connection, delivery, told(delivery, facts), "ok", WEEK_BEFORE)
    day_before = utc("2021-10-07 09:00")
    found = [claimed(planned, day_before) for _ in range(8)]
    speakers = [d.believed for d in found if d.reminder.role == "speaker"]
    assert [(each.facts, each.mails) for each in speakers if each] == [(facts, 1)] * 4
    assert {d.believed for d in found if d.reminder.role != "speaker"} == {None}


def test_high_priority_goes_before_what_is_of_use_for_a_shorter_time(planned: Engine) -> None:
    hour_before = utc("2021-10-08 08:00")
    with transaction(planned) as connection:
        low = reminders.update().where(reminders.c.role == "speaker").values(priority="low")
        connection.execute(low)
    roles = [claimed(planned, hour_before).reminder.role for _ in range(8)]
    assert roles == ["moderator", *["participant"] * 3, *["speaker"] * 4]


def test_a_person_without_an_address_is_shown_in_the_preview(engine: Engine, program: Program) -> None:
    with transaction(engine) as connection:
        replan(connection, program, LONG_BEFORE)
        people.link(connection, program)
        rows = audiences.preview(connection)
    assert {(row.person, row.email) for row in rows if row.person == ERIC} == {(ERIC, None)}
    assert {row.email for row in rows if row.role == "moderator"} == {"dara.huot@example.org"}


def test_two_who_claim_at_once_never_get_the_same(planned: Engine, database_url: str) -> None:
    got: list[int] = []

    def work(owner: str) -> None:
        engine = database.open_database(database_url)
        while (delivery := claim(engine, WEEK_BEFORE, owner)) is not None:
            got.append(delivery.id)
        engine.dispose()

    threads = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(set(got))
    assert len(got) == 4


def test_an_instant_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="has no time zone"), transaction(engine) as connection:
        outbox.expire(connection, datetime(2021, 10, 8))  # noqa: DTZ001
