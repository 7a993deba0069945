"""The stated times of a session -> its zone and instants. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.program.draft import DraftClock, DraftTimes
from gsef_notify.program.problems import Place, Problems

MOST_CLOCKS = 40
WRITE_A_NAME = "write an IANA zone name like Asia/Seoul behind the time"


@dataclass(frozen=True)
class Clock:
    """A stated time understood: wall times on ``day`` by ``reading``, and the instants that they are."""

    stated: DraftClock
    reading: zones.Reading
    day: date
    start: datetime
    end: datetime

    @property
    def zone(self) -> str:
        """The IANA zone of the clock."""
        return self.reading.name


def understand(times: DraftTimes, problems: Problems, countries: Collection[str] = ()) -> tuple[Clock, ...]:
    """Each stated time as instants; they agree, or that is noted as an error.

    Another clock than the one that the day belongs to may show the day before or after. A label that may mean
    several zones is settled by the other clocks, where they say enough, else by the ``countries`` of the
    people, as codes.
    """
    clocks, day = times.clocks, times.day
    if len(clocks) > MOST_CLOCKS:
        message = f"{len(clocks)} times are stated"
        problems.error(clocks[MOST_CLOCKS].place, "TIMES_MANY", message, f"keep at most {MOST_CLOCKS}")
        return ()
    home = {name for code in countries for name in zones.zones_of_country(code)}
    options = [_readings(clock, day, home, problems) for clock in clocks]
    if not all(options):
        return ()
    chosen = _choice(clocks, options) or _by_home(clocks, options, home, problems)
    if chosen is None:
        return ()
    for stated, reading in zip(clocks, chosen, strict=True):
        if reading.written != zones.offset_on(reading.name, day):
            _warn_of_sloppiness(stated, reading, day, problems)
    anchor = _anchor(clocks)
    first = _clock(clocks[anchor], chosen[anchor], clocks[anchor].day or day, problems)
    if first is None:
        return ()
    understood = [
        first if number == anchor else _aligned(first, *pair, problems)
        for number, pair in enumerate(zip(clocks, chosen, strict=True))
    ]
    found = tuple(clock for clock in understood if clock)
    _compare(found, problems)
    _warn_of_other_day(found, anchor, problems)
    return found


def wall_instant(
    day: date, wall: time, reading: zones.Reading, place: Place, problems: Problems
) -> datetime | None:
    """The instant of a wall time; None, and an error noted, where there is not exactly one."""
    if reading.literal:
        return datetime.combine(day, wall, UTC) - reading.written
    try:
        return zones.instant(datetime.combine(day, wall), reading.name)
    except GsefNotifyError as error:
        problems.error(place, _CODES[type(error)], str(error), "choose another time, or state it in UTC")
        return None


_CODES: dict[type[GsefNotifyError], str] = {
    zones.UnknownZone: "ZONE_UNKNOWN_NAME",
    zones.NonExistentTime: "TIME_NONEXISTENT",
    zones.AmbiguousTime: "TIME_AMBIGUOUS",
    zones.TooLate: "DATE_TOO_LATE",
}


def _anchor(clocks: Sequence[DraftClock]) -> int:
    """The clock to which the day belongs: one that has its day beside it, else the first."""
    return next((number for number, clock in enumerate(clocks) if clock.day), 0)


def _readings(
    clock: DraftClock, day: date, home: Collection[str], problems: Problems
) -> tuple[zones.Reading, ...]:
    """What the label of a clock may mean, zones where the people are at home first."""
    if not clock.zone:
        problems.error(clock.place, "ZONE_MISSING", "the time names no time zone", WRITE_A_NAME)
        return ()
    try:
        return tuple(sorted(zones.resolve(clock.zone, day), key=lambda reading: reading.name not in home))
    except GsefNotifyError as error:
        problems.error(clock.place, _CODES[type(error)], str(error), WRITE_A_NAME)
        return ()


def _choice(
    clocks: tuple[DraftClock, ...], options: list[tuple[zones.Reading, ...]]
) -> tuple[zones.Reading, ...] | None:
    """The first combination of readings that makes the clocks agree; the only one, if there is but one."""
    if len(clocks) > 1:
        with_literal = [_with_literal(each) for each in options]
        if agreeing := _agreeing(clocks, options) or _agreeing(clocks, with_literal):
            return agreeing
    if all(len({reading.offset for reading in each}) == 1 for each in options):
        return tuple(each[0] for each in options)
    return None


def _by_home(
    clocks: Sequence[DraftClock],
    options: Sequence[tuple[zones.Reading, ...]],
    home: Collection[str],
    problems: Problems,
) -> tuple[zones.Reading, ...] | None:
    """The readings that lie in the people's countries, where that leaves one of each; the guess is told."""
    chosen = []
    for clock, each in zip(clocks, options, strict=True):
        kept = [reading for reading in each if reading.name in home] if _is_ambiguous(each) else each[:1]
        if len({reading.offset for reading in kept}) == 1:
            chosen.append(kept[0])
        if _is_ambiguous(each) and len({reading.offset for reading in kept}) == 1:
            message = f"{clock.zone} is taken for {kept[0].name}, because of the people's countries"
            problems.warn(clock.place, "ZONE_GUESSED", message, WRITE_A_NAME)
        elif _is_ambiguous(each):
            names = ", ".join(f"{reading.name} ({zones.offset_label(reading.offset)})" for reading in each)
            problems.error(clock.place, "ZONE_AMBIGUOUS", f"{clock.zone} may mean {names}", WRITE_A_NAME)
    return tuple(chosen) if len(chosen) == len(clocks) else None


def _is_ambiguous(readings: Sequence[zones.Reading]) -> bool:
    return len({reading.offset for reading in readings}) > 1


def _with_literal(readings: tuple[zones.Reading, ...]) -> tuple[zones.Reading, ...]:
    """The readings, and those of an abbreviation by its letters: CET as UTC+01:00 in summer too."""
    literal = (zones.literally(reading) for reading in readings if reading.written != reading.offset)
    return (*readings, *literal)


def _agreeing(
    clocks: Sequence[DraftClock], options: Sequence[tuple[zones.Reading, ...]]
) -> tuple[zones.Reading, ...] | None:
    """The first reading of the first clock with which one of every other clock agrees, and those."""
    for reading in options[0]:
        moment = _start_in_utc(clocks[0], reading)
        pairs = zip(clocks, options, strict=True)
        fitting = [[r for r in each if _start_in_utc(clock, r) == moment] for clock, each in pairs]
        if all(fitting):
            return (reading, *(each[0] for each in fitting[1:]))
    return None


def _start_in_utc(clock: DraftClock, reading: zones.Reading) -> time:
    return (datetime.combine(date(2000, 1, 1), clock.start) - reading.offset).time()


def _clock(stated: DraftClock, reading: zones.Reading, day: date, problems: Problems) -> Clock | None:
    next_day = day + timedelta(days=stated.end <= stated.start)
    start = wall_instant(day, stated.start, reading, stated.place, problems)
    end = wall_instant(next_day, stated.end, reading, stated.place, problems)
    return Clock(stated, reading, day, start, end) if start and end else None


def _aligned(first: Clock, stated: DraftClock, reading: zones.Reading, problems: Problems) -> Clock | None:
    """A further clock on its own day, else on the day that brings it nearest to the first."""
    there = zones.local(first.start, reading.name)
    days = (there.date() + timedelta(days=shift) for shift in (0, -1, 1))
    nearest = min(days, key=lambda day: abs(datetime.combine(day, stated.start) - there.replace(tzinfo=None)))
    return _clock(stated, reading, stated.day or nearest, problems)


def _compare(clocks: Sequence[Clock], problems: Problems) -> None:
    """Note each clock that differs from what most of them say; from the first, where there is no majority."""
    count = Counter((clock.start, clock.end) for clock in clocks).most_common(2)
    if len(count) < 2:
        return
    is_majority = count[0][1] > count[1][1]
    start, end = count[0][0] if is_majority else (clocks[0].start, clocks[0].end)
    believed = [clock for clock in clocks if (clock.start, clock.end) == (start, end)]
    for odd in clocks:
        if odd in believed:
            continue
        if is_majority:
            others = ", ".join(_written(clock.stated) for clock in believed)
            message = f"{_in_utc(odd)} and the odd one out: {others} are {_span(start, end)}"
        else:
            message = f"the stated times disagree: {_in_utc(clocks[0])}, but {_in_utc(odd)}"
        problems.error(odd.stated.place, "CLOCKS_DISAGREE", message, _instead(odd, start, end))


def _warn_of_other_day(clocks: Sequence[Clock], anchor: int, problems: Problems) -> None:
    """A day that only one clock shows, and that stands beside none, may have been meant for another."""
    if any(clock.stated.day for clock in clocks):
        return
    first = clocks[anchor]
    for other in clocks:
        if other.day != first.day and other.start == first.start:
            message = f"{first.day} is taken for the day in {first.stated.zone}; by {_written(other.stated)}"
            message += f" it is {other.day}"
            remedy = "write its own day beside each time"
            problems.warn(other.stated.place, "DAY_DIFFERS", message, remedy)


def _instead(odd: Clock, start: datetime, end: datetime) -> str:
    there, until = zones.local(start, odd.zone), zones.local(end, odd.zone)
    day = f" on {there:%Y-%m-%d}" if there.date() != odd.day else ""
    return f"write {there:%H:%M}-{until:%H:%M} {odd.stated.zone}{day}, or correct the other"


def _in_utc(clock: Clock) -> str:
    return f"{_written(clock.stated)} is {_span(clock.start, clock.end)}"


def _span(start: datetime, end: datetime) -> str:
    return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M} UTC"


def _written(stated: DraftClock) -> str:
    return f"{stated.start:%H:%M}-{stated.end:%H:%M} {stated.zone}"


def _warn_of_sloppiness(clock: DraftClock, reading: zones.Reading, day: date, problems: Problems) -> None:
    written = zones.offset_label(reading.written)
    actual = zones.offset_label(zones.offset_on(reading.name, day))
    used = (
        "it is read by its letters, as the other stated time agrees" if reading.literal else "which is used"
    )
    message = f"{clock.zone} is {written}, but on {day} {reading.name} has {actual}, {used}"
    problems.warn(clock.place, "ZONE_SLOPPY", message, f"write {reading.name} in place of {clock.zone}")
