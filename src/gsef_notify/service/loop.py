"""A loop that is woken, and hands out work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

Piece = TypeVar("Piece")

PAUSE_AFTER_ERROR_SECONDS = 5.0


class Loop(Generic[Piece]):
    """Takes pieces of work, one after another, and does them, at most ``width()`` at once; rests when there
    is none, until it is woken.

    What raises is logged, and the loop looks again after a pause: one bad moment must not end the service.
    Until then ``trouble`` says so, in words that everybody may read.
    """

    def __init__(
        self,
        name: str,
        take: Callable[[], Awaitable[Piece | None]],
        do: Callable[[Piece], Awaitable[None]],
        rest: Callable[[], Awaitable[None]],
        width: Callable[[], int] = lambda: 1,
    ) -> None:
        self._name = name
        self._take = take
        self._do = do
        self._rest = rest
        self._width = width
        self._woken = asyncio.Event()
        self._under_way = 0
        self._pauses = 0
        self._stopping = False
        self.trouble: str | None = None

    def wake(self) -> None:
        """Look again at once."""
        self._woken.set()

    def stop(self) -> None:
        """Take no more, and end when what is being done is done."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Until ``stop``. Cancelling it cancels what is being done."""
        async with asyncio.TaskGroup() as hands:
            while not self._stopping:
                self._woken.clear()
                await self._guarded(self._hand_out(hands))
                if not self._stopping:
                    await self._woken.wait()

    async def _hand_out(self, hands: asyncio.TaskGroup) -> None:
        while not self._stopping:
            if self._under_way >= max(1, self._width()):
                return
            piece = await self._take()
            if piece is None:
                break
            self._under_way += 1
            hands.create_task(self._finish(piece))
        await self._rest()
        if not self._pauses:
            self.trouble = None

    async def _finish(self, piece: Piece) -> None:
        try:
            if await self._guarded(self._do(piece)):
                self.wake()
        finally:
            self._under_way -= 1

    async def _guarded(self, work: Awaitable[None]) -> bool:
        """Whether the work came to its end."""
        try:
            await work
        except Exception as error:
            logger.exception("%s: will look again in %g s", self._name, PAUSE_AFTER_ERROR_SECONDS)
            self.trouble = f"{type(error).__name__}; the log says more"
            self._pauses += 1
            asyncio.get_running_loop().call_later(PAUSE_AFTER_ERROR_SECONDS, self._look_again)
            return False
        return True

    def _look_again(self) -> None:
        self._pauses -= 1
        self.wake()
