"""The timed entries of an export -> drafts.

An entry is a session of its own, with one segment of the same title; or, where the export says so, a segment
of a session that it shares with others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gsef_notify.program.draft import DraftInstants, DraftPerson, DraftSegment, DraftSession
from gsef_notify.program.names import bare_name, fold_name
from gsef_notify.program.problems import Place

ONLY_SEGMENT = "all"


@dataclass(frozen=True)
class Event:
    """An entry: instants are aware, ``zone`` is an IANA name. ``session`` and ``session_title`` name the
    session that it is a part of; without them it is one of its own, with the id ``id``. The ``people`` are
    those whose entry it is, the ``moderators`` run the whole session."""

    title: str
    start: datetime
    end: datetime
    zone: str
    place: Place
    id: str = ""
    segment: str = ONLY_SEGMENT
    session: str = ""
    session_title: str = ""
    room: str = ""
    track: str = ""
    language: str = ""
    text: str = ""
    join_url: str = ""
    people: tuple[DraftPerson, ...] = ()
    moderators: tuple[DraftPerson, ...] = ()


def drafts(events: Iterable[Event]) -> tuple[DraftSession, ...]:
    """The sessions that the entries make up."""
    groups: dict[str, list[Event]] = {}
    for number, event in enumerate(events):
        groups.setdefault(f"session {event.session}" if event.session else f"event {number}", []).append(
            event
        )
    return tuple(_session(group) for group in groups.values())


def person(name: str, place: Place) -> DraftPerson:
    """Someone of whom an export knows no more than the name."""
    return DraftPerson(name=bare_name(name), role="speaker", place=place)


def unlike(people: Iterable[DraftPerson]) -> tuple[DraftPerson, ...]:
    """The people, each once: exports name the same person once for each part that they have."""
    return tuple({fold_name(each.name): each for each in reversed(list(people))}.values())[::-1]


def _session(events: Sequence[Event]) -> DraftSession:
    first = min(events, key=lambda event: event.start)
    last = max(event.end for event in events)
    return DraftSession(
        title=first.session_title or first.title,
        when=DraftInstants(first.start, last, _zone(events), first.place),
        place=first.place,
        id=first.session or first.id,
        room=first.room,
        track=first.track,
        language=first.language,
        background=first.text,
        join_url=first.join_url,
        people=unlike(each for event in events for each in (*event.moderators, *event.people)),
        segments=tuple(_segment(event) for event in sorted(events, key=lambda event: event.start)),
    )


def _zone(events: Sequence[Event]) -> str:
    """The zone of the session; some of its times may stand in UTC because the clocks repeat them."""
    return next((event.zone for event in events if event.zone != "UTC"), "UTC")


def _segment(event: Event) -> DraftSegment:
    names = tuple(each.name for each in unlike(event.people))
    return DraftSegment(event.start, event.end, event.title, event.place, event.segment, names)


def in_session(event: Event, session: str, segment: str, title: str) -> Event:
    """The entry as a segment of a session, by their ids."""
    return replace(event, session=session, segment=segment, session_title=title)
