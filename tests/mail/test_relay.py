"""A failing server is left alone for a while, and another one stands in for it."""

import logging
from datetime import timedelta

import pytest

from gsef_notify.clock import SteppedClock
from gsef_notify.mail.breaker import FAILURES, FIRST_REST
from gsef_notify.mail.pool import Pool
from gsef_notify.mail.relay import Relay
from gsef_notify.mail.smtp import Server
from gsef_notify.mail.transport import DeliveryError
from tests.conftest import utc
from tests.mail.scripted import DROP, ScriptedServer, scripted
from tests.mail.test_smtp import ENVELOPE

NOON = utc("2021-10-08 12:00")
DOWN = ["421 closing down"] * FAILURES + ["220 back"]


def relay(clock: SteppedClock, *scripts: ScriptedServer) -> Relay:
    servers = [Server("127.0.0.1", script.port, "none", local_hostname="here") for script in scripts]
    return Relay([Pool(server, 4) for server in servers], clock)


async def failed(transport: Relay) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await transport.send(ENVELOPE)
    return caught.value


async def test_a_server_that_fails_again_and_again_is_left_alone_and_then_tried_by_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    clock = SteppedClock(NOON)
    async with scripted(GREETING=list(DOWN)) as script:
        transport = relay(clock, script)
        assert transport.room().width == 4
        for _ in range(FAILURES):
            assert (await failed(transport)).of_server
        room = transport.room()
        assert (room.width, room.until) == (0, NOON + FIRST_REST)
        assert room.trouble == "no mail server takes mails; the next try is at 12:00:30 UTC"
        await failed(transport)
        assert script.connections == FAILURES
        clock.set(NOON + FIRST_REST)
        assert transport.room().width == 1
        assert await transport.send(ENVELOPE) == "250 taken"
        assert transport.room().width == 4
        await transport.close()
    assert f"failed {FAILURES} times in a row and is left alone until 12:00:30 UTC: " in caplog.text
    assert "421 closing down" in caplog.text
    assert "takes mails again" in caplog.text


@pytest.mark.parametrize("answer", ["550 no", "450 later", "452 full"])
async def test_refusals_are_no_failures_of_a_server(answer: str) -> None:
    async with scripted(RCPT=answer) as script:
        transport = relay(SteppedClock(NOON), script)
        for _ in range(FAILURES * 2):
            assert not (await failed(transport)).of_server
        assert transport.room().width == 4
        await transport.close()


async def test_the_second_server_takes_what_the_first_can_not_and_the_first_is_tried_again() -> None:
    clock = SteppedClock(NOON)
    async with scripted(GREETING=list(DOWN)) as first, scripted(DOT="250 second") as second:
        transport = relay(clock, first, second)
        for _ in range(FAILURES + 2):
            assert await transport.send(ENVELOPE) == "250 second"
        assert (first.connections, len(second.messages)) == (FAILURES, FAILURES + 2)
        room = transport.room()
        assert (room.width, room.until) == (4, None)
        assert (
            room.trouble == "the first mail server fails at present, another one is used; the log says more"
        )
        clock.set(NOON + FIRST_REST)
        assert transport.room().width == 1
        assert await transport.send(ENVELOPE) == "250 taken"
        assert transport.room().trouble == ""
        await transport.close()


async def test_what_the_first_server_may_have_taken_is_not_given_to_the_second() -> None:
    async with scripted(DOT=DROP) as first, scripted() as second:
        transport = relay(SteppedClock(NOON), first, second)
        assert (await failed(transport)).unknown
        await transport.close()
    assert second.messages == []


async def test_what_the_first_server_refuses_is_not_given_to_the_second() -> None:
    async with scripted(RCPT="550 no") as first, scripted() as second:
        transport = relay(SteppedClock(NOON), first, second)
        assert (await failed(transport)).permanent
        await transport.close()
    assert second.messages == []


async def test_with_both_down_there_is_no_room_until_one_is_tried_again() -> None:
    clock = SteppedClock(NOON)
    async with scripted(GREETING="421 no") as first, scripted(GREETING="421 no") as second:
        transport = relay(clock, first, second)
        for _ in range(FAILURES):
            await failed(transport)
        assert transport.room().until == NOON + FIRST_REST
        clock.set(NOON + FIRST_REST - timedelta(seconds=1))
        assert transport.room().width == 0
        await transport.close()
    assert (first.connections, second.connections) == (FAILURES, FAILURES)
