"""The line of a service to PostgreSQL: by it others know that it is alive, and it hears what they announce.

On SQLite there are no others.
"""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from gsef_notify.store import locks
from gsef_notify.store.announcing import CHANNEL

LOOK_UP_SECONDS = 0.5


class LineCut(Exception):
    """The line was cut by the server or on the way."""


def hold(engine: Engine, owner: str, heard: Callable[[], None], is_over: Callable[[], bool]) -> None:
    """Hold the line of the service ``owner`` until ``is_over()``. ``heard`` is called when it stands, and
    whenever somebody announces something. Raises LineCut."""
    try:
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            driver = connection.connection.driver_connection
            connection.detach()
            if not locks.keep(connection, _name(owner)):
                raise LineCut("the server has not noticed yet that the line before is dead")
            connection.exec_driver_sql(f"LISTEN {CHANNEL}")
            heard()
            _listen(driver, heard, is_over)
    except (DBAPIError, _driver_error(engine)) as error:
        raise LineCut(str(error).strip().partition("\n")[0]) from error


def absent(connection: Connection, owners: Collection[str]) -> frozenset[str]:
    """Those services that have no line at present; all of them on SQLite, which one holds alone."""
    return frozenset(owner for owner in owners if locks.is_free(connection, _name(owner)))


def _listen(driver: Any, heard: Callable[[], None], is_over: Callable[[], bool]) -> None:
    while not is_over():
        for _ in driver.notifies(timeout=LOOK_UP_SECONDS, stop_after=1):
            heard()


def _driver_error(engine: Engine) -> type[Exception]:
    error: type[Exception] = engine.dialect.loaded_dbapi.Error
    return error


def _name(owner: str) -> str:
    return f"service {owner}"
