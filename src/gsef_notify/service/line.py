"""The line by which a service hears the others and they know that it is alive."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from gsef_notify.store import outbox, presence
from gsef_notify.store.backends import is_shared
from gsef_notify.store.database import transaction

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0


class Line:
    """Holds the line of a service in a thread of its own; ``heard`` is called in it. On SQLite there are no
    others, and nothing is done."""

    def __init__(self, engine: Engine, owner: str, heard: Callable[[], None]) -> None:
        self._engine = engine
        self._owner = owner
        self._heard = heard
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._hold, name="line", daemon=True)

    def open(self) -> None:
        """Hold it from now on."""
        if is_shared(self._engine):
            self._thread.start()

    def close(self) -> None:
        """Let it go."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _hold(self) -> None:
        while not self._over.is_set():
            try:
                presence.hold(self._engine, self._owner, self._heard, self._over.is_set)
            except presence.LineCut as error:
                logger.warning("no line to the others on the database: %s", error)
            except Exception:
                logger.exception("no line to the others on the database")
            self._over.wait(AGAIN_SECONDS)


class Successor:
    """Takes over what a service was sending that has died. It counts as dead when it has no line the second
    time that one looks, so that a line which is cut may be taken up again."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self._engine = engine
        self._owner = owner
        self._missed: frozenset[str] = frozenset()

    def look(self, now: datetime) -> int:
        """Take over from the dead; the number of deliveries."""
        if not is_shared(self._engine):
            return 0
        with transaction(self._engine) as connection:
            senders = outbox.senders(connection) - {self._owner}
            missed = presence.absent(connection, senders) if senders else frozenset()
            dead, self._missed = missed & self._missed, missed
            return outbox.recover_from(connection, dead, now) if dead else 0


def left_behind(engine: Engine, now: datetime) -> int:
    """Take over what was being sent by a service that had a SQLite database for itself before us, and so is
    dead; the number of deliveries. On PostgreSQL a ``Successor`` finds out who is."""
    if is_shared(engine):
        return 0
    with transaction(engine) as connection:
        return outbox.recover_from(connection, outbox.senders(connection), now)
