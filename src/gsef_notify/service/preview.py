"""Every mail that would go out, asked of a real outbox in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.mail.compose import compose
from gsef_notify.mail.mime import Message
from gsef_notify.mail.templates import Templates
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Program
from gsef_notify.reminders.notices import TEMPLATES
from gsef_notify.reminders.people import Contact, known_zone
from gsef_notify.service import digest as digests
from gsef_notify.service.letters import Letterhead, digest, draft
from gsef_notify.service.publish import Policy, publish, take_contacts
from gsef_notify.service.sample_notices import sample_notice
from gsef_notify.store.audiences import preview, reminder_of
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.outbox import Delivery

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class PlannedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that would go out. ``email`` is empty where nobody's address is known; ``start`` is when the
    reader's part begins, ``local_due`` the due time by their clock, ``unmoved`` when it was due but for quiet
    hours, ``useless_from`` the instant from which it is not sent any more, ``why`` the rule in words.
    ``session`` and ``segment_id`` are ids, the former empty for a word about the whole program; ``segment``
    is a title."""

    due: datetime
    local_due: str
    unmoved: datetime
    useless_from: datetime
    start: datetime
    email: str
    name: str
    role: str
    timezone: str
    session: str
    segment_id: str
    segment: str
    rule: str
    priority: str
    why: str


@dataclass(frozen=True)
class Choice:
    """Which mail: to whom, by which rule (the first for None) or as which notice, and as if they had another
    zone or language."""

    email: str
    rule: str | None = None
    timezone: str | None = None
    language: str | None = None


class NoSuchMail(GsefNotifyError):
    """No mail of that kind would go to that address."""

    def __init__(self, email: str, rule: str | None, rules: Iterable[str], addresses: Iterable[str]) -> None:
        wanted = f"of the rule {rule} " if rule else ""
        known = f"the rules are {', '.join(rules)}; the addresses are {', '.join(addresses) or 'none'}"
        super().__init__(f"no mail {wanted}would go to {email} - {known}")


def planned_mails(
    program: Program,
    contacts: Iterable[Contact],
    policy: Policy,
    period: tuple[datetime | None, datetime | None],
) -> list[PlannedMail]:
    """The mails that fall due in the period, the earliest first."""
    why = {rule.name: rule.why for rule in policy.rules}
    with _planned(program, contacts, policy) as connection:
        rows = preview(connection)
    mails = [planned_mail(row, program, why[row.rule]) for row in rows]
    first, last = period
    return [m for m in mails if (not first or m.due >= first) and (not last or m.due <= last)]


def written_mail(
    head: Letterhead,
    templates: Templates,
    publication: Publication,
    contacts: Iterable[Contact],
    policy: Policy,
    chosen: Choice,
) -> Message:
    """The first mail that would go to somebody, as of when it is due. Raises NoSuchMail, TemplateError."""
    with _planned(publication.program, contacts, policy) as connection:
        rows = preview(connection)
        wanted = None if chosen.rule in TEMPLATES else chosen.rule
        fitting = [r for r in rows if r.email == chosen.email and wanted in (None, r.rule)]
        if not fitting:
            addresses = sorted({row.email for row in rows if row.email})
            kinds = [*(rule.name for rule in policy.rules), *TEMPLATES]
            raise NoSuchMail(chosen.email, chosen.rule, kinds, addresses)
        delivery, due = _delivery(fitting[0], chosen), fitting[0].due
        if chosen.rule in TEMPLATES and delivery.reminder.session:
            publication, delivery = sample_notice(chosen.rule, publication, delivery, due)
        if delivery.reminder.session:
            return compose(draft(head, publication, delivery, due).letter, templates)
        timezone = delivery.timezone or delivery.reminder.zone_of_others
        matter = digests.matter(connection, publication, timezone, due)
        return compose(digest(head, delivery, matter, due).letter, templates)


def _delivery(row: Row[Any], chosen: Choice) -> Delivery:
    return Delivery(
        id=0,
        attempts=1,
        contact_id=0,
        reminder=reminder_of(row),
        email=row.email,
        name=row.name,
        timezone=chosen.timezone or row.timezone,
        language=chosen.language or row.language,
    )


@contextmanager
def _planned(program: Program, contacts: Iterable[Contact], policy: Policy) -> Iterator[Connection]:
    """A database in memory in which the program is planned for those contacts."""
    engine = open_database("sqlite:///:memory:")
    try:
        take_contacts(engine, contacts, policy, _LONG_AGO)
        publish(engine, program, policy, _LONG_AGO)
        with transaction(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def planned_mail(row: Row[Any], program: Program, why: str) -> PlannedMail:
    """A reminder beside its contact as a mail; ``why`` is its rule in words."""
    session = next((session for session in program.sessions if session.id == row.session), None)
    person = session.person(row.person) if session and row.person else None
    timezone = known_zone(row.timezone, person) or row.zone_of_others
    return PlannedMail(
        due=row.due,
        local_due=f"{zones.local(row.due, timezone):%Y-%m-%d %H:%M}",
        unmoved=row.unmoved,
        useless_from=row.useless_from,
        start=row.start,
        email=row.email or "",
        name=row.name or (person.name if person else ""),
        role=row.role,
        timezone=timezone,
        session=row.session,
        segment_id=row.segment or "",
        segment=session.segment(row.segment).title if session and row.segment else "",
        rule=row.rule,
        priority=row.priority,
        why=f"{why}{_moved(row, timezone)}",
    )


def _moved(row: Row[Any], timezone: str) -> str:
    """Where quiet hours have moved a mail from, in words."""
    if row.due == row.unmoved:
        return ""
    from_, to = zones.local(row.unmoved, timezone), zones.local(row.due, timezone)
    day = "" if from_.date() == to.date() else f" on {from_:%a} {from_.day} {from_:%b}"
    return f", moved from {from_:%H:%M}{day} by quiet hours ({row.quiet})"
