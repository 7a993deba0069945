"""What people were told and is no longer true. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from gsef_notify.program.changes import Publication, key_of
from gsef_notify.reminders.plan import Reminder, part_begins
from gsef_notify.reminders.rules import Audience

CANCELLED, REINSTATED, MOVED = "cancelled", "reinstated", "moved"
TEMPLATES = (CANCELLED, REINSTATED, MOVED)
LONG_AGO = timedelta(days=1)
DEBOUNCE = timedelta(minutes=2)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """That a contact was told of a session, or of a segment of it, as beginning at ``start``; ``role``,
    ``person`` and ``template`` are those of the mail that told them."""

    contact_id: int
    session: str
    segment: str | None
    role: Audience
    person: str | None
    start: datetime
    template: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A word about a change to one contact."""

    contact_id: int
    reminder: Reminder


def outdated(told_start: datetime | None, reminder: Reminder) -> datetime | None:
    """The beginning that somebody was last told for the subject of ``reminder``, if it has changed since.

    None for who was told nothing yet, or nothing else: they need no word about a change.
    """
    return told_start if told_start != reminder.start else None


def notices(told: Iterable[Told], publication: Publication, now: datetime) -> list[Notice]:
    """One word to each who was told a beginning that is another now (unless a reminder tells them first); of
    something that has been taken out and has not begun: of a session
    where that is gone, else of each of its segments; and one where what they were told to be cancelled is
    back. Of what somebody was told of it, the last counts."""
    last: dict[tuple[int, str, str | None], Told] = {}
    for each in told:
        last[each.contact_id, each.session, _segment(each, publication)] = each
    words = (
        (contact, _word(each, segment, publication))
        for (contact, _, segment), each in last.items()
        if each.start > now - LONG_AGO
    )
    return [Notice(contact_id=contact, reminder=word) for contact, word in words if word and word.start > now]


def _segment(told: Told, publication: Publication) -> str | None:
    """What of a session they were told of, None for all of it: a speaker of a whole session was told the
    beginning of a segment."""
    if told.session in publication.removed or told.segment:
        return None if told.session in publication.removed else told.segment
    gone = (each.segment for each in publication.removed.values() if each.session.id == told.session)
    theirs = (s.id for s in gone if s and told.person in s.people and s.start == told.start)
    return next(theirs, None)


def _word(told: Told, segment: str | None, publication: Publication) -> Reminder | None:
    """What they must hear, None where what they were told is true."""
    was_cancelled = told.template == CANCELLED
    if key_of(told.session, segment) in publication.removed:
        return None if was_cancelled else _notice(told, segment, publication, CANCELLED, told.start)
    start = _begins(told, segment, publication)
    if start is None or (start == told.start and not was_cancelled):
        return None
    return _notice(told, segment, publication, REINSTATED if was_cancelled else MOVED, start)


def _begins(told: Told, segment: str | None, publication: Publication) -> datetime | None:
    """When it begins by the program, None where the program no longer says so."""
    try:
        session, part = publication.part(told.session, segment)
        person = session.person(told.person) if told.person else None
    except KeyError:
        return None
    return part.start if part else part_begins(session, person) if person else session.start


def _notice(
    told: Told, segment: str | None, publication: Publication, template: str, start: datetime
) -> Reminder:
    """The SEQUENCE of the part makes the next change of it another notice."""
    lineage = publication.lineages[key_of(told.session, segment)]
    return Reminder(
        rule=f"{template}-{lineage.sequence}",
        role=told.role,
        template=template,
        session=told.session,
        segment=segment,
        person=told.person,
        start=start,
        due=lineage.modified + DEBOUNCE,
        useless_from=start,
    )
