"""Notices as somebody would get them if what they were told were no longer true, to be looked at. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from gsef_notify.program.changes import Publication, next_publication
from gsef_notify.program.model import Program
from gsef_notify.reminders.facts import Beginning, Facts, Subject, facts_of
from gsef_notify.reminders.notices import CANCELLED, CHANGED, REINSTATED, Believed
from gsef_notify.store.outbox import Delivery

EARLIER = timedelta(minutes=30)


def sample_notice(
    kind: str, publication: Publication, delivery: Delivery, now: datetime
) -> tuple[Publication, Delivery]:
    """The publication and the delivery of a notice of that kind (one of notices.TEMPLATES) to the reader of a
    delivery: as if they had been told another time, or its session were cancelled now."""
    reminder = delivery.reminder
    subject = Subject(session=reminder.session, role=reminder.role, person=reminder.person)
    timezone = delivery.timezone or reminder.zone_of_others
    told = _TOLD[kind](facts_of(publication, subject, timezone))
    believed = Believed(contact_ids=(delivery.contact_id,), subject=subject, facts=told, mails=1)
    notice = msgspec.structs.replace(reminder, template=kind, rule=kind, segment=None)
    sample = msgspec.structs.replace(delivery, reminder=notice, believed=believed)
    return _without(publication, reminder.session, now) if kind == CANCELLED else publication, sample


def _without(publication: Publication, session: str, now: datetime) -> Publication:
    others = tuple(each for each in publication.program.sessions if each.id != session)
    return next_publication(publication, Program(sessions=others), now)


def _moved(truth: Facts) -> Facts:
    slots = {segment: start and _earlier(start) for segment, start in truth.slots.items()}
    return msgspec.structs.replace(truth, start=truth.start and _earlier(truth.start), slots=slots)


def _earlier(start: Beginning) -> Beginning:
    return Beginning(start.at - EARLIER, start.timezone)


def _gone(truth: Facts) -> Facts:
    return msgspec.structs.replace(truth, start=None, slots=dict.fromkeys(truth.slots))


def _as_it_is(truth: Facts) -> Facts:
    return truth


_TOLD: dict[str, Callable[[Facts], Facts]] = {CHANGED: _moved, REINSTATED: _gone, CANCELLED: _as_it_is}
