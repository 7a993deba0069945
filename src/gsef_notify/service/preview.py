"""Every mail that would go out, asked of a real outbox in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.mail.compose import compose
from gsef_notify.mail.mime import Message
from gsef_notify.mail.templates import Templates
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact, known_zone
from gsef_notify.reminders.rules import Rule
from gsef_notify.service.letters import Letterhead, letter
from gsef_notify.service.publish import publish, take_contacts
from gsef_notify.store import outbox
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.outbox import Delivery

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class PlannedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that would go out. ``email`` is empty where nobody's address is known; ``start`` is when the
    reader's part begins, ``local_due`` the due time by their clock, ``why`` the rule in words."""

    due: datetime
    local_due: str
    start: datetime
    email: str
    name: str
    role: str
    timezone: str
    session: str
    segment: str
    rule: str
    why: str


@dataclass(frozen=True)
class Choice:
    """Which mail: to whom, by which rule (the first for None), and as if they had another zone or
    language."""

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
    rules: Sequence[Rule],
    period: tuple[datetime | None, datetime | None],
) -> list[PlannedMail]:
    """The mails that fall due in the period, the earliest first."""
    why = {rule.name: _in_words(rule) for rule in rules}
    mails = [_mail(row, program, why[row.rule]) for row in _rows(program, contacts, rules)]
    first, last = period
    return [m for m in mails if (not first or m.due >= first) and (not last or m.due <= last)]


def written_mail(
    head: Letterhead,
    templates: Templates,
    publication: Publication,
    contacts: Iterable[Contact],
    rules: Sequence[Rule],
    chosen: Choice,
) -> Message:
    """The first mail that would go to somebody, as of when it is due. Raises NoSuchMail, TemplateError."""
    rows = _rows(publication.program, contacts, rules)
    fitting = [r for r in rows if r.email == chosen.email and chosen.rule in (None, r.rule)]
    if not fitting:
        addresses = sorted({row.email for row in rows if row.email})
        raise NoSuchMail(chosen.email, chosen.rule, [rule.name for rule in rules], addresses)
    row = fitting[0]
    delivery = Delivery(
        id=0,
        attempts=1,
        reminder=outbox.reminder_of(row),
        email=row.email,
        name=row.name,
        timezone=chosen.timezone or row.timezone,
        language=chosen.language or row.language,
        corrects=None,
    )
    return compose(letter(head, publication, delivery, row.due), templates)


def _rows(program: Program, contacts: Iterable[Contact], rules: Sequence[Rule]) -> Sequence[Row[Any]]:
    engine = open_database("sqlite:///:memory:")
    take_contacts(engine, contacts, _LONG_AGO)
    publish(engine, program, rules, _LONG_AGO)
    with transaction(engine) as connection:
        rows = outbox.preview(connection)
    engine.dispose()
    return rows


def _mail(row: Row[Any], program: Program, why: str) -> PlannedMail:
    session = program.session(row.session)
    person = session.person(row.person) if row.person else None
    timezone = known_zone(row.timezone, person) or session.timezone
    segment = session.segment(row.segment).title if row.segment else ""
    return PlannedMail(
        due=row.due,
        local_due=f"{zones.local(row.due, timezone):%Y-%m-%d %H:%M}",
        start=row.start,
        email=row.email or "",
        name=row.name or (person.name if person else ""),
        role=row.role,
        timezone=timezone,
        session=session.id,
        segment=segment,
        rule=row.rule,
        why=why,
    )


def _in_words(rule: Rule) -> str:
    subject = "their segment" if rule.of == "segment" else "the session"
    return f"{rule.role}s are told {_length(rule)} before {subject}"


def _length(rule: Rule) -> str:
    minutes = int(rule.before.total_seconds() // 60)
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        if minutes % size == 0 and minutes >= size:
            number = minutes // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "at the time"
