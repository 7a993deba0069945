"""What publishing a program would change, tried on the stored state and undone."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from gsef_notify.program.changes import Publication
from gsef_notify.readers import Reading
from gsef_notify.reminders.people import Contact
from gsef_notify.service.preview import PlannedMail, planned_mail
from gsef_notify.service.publish import Policy, publish_within
from gsef_notify.store import people, revisions
from gsef_notify.store.database import trial
from gsef_notify.store.pending import pending_reminders
from gsef_notify.store.waiting import WaitingNotice, waiting_notices


class MovedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that would go out at another time."""

    before: PlannedMail
    after: PlannedMail


class PlanDiff(msgspec.Struct, frozen=True, kw_only=True):
    """The mails that would be planned anew, fall away and move, and the notices that would go out.
    ``revision`` is the stored one, None where nothing is published; ``is_new`` says that the program is
    another."""

    revision: int | None
    is_new: bool
    added: tuple[PlannedMail, ...]
    dropped: tuple[PlannedMail, ...]
    moved: tuple[MovedMail, ...]
    notices: tuple[WaitingNotice, ...]


def plan_diff(
    engine: Engine,
    read: Callable[[Collection[Contact]], Reading],
    contacts: Iterable[Contact],
    policy: Policy,
    now: datetime,
) -> PlanDiff:
    """What it would change to publish at ``now`` what ``read`` finds in files for the contact list.
    ``contacts`` are taken into the list first. Nothing of it stays. Raises ProgramRefused for files with
    errors."""
    with trial(engine) as connection:
        before = revisions.latest(connection)
        old = _pending(connection, before, policy, now)
        known = {notice.id for notice in waiting_notices(connection)}
        people.add(connection, contacts)
        reading = read(people.listed(connection))
        publication, is_new = publish_within(connection, reading.accept(), policy, now, reading.settled)
        new = _pending(connection, publication, policy, now)
        notices = tuple(notice for notice in waiting_notices(connection) if notice.id not in known)
    added, dropped, moved = _compared(old, new)
    return PlanDiff(
        revision=before.revision if before else None,
        is_new=is_new,
        added=added,
        dropped=dropped,
        moved=moved,
        notices=notices,
    )


def _pending(
    connection: Connection, publication: Publication | None, policy: Policy, now: datetime
) -> list[PlannedMail]:
    if publication is None:
        return []
    why = {rule.name: rule.why for rule in policy.rules}
    rows = pending_reminders(connection, now)
    return [planned_mail(row, publication.program, why.get(row.rule, row.rule)) for row in rows]


def _compared(
    old: list[PlannedMail], new: list[PlannedMail]
) -> tuple[tuple[PlannedMail, ...], tuple[PlannedMail, ...], tuple[MovedMail, ...]]:
    """What is only in the new and only in the old, and the pairs of one mail at two times, in order."""
    stays = Counter(map(_at, old)) & Counter(map(_at, new))
    gone, come = _without(old, stays), _without(new, stays)
    moved = []
    for before in tuple(gone):
        after = next((mail for mail in come if _what(mail) == _what(before)), None)
        if after and before.session:
            gone.remove(before)
            come.remove(after)
            moved.append(MovedMail(before=before, after=after))
    return tuple(come), tuple(gone), tuple(moved)


def _without(mails: list[PlannedMail], those: Counter[tuple[object, ...]]) -> list[PlannedMail]:
    left = Counter(those)
    kept = []
    for mail in mails:
        if left[_at(mail)]:
            left[_at(mail)] -= 1
        else:
            kept.append(mail)
    return kept


def _what(mail: PlannedMail) -> tuple[object, ...]:
    return mail.rule, mail.session, mail.segment_id, mail.email


def _at(mail: PlannedMail) -> tuple[object, ...]:
    return *_what(mail), mail.due
