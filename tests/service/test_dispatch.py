"""Due deliveries are sent, deferred, failed, cancelled or expired, and it is recorded which."""

import mailbox
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from gsef_notify.clock import SteppedClock
from gsef_notify.mail.transport import DeliveryError
from gsef_notify.program.model import Program
from gsef_notify.reminders.facts import Beginning, Facts
from gsef_notify.service.dispatch import Office, next_wake, send_next
from gsef_notify.service.publish import Newest, publish
from gsef_notify.service.rehearsed import played
from gsef_notify.service.retries import wait_after
from gsef_notify.store import outbox
from gsef_notify.store.database import transaction
from gsef_notify.store.tables import contacts, deliveries, reminders
from tests.conftest import ERIC, POLICY, utc
from tests.service.conftest import troubled

pytestmark = pytest.mark.both_databases

WEEK_BEFORE = utc("2021-10-01 09:00")


async def send_all(office: Office) -> int:
    number = 0
    while await send_next(office):
        number += 1
    return number


def rows(office: Office) -> list[Any]:
    with transaction(office.engine) as connection:
        joined = select(deliveries, contacts.c.email).select_from(deliveries.join(contacts))
        return list(connection.execute(joined.order_by(deliveries.c.id)))


def facts_of(row: Any) -> Facts:
    return msgspec.json.decode(row.facts, type=Facts)


def states(office: Office) -> list[str]:
    return [row.state for row in rows(office)]


async def test_nothing_is_sent_before_it_is_due(office: Office) -> None:
    assert await send_all(office) == 0
    assert next_wake(office.engine) == WEEK_BEFORE


async def test_what_is_due_is_in_the_maildir_and_recorded_as_told(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    clock.set(WEEK_BEFORE)
    assert await send_all(office) == 4
    assert len(mailbox.Maildir(tmp_path / "mail")) == 4
    (eric,) = [row for row in rows(office) if row.email == "eric.leyton@example.org"]
    assert (eric.state, facts_of(eric).slots, eric.told_timezone, eric.revision, eric.attempts) == (
        "sent",
        {"work-integration-social-enterprises": Beginning(utc("2021-10-08 09:21"), "America/Santiago")},
        "America/Santiago",
        1,
        1,
    )
    assert (tmp_path / "mail" / eric.proof).is_file()


async def test_what_is_sent_has_gone_through_the_signer(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    clock.set(WEEK_BEFORE)
    await send_all(replace(office, signer=lambda content: b"X-Signed: yes\r\n" + content))
    assert [mail["X-Signed"] for mail in mailbox.Maildir(tmp_path / "mail")] == ["yes"] * 4


async def test_a_temporary_error_waits_longer_each_time_and_keeps_the_message_id(
    office: Office, clock: SteppedClock
) -> None:
    clock.set(utc("2021-10-08 09:31"))
    later = [DeliveryError("451 later") for _ in range(3)]
    struggling, transport = troubled(office, *later)
    waits = []
    for _ in later:
        assert await send_all(struggling) == 1
        wake = next_wake(office.engine)
        assert wake is not None
        waits.append(wake - clock.now())
        clock.set(wake)
    assert await send_all(struggling) == 1
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert len({envelope.message_id for envelope in transport.seen}) == 1
    assert [row.state for row in rows(office) if row.attempts] == ["sent"]


def test_waits_grow_to_an_hour() -> None:
    assert [wait_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 6, 7, 8, 5000)] == [
        1,
        2,
        4,
        32,
        60,
        60,
        60,
    ]


async def test_a_permanent_error_fails_one_and_stops_no_other(office: Office, clock: SteppedClock) -> None:
    clock.set(WEEK_BEFORE)
    struggling, _ = troubled(office, DeliveryError("550 no such user", permanent=True))
    assert await send_all(struggling) == 4
    assert sorted(states(office)) == ["failed", "sent", "sent", "sent"]
    assert [row.reason for row in rows(office) if row.state == "failed"] == ["550 no such user"]


async def test_what_can_not_be_sent_until_the_slot_begins_expires(
    office: Office, clock: SteppedClock
) -> None:
    clock.set(utc("2021-10-08 09:31"))
    struggling, transport = troubled(office, *[DeliveryError("451 later") for _ in range(9)])
    while (wake := next_wake(office.engine)) is not None:
        clock.set(max(clock.now(), wake))
        await send_all(struggling)
    assert len(transport.seen) == 4
    (last,) = [row for row in rows(office) if row.attempts]
    assert (last.state, last.finished_at) == ("expired", utc("2021-10-08 09:41"))
    assert last.reason == "it could not be sent in time: 451 later"


async def test_an_address_that_no_mail_can_have_fails_alone(office: Office, clock: SteppedClock) -> None:
    with transaction(office.engine) as connection:
        broken = contacts.update().where(contacts.c.email == "young.kim@example.org").values(email="not one")
        connection.execute(broken)
    clock.set(WEEK_BEFORE)
    assert await send_all(office) == 4
    assert sorted(states(office)) == ["failed", "sent", "sent", "sent"]


def moved(program: Program, minutes: int) -> Program:
    """The sample with Eric's segment and all after it that much later."""
    (session,) = program.sessions
    first = next(s.start for s in session.segments if ERIC in s.people)
    later = timedelta(minutes=minutes)
    segments = tuple(
        msgspec.structs.replace(s, start=s.start + later, end=s.end + later) if s.start >= first else s
        for s in session.segments
    )
    return Program(sessions=(msgspec.structs.replace(session, segments=segments),))


async def test_a_reminder_that_is_quicker_than_the_notice_says_that_the_time_has_changed(
    office: Office, clock: SteppedClock, newest: Newest, program: Program, tmp_path: Path
) -> None:
    clock.set(WEEK_BEFORE)
    await send_all(office)
    clock.set(utc("2021-10-07 08:59"))
    newest.replace(publish(office.engine, moved(program, 10), POLICY, clock.now())[0])
    clock.set(utc("2021-10-07 09:00"))
    await send_all(office)
    clock.set(utc("2021-10-07 09:30"))
    await send_all(office)
    eric = [r for r in rows(office) if r.email == "eric.leyton@example.org"]
    assert [(r.state, r.reason) for r in eric] == [
        ("sent", None), ("cancelled", "another mail has told them of the new time"), ("sent", None),
    ]  # fmt: skip
    text = (tmp_path / "mail" / eric[2].proof).read_text()
    assert "THE TIME HAS CHANGED. We told you 06:21 on Friday 8 October 2021" in text
    assert "06:31-06:41 Santiago time" in text


async def test_what_the_newest_program_no_longer_plans_is_not_sent_though_it_was_claimed(
    office: Office, clock: SteppedClock, tmp_path: Path
) -> None:
    clock.set(WEEK_BEFORE)
    with transaction(office.engine) as connection:
        outbox.expand(connection, clock.now())
        connection.execute(reminders.update().values(state="withdrawn"))
    assert await send_all(office) == 4
    assert {(row.state, row.reason) for row in rows(office)} == {("cancelled", "the program has changed")}
    assert len(mailbox.Maildir(tmp_path / "mail")) == 0


@pytest.mark.parametrize("minutes", [0, 30])
async def test_publishing_the_same_again_sends_nothing_again(
    office: Office, clock: SteppedClock, program: Program, minutes: int
) -> None:
    clock.set(WEEK_BEFORE)
    await send_all(office)
    clock.set(WEEK_BEFORE + timedelta(minutes=minutes))
    publication, is_new = publish(office.engine, program, POLICY, clock.now())
    assert (publication.revision, is_new) == (1, False)
    assert await send_all(office) == 0


async def test_what_was_sent_is_still_shown_when_its_session_has_left_the_program(
    office: Office, clock: SteppedClock
) -> None:
    clock.set(WEEK_BEFORE)
    await send_all(office)
    publication, _ = publish(office.engine, Program(), POLICY, clock.now())
    mails = played(office.engine, publication)
    shown = [(mail.recipient, mail.timezone) for mail in mails if mail.state == "sent"]
    assert ("Eric Leyton Inostroza", "America/Santiago") in shown
    assert len(shown) == 4
