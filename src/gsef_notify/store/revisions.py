"""The accepted states of the program, numbered."""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, insert, select

from gsef_notify.program.changes import (
    KEPT,
    Publication,
    first_publication,
    is_outdated,
    next_publication,
)
from gsef_notify.program.model import Program
from gsef_notify.program.recognition import recognised
from gsef_notify.store.tables import revisions


def latest(connection: Connection) -> Publication | None:
    """The newest revision, None before the first."""
    query = select(revisions.c.publication).order_by(revisions.c.number.desc()).limit(1)
    stored = connection.scalar(query)
    return None if stored is None else msgspec.json.decode(stored, type=Publication)


def accept(
    connection: Connection,
    program: Program,
    now: datetime,
    settled: Collection[str] = (),
    kept: timedelta = KEPT,
) -> tuple[Publication, bool]:
    """Store ``program`` as a new revision unless it says what the newest does; says whether it did. What was
    there before keeps its id, except for the lasting keys in ``settled``, whose ids are given; what is taken
    out is told to be cancelled until ``kept`` after its session."""
    previous = latest(connection)
    if previous is None:
        return _stored(connection, first_publication(program, now)), True
    known = recognised(previous, program, settled)
    if previous.program == known and not is_outdated(previous, now, kept):
        return previous, False
    return _stored(connection, next_publication(previous, known, now, kept)), True


def _stored(connection: Connection, publication: Publication) -> Publication:
    row = {
        "number": publication.revision,
        "accepted_at": publication.accepted_at,
        "publication": msgspec.json.encode(publication),
    }
    connection.execute(insert(revisions), row)
    return publication
