"""What has to be done to the outbox from time to time, and not for every mail."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from gsef_notify.service.publish import Newest, catch_up
from gsef_notify.store import outbox

PERIOD = timedelta(seconds=1)


class Rounds:
    """Brings the outbox up to date, at most once a PERIOD unless somebody insists."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def are_due(self, now: datetime) -> bool:
        """Whether the last round was some time ago, or the clock was set back since."""
        return self._last is None or not timedelta(0) <= now - self._last < PERIOD

    def make(self, connection: Connection, newest: Newest, now: datetime) -> None:
        """Follow the newest revision, take back what was lost, let in what is due and end what is over."""
        catch_up(connection, newest)
        outbox.expand(connection, now)
        outbox.recover(connection, now)
        outbox.expire(connection, now)
        self._last = now
