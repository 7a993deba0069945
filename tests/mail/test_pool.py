"""As many connections as are needed, each for one message at a time, and none that could mix up answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from gsef_notify.mail.pool import Pool
from gsef_notify.mail.smtp import Server
from gsef_notify.mail.transport import DeliveryError, Envelope
from tests.mail.inbox import serving
from tests.mail.scripted import DROP, PIPELINING, ScriptedServer, scripted
from tests.mail.test_smtp import ENVELOPE


@asynccontextmanager
async def pooled(script: ScriptedServer, width: int = 3, idle: float = 60.0) -> AsyncIterator[Pool]:
    pool = Pool(Server("127.0.0.1", script.port, "none", local_hostname="here"), width, idle=idle)
    try:
        yield pool
    finally:
        await pool.close()


def numbered(n: int) -> Envelope:
    return replace(ENVELOPE, content=b"Subject: %d\r\n\r\n" % n)


async def test_one_message_after_another_needs_one_connection() -> None:
    async with scripted() as script, pooled(script) as pool:
        for n in range(5):
            await pool.send(numbered(n))
    assert script.connections == 1
    assert script.verbs[-1] == "QUIT"


async def test_connections_grow_with_the_need_up_to_the_width() -> None:
    async with scripted(EHLO=PIPELINING) as script, pooled(script, width=3) as pool:
        script.may_answer["DOT"] = asyncio.Event()
        sending = [asyncio.create_task(pool.send(numbered(n))) for n in range(7)]
        await script.hearing_often("DATA", 3)
        assert script.connections == 3
        script.may_answer["DOT"].set()
        await asyncio.gather(*sending)
    assert script.connections == 3
    assert len(set(script.messages)) == 7


async def test_connections_that_nobody_needs_are_closed() -> None:
    async with scripted() as script, pooled(script, width=3, idle=0.05) as pool:
        await asyncio.gather(*(pool.send(numbered(n)) for n in range(3)))
        await script.hearing_often("QUIT", 3)
        assert await pool.send(numbered(3)) == "250 taken"
    assert script.connections == 4


async def test_a_refused_message_costs_no_connection() -> None:
    async with scripted(RCPT=["550 no", "250 ok"]) as script, pooled(script) as pool:
        with pytest.raises(DeliveryError):
            await pool.send(numbered(0))
        await pool.send(numbered(1))
    assert script.connections == 1


@pytest.mark.parametrize("end", ["421 closing down", DROP, "what?"])
async def test_a_connection_in_doubt_is_not_kept(end: str) -> None:
    async with scripted(DOT=[end, "250 second"]) as script, pooled(script) as pool:
        with pytest.raises(DeliveryError):
            await pool.send(numbered(0))
        assert await pool.send(numbered(1)) == "250 second"
    assert script.connections == 2


async def test_a_cancelled_message_leaves_its_place_but_not_its_connection_to_the_next() -> None:
    async with scripted(DOT=["550 late", "250 second"]) as script, pooled(script, width=1) as pool:
        script.may_answer["DOT"] = asyncio.Event()
        first = asyncio.create_task(pool.send(numbered(0)))
        await script.hearing("DOT")
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        script.may_answer["DOT"].set()
        assert await pool.send(numbered(1)) == "250 second"
    assert script.connections == 2


async def test_a_real_server_gets_every_message_once() -> None:
    async with serving() as inbox:
        pool = Pool(Server("127.0.0.1", inbox.port, "none", local_hostname="here"), width=4)
        proofs = await asyncio.gather(*(pool.send(numbered(n)) for n in range(50)))
        await pool.close()
    assert sorted(content for _, _, content in inbox.received) == sorted(
        numbered(n).content for n in range(50)
    )
    assert sorted(proofs) == sorted(f"250 taken as {n + 1}" for n in range(50))
