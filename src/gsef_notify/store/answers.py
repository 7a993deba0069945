"""Who has said that they come, on our page or by their calendar."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from gsef_notify.store.links import Owner
from gsef_notify.store.tables import answers, roles
from gsef_notify.store.upsert import insert

Choice = Literal["accepted", "declined", "tentative"]
LONGEST_COMMENT = 500


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a contact says of a session; ``sequence`` is that of the event which their calendar answered."""

    contact_id: int
    session: str
    answer: Choice
    answered_at: datetime
    via: Literal["link", "mail"]
    sequence: int | None = None
    comment: str | None = None


class Asked(NamedTuple):
    """Somebody who is asked whether they come to a session, and what they have said."""

    owner: Owner
    session: str
    answer: Answer | None


def keep(connection: Connection, answer: Answer) -> bool:
    """Keep an answer unless there is one that was given later; whether it was kept."""
    values = msgspec.structs.asdict(answer)
    statement = insert(connection, answers).values(values)
    renewed = {name: statement.excluded[name] for name in values if name not in ("contact_id", "session")}
    kept = statement.on_conflict_do_update(
        index_elements=["contact_id", "session"],
        set_=renewed,
        where=answers.c.answered_at <= statement.excluded.answered_at,
    )
    return connection.scalar(kept.returning(answers.c.contact_id)) is not None


def answer_of(connection: Connection, contact_id: int, session: str) -> Answer | None:
    """What a contact says of a session, None before they do."""
    theirs = select(answers).where(answers.c.contact_id == contact_id, answers.c.session == session)
    row = connection.execute(theirs).mappings().one_or_none()
    return Answer(**row) if row else None


def of_session(connection: Connection, session: str) -> dict[int, Answer]:
    """The answers for a session by who gave them, the ids of contacts."""
    rows = connection.execute(select(answers).where(answers.c.session == session)).mappings()
    return {row["contact_id"]: Answer(**row) for row in rows}


def of_people(connection: Connection, session: str) -> dict[str, Choice]:
    """What the people of a session have said, by their ids in the program."""
    joined = answers.join(roles, roles.c.contact_id == answers.c.contact_id)
    query = select(roles.c.person, answers.c.answer).select_from(joined)
    theirs = query.where(
        answers.c.session == session, roles.c.session.in_(("", session)), roles.c.person != ""
    )
    return {row.person: row.answer for row in connection.execute(theirs)}


def listed(connection: Connection) -> Sequence[Answer]:
    """Every answer, as they were given."""
    ordered = select(answers).order_by(answers.c.answered_at, answers.c.contact_id, answers.c.session)
    return [Answer(**row) for row in connection.execute(ordered).mappings()]
