"""The stated times of a session -> its zone and instants. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.program.draft import DraftClock
from gsef_notify.program.problems import Place, Problems

WRITE_A_NAME = "write an IANA zone name like Asia/Seoul behind the time"


@dataclass(frozen=True)
class Clock:
    """A stated time understood: wall times on ``day`` in the IANA zone, and the instants that they are."""

    stated: DraftClock
    zone: str
    day: date
    start: datetime
    end: datetime


def understand(clocks: tuple[DraftClock, ...], day: date, problems: Problems) -> tuple[Clock, ...]:
    """Each stated time as instants; they agree, or that is noted as an error.

    The date belongs to the first clock; another may show the day before or after. A label that may mean
    several zones is settled by the other clocks, where they say enough.
    """
    options = [_readings(clock, day, problems) for clock in clocks]
    if not all(options):
        return ()
    chosen = _choice(clocks, options, problems)
    if chosen is None:
        return ()
    for stated, reading in zip(clocks, chosen, strict=True):
        if reading.written != reading.offset:
            _warn_of_sloppiness(stated, reading, day, problems)
    first = _clock(clocks[0], chosen[0], day, problems)
    if first is None:
        return ()
    others = [_aligned(first, *pair, problems) for pair in zip(clocks[1:], chosen[1:], strict=True)]
    understood = (first, *(clock for clock in others if clock))
    _compare(understood, problems)
    return understood


def wall_instant(day: date, wall: time, zone: str, place: Place, problems: Problems) -> datetime | None:
    """The instant of a wall time; None, and an error noted, where there is not exactly one."""
    try:
        return zones.instant(datetime.combine(day, wall), zone)
    except GsefNotifyError as error:
        problems.error(place, _CODES[type(error)], str(error), "choose another time, or state it in UTC")
        return None


_CODES: dict[type[GsefNotifyError], str] = {
    zones.UnknownZone: "ZONE_UNKNOWN_NAME",
    zones.NonExistentTime: "TIME_NONEXISTENT",
    zones.AmbiguousTime: "TIME_AMBIGUOUS",
    zones.TooLate: "DATE_TOO_LATE",
}


def _readings(clock: DraftClock, day: date, problems: Problems) -> tuple[zones.Reading, ...]:
    if not clock.zone:
        problems.error(clock.place, "ZONE_MISSING", "the time names no time zone", WRITE_A_NAME)
        return ()
    try:
        return zones.resolve(clock.zone, day)
    except GsefNotifyError as error:
        problems.error(clock.place, _CODES[type(error)], str(error), WRITE_A_NAME)
        return ()


def _choice(
    clocks: tuple[DraftClock, ...], options: list[tuple[zones.Reading, ...]], problems: Problems
) -> tuple[zones.Reading, ...] | None:
    """The first combination of readings that makes the clocks agree; the only one, if there is but one."""
    combinations = list(product(*options))
    certain = all(len({reading.offset for reading in each}) == 1 for each in options)
    if certain:
        return combinations[0]
    agreeing = [each for each in combinations if len(clocks) > 1 and _agree(clocks, each)]
    if agreeing:
        return agreeing[0]
    for clock, each in zip(clocks, options, strict=True):
        if len({reading.offset for reading in each}) > 1:
            names = ", ".join(f"{reading.name} ({zones.offset_label(reading.offset)})" for reading in each)
            problems.error(clock.place, "ZONE_AMBIGUOUS", f"{clock.zone} may mean {names}", WRITE_A_NAME)
    return None


def _agree(clocks: tuple[DraftClock, ...], readings: tuple[zones.Reading, ...]) -> bool:
    any_day = date(2000, 1, 1)
    starts = {
        (datetime.combine(any_day, clock.start) - reading.offset).time()
        for clock, reading in zip(clocks, readings, strict=True)
    }
    return len(starts) == 1


def _clock(stated: DraftClock, reading: zones.Reading, day: date, problems: Problems) -> Clock | None:
    next_day = day + timedelta(days=stated.end <= stated.start)
    start = wall_instant(day, stated.start, reading.name, stated.place, problems)
    end = wall_instant(next_day, stated.end, reading.name, stated.place, problems)
    return Clock(stated, reading.name, day, start, end) if start and end else None


def _aligned(first: Clock, stated: DraftClock, reading: zones.Reading, problems: Problems) -> Clock | None:
    """A further clock on the day that brings it nearest to the first."""
    there = zones.local(first.start, reading.name)
    days = (there.date() + timedelta(days=shift) for shift in (0, -1, 1))
    day = min(days, key=lambda day: abs(datetime.combine(day, stated.start) - there.replace(tzinfo=None)))
    return _clock(stated, reading, day, problems)


def _compare(clocks: tuple[Clock, ...], problems: Problems) -> None:
    first = clocks[0]
    for other in clocks[1:]:
        if (other.start, other.end) != (first.start, first.end):
            message = f"the stated times disagree: {_in_utc(first)}, but {_in_utc(other)}"
            problems.error(other.stated.place, "CLOCKS_DISAGREE", message, "correct the wrong one")


def _in_utc(clock: Clock) -> str:
    stated = clock.stated
    written = f"{stated.start:%H:%M}-{stated.end:%H:%M} {stated.zone}"
    return f"{written} is {clock.start:%Y-%m-%d %H:%M}-{clock.end:%H:%M} UTC"


def _warn_of_sloppiness(clock: DraftClock, reading: zones.Reading, day: date, problems: Problems) -> None:
    written, actual = zones.offset_label(reading.written), zones.offset_label(reading.offset)
    message = f"{clock.zone} is {written}, but on {day} {reading.name} has {actual}, which is used"
    problems.warn(clock.place, "ZONE_SLOPPY", message, f"write {reading.name} in place of {clock.zone}")
