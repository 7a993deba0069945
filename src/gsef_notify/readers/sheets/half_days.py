"""Running orders that do not say which half of the day they mean: ``3.05 - 3.15`` of a session at 3 p.m."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from gsef_notify.program.draft import DraftSegment
from gsef_notify.program.problems import Problems
from gsef_notify.readers import notation
from gsef_notify.readers.notation import TimeRange

_HALF = timedelta(hours=12)


def in_the_afternoon(
    segments: Sequence[DraftSegment], sessions: Mapping[time, time], problems: Problems
) -> tuple[DraftSegment, ...]:
    """The segments, twelve hours later where only that brings them into the session: ``3.05`` of one that
    begins at 3 p.m."""
    begins = [segment.start for segment in segments if isinstance(segment.start, time)]
    first = _beginning(begins, sessions)
    if first is None:
        return tuple(segments)
    span = TimeRange(first, sessions[first]).length

    def shifted(wall: time | datetime) -> time | datetime:
        if isinstance(wall, datetime) or TimeRange(first, wall).length <= span:
            return wall
        later = notation.later(wall, _HALF)
        return later if TimeRange(first, later).length <= span else wall

    found = tuple(replace(each, start=shifted(each.start), end=shifted(each.end)) for each in segments)
    if odd := next((pair for pair in zip(segments, found, strict=True) if pair[0] != pair[1]), None):
        message = f"{odd[0].start:%H:%M} is taken for {odd[1].start:%H:%M}, as it lies in the session then"
        problems.warn(odd[0].place, "TIME_HALF_DAY", message, "write p.m. behind the times, or 15:00")
    return found


def _beginning(begins: Sequence[time], sessions: Mapping[time, time]) -> time | None:
    """When the session begins with whose beginning the first segment begins, perhaps half a day later."""
    candidates = (begins[0], notation.later(begins[0], _HALF)) if begins else ()
    return next((wall for wall in candidates if wall in sessions), None)
