"""Running orders that do not say which half of the day they mean: ``3.05 - 3.15`` of a session at 3 p.m."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from gsef_notify.program.draft import DraftSegment
from gsef_notify.program.problems import Problems
from gsef_notify.readers import notation
from gsef_notify.readers.notation import TimeRange


def in_the_afternoon(
    segments: Sequence[DraftSegment], sessions: Mapping[time, time], problems: Problems
) -> tuple[DraftSegment, ...]:
    """The segments, twelve hours later where only that brings them into the session: ``3.05`` of one that
    begins at 3 p.m."""
    half = timedelta(hours=12)
    starts = [segment.start for segment in segments if isinstance(segment.start, time)]
    if not starts or starts[0] in sessions or (first := notation.later(starts[0], half)) not in sessions:
        return tuple(segments)
    span = TimeRange(first, sessions[first]).length

    def shifted(wall: time | datetime) -> time | datetime:
        if isinstance(wall, datetime):
            return wall
        is_before = TimeRange(first, wall).length > span
        return notation.later(wall, half) if is_before else wall

    message = f"{starts[0]:%H:%M} is taken for {first:%H:%M}, when the session begins"
    problems.warn(segments[0].place, "TIME_HALF_DAY", message, "write p.m. behind the times, or 15:00")
    return tuple(replace(each, start=shifted(each.start), end=shifted(each.end)) for each in segments)
