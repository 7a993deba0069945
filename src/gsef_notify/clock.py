"""The only clocks. Nothing else in the program asks what time it is.

All instants are aware datetimes in UTC.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class RunningClock(Clock, Protocol):
    """A clock that goes by itself, so that one can be woken by it."""

    def machine_time(self, instant: datetime) -> datetime:
        """The machine's time at which this clock will show ``instant``."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def machine_time(self, instant: datetime) -> datetime:
        return instant


class SteppedClock:
    """A clock that stands still until it is set, for playing a timeline without waiting."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        """Show ``instant`` from now on. Raises ValueError for an earlier one: time does not run back."""
        if instant < self._now:
            raise ValueError(f"the clock shows {self._now.isoformat()}, later than {instant.isoformat()}")
        self._now = instant.astimezone(UTC)


class ScaledClock:
    """A clock that starts at ``start`` and runs ``speed`` times as fast as the machine's.

    It counts by the machine's monotonic time, so setting the machine's clock does not disturb it.
    """

    def __init__(self, start: datetime, speed: float) -> None:
        self._shown = start.astimezone(UTC)
        self._speed = speed
        self._since = time.monotonic()

    def now(self) -> datetime:
        return self._shown + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def machine_time(self, instant: datetime) -> datetime:
        return datetime.now(UTC) + (instant - self.now()) / self._speed

    def skip_to(self, instant: datetime) -> None:
        """Jump forward to ``instant`` and run on from there; an earlier instant changes nothing."""
        now = self.now()
        self._shown, self._since = max(now, instant.astimezone(UTC)), time.monotonic()
