"""What the organizers hear every morning, in the words of its reader. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gsef_notify import zones
from gsef_notify.mail.matter import Recipient
from gsef_notify.mail.speech import Speech


@dataclass(frozen=True)
class Outgoing:
    """Mails of one rule about one session that are due at one instant, and to how many."""

    due: datetime
    rule: str
    session: str
    number: int


@dataclass(frozen=True)
class Trouble:
    """A mail that did not reach somebody, and why."""

    at: datetime
    name: str
    rule: str
    reason: str


@dataclass(frozen=True)
class Board:
    """A session (its title and beginning) and the names of its people who have not confirmed, and of those
    who can not come."""

    session: str
    start: datetime
    silent: tuple[str, ...]
    declined: tuple[str, ...] = ()


@dataclass(frozen=True)
class DigestMatter:
    """What goes out on a day, what failed since the day before, and who has not confirmed or can not come."""

    outgoing: tuple[Outgoing, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    boards: tuple[Board, ...] = ()

    def context(self, recipient: Recipient, now: datetime, speech: Speech) -> dict[str, Any]:
        """What the template knows, times by the clock of its reader."""
        timezone = recipient.timezone
        return {
            "day": speech.day(zones.local(now, timezone)),
            "clock": speech.clock(timezone, now),
            "number": sum(each.number for each in self.outgoing),
            "outgoing": [
                {
                    "at": _clock(each.due, timezone),
                    "rule": each.rule,
                    "session": each.session,
                    "number": each.number,
                }
                for each in self.outgoing
            ],
            "troubles": [
                {"at": _clock(each.at, timezone), "name": each.name, "rule": each.rule, "reason": each.reason}
                for each in self.troubles
            ],
            "boards": [
                {
                    "session": each.session,
                    "day": speech.short_day(zones.local(each.start, timezone)),
                    "start": _clock(each.start, timezone),
                    "silent": list(each.silent),
                    "declined": list(each.declined),
                }
                for each in self.boards
            ],
        }


def _clock(moment: datetime, timezone: str) -> str:
    return f"{zones.local(moment, timezone):%H:%M}"
