"""A loop works, rests until it is woken, and survives a bad moment."""

import asyncio

import pytest

from gsef_notify.service import loop as module
from gsef_notify.service.loop import Loop


class Work:
    """Steps that do as they are told, and count."""

    def __init__(self, *outcomes: bool | Exception) -> None:
        self._outcomes = list(outcomes)
        self.steps = 0
        self.rested = asyncio.Event()

    async def step(self) -> bool:
        self.steps += 1
        outcome = self._outcomes.pop(0) if self._outcomes else False
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def rest(self) -> None:
        self.rested.set()


async def test_it_takes_steps_while_there_is_more_and_again_when_woken() -> None:
    work = Work(True, True, False)
    loop = Loop("work", work.step, work.rest)
    running = asyncio.create_task(loop.run())
    await work.rested.wait()
    assert work.steps == 3
    work.rested.clear()
    loop.wake()
    await work.rested.wait()
    assert work.steps == 4
    loop.stop()
    await running


async def test_a_wake_during_a_step_is_not_lost() -> None:
    work = Work()
    steps: list[int] = []

    async def woken_while_working() -> bool:
        steps.append(len(steps))
        if len(steps) == 1:
            loop.wake()
        else:
            loop.stop()
        return await work.step()

    loop = Loop("work", woken_while_working, work.rest)
    await loop.run()
    assert steps == [0, 1]


async def test_a_bad_moment_is_told_without_details_and_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_AFTER_ERROR_SECONDS", 0.0)
    work = Work(ValueError("ana@example.org"), False)
    troubles: list[str | None] = []
    loop = Loop("work", work.step, work.rest)

    async def watched() -> bool:
        troubles.append(loop.trouble)
        return await work.step()

    loop = Loop("work", watched, work.rest)
    running = asyncio.create_task(loop.run())
    await work.rested.wait()
    assert troubles == [None, "ValueError; the log says more"]
    await asyncio.sleep(0)
    assert loop.trouble is None
    loop.stop()
    await running
