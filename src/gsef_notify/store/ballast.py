"""A file of no use beside a SQLite database. When the disk is full it is emptied, so that what was sent can
still be marked; until it is filled again, nothing more is claimed.

On PostgreSQL, and beside a database for which ``load`` was never called, there is none.
"""

import logging
import os
from pathlib import Path

from sqlalchemy import Engine

from gsef_notify.errors import GsefNotifyError
from gsef_notify.store import sqlite

logger = logging.getLogger(__name__)

WEIGHT = 4 * 2**20
_FULL = ("disk is full", "disk I/O error")


class DiskFull(GsefNotifyError):
    """The disk of the database has no room; nothing is sent until it has."""

    def __init__(self, place: Path) -> None:
        super().__init__(f"the disk with {place} is full: nothing is sent - make room on it")


def load(engine: Engine) -> None:
    """Put the ballast beside the database. Raises DiskFull where it has no room."""
    if place := _place(engine):
        place.touch()
        check(engine)


def check(engine: Engine) -> None:
    """Fill the ballast again where it was emptied. Raises DiskFull where there is no room."""
    place = _place(engine)
    if place is None or not place.exists() or place.stat().st_size == WEIGHT:
        return
    try:
        _fill(place)
    except OSError:
        os.truncate(place, 0)
        raise DiskFull(place.parent) from None


def drop(engine: Engine, error: Exception) -> None:
    """Empty the ballast if the error says that the disk is full."""
    place = _place(engine)
    if place and place.exists() and any(words in str(error) for words in _FULL):
        os.truncate(place, 0)
        logger.error("the disk with %s is full", place.parent)


def _place(engine: Engine) -> Path | None:
    file = sqlite.file_of(engine.url)
    return file and file.with_name(f"{file.name}.ballast")


def _fill(place: Path) -> None:
    """With what no file system can make smaller."""
    with place.open("wb") as file:
        file.write(os.urandom(WEIGHT))
        file.flush()
        os.fsync(file.fileno())
