"""The accepted states of the program, numbered."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert, select

from gsef_notify.program.changes import Publication, first_publication, next_publication
from gsef_notify.program.model import Program
from gsef_notify.store.tables import revisions


def latest(connection: Connection) -> Publication | None:
    """The newest revision, None before the first."""
    query = select(revisions.c.publication).order_by(revisions.c.number.desc()).limit(1)
    stored = connection.scalar(query)
    return None if stored is None else msgspec.json.decode(stored, type=Publication)


def accept(connection: Connection, program: Program, now: datetime) -> tuple[Publication, bool]:
    """Store ``program`` as a new revision unless it equals the newest; says whether it did."""
    previous = latest(connection)
    if previous is not None and previous.program == program:
        return previous, False
    publication = next_publication(previous, program, now) if previous else first_publication(program, now)
    row = {
        "number": publication.revision,
        "accepted_at": now,
        "publication": msgspec.json.encode(publication),
    }
    connection.execute(insert(revisions), row)
    return publication, True
