"""What the service does beside its work, again and again, and can do without for a while."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import Engine

from gsef_notify.errors import GsefNotifyError
from gsef_notify.store.locks import turn

logger = logging.getLogger(__name__)


class Errand:
    """Does ``work``, which may wait for others, in a thread every so many ``seconds``.

    When that fails, it is said once, and ``trouble`` has it in words that everybody may read.
    """

    def __init__(self, name: str, seconds: int, work: Callable[[], None]) -> None:
        self.name = name
        self.seconds = seconds
        self.trouble: str | None = None
        self._work = work
        self._under_way = asyncio.Lock()
        self._said = ""

    async def run(self) -> None:
        """Do it once, unless it is being done."""
        if self._under_way.locked():
            return
        async with self._under_way:
            try:
                await asyncio.to_thread(self._work)
            except GsefNotifyError as error:
                self._say(str(error))
            except Exception as error:
                logger.exception("%s: will be tried again in %d s", self.name, self.seconds)
                self.trouble = f"{type(error).__name__}; the log says more"
            else:
                self.trouble, self._said = None, ""

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            logger.error("%s - it is tried again every %d s", sentence, self.seconds)
        self.trouble, self._said = "it fails at present; the log says more", sentence


def one_at_a_time(engine: Engine, name: str, work: Callable[[], None]) -> Callable[[], None]:
    """Work that only one of the services on a database does at a time; the others leave it to that one."""

    def work_in_turn() -> None:
        with turn(engine, name) as is_ours:
            if is_ours:
                work()

    return work_in_turn
