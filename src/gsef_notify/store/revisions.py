"""The accepted states of the program, numbered."""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, func, insert, select

from gsef_notify.program.amendments import amended, lapses
from gsef_notify.program.changes import (
    KEPT,
    Publication,
    first_publication,
    is_outdated,
    next_publication,
)
from gsef_notify.program.model import Program
from gsef_notify.program.recognition import recognised
from gsef_notify.store import amendments, upsert
from gsef_notify.store.tables import revisions, written


def latest(connection: Connection) -> Publication | None:
    """The newest revision, None before the first."""
    query = select(revisions.c.publication).order_by(revisions.c.number.desc()).limit(1)
    stored = connection.scalar(query)
    return None if stored is None else msgspec.json.decode(stored, type=Publication)


def newest_number(connection: Connection) -> int | None:
    """The number of the newest revision, None before the first."""
    number: int | None = connection.scalar(select(func.max(revisions.c.number)))
    return number


def as_written(connection: Connection) -> Program | None:
    """The newest program as its files say it, before any amendment; None before the first."""
    stored = connection.scalar(select(written.c.program))
    if stored is not None:
        return msgspec.json.decode(stored, type=Program)
    publication = latest(connection)
    return publication.program if publication else None


def lapsed(connection: Connection) -> dict[int, str]:
    """Why the files leave nothing to amend, by the ids of the amendments for which that is so."""
    return lapses(as_written(connection) or Program(), amendments.standing(connection))


def accept(
    connection: Connection,
    program: Program,
    now: datetime,
    settled: Collection[str] = (),
    kept: timedelta = KEPT,
) -> tuple[Publication, bool]:
    """Store ``program``, with the amendments that stand, as a new revision unless it says what the newest
    does; says whether it did. What was there before keeps its id, except for the lasting keys in ``settled``,
    whose ids are given; what is taken out is told to be cancelled until ``kept`` after its session."""
    previous, before = latest(connection), as_written(connection)
    if previous is not None and before is not None:
        program = recognised(msgspec.structs.replace(previous, program=before), program, settled)
    return _amended(connection, previous, program, now, kept)


def restate(connection: Connection, now: datetime, kept: timedelta = KEPT) -> tuple[Publication, bool]:
    """Store what the files said last, with the amendments that stand now, as a new revision unless it says
    what the newest does; says whether it did. Raises LookupError before the first revision."""
    program = as_written(connection)
    if program is None:
        raise LookupError("nothing is published")
    return _amended(connection, latest(connection), program, now, kept)


def _amended(
    connection: Connection, previous: Publication | None, program: Program, now: datetime, kept: timedelta
) -> tuple[Publication, bool]:
    _keep_written(connection, program)
    told = amended(program, amendments.standing(connection))
    if previous is None:
        return _stored(connection, first_publication(told, now)), True
    if previous.program == told and not is_outdated(previous, now, kept):
        return previous, False
    return _stored(connection, next_publication(previous, told, now, kept)), True


def _keep_written(connection: Connection, program: Program) -> None:
    content = msgspec.json.encode(program)
    statement = upsert.insert(connection, written).values(id=1, program=content)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"program": content}))


def _stored(connection: Connection, publication: Publication) -> Publication:
    row = {
        "number": publication.revision,
        "accepted_at": publication.accepted_at,
        "publication": msgspec.json.encode(publication),
    }
    connection.execute(insert(revisions), row)
    return publication
