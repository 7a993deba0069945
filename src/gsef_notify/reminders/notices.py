"""Words to those who were told something that is no longer true. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from gsef_notify.program.changes import Publication
from gsef_notify.reminders.facts import Correction, Facts, Kind, Subject, correction
from gsef_notify.reminders.plan import Reminder
from gsef_notify.reminders.quiet import QuietHours

CANCELLED, REINSTATED, CHANGED = "cancelled", "reinstated", "changed"
TEMPLATES = (CANCELLED, REINSTATED, CHANGED)
DEBOUNCE = timedelta(minutes=2)
AT_ONCE_WITHIN = timedelta(hours=3)


class Believed(msgspec.Struct, frozen=True, kw_only=True):
    """What some contacts, who were told the same, believe of a session after that number of mails about
    it."""

    contact_ids: tuple[int, ...]
    subject: Subject
    facts: Facts
    mails: int


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A word about a change to some contacts."""

    contact_ids: tuple[int, ...]
    reminder: Reminder


def notices(
    believed: Iterable[Believed], publication: Publication, now: datetime, quiet: QuietHours | None
) -> Iterator[Notice]:
    """One word to all who believe something of a session that is no longer true and still matters."""
    for each in believed:
        if found := correction(each.facts, publication, each.subject, now):
            reminder = _reminder(each, found, publication, now, quiet)
            yield Notice(contact_ids=each.contact_ids, reminder=reminder)


def _reminder(
    believed: Believed, found: Correction, publication: Publication, now: datetime, quiet: QuietHours | None
) -> Reminder:
    """It waits for further changes, unless what it is about comes soon."""
    subject = believed.subject
    session = publication.session(subject.session)
    others = [session.end] if found.link else ([session.start] if found.joined or found.left else [])
    instants = [*found.instants, *others]
    ahead = [at for at in instants if at > now]
    soonest = min(at for at in (*ahead, *([session.start] if others else [])))
    later = [told.at for told in believed.facts.slots.values() if told] if found.is_of_all else []
    due = now if soonest - now <= AT_ONCE_WITHIN else now + DEBOUNCE
    return Reminder(
        rule=template_of(found),
        role=subject.role,
        template=template_of(found),
        session=subject.session,
        segment=None,
        person=subject.person,
        start=soonest,
        due=due,
        useless_from=max([*ahead, *later]),
        unmoved=due,
        zone_of_others=session.timezone,
        quiet=quiet,
        priority="high",
        occasion=_occasion(believed, found),
    )


def template_of(found: Correction) -> str:
    """The kind of mail that tells it: one of TEMPLATES."""
    kinds = {part.kind for part in found.parts}
    if not (found.link or found.joined or found.left):
        if kinds == {Kind.CANCELLED}:
            return CANCELLED
        if kinds == {Kind.REINSTATED}:
            return REINSTATED
    return CHANGED


def _occasion(believed: Believed, found: Correction) -> str:
    """What distinguishes this correction from others: what was told, what holds, and how often they were
    written to, so that moving something forth, back and forth again is told each time."""
    facts = msgspec.json.encode((believed.facts, found), order="deterministic")
    return f"{believed.mails}.{sha256(facts).hexdigest()[:12]}"
