"""What carries a message away, whatever it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gsef_notify.errors import GsefNotifyError


@dataclass(frozen=True)
class Envelope:
    """A message on its way, ``content`` its bytes with CRLF, from one bare address to another."""

    sender: str
    recipient: str
    content: bytes
    message_id: str
    date: datetime


class DeliveryError(GsefNotifyError):
    """The message was not taken.

    ``permanent`` says that trying again is in vain; ``unknown`` that the connection was lost after the
    message had been sent whole, so that it may have been taken all the same; ``of_server`` that any other
    message would have fared alike. ``reply`` is the server's word.
    """

    def __init__(
        self,
        sentence: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        of_server: bool = False,
        reply: str = "",
    ) -> None:
        super().__init__(sentence)
        self.permanent = permanent
        self.unknown = unknown
        self.of_server = of_server
        self.reply = reply


@dataclass(frozen=True)
class Room:
    """For how many messages at once there is room. Where that is for none, ``until`` says how long;
    ``trouble`` is what does not work at present, in words that everybody may read."""

    width: int
    until: datetime | None = None
    trouble: str = ""


class Transport(Protocol):
    """Takes messages away."""

    def room(self) -> Room:
        """What can be handed over at present."""
        ...

    async def send(self, envelope: Envelope) -> str:
        """Hand the message over; the server's answer, or the name under which it was stored, as proof.

        Raises DeliveryError.
        """
        ...

    async def close(self) -> None:
        """Give back what is held open."""
        ...
