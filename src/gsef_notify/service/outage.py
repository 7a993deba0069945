"""A mail server that is down at times, by the clock of a rehearsal."""

from collections.abc import Sequence

from gsef_notify.clock import Clock
from gsef_notify.mail.transport import DeliveryError, Envelope, Room, Transport
from gsef_notify.service.incidents import Outage

REFUSED = "can not reach the mail server: the connection was refused"


class OutageTransport:
    """Hands messages on, except during an outage: then it raises the DeliveryError of a server that can not
    be reached. ``refused`` has the Message-IDs of those that it did not take at first."""

    def __init__(self, inner: Transport, clock: Clock, outages: Sequence[Outage]) -> None:
        self.refused: set[str] = set()
        self._inner = inner
        self._clock = clock
        self._outages = outages

    def room(self) -> Room:
        """What can be handed over: nobody knows of an outage before."""
        return self._inner.room()

    async def send(self, envelope: Envelope) -> str:
        """Hand the message over; the answer of who took it. Raises DeliveryError."""
        now = self._clock.now()
        if any(outage.covers(now) for outage in self._outages):
            self.refused.add(envelope.message_id)
            raise DeliveryError(REFUSED, permanent=False)
        return await self._inner.send(envelope)

    async def close(self) -> None:
        """Give back what is held open."""
        await self._inner.close()
