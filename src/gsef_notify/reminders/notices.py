"""What people were told and is no longer true. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from gsef_notify.program.changes import Publication
from gsef_notify.reminders.plan import Reminder
from gsef_notify.reminders.rules import Audience

CANCELLED = "cancelled"
DEBOUNCE = timedelta(minutes=2)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """That a contact was told of a session, or of a segment of it, as beginning at ``start``; ``role`` and
    ``person`` are those of the mail that told them."""

    contact_id: int
    session: str
    segment: str | None
    role: Audience
    person: str | None
    start: datetime


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A word about a change to one contact."""

    contact_id: int
    reminder: Reminder


def outdated(told_start: datetime | None, reminder: Reminder) -> datetime | None:
    """The beginning that somebody was last told for the subject of ``reminder``, if it has changed since.

    None for who was told nothing yet, or nothing else: they need no word about a change.
    """
    return told_start if told_start != reminder.start else None


def cancellations(told: Iterable[Told], publication: Publication, now: datetime) -> list[Notice]:
    """One word to each who was told of something that has been taken out and has not begun: of a session
    where that is gone, else of each of its segments. Of several times that somebody was told, the last
    counts."""
    found: dict[tuple[int, str, str | None], Notice] = {}
    for each in told:
        segment = _segment(each, publication)
        key = "/".join(filter(None, (each.session, segment)))
        if key in publication.removed and each.start > now:
            notice = Notice(contact_id=each.contact_id, reminder=_word(each, segment, publication, key))
            found[each.contact_id, each.session, segment] = notice
    return list(found.values())


def _segment(told: Told, publication: Publication) -> str | None:
    """What of a session they were told of, None for all of it: a speaker of a whole session was told the
    beginning of a segment."""
    if told.session in publication.removed or told.segment:
        return None if told.session in publication.removed else told.segment
    gone = (each.segment for each in publication.removed.values() if each.session.id == told.session)
    theirs = (s.id for s in gone if s and told.person in s.people and s.start == told.start)
    return next(theirs, None)


def _word(told: Told, segment: str | None, publication: Publication, key: str) -> Reminder:
    lineage = publication.lineages[key]
    return Reminder(
        rule=f"{CANCELLED}-{lineage.sequence}",
        role=told.role,
        template=CANCELLED,
        session=told.session,
        segment=segment,
        person=told.person,
        start=told.start,
        due=lineage.modified + DEBOUNCE,
        useless_from=told.start,
    )
