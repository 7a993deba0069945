"""How people write dates and times. Pure."""

import re
from dataclasses import dataclass
from datetime import date, time

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_CLOCK_TIME = r"(\d{1,2})\s*[:.h]\s*(\d{2})"
_DASH = r"[-–—−~]"
_RANGE = re.compile(rf"{_CLOCK_TIME}\s*(?P<stray>[:.]?)\s*{_DASH}\s*{_CLOCK_TIME}")
_STATED = re.compile(rf"{_RANGE.pattern}\s*(?P<zone>[^\s\d()/,;][^();]*?)?\s*(?=/\s*\d|,\s*\d|[();]|$)")


@dataclass(frozen=True)
class TimeRange:
    """``18:00-19:30``. ``stray`` is the index of a colon or dot that does not belong there, else None."""

    start: time
    end: time
    stray: int | None = None

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True)
class StatedTime:
    """A time range with the zone written behind it ("" for none), and where in the text it begins."""

    range: TimeRange
    zone: str
    index: int


def parse_date(text: str) -> date | None:
    """``2021-10-08``, ``October 8th, 2021`` or ``8 October 2021`` anywhere in the text, else None."""
    if found := re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.search(r"\b([^\W\d]+)\s+(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})\b", text, re.IGNORECASE):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    if found := re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([^\W\d]+)\s*,?\s+(\d{4})\b", text, re.IGNORECASE):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    return None


def parse_range(text: str) -> TimeRange | None:
    """The time range that the whole text is, else None."""
    found = _RANGE.fullmatch(text.strip())
    return _range(found) if found else None


def stated_times(text: str) -> tuple[StatedTime, ...]:
    """Every time range of a text, with its zone: ``18:00-19:30 KST / 9:00-10:30 UTC``."""
    return tuple(
        StatedTime(time_range, (found["zone"] or "").strip(), found.start())
        for found in _STATED.finditer(text)
        if (time_range := _range(found))
    )


def _month(name: str) -> int:
    wanted = name.casefold()
    return next((n for n, month in enumerate(_MONTHS, 1) if len(wanted) >= 3 and month.startswith(wanted)), 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _range(found: re.Match[str]) -> TimeRange | None:
    hours = (int(found[1]), int(found[2]), int(found[4]), int(found[5]))
    try:
        start, end = time(hours[0], hours[1]), time(hours[2] % 24 if hours[3] == 0 else hours[2], hours[3])
    except ValueError:
        return None
    return TimeRange(start, end, found.start("stray") if found["stray"] else None)
