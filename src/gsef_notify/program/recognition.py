"""Which session and segment of a new program is which of the one before, for events keep their UIDs. Pure.

Ids that the files themselves give are believed. Every other session and segment takes over the id of the one
before that it is, by the first of these rules that finds a pair:

- a session is the one with the same derived id, title and beginning, title alone, beginning and people, or
  people alone;
- a segment is the one of the same session with the same title, people and beginning, title and beginning,
  title and people, title alone, people and beginning, people alone, or, where it is nobody's, beginning and
  end.

Titles are compared by their words. Where several share a title they are paired in order; by people or times a
pair is made only where there is one of each. So what is retitled, moved or given to somebody else is the same
as long as one of title, people and times stays; what changes in all of them is another one. What had been
taken out comes back under its id where its title does, a session also where its derived id does. Ids are
never given to anything else.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from msgspec.structs import replace

from gsef_notify.program.changes import Publication, lasting_key
from gsef_notify.program.identity import distinct
from gsef_notify.program.model import Program, Segment, Session
from gsef_notify.program.names import fold_name

Part = TypeVar("Part", Session, Segment)


@dataclass(frozen=True)
class Rule(Generic[Part]):
    """``key`` is what two must share, None for what the rule does not apply to; several of one key are paired
    in order if ``is_in_order``, else not at all."""

    key: Callable[[Part], Hashable | None]
    is_in_order: bool = False


def recognised(previous: Publication, program: Program, settled: Collection[str]) -> Program:
    """``program`` with the ids that its sessions and segments had before. ``settled`` are the lasting keys of
    those whose ids their files give."""
    sessions = _sessions(previous, program.sessions, settled)
    named = [
        replace(session, segments=_segments(previous, session, new.id, settled))
        for new, session in zip(program.sessions, sessions, strict=True)
    ]
    return Program(sessions=tuple(sorted(named, key=lambda session: (session.start, session.id))))


def _sessions(
    previous: Publication, sessions: Sequence[Session], settled: Collection[str]
) -> tuple[Session, ...]:
    gone = [each.session for each in previous.removed.values() if each.segment is None]
    used = {key.partition("/")[0] for key in previous.lineages}
    fixed = {session.id for session in sessions if lasting_key(session) in settled}
    return _with_ids(
        sessions, used, fixed, (previous.program.sessions, _SESSION_RULES), (gone, _GONE_SESSION_RULES)
    )


def _segments(
    previous: Publication, session: Session, derived_id: str, settled: Collection[str]
) -> tuple[Segment, ...]:
    """The segments of a session, which its file calls ``derived_id``."""
    before = next((s.segments for s in previous.program.sessions if s.id == session.id), ())
    removed = (each for each in previous.removed.values() if each.session.id == session.id)
    gone = [each.segment for each in removed if each.segment is not None]
    used = {key.partition("/")[2] for key in previous.lineages if key.startswith(f"{session.id}/")}
    fixed = {each.id for each in session.segments if f"{derived_id}/{each.id}" in settled}
    return _with_ids(session.segments, used, fixed, (before, _SEGMENT_RULES), (gone, _GONE_SEGMENT_RULES))


def _with_ids(
    parts: Sequence[Part],
    used: Collection[str],
    fixed: Collection[str],
    *known_before: tuple[Sequence[Part], Sequence[Rule[Part]]],
) -> tuple[Part, ...]:
    """The parts, each with its lasting id: those in ``fixed`` have it, the others are looked for among those
    known before, by their rules; what is new gets an id that none in ``used`` has."""
    ids: dict[int, str] = {number: part.id for number, part in enumerate(parts) if part.id in fixed}
    for known, rules in known_before:
        free = [part for part in known if part.id not in ids.values() and part.id not in fixed]
        open_numbers = [number for number in range(len(parts)) if number not in ids]
        for number, part in _pairs([parts[n] for n in open_numbers], free, rules):
            ids[open_numbers[number]] = part.id
    for number, part in enumerate(parts):
        if number not in ids:
            ids[number] = distinct(part.id, {*used, *fixed, *ids.values()})
    return tuple(replace(part, id=ids[number]) for number, part in enumerate(parts))


def _pairs(
    parts: Sequence[Part], known: Sequence[Part], rules: Iterable[Rule[Part]]
) -> Iterable[tuple[int, Part]]:
    """The numbers of parts, each with the known one that it is."""
    numbers, left = list(range(len(parts))), list(known)
    for rule in rules:
        here, there = defaultdict(list), defaultdict(list)
        for number in numbers:
            here[rule.key(parts[number])].append(number)
        for part in left:
            there[rule.key(part)].append(part)
        for key in here.keys() & there.keys() - {None}:
            if rule.is_in_order or len(here[key]) == len(there[key]) == 1:
                for number, part in zip(here[key], there[key], strict=False):
                    numbers.remove(number)
                    left.remove(part)
                    yield number, part


def _words(part: Session | Segment) -> Hashable | None:
    return tuple(re.findall(r"\w+", part.title.casefold())) or None


def _names(session: Session) -> Hashable | None:
    return frozenset(fold_name(person.name) for person in session.people) or None


def _all(*keys: Callable[[Part], Hashable | None]) -> Callable[[Part], Hashable | None]:
    """What two share if they share each of the keys."""

    def both(part: Part) -> Hashable | None:
        found = tuple(key(part) for key in keys)
        return None if None in found else found

    return both


def _start(part: Session | Segment) -> Hashable:
    return part.start


def _people(segment: Segment) -> Hashable | None:
    return frozenset(segment.people) or None


def _slot_of_nobody(segment: Segment) -> Hashable | None:
    return None if segment.people else (segment.start, segment.end)


_SESSION_RULES: tuple[Rule[Session], ...] = (
    Rule(lambda session: session.id),
    Rule(_all(_words, _start), is_in_order=True),
    Rule(_words, is_in_order=True),
    Rule(_all(_names, _start)),
    Rule(_names),
)
_SEGMENT_RULES: tuple[Rule[Segment], ...] = (
    Rule(_all(_words, _start, lambda segment: frozenset(segment.people)), is_in_order=True),
    Rule(_all(_words, _start), is_in_order=True),
    Rule(_all(_words, _people), is_in_order=True),
    Rule(_words, is_in_order=True),
    Rule(_all(_people, _start)),
    Rule(_people),
    Rule(_slot_of_nobody),
)
_GONE_SESSION_RULES: tuple[Rule[Session], ...] = (
    Rule(lambda session: session.id),
    Rule(_words, is_in_order=True),
)
_GONE_SEGMENT_RULES: tuple[Rule[Segment], ...] = (Rule(_words, is_in_order=True),)
