"""When a session is, and the segments of its running order, in instants. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gsef_notify import zones
from gsef_notify.countries import country_code
from gsef_notify.errors import GsefNotifyError
from gsef_notify.program import clocks
from gsef_notify.program.clocks import Clock
from gsef_notify.program.draft import (
    DraftInstants,
    DraftPerson,
    DraftSegment,
    DraftSession,
    DraftTimes,
)
from gsef_notify.program.identity import check_id, distinct, slug
from gsef_notify.program.model import Person, Segment
from gsef_notify.program.names import fold_name
from gsef_notify.program.problems import Place, Problems


@dataclass(frozen=True)
class Frame:
    """When a session is, and the clocks by which the wall times of its segments may be read."""

    start: datetime
    end: datetime
    zone: str
    clocks: tuple[Clock, ...] = ()


def frame_of(draft: DraftSession, problems: Problems) -> Frame | None:
    """When the session of a draft is; None, and an error noted, where it does not say so clearly."""
    if isinstance(draft.when, DraftInstants):
        return _frame_of_instants(draft.when, problems)
    codes = (country_code(person.country) for person in draft.people)
    return _frame_of_clocks(draft.when, {code for code in codes if code}, problems)


def segments_of(
    draft: DraftSession, frame: Frame, people: Mapping[DraftPerson, Person], problems: Problems
) -> tuple[Segment, ...]:
    """The segments of the draft, in its order."""
    clock = _named_clock(draft, frame, problems) or _clock_of_segments(draft.segments, frame)
    segments: list[Segment] = []
    ids = _segment_ids(draft, problems)
    for segment_id, each in zip(ids, draft.segments, strict=True):
        times = _times(each, clock, problems)
        speakers = tuple(dict.fromkeys(_speakers(each, people, problems)))
        if times:
            _check_times(each, *times, segments, frame, problems)
            segments.append(
                Segment(id=segment_id, title=each.title, start=times[0], end=times[1], people=speakers)
            )
    return tuple(segments)


def _frame_of_clocks(when: DraftTimes, countries: set[str], problems: Problems) -> Frame | None:
    stated = clocks.understand(when, problems, countries)
    if not stated:
        return None
    first = when.clocks[0]
    if first.start == first.end:
        message = f"the session ends when it begins, at {first.start:%H:%M}"
        problems.error(first.place, "SESSION_EMPTY", message, "write when it ends")
    return Frame(stated[0].start, stated[0].end, stated[0].zone, stated)


def _frame_of_instants(when: DraftInstants, problems: Problems) -> Frame | None:
    start, end = when.start.astimezone(UTC), when.end.astimezone(UTC)
    latest = max(start, end).year
    if latest > zones.LAST_YEAR:
        remedy = "write an earlier date"
        problems.error(when.place, "DATE_TOO_LATE", str(zones.TooLate(latest)), remedy)
        return None
    if end < start:
        message = f"it ends at {end.isoformat()}, before it begins"
        problems.error(when.place, "SESSION_BACKWARDS", message, "write an end after the beginning")
        return None
    if end == start:
        message = "it ends when it begins, or says no end"
        problems.warn(when.place, "SESSION_EMPTY", message, "write when it ends")
    return Frame(start, end, when.zone)


def _named_clock(draft: DraftSession, frame: Frame, problems: Problems) -> Clock | None:
    """The stated clock of the zone that the running order is headed with."""
    if not draft.order_zone or not frame.clocks:
        return None
    offsets = _offsets(draft.order_zone, frame.clocks[0].day)
    if not offsets:
        return None
    found = next((clock for clock in frame.clocks if clock.reading.offset in offsets), None)
    if found is None:
        message = f"the running order is headed {draft.order_zone}, in which no time of the session is stated"
        remedy = "state the session's time in that zone too"
        problems.warn(draft.place, "ORDER_ZONE_UNSTATED", message, remedy)
    return found


def _offsets(text: str, day: date) -> set[timedelta]:
    """The offsets that the end of a text may mean: ``all times BST``."""
    words = text.split()
    for first in range(len(words)):
        try:
            return {reading.offset for reading in zones.resolve(" ".join(words[first:]), day)}
        except GsefNotifyError:
            continue
    return set()


def _clock_of_segments(segments: Sequence[DraftSegment], frame: Frame) -> Clock | None:
    """The stated clock that the running order follows: the one with its times, else the first."""
    if not segments or not frame.clocks:
        return next(iter(frame.clocks), None)
    times = (segments[0].start, segments[-1].end)
    fits = (clock for clock in frame.clocks if (clock.stated.start, clock.stated.end) == times)
    starts = (clock for clock in frame.clocks if clock.stated.start == times[0])
    return next(fits, None) or next(starts, None) or frame.clocks[0]


def _segment_ids(draft: DraftSession, problems: Problems) -> list[str]:
    explicit: dict[str, Place] = {}
    for segment in draft.segments:
        if segment.id in explicit:
            message = f"the id {segment.id!r} is taken already at {explicit[segment.id].brief}"
            problems.error(segment.place, "ID_TWICE", message, "give each segment an id of its own")
        elif segment.id:
            check_id(segment.id, segment.place, problems)
            explicit[segment.id] = segment.place
    ids: list[str] = []
    for number, segment in enumerate(draft.segments, 1):
        derived = slug(segment.title, f"segment-{number}")
        ids.append(segment.id or distinct(derived, {*ids, *explicit}))
    return ids


def _times(
    segment: DraftSegment, clock: Clock | None, problems: Problems
) -> tuple[datetime, datetime] | None:
    if isinstance(segment.start, datetime) and isinstance(segment.end, datetime):
        return segment.start.astimezone(UTC), segment.end.astimezone(UTC)
    if clock is None or isinstance(segment.start, datetime) or isinstance(segment.end, datetime):
        message = "it says no instants, as the session does"
        problems.error(segment.place, "TIME_UNREADABLE", message, "write them like 2021-10-08T18:00:00+09:00")
        return None
    start_day = clock.day + timedelta(days=_is_next_day(segment.start, clock))
    wraps = segment.end < segment.start and _is_next_day(segment.end, clock)
    end_day = start_day + timedelta(days=wraps)
    start = clocks.wall_instant(start_day, segment.start, clock.reading, segment.place, problems)
    end = clocks.wall_instant(end_day, segment.end, clock.reading, segment.place, problems)
    return (start, end) if start and end else None


def _is_next_day(wall: time, clock: Clock) -> bool:
    """Whether a wall time of a session that passes midnight lies behind it."""
    passes_midnight = clock.stated.end <= clock.stated.start
    return passes_midnight and wall < clock.stated.start


def _check_times(
    segment: DraftSegment,
    start: datetime,
    end: datetime,
    before: Sequence[Segment],
    frame: Frame,
    problems: Problems,
) -> None:
    written = f"{segment.start:%H:%M}-{segment.end:%H:%M}"
    if end < start or (end == start and frame.clocks):
        message = (
            f"the segment {segment.title!r} ends at {segment.end:%H:%M}, not after it begins ({written})"
        )
        problems.error(segment.place, "SEGMENT_BACKWARDS", message, "write the earlier time first")
        return
    if start < frame.start or end > frame.end:
        message = f"the segment {segment.title!r} ({written}) lies outside of the session's stated time"
        problems.error(segment.place, "SEGMENT_OUTSIDE", message, "mend the segment, or the session's time")
    previous = before[-1] if before else None
    if previous and start < previous.end:
        message = f"the segment {segment.title!r} ({written}) begins before {previous.title!r} has ended"
        problems.error(segment.place, "SEGMENTS_OVERLAP", message, "let one end where the next begins")
    if previous and start > previous.end:
        message = f"nothing is on for {_minutes(start - previous.end)} between "
        message += f"{previous.title!r} and {segment.title!r}"
        problems.warn(segment.place, "SEGMENT_GAP", message, "fill the gap, or leave it if it is meant")


def _minutes(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _speakers(
    segment: DraftSegment, people: Mapping[DraftPerson, Person], problems: Problems
) -> Iterator[str]:
    for name in segment.speakers:
        wanted = fold_name(name)
        fits = (p for d, p in people.items() if wanted in (fold_name(d.name), d.label.casefold()))
        if wanted and (found := next(fits, None)):
            yield found.id
        else:
            known = ", ".join(person.name for person in people.values()) or "nobody"
            message = f"{name!r} is none of the session's people ({known})"
            problems.error(segment.place, "SPEAKER_UNKNOWN", message, "write the name as it stands there")
