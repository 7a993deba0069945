"""Several connections to one SMTP server, as many as are needed, each for one message at a time."""

import asyncio

from gsef_notify.mail.smtp import Limits, Server, SmtpTransport
from gsef_notify.mail.transport import Envelope

IDLE_SECONDS = 60.0


class Pool:
    """Opens a connection when all others are busy, up to ``width``, and closes one that nobody has needed for
    ``idle`` seconds. That which was used last is used first, so that the others can become idle."""

    def __init__(
        self, server: Server, width: int = 1, limits: Limits | None = None, idle: float = IDLE_SECONDS
    ) -> None:
        self.server = server
        self.width = width
        self._limits = limits
        self._idle_seconds = idle
        self._places = asyncio.Semaphore(width)
        self._idle: list[tuple[float, SmtpTransport]] = []
        self._sweep: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(self, envelope: Envelope) -> str:
        """Hand a message to the server as soon as there is a place. Returns its answer. Raises
        DeliveryError."""
        async with self._places:
            connection = self._idle.pop()[1] if self._idle else SmtpTransport(self.server, self._limits)
            try:
                return await connection.send(envelope)
            finally:
                if connection.is_open:
                    self._keep(connection)

    async def close(self) -> None:
        """Close the connections that nobody uses."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        self._leave(len(self._idle))
        await asyncio.gather(*self._leaving)

    def _keep(self, connection: SmtpTransport) -> None:
        loop = asyncio.get_running_loop()
        self._idle.append((loop.time(), connection))
        if self._sweep is None:
            self._sweep = loop.call_later(self._idle_seconds, self._shrink)

    def _shrink(self) -> None:
        loop = asyncio.get_running_loop()
        oldest = loop.time() - self._idle_seconds
        self._leave(sum(since <= oldest for since, _ in self._idle))
        left = self._idle[0][0] - oldest if self._idle else None
        self._sweep = None if left is None else loop.call_later(left, self._shrink)

    def _leave(self, number: int) -> None:
        """Close the connections that have been idle longest."""
        gone, self._idle = self._idle[:number], self._idle[number:]
        for _, connection in gone:
            task = asyncio.create_task(connection.close())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
