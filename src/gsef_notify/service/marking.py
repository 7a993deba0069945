"""Writing down what became of a delivery, through a database that is away for a while."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from itertools import count
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from gsef_notify.store import ballast, outbox
from gsef_notify.store.database import transaction
from gsef_notify.store.outbox import Delivery

logger = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 30.0
Answer = TypeVar("Answer")


async def mark(engine: Engine, change: Callable[..., bool], delivery: Delivery, *details: object) -> bool:
    """Make a change to a delivery that was claimed; False where its lease was lost.

    While the database can not be had, it is tried again: what has been sent would go out a second time. A
    commit whose answer was lost may have happened; then the delivery has ended with this attempt, which only
    who claimed it can bring about.
    """
    tries = count()
    return await insist(engine, lambda: _mark(engine, change, delivery, details, again=next(tries) > 0))


async def insist(engine: Engine, question: Callable[[], Answer]) -> Answer:
    """The answer to a question that waits for the database, asked again while that can not be had: for a
    delivery that has been claimed, which would else lie until its lease ends."""
    for pause in _pauses():
        try:
            return await asyncio.to_thread(question)
        except (OperationalError, InterfaceError, InternalError) as error:
            ballast.drop(engine, error)
            logger.error("the database can not be had: %s", str(error.orig).strip())
            await asyncio.sleep(pause)
    raise AssertionError("the pauses do not end")


def _mark(
    engine: Engine,
    change: Callable[..., bool],
    delivery: Delivery,
    details: tuple[object, ...],
    *,
    again: bool,
) -> bool:
    with transaction(engine) as connection:
        is_marked = change(connection, delivery, *details)
        return is_marked or (again and outbox.has_ended(connection, delivery))


def _pauses() -> Iterator[float]:
    pause = 0.5
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
