"""A loop hands out work, rests until it is woken, and survives a bad moment."""

import asyncio

import pytest

from gsef_notify.service import loop as module
from gsef_notify.service.loop import Loop


class Work:
    """Pieces as they are told, which are done when the test says so."""

    def __init__(self, *pieces: str | Exception) -> None:
        self.pieces = list(pieces)
        self.taken: list[str | None] = []
        self.done: list[str] = []
        self.may_end: dict[str, asyncio.Event] = {}
        self.rested = asyncio.Event()
        self.width = 1

    def loop(self) -> Loop[str]:
        return Loop("work", self.take, self.do, self.rest, lambda: self.width)

    async def take(self) -> str | None:
        piece = self.pieces.pop(0) if self.pieces else None
        if isinstance(piece, Exception):
            raise piece
        self.taken.append(piece)
        return piece

    async def do(self, piece: str) -> None:
        if event := self.may_end.get(piece):
            await event.wait()
        if piece == "bad":
            raise ValueError("ana@example.org")
        self.done.append(piece)

    async def rest(self) -> None:
        self.rested.set()


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def ended(loop: Loop[str], running: "asyncio.Task[None]") -> None:
    loop.stop()
    await running


async def test_it_does_what_there_is_and_more_when_woken() -> None:
    work = Work("a", "b")
    loop = work.loop()
    running = asyncio.create_task(loop.run())
    await work.rested.wait()
    assert work.done == ["a", "b"]
    work.rested.clear()
    work.pieces.append("c")
    loop.wake()
    await work.rested.wait()
    await ended(loop, running)
    assert work.done == ["a", "b", "c"]


async def test_a_wake_while_it_looks_is_not_lost() -> None:
    work = Work()
    looks: list[int] = []

    async def woken_while_looking() -> None:
        looks.append(len(looks))
        if len(looks) == 1:
            loop.wake()
        else:
            loop.stop()

    loop = Loop("work", woken_while_looking, work.do, work.rest)
    await loop.run()
    assert looks == [0, 1]


async def test_so_many_are_under_way_at_once_as_there_is_room_for() -> None:
    work = Work("a", "b", "c")
    work.width = 2
    work.may_end = {"a": asyncio.Event(), "b": asyncio.Event()}
    loop = work.loop()
    running = asyncio.create_task(loop.run())
    await settled()
    assert (work.taken, work.done) == (["a", "b"], [])
    work.may_end["b"].set()
    await work.rested.wait()
    assert work.done == ["b", "c"]
    work.may_end["a"].set()
    await ended(loop, running)
    assert work.done == ["b", "c", "a"]


async def test_what_is_slow_does_not_keep_it_from_looking_again() -> None:
    work = Work("slow")
    work.width = 2
    work.may_end = {"slow": asyncio.Event()}
    loop = work.loop()
    running = asyncio.create_task(loop.run())
    await work.rested.wait()
    work.pieces.append("quick")
    loop.wake()
    await settled()
    assert work.done == ["quick"]
    work.may_end["slow"].set()
    await ended(loop, running)


async def test_it_ends_when_what_is_being_done_is_done_and_takes_no_more() -> None:
    work = Work("a", "b")
    work.may_end = {"a": asyncio.Event()}
    loop = work.loop()
    running = asyncio.create_task(loop.run())
    await settled()
    loop.stop()
    await settled()
    assert not running.done()
    work.may_end["a"].set()
    await running
    assert (work.done, work.pieces) == (["a"], ["b"])


async def test_cancelling_it_cancels_what_is_being_done() -> None:
    work = Work("a")
    work.may_end = {"a": asyncio.Event()}
    loop = work.loop()
    running = asyncio.create_task(loop.run())
    await settled()
    loop.stop()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert work.done == []


async def test_a_bad_moment_is_told_without_details_and_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_AFTER_ERROR_SECONDS", 0.0)
    work = Work(ValueError("ana@example.org"))
    troubles: list[str | None] = []
    loop = work.loop()

    async def watched() -> str | None:
        troubles.append(loop.trouble)
        return await work.take()

    loop = Loop("work", watched, work.do, work.rest)
    running = asyncio.create_task(loop.run())
    await work.rested.wait()
    assert troubles == [None, "ValueError; the log says more"]
    await settled()
    assert loop.trouble is None
    await ended(loop, running)


async def test_a_bad_piece_stops_no_other_and_is_told() -> None:
    work = Work("bad", "good")
    work.width = 2
    work.may_end = {"good": asyncio.Event()}
    loop = work.loop()
    running = asyncio.create_task(loop.run())
    await settled()
    assert loop.trouble == "ValueError; the log says more"
    work.may_end["good"].set()
    await settled()
    assert work.done == ["good"]
    await ended(loop, running)
