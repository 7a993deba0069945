"""Several mails are under way at once; what comes between is noticed, a server that fails is waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from gsef_notify import wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.errors import SettingsError
from gsef_notify.mail.breaker import FAILURES, FIRST_REST
from gsef_notify.mail.transport import Envelope, Room
from gsef_notify.mail.transports import open_transport
from gsef_notify.service.dispatch import Office, claim_next, deliver, next_step, send_next
from gsef_notify.service.loop import Loop
from gsef_notify.settings import Settings
from gsef_notify.store import suppressions, unsubscribed
from gsef_notify.store.database import transaction
from gsef_notify.store.limits import Limits
from gsef_notify.store.outbox import Delivery
from gsef_notify.store.suppressions import Suppression
from gsef_notify.store.tables import contacts, deliveries, reminders
from tests.conftest import utc
from tests.mail.scripted import DROP, PIPELINING, ScriptedServer, scripted

WEEK_BEFORE = utc("2021-10-01 09:00")
SPEAKING = utc("2021-10-08 09:41")


@asynccontextmanager
async def sending_to(office: Office, script: ScriptedServer, width: int = 4) -> AsyncIterator[Office]:
    transport = open_transport(f"smtp://127.0.0.1:{script.port}", connections=width, clock=office.clock)
    try:
        yield replace(office, transport=transport)
    finally:
        await transport.close()


async def send_all(office: Office) -> int:
    """Send what is due as the service does; how often it was looked."""
    loop: Loop[Delivery]
    rested = 0

    async def rest() -> None:
        nonlocal rested
        rested += 1
        if "sending" not in states(office):
            loop.stop()

    loop = Loop(
        "sending",
        lambda: claim_next(office),
        lambda delivery: deliver(office, delivery),
        rest,
        lambda: office.transport.room().width,
    )
    await loop.run()
    return rested


def rows(office: Office) -> list[Any]:
    with transaction(office.engine) as connection:
        return list(connection.execute(select(deliveries).order_by(deliveries.c.id)))


def states(office: Office) -> list[str]:
    return [row.state for row in rows(office)]


async def test_as_many_are_under_way_as_there_are_connections(office: Office, clock: SteppedClock) -> None:
    clock.set(WEEK_BEFORE)
    async with scripted(EHLO=PIPELINING) as script, sending_to(office, script, width=3) as busy:
        script.may_answer["DOT"] = asyncio.Event()
        sending = asyncio.create_task(send_all(busy))
        await script.hearing_often("DATA", 3)
        assert states(office).count("sending") == 3
        script.may_answer["DOT"].set()
        await sending
    assert states(office) == ["sent"] * 4
    assert script.connections == 3


async def test_a_slow_mail_holds_up_no_other(office: Office, clock: SteppedClock) -> None:
    clock.set(WEEK_BEFORE)
    async with scripted() as script, sending_to(office, script, width=2) as busy:
        slow = script.may_answer_first["DOT"] = asyncio.Event()
        sending = asyncio.create_task(send_all(busy))
        await script.hearing_often("DATA", 4)
        assert "sending" in states(office)
        slow.set()
        await sending
    assert states(office) == ["sent"] * 4


async def test_a_mail_that_may_have_arrived_is_unknown_and_comes_again_with_the_same_id(
    office: Office, clock: SteppedClock
) -> None:
    clock.set(utc("2021-10-08 09:31"))
    async with scripted(DOT=[DROP, "250 taken"]) as script, sending_to(office, script) as busy:
        assert await send_next(busy)
        (row,) = [row for row in rows(office) if row.attempts]
        assert row.state == "unknown"
        assert row.reason.endswith("; it may have arrived")
        clock.set(row.next_try)
        assert await send_next(busy)
    ids = [line for message in script.messages for line in message.split(b"\r\n") if b"Message-ID" in line]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert [row.state for row in rows(office) if row.attempts] == ["sent"]


async def test_a_greylisted_mail_comes_back_after_some_minutes_with_the_servers_words(
    office: Office, clock: SteppedClock
) -> None:
    clock.set(WEEK_BEFORE)
    async with (
        scripted(RCPT=["450 4.2.0 greylisted", "250 ok"]) as script,
        sending_to(office, script) as busy,
    ):
        assert await send_next(busy)
        (row,) = [row for row in rows(office) if row.attempts]
    assert (row.state, row.next_try - clock.now()) == ("deferred", timedelta(minutes=6))
    assert "450 4.2.0 greylisted" in row.reason


async def test_a_server_that_is_down_costs_few_tries_and_the_rest_waits_for_it(
    office: Office, clock: SteppedClock
) -> None:
    clock.set(WEEK_BEFORE)
    greetings = ["421 down"] * FAILURES + ["220 up"]
    async with scripted(GREETING=greetings) as script, sending_to(office, script, width=1) as busy:
        while await send_next(busy):
            pass
        assert sorted(states(office)) == ["deferred"] * FAILURES + ["ready"]
        assert script.connections == FAILURES
        assert next_step(busy) == WEEK_BEFORE + FIRST_REST
        assert {row.next_try for row in rows(office) if row.state == "deferred"} <= {
            WEEK_BEFORE + FIRST_REST,
            WEEK_BEFORE + timedelta(minutes=1),
        }
        while (step := next_step(busy)) is not None and step < WEEK_BEFORE + timedelta(minutes=5):
            clock.set(max(step, clock.now()))
            while await send_next(busy):
                pass
    assert states(office) == ["sent"] * 4


def suppress(connection: Connection, email: str) -> None:
    suppression = Suppression(email=email, reason="no such user", since=WEEK_BEFORE, status="5.1.1")
    suppressions.suppress(connection, suppression)


def withdraw(connection: Connection, email: str) -> None:
    connection.execute(reminders.update().values(state="withdrawn"))


@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        (suppress, "suppressed", "nothing is sent to this address any more: no such user"),
        (withdraw, "cancelled", "the program has changed"),
    ],
)
async def test_what_comes_between_claim_and_sending_is_noticed(
    office: Office, clock: SteppedClock, change: Callable[[Connection, str], None], state: str, reason: str
) -> None:
    clock.set(WEEK_BEFORE)
    delivery = await claim_next(office)
    assert delivery is not None
    with transaction(office.engine) as connection:
        change(connection, delivery.email)
    await deliver(office, delivery)
    (row,) = [row for row in rows(office) if row.attempts]
    assert (row.state, row.reason) == (state, reason)


async def test_who_unsubscribes_after_the_claim_gets_nothing(office: Office, clock: SteppedClock) -> None:
    clock.set(utc("2021-10-08 08:00"))
    delivery = await claim_next(office)
    while delivery is not None and delivery.reminder.role != "participant":
        delivery = await claim_next(office)
    if delivery is None:
        pytest.fail("the sample has no participant to be reminded")
    with transaction(office.engine) as connection:
        unsubscribed.unsubscribe(connection, delivery.contact_id, delivery.reminder.session, clock.now())
    await deliver(office, delivery)
    (row,) = [row for row in rows(office) if row.id == delivery.id]
    assert (row.state, row.reason) == ("suppressed", "they want no such mails")


class Slow:
    """A signer that takes so long that the slot begins meanwhile."""

    def __init__(self, clock: SteppedClock) -> None:
        self._clock = clock

    def __call__(self, content: bytes) -> bytes:
        self._clock.set(SPEAKING)
        return content


async def test_a_mail_whose_slot_begins_while_it_is_written_is_not_sent(
    office: Office, clock: SteppedClock
) -> None:
    clock.set(utc("2021-10-08 09:31"))
    assert await send_next(replace(office, signer=Slow(clock)))
    (row,) = [row for row in rows(office) if row.attempts]
    assert (row.state, row.finished_at) == ("expired", SPEAKING)
    assert row.proof is None


async def test_a_number_a_minute_is_kept_to_by_the_clock_of_the_service(
    office: Office, clock: SteppedClock
) -> None:
    limited = replace(office, limits=Limits(in_all=3))
    clock.set(WEEK_BEFORE)
    sent = []
    while (step := next_step(limited)) is not None and step < WEEK_BEFORE + timedelta(hours=1):
        clock.set(max(step, clock.now()))
        number = 0
        while await send_next(limited):
            number += 1
        sent.append((clock.now() - WEEK_BEFORE, number))
    assert sent == [(timedelta(0), 3), (timedelta(minutes=1), 1)]


async def test_a_bad_address_holds_up_no_other(office: Office, clock: SteppedClock) -> None:
    with transaction(office.engine) as connection:
        broken = contacts.update().where(contacts.c.email == "young.kim@example.org").values(email="not one")
        connection.execute(broken)
    clock.set(WEEK_BEFORE)
    async with scripted() as script, sending_to(office, script) as busy:
        await send_all(busy)
    assert sorted(states(office)) == ["failed", "sent", "sent", "sent"]


class Full:
    """A transport that has no room."""

    def room(self) -> Room:
        return Room(0, WEEK_BEFORE + timedelta(minutes=3), "down")

    async def send(self, envelope: Envelope) -> str:
        raise AssertionError

    async def close(self) -> None:
        pass


async def test_without_room_nothing_is_claimed_and_what_is_over_still_expires(
    office: Office, clock: SteppedClock
) -> None:
    full = replace(office, transport=Full())
    clock.set(WEEK_BEFORE)
    assert not await send_next(full)
    assert set(states(office)) == {"ready"}
    assert next_step(full) == WEEK_BEFORE + timedelta(minutes=3)
    clock.set(utc("2021-10-09 00:00"))
    assert not await send_next(full)
    assert "ready" not in states(office)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"mail_connections": 0}, "mail_connections: write a number from 1 to 100"),
        ({"mail_connections": 101}, "mail_connections: write a number from 1 to 100"),
        ({"mail_per_minute": -1}, "mail_per_minute: write how many mails may go out in a minute"),
        ({"mail_per_minute_and_domain": -1}, "mail_per_minute: write how many mails may go out in a minute"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    clock: SteppedClock, tmp_path: Path, changed: dict[str, int], reason: str
) -> None:
    settings = Settings(**{"mail": f"maildir:{tmp_path}/mail", **changed})  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=reason):
        wiring.limits(settings)
        wiring.transport(settings, clock)
