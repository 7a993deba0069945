"""When a server that fails again and again is left alone, and until when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 3
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=5)


@dataclass
class Breaker:
    """Counts the failures of a server that follow each other. After FAILURES of them it opens for a while;
    then one message is tried, and if that fails too, it opens for twice as long."""

    failures: int = 0
    _rests: int = 0
    _until: datetime | None = None

    def open_until(self, now: datetime) -> datetime | None:
        """Until when the server is left alone, None where it is not. A clock that was set back does not make
        that longer."""
        is_open = self._until is not None and timedelta(0) < self._until - now <= LONGEST_REST
        return self._until if is_open else None

    def is_on_trial(self, now: datetime) -> bool:
        """Whether the next message shows if the server works again."""
        return self._until is not None and self.open_until(now) is None

    def succeeded(self) -> bool:
        """The server did its work. True where it did not before."""
        had_rested = self._until is not None
        self.failures, self._rests, self._until = 0, 0, None
        return had_rested

    def failed(self, now: datetime) -> datetime | None:
        """The server did not do its work. If that opens the breaker: until when."""
        self.failures += 1
        if self.failures < FAILURES or self.open_until(now):
            return None
        self._until = now + min(FIRST_REST * 2 ** min(self._rests, 10), LONGEST_REST)
        self._rests += 1
        return self._until
