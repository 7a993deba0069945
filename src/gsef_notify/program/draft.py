"""What a reader took from a file, before times, zones and names are understood.

Every format's reader ends in a draft and ``build`` turns drafts into the program, so that all formats are
understood alike. Times are as written: wall times by the clocks that a sheet states, or the instants of an
export.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from gsef_notify.program.model import Role
from gsef_notify.program.problems import Place


@dataclass(frozen=True)
class DraftClock:
    """One stated time of the session, ``18:00-19:30 KST``. ``zone`` is an IANA name or an abbreviation;
    ``day`` is the one that stands beside this very time, if any."""

    start: time
    end: time
    zone: str
    place: Place
    day: date | None = None


@dataclass(frozen=True)
class DraftTimes:
    """When a session is, as a sheet says it: a day, and the time by one clock or several. The day belongs to
    the first clock that has no day of its own."""

    day: date
    clocks: tuple[DraftClock, ...]


@dataclass(frozen=True)
class DraftInstants:
    """When a session is, as an export says it: aware instants, and the zone in which it was announced, an
    IANA name."""

    start: datetime
    end: datetime
    zone: str
    place: Place


@dataclass(frozen=True)
class DraftPerson:
    """A person as the file names them. ``country`` is a name or a code, ``label`` the file's own name for
    them ("Speaker 2"), by which segments may refer to them."""

    name: str
    role: Role
    place: Place
    label: str = ""
    organization: str = ""
    position: str = ""
    country: str = ""
    timezone: str = ""
    email: str = ""
    pronunciation: str = ""
    contact: str = ""
    presentation_title: str = ""
    presentation_description: str = ""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class DraftSegment:
    """A line of the running order. ``speakers`` holds names or labels of the draft's people. Times are both
    wall times by one of the session's clocks, or both aware instants."""

    start: time | datetime
    end: time | datetime
    title: str
    place: Place
    id: str = ""
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftSession:
    """One session of a file. The first clock is the one it was announced in; segments follow the clock of
    ``order_zone``, else the one whose times they match."""

    title: str
    when: DraftTimes | DraftInstants
    place: Place
    id: str = ""
    room: str = ""
    track: str = ""
    language: str = ""
    audience: str = ""
    background: str = ""
    objectives: tuple[str, ...] = ()
    main_question: str = ""
    guiding_questions: tuple[str, ...] = ()
    join_url: str = ""
    people: tuple[DraftPerson, ...] = ()
    segments: tuple[DraftSegment, ...] = ()
    order_zone: str = ""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)


def place_of(draft: DraftPerson | DraftSession, name: str) -> Place:
    """Where a field of the draft stands in the file; the draft's own place where its reader did not say."""
    return draft.places.get(name, draft.place)
