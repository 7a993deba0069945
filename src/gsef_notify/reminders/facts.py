"""What a mail says of a session, and what of it is no longer true. Pure."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from gsef_notify import zones
from gsef_notify.program.changes import Publication, key_of
from gsef_notify.program.model import Segment, Session
from gsef_notify.reminders.rules import Audience


class Beginning(msgspec.Struct, frozen=True):
    """When something begins: the local time, with its offset, of the IANA zone by whose clock it is told.
    With other zone data the same instant may have another local time there."""

    at: datetime
    timezone: str

    def is_still(self, other: "Beginning") -> bool:
        """Whether who reads the clock of this zone would read the same."""
        return zones.local(other.at, self.timezone).isoformat() == self.at.isoformat()


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody is told of a session: when it begins, when each of their segments does (by its id), the
    link to join, and the names of the people by their ids. A beginning is None for what is cancelled.
    ``released`` are segments that they are told not to be theirs any more. ``is_whole`` says that these are
    all of their segments."""

    start: Beginning | None
    slots: Mapping[str, Beginning | None] = {}
    link: str | None = None
    people: Mapping[str, str] = {}
    released: tuple[str, ...] = ()
    is_whole: bool = False


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Of which session somebody is told, and as whom: ``person`` is their id in the program, ``starred`` the
    ids of segments that they follow without being on."""

    session: str
    role: Audience
    person: str | None = None
    starred: frozenset[str] = frozenset()


class Kind(StrEnum):
    """What became of a part since somebody was told of it."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"
    ADDED = "added"
    RELEASED = "released"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a session (``segment`` is None for all of it) of which somebody was told something else.
    ``before`` is the local time that they were told."""

    segment: str | None
    kind: Kind
    before: datetime | None = None
    after: datetime | None = None

    @property
    def is_of_the_clock(self) -> bool:
        """Whether the instant is the same, and only the clock of the reader shows it otherwise."""
        return self.kind == Kind.MOVED and self.before == self.after

    def matters(self, now: datetime) -> bool:
        """Whether one of the beginnings is still to come."""
        return any(at > now for at in (self.before, self.after) if at)


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """All that somebody was told of a session and is no longer true. ``link`` says that the link to join is
    another, ``joined`` and ``left`` are names."""

    parts: tuple[Change, ...] = ()
    link: bool = False
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != NOTHING_WRONG

    @property
    def is_of_all(self) -> bool:
        """Whether it is about the whole session."""
        return any(part.segment is None for part in self.parts)

    @property
    def instants(self) -> tuple[datetime, ...]:
        """The beginnings that it takes back or names."""
        return tuple(at for part in self.parts for at in (part.before, part.after) if at)


NOTHING_WRONG = Correction()


def facts_of(
    publication: Publication, subject: Subject, timezone: str, segments: Iterable[Segment] | None = None
) -> Facts:
    """What is true of a session, by the clock of an IANA zone; with ``segments``, of those alone."""
    try:
        session = publication.program.session(subject.session)
    except KeyError:
        return Facts(start=None, is_whole=segments is None)
    told = segments_told(session, subject) if segments is None else segments
    return Facts(
        start=_beginning(session, timezone),
        slots={segment.id: _beginning(segment, timezone) for segment in told},
        link=session.join_url,
        people={person.id: person.name for person in session.people if person.id != subject.person},
        is_whole=segments is None,
    )


def segments_told(session: Session, subject: Subject) -> tuple[Segment, ...]:
    """The segments of which somebody is told the time as theirs: their own, for a moderator all."""
    if subject.role == "moderator":
        return session.segments
    return tuple(s for s in session.segments if subject.person in s.people or s.id in subject.starred)


def facts_after(told: Facts, publication: Publication, subject: Subject, timezone: str) -> Facts:
    """What somebody knows who believed that and is told by a notice what of it is no longer true."""
    truth = facts_of(publication, subject, timezone)
    gone = [segment for segment in told.slots if segment not in truth.slots]
    cancelled = [s for s in gone if truth.start is None or key_of(subject.session, s) in publication.removed]
    return msgspec.structs.replace(
        truth,
        slots={**truth.slots, **dict.fromkeys(cancelled)},
        released=tuple(segment for segment in gone if segment not in cancelled),
    )


def merged(told: Iterable[Facts]) -> Facts:
    """What somebody believes who was told all these, in order."""
    every = list(told)
    slots: dict[str, Beginning | None] = {}
    for facts in every:
        kept = {segment: start for segment, start in slots.items() if segment not in facts.released}
        slots = {**kept, **facts.slots}
    last = every[-1]
    believed = slots if last.start else dict.fromkeys(slots)
    return msgspec.structs.replace(last, slots=believed, is_whole=any(facts.is_whole for facts in every))


def correction(told: Facts, publication: Publication, subject: Subject, now: datetime) -> Correction:
    """What of that must be put right, as far as it still matters at ``now``."""
    truth = facts_of(publication, subject, "UTC")
    parts = tuple(c for c in _slot_changes(told, truth, publication, subject) if c.matters(now))
    whole = _change(None, told.start, truth.start, Kind.CANCELLED)
    if whole and whole.matters(now) and (not parts or subject.role == "moderator"):
        parts = (whole,)
    if truth.start is None:
        return Correction(parts=parts)
    return msgspec.structs.replace(_of_the_rest(told, truth, publication, subject, now), parts=parts)


def _slot_changes(told: Facts, truth: Facts, publication: Publication, subject: Subject) -> Iterator[Change]:
    for segment in told.slots:
        is_removed = truth.start is None or key_of(subject.session, segment) in publication.removed
        gone = Kind.CANCELLED if is_removed else Kind.RELEASED
        if change := _change(segment, told.slots[segment], truth.slots.get(segment), gone):
            yield change
    for segment, start in truth.slots.items():
        if told.is_whole and told.start and segment not in told.slots and start:
            yield Change(segment=segment, kind=Kind.ADDED, after=start.at)


def _change(
    segment: str | None, told: Beginning | None, truth: Beginning | None, gone: Kind
) -> Change | None:
    if told and truth:
        same = told.is_still(truth)
        return None if same else Change(segment=segment, kind=Kind.MOVED, before=told.at, after=truth.at)
    if told:
        return Change(segment=segment, kind=gone, before=told.at)
    return Change(segment=segment, kind=Kind.REINSTATED, after=truth.at) if truth else None


def _of_the_rest(
    told: Facts, truth: Facts, publication: Publication, subject: Subject, now: datetime
) -> Correction:
    """Link and people, which matter until the reader's part is over, and until the session begins."""
    session = publication.program.session(subject.session)
    theirs = [start.at for start in truth.slots.values() if start] if subject.role == "speaker" else []
    if told.start is None or now >= max(theirs, default=session.end):
        return NOTHING_WRONG
    is_ahead = session.start > now
    return Correction(
        link=told.link is not None and told.link != truth.link,
        joined=_names(truth.people, {*told.people, subject.person}) if is_ahead else (),
        left=_names(told.people, {*truth.people, subject.person}) if is_ahead else (),
    )


def _names(people: Mapping[str, str], known: Container[str | None]) -> tuple[str, ...]:
    return tuple(name for person, name in people.items() if person not in known)


def _beginning(part: Session | Segment, timezone: str) -> Beginning:
    return Beginning(zones.local(part.start, timezone), timezone)
