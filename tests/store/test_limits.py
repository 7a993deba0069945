"""No more mails go out in a minute than may, in all and to each domain."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.plan import plan
from gsef_notify.store import limits, outbox, people
from gsef_notify.store import planned as planned_reminders
from gsef_notify.store.database import transaction
from gsef_notify.store.limits import LimitReached, Limits
from gsef_notify.store.tables import sent_minutes
from tests.conftest import RESTLESS, utc

NOW = utc("2021-10-08 08:00") + timedelta(seconds=20)
NEXT_MINUTE = utc("2021-10-08 08:01")
PEOPLE = ("a@big.example", "b@BIG.example", "c@big.example", "d@small.example", "e@notbig.example")


@pytest.fixture
def planned(engine: Engine, program: Program) -> Engine:
    """A database in which participants of two large domains are to be reminded."""
    contacts = [Contact(name=address, email=address, role="participant") for address in PEOPLE]
    with transaction(engine) as connection:
        people.add(connection, contacts)
        planned_reminders.replan(connection, plan(program, RESTLESS, people.listeners(connection)), NOW)
        outbox.expand(connection, NOW)
    return engine


def claim(engine: Engine, rates: Limits, now: datetime) -> str | None:
    """The address of the next claim."""
    with transaction(engine) as connection:
        conditions = limits.may_go(connection, rates, now)
        if conditions is None:
            return None
        delivery = outbox.claim(connection, "me", now, conditions)
        if delivery is None:
            return None
        limits.count(connection, rates, delivery.email, now)
        return delivery.email


def claims(engine: Engine, rates: Limits, now: datetime) -> list[str]:
    return list(iter(lambda: claim(engine, rates, now) or "", ""))


def look_again_at(engine: Engine, rates: Limits, now: datetime) -> datetime | None:
    with transaction(engine) as connection:
        return limits.look_again_at(connection, rates, now)


def counted(engine: Engine) -> Iterable[tuple[str, int]]:
    with transaction(engine) as connection:
        return [(row.domain, row.number) for row in connection.execute(select(sent_minutes))]


def test_without_limits_nothing_is_counted(planned: Engine) -> None:
    assert sorted(claims(planned, Limits(), NOW)) == sorted(PEOPLE)
    assert counted(planned) == []


def test_so_many_a_minute_go_out_and_the_rest_in_the_next(planned: Engine) -> None:
    rates = Limits(in_all=2)
    assert len(claims(planned, rates, NOW)) == 2
    assert look_again_at(planned, rates, NOW) == NEXT_MINUTE
    assert len(claims(planned, rates, NEXT_MINUTE)) == 2
    assert len(claims(planned, rates, NEXT_MINUTE + timedelta(minutes=1))) == 1
    assert look_again_at(planned, rates, NEXT_MINUTE + timedelta(minutes=1)) is None


def test_a_domain_that_has_had_its_share_holds_up_no_other(planned: Engine) -> None:
    rates = Limits(per_domain=1)
    assert sorted(claims(planned, rates, NOW)) == ["a@big.example", "d@small.example", "e@notbig.example"]
    assert look_again_at(planned, rates, NOW) == NOW + limits.LOOK_AGAIN
    assert claims(planned, rates, NEXT_MINUTE) == ["b@BIG.example"]
    assert claims(planned, rates, NEXT_MINUTE + timedelta(minutes=1)) == ["c@big.example"]


def test_both_limits_hold_together(planned: Engine) -> None:
    rates = Limits(in_all=2, per_domain=1)
    assert len(claims(planned, rates, NOW)) == 2
    assert sorted(number for _, number in counted(planned)) == [1, 1, 2]


def test_what_another_has_used_up_meanwhile_is_not_claimed(planned: Engine) -> None:
    rates = Limits(in_all=1)
    with pytest.raises(LimitReached), transaction(planned) as connection:
        delivery = outbox.claim(connection, "me", NOW)
        assert delivery is not None
        for _ in range(2):
            limits.count(connection, rates, delivery.email, NOW)
    with transaction(planned) as connection:
        assert outbox.counts(connection)["ready"] == len(PEOPLE)
    assert counted(planned) == []


def test_minutes_that_are_over_are_forgotten(planned: Engine) -> None:
    rates = Limits(in_all=1)
    for minutes in range(4):
        assert claim(planned, rates, NOW + timedelta(minutes=minutes)) is not None
    assert len(list(counted(planned))) == 2
