"""One or several SMTP servers, of which one that fails again and again is left alone for a while."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from gsef_notify.clock import Clock
from gsef_notify.mail.breaker import Breaker
from gsef_notify.mail.pool import Pool
from gsef_notify.mail.transport import DeliveryError, Envelope, Room

logger = logging.getLogger(__name__)


class Relay:
    """Hands messages to the first of its servers that is not left alone. Where that fails for reasons of its
    own before it can have taken a message, the next one gets it at once."""

    def __init__(self, pools: Sequence[Pool], clock: Clock) -> None:
        self._clock = clock
        self._stations = [_Station(pool) for pool in pools]

    @property
    def pools(self) -> list[Pool]:
        """The connections to each server, in the order of preference."""
        return [station.pool for station in self._stations]

    def room(self) -> Room:
        """What the first server that is not left alone takes: one message, as long as it is on trial."""
        now = self._clock.now()
        for station in self._stations:
            if station.breaker.open_until(now) is None:
                first = station is self._stations[0]
                return Room(station.width(now), trouble="" if first else _SECOND)
        until = min(station.breaker.open_until(now) or now for station in self._stations)
        return Room(0, until, f"no mail server takes mails; the next try is at {until:%H:%M:%S} UTC")

    async def send(self, envelope: Envelope) -> str:
        """Hand the message over. Returns the server's answer. Raises DeliveryError."""
        trouble = DeliveryError("no mail server is to be tried at present", of_server=True)
        for station in self._usable(self._clock.now()):
            try:
                return await station.send(envelope, self._clock)
            except DeliveryError as error:
                if error.unknown or not error.of_server:
                    raise
                trouble = error
        raise trouble

    async def close(self) -> None:
        """Close the connections."""
        await asyncio.gather(*(pool.close() for pool in self.pools))

    def _usable(self, now: datetime) -> "Iterator[_Station]":
        return (station for station in self._stations if station.breaker.open_until(now) is None)


_SECOND = "the first mail server fails at present, another one is used; the log says more"


class _Station:
    """A server and what is known of how it fares."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.breaker = Breaker()

    def width(self, now: datetime) -> int:
        return 1 if self.breaker.is_on_trial(now) else self.pool.width

    async def send(self, envelope: Envelope, clock: Clock) -> str:
        try:
            proof = await self.pool.send(envelope)
        except DeliveryError as error:
            if error.of_server:
                self._failed(str(error), clock.now())
            else:
                self._succeeded()
            raise
        self._succeeded()
        return proof

    def _succeeded(self) -> None:
        if self.breaker.succeeded():
            logger.info("%s takes mails again", self.pool.server)

    def _failed(self, reason: str, now: datetime) -> None:
        if until := self.breaker.failed(now):
            logger.error(
                "%s failed %d times in a row and is left alone until %s: %s",
                self.pool.server,
                self.breaker.failures,
                f"{until:%H:%M:%S} UTC",
                reason,
            )
