"""The guard over clocks: who was told a local time that their clock no longer shows, because zone data
changed."""

from datetime import datetime

from sqlalchemy import Engine

from gsef_notify.program.changes import Publication
from gsef_notify.reminders.facts import Change, correction
from gsef_notify.reminders.notices import Believed
from gsef_notify.store import believed
from gsef_notify.store.database import reading


def other_clocks(engine: Engine, publication: Publication, now: datetime) -> list[str]:
    """A line for each local time that somebody was told and that is another by the present zone data, though
    the instant is the same. They are told like any change."""
    sessions = {session.id for session in publication.program.sessions}
    with reading(engine) as connection:
        told = believed.of_sessions(connection, sessions)
    return [
        _line(contact_id, each, change)
        for each in told
        for change in correction(each.facts, publication, each.subject, now).parts
        if change.is_of_the_clock
        for contact_id in each.contact_ids
    ]


def _line(contact_id: int, told: Believed, change: Change) -> str:
    what = f"{told.subject.session}/{change.segment}" if change.segment else told.subject.session
    said = change.before.isoformat(timespec="minutes") if change.before else ""
    return f"contact {contact_id} was told {said} for {what}; by the present zone data that is another time"
