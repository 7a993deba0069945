"""The amendments to the program that stand until they are undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gsef_notify.program.amendments import MINUTE, Amendment
from gsef_notify.store.tables import amendments


def standing(connection: Connection) -> tuple[Amendment, ...]:
    """Those that nobody has undone, in the order in which they were made."""
    query = select(amendments).where(amendments.c.undone_at.is_(None)).order_by(amendments.c.id)
    return tuple(_amendment(row) for row in connection.execute(query))


def add(connection: Connection, amendment: Amendment) -> int:
    """Keep a new amendment; its id."""
    row = {
        "kind": amendment.kind,
        "session": amendment.session,
        "segment": amendment.segment,
        "minutes": amendment.by // MINUTE,
        "made_at": amendment.made_at,
        "base": amendment.base,
    }
    return int(connection.execute(insert(amendments).values(row).returning(amendments.c.id)).scalar_one())


def undo(connection: Connection, amendment_id: int, now: datetime) -> bool:
    """Let an amendment stand no longer; False where it does not stand."""
    it = (amendments.c.id == amendment_id, amendments.c.undone_at.is_(None))
    return connection.execute(update(amendments).where(*it).values(undone_at=now)).rowcount == 1


def _amendment(row: Row[Any]) -> Amendment:
    return Amendment(
        id=row.id,
        kind=row.kind,
        session=row.session,
        segment=row.segment,
        by=row.minutes * MINUTE,
        made_at=row.made_at,
        base=row.base,
    )
