"""When a session is, as a sheet writes it: the day, and the time by one clock or several.

Each clock is a time range with the zone behind it or before it; a day or "next day" may stand beside any of
them: ``October 8th, 2021 (18:00-19:30 KST / 9:00-10:30 UTC)``, ``18:00-19:30 Mexico City, October 8 /
08:00-09:30 Seoul (October 9)``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from gsef_notify.program.draft import DraftClock, DraftTimes
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers import notation
from gsef_notify.readers.notation import TimeRange, WrittenDate, in_minutes
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.sheets.days import clock_of_the_day, is_of_an_end
from gsef_notify.readers.sheets.zone_labels import SHIFTS, Stated, labels_of, zone_of

MOST_TIMES = 50  # of one line
_FILLER = re.compile(r"\b(?:de|from|at|a|las|à|desde)\b")
WRITE_A_DATE = 'write "Date / Duration: October 8th, 2021 (18:00-19:30 KST / 9:00-10:30 UTC)"'
WRITE_A_TIME = 'write it behind the date, "(18:00-19:30 KST / 9:00-10:30 UTC)"'
_SOME_DAY = date(2021, 1, 1)
_BEFORE_DATE = re.compile(r"[^\d)]*$")
_DAY_ALONE = re.compile(r"(?<![\d월])\s\d{1,2}일(?:\([월화수목금토일]\))?")
_NEXT_DAY = re.compile(
    r"(?:익일|다음\s*날|the next day|next day|el dia siguiente|le lendemain)\s*(?=\d)", re.IGNORECASE
)
_SINGLE = re.compile(rf"(?<![\d:.]){notation.TIME}(?![\d:])", re.IGNORECASE)


def read_times(texts: Sequence[Paragraph], top: Place, problems: Problems) -> DraftTimes | None:
    """The times that the texts state; None, and errors noted, where there are none."""
    dated = [written for text in texts for written in notation.dates_in(text.source)]
    day = next((written.day for written in dated if written.day), None)
    place = texts[0].place if texts else top
    if day is None:
        problems.error(place, "NO_DATE", _no_date(texts, dated), WRITE_A_DATE)
    day = _by_weekday(texts, dated, day)
    for written in dated:
        if written.other and day and not _is_told_by_weekday(texts, day, written):
            message = f"the date may be {written.day:%d %B %Y} or {written.other:%d %B %Y}"
            problems.error(place, "DATE_AMBIGUOUS", message, "write the month as a word, or 2021-10-08")
    clocks = tuple(_all_clocks(texts, day or date.min))
    if texts and not clocks:
        message = "the sheet names no time of the session"
        problems.error(place, "NO_TIME", message, WRITE_A_TIME)
    if day is None or not clocks:
        return None
    _check_weekday(texts, day, problems)
    _check_length(texts, clocks[0], problems)
    owner = clock_of_the_day(texts, clocks, day) or 0
    return DraftTimes(day, _with_own_day(clocks, day, owner) if _is_before_all(texts) else clocks)


def _weekdays(texts: Sequence[Paragraph]) -> set[int]:
    return {number for text in texts for number in notation.weekdays_in(text.source)}


def _by_weekday(texts: Sequence[Paragraph], dated: Sequence[WrittenDate], day: date | None) -> date | None:
    """The day, or the other one that its writing may mean if only that is a day of the week that is named."""
    other = next((written.other for written in dated if written.day == day), None)
    named = _weekdays(texts)
    is_other = other and day and other.weekday() in named and day.weekday() not in named
    return other if is_other else day


def _is_told_by_weekday(texts: Sequence[Paragraph], day: date, written: WrittenDate) -> bool:
    """Whether of the two days that a date may mean one only, the chosen, is on a day of the week named."""
    named = _weekdays(texts)
    both = [each for each in (written.day, written.other) if each and each.weekday() in named]
    return both == [day]


def stated_clocks(text: Paragraph) -> tuple[DraftClock, ...]:
    """The times of one text, without regard to days."""
    return tuple(_clocks(text, date.min, owns_its_date=False))


def _no_date(texts: Sequence[Paragraph], dated: Sequence[WrittenDate]) -> str:
    if dated:
        return "the date has no year, or is no day of the calendar"
    return f"{texts[0].source!r} holds no date" if texts else "the sheet names no date"


def _all_clocks(texts: Sequence[Paragraph], day: date) -> Iterator[DraftClock]:
    """The clocks of all lines; the first date belongs to the session, that of a further line to its time."""
    is_further = False
    for text in texts:
        yield from _clocks(text, day, owns_its_date=is_further)
        is_further |= bool(notation.dates_in(text.source))


def _is_before_all(texts: Sequence[Paragraph]) -> bool:
    """Whether some date stands before all times, and not beside one of them."""
    return any(
        _owner(written, _stated(_blanked(notation.bare(text.source), dates)), text.source) is None
        for text in texts
        for dates in [notation.dates_in(text.source)]
        for written in dates
    )


def _with_own_day(clocks: tuple[DraftClock, ...], day: date, owner: int) -> tuple[DraftClock, ...]:
    """Where another clock has its own day, that of the session is the owner's; else it is the first one's."""
    others = any(clock.day for number, clock in enumerate(clocks) if number != owner)
    if clocks[owner].day or not (owner or others):
        return clocks
    return tuple(replace(clock, day=day) if n == owner else clock for n, clock in enumerate(clocks))


def _clocks(text: Paragraph, day: date, *, owns_its_date: bool) -> Iterator[DraftClock]:
    dates = notation.dates_in(text.source)[:MOST_TIMES]
    bare = _blanked(notation.bare(text.source), dates)
    stated = _stated(bare)
    taken: set[str] = set()
    for number, each in enumerate(stated):
        at = Place(text.place.path, text.place.line, text.place.column + each.index)
        some_day = day if day > date.min else _SOME_DAY
        zone = zone_of(each, taken, some_day)
        taken = labels_of(each, zone, some_day)
        own = _own_day(dates, stated, number, bare, day)
        if own is None and owns_its_date and number == 0 and dates and dates[0].index < each.index:
            own = dates[0].day or dates[0].in_year(day.year)
        yield DraftClock(each.range.start, each.range.end, zone, at, own)


def _blanked(text: str, dates: Sequence[WrittenDate]) -> str:
    for written in dates:
        text = text[: written.index] + " " * (written.end - written.index) + text[written.end :]
    text = _NEXT_DAY.sub(lambda found: " " * len(found[0]), text)
    return notation.without_weekdays(_DAY_ALONE.sub(lambda found: " " * len(found[0]), text))


def _stated(bare: str) -> list[Stated]:
    ranges = list(notation.ranges_in(bare))[:MOST_TIMES] or _by_length(bare)[:MOST_TIMES]
    for _, begin, end in _lengths_outside(bare, ranges):
        bare = bare[:begin] + " " * (end - begin) + bare[end:]
    ends = [0, *(end for _, _, end in ranges)]
    begins = [*(begin for _, begin, _ in ranges), len(bare)]
    gaps = [bare[end:begin] for end, begin in zip(ends, begins, strict=True)]
    return [
        Stated(time_range, begin, end, gaps[number], gaps[number + 1], number == len(ranges) - 1)
        for number, (time_range, begin, end) in enumerate(ranges)
    ]


def _lengths_outside(
    text: str, ranges: Sequence[tuple[TimeRange, int, int]]
) -> list[tuple[timedelta, int, int]]:
    """The lengths of time in a text that are no part of a time range, as the ``9h`` of ``9h-10h30`` is."""
    return [
        (length, begin, end)
        for length, begin, end in notation.lengths_in(text)
        if all(end <= first or begin >= last for _, first, last in ranges)
    ]


def _by_length(bare: str) -> list[tuple[TimeRange, int, int]]:
    """``18:00 KST, 90 minutes``: a single time and how long it takes."""
    lengths, singles = notation.lengths_in(bare), _SINGLE.finditer(bare)
    if not lengths:
        return []
    found = ((single, notation.parse_time(single[0])) for single in singles)
    return [
        (TimeRange(start, notation.later(start, lengths[0][0])), single.start(), single.end())
        for single, start in found
        if start
    ]


def _own_day(
    dates: Sequence[WrittenDate], stated: Sequence[Stated], number: int, bare: str, day: date
) -> date | None:
    """The day that stands beside a time: written out, or as the day before or after the session's."""
    this = stated[number]
    outside = (w for w in dates if not any(each.index < w.index < each.end for each in stated))
    for written in outside:
        if _owner(written, stated, bare) == number and not is_of_an_end(written, bare):
            return written.day or written.in_year(day.year)
    if this.range.end <= this.range.start:  # the next day is that of its end
        return None
    first_piece = re.split(r"[/;]", this.behind)[0]
    for shift, days in SHIFTS:
        if shift.search(first_piece) and day > date.min:
            return day + timedelta(days=days)
    return None


def _owner(written: WrittenDate, stated: Sequence[Stated], bare: str) -> int | None:
    """The time beside which a date stands; None for one that stands before them all."""
    if not stated or written.index < stated[0].index:
        return None
    last = max(n for n, each in enumerate(stated) if each.index < written.index)
    between = bare[stated[last].index : written.index]
    following = bare[written.end : stated[last + 1].index] if last + 1 < len(stated) else "/"
    is_of_next = re.search(r"[/;]", between) or not re.search(r"[/;\w]", _FILLER.sub("", following))
    return min(last + 1, len(stated) - 1) if is_of_next else last


def _check_weekday(texts: Sequence[Paragraph], day: date, problems: Problems) -> None:
    """Each date has the day of the week that stands beside it."""
    for text in texts:
        dates = notation.dates_in(text.source)
        ends = [0, *(written.end for written in dates)]
        for written, end in zip(dates, ends, strict=False):
            exact = written.day or written.in_year(day.year)
            beside = text.source[end : written.index], text.source[written.end : written.end + 8]
            named = notation.weekdays_in(_BEFORE_DATE.findall(beside[0])[0][-16:]) or notation.weekdays_in(
                f"{beside[1]})"
            )
            if exact and len(named) == 1 and named[0] != exact.weekday():
                place = Place(text.place.path, text.place.line, text.place.column + written.index)
                message = f"{exact:%-d %B %Y} is a {exact:%A}, not a {date(2024, 1, 1 + named[0]):%A}"
                remedy = "correct the date or the day of the week"
                problems.warn(place, "WEEKDAY_WRONG", message, remedy)


def _check_length(texts: Sequence[Paragraph], clock: DraftClock, problems: Problems) -> None:
    actual = TimeRange(clock.start, clock.end).length
    for text in texts:
        ranges = notation.ranges_in(_blanked(notation.bare(text.source), notation.dates_in(text.source)))
        for length, index, _ in _lengths_outside(text.source, ranges):
            if length != actual:
                at = Place(text.place.path, text.place.line, text.place.column + index)
                message = (
                    f"{in_minutes(length)} are announced, but it takes {in_minutes(actual)} by the clock"
                )
                problems.warn(at, "DURATION_DIFFERS", message, "make them agree; the clock is believed")
