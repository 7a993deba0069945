"""A loop that is woken."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

Step = Callable[[], Awaitable[bool]]
Rest = Callable[[], Awaitable[None]]

PAUSE_AFTER_ERROR_SECONDS = 5.0


class Loop:
    """Takes steps while each says that there is more to do, then rests until it is woken.

    A step that raises is logged and tried again after a pause: one bad moment must not end the service.
    Until then ``trouble`` says so, in words that everybody may read.
    """

    def __init__(self, name: str, step: Step, rest: Rest) -> None:
        self._name = name
        self._step = step
        self._rest = rest
        self._woken = asyncio.Event()
        self._stopping = False
        self.trouble: str | None = None

    def wake(self) -> None:
        """Look again at once."""
        self._woken.set()

    def stop(self) -> None:
        """End after the step that is being taken."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Until ``stop``."""
        while not self._stopping:
            self._woken.clear()
            await self._work()
            if not self._stopping:
                await self._woken.wait()

    async def _work(self) -> None:
        try:
            while not self._stopping and await self._step():
                pass
            await self._rest()
            self.trouble = None
        except Exception as error:
            logger.exception("%s: will look again in %g s", self._name, PAUSE_AFTER_ERROR_SECONDS)
            self.trouble = f"{type(error).__name__}; the log says more"
            asyncio.get_running_loop().call_later(PAUSE_AFTER_ERROR_SECONDS, self.wake)
