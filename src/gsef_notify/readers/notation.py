"""How people write dates and times, in English, Spanish, French and Korean. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
}
FIRST_YEAR = 1970  # before it, zone data is guesswork
_SPARE_MONTHS = {"setiembre": 9, "sept": 9}

_TIME = (
    r"(?:(?:오전|오후)\s*)?\d{1,2}"
    r"(?:\s*[:.]\s*\d{2}|\s*[hH](?:\s*\d{2})?|\s*시(?:\s*\d{1,2}\s*분)?)?"
    r"(?:\s*[ap]\.?\s?m\b\.?)?"
)
_BETWEEN = r"(?:[-–—−~]|부터|\bto\b|\buntil\b|(?<=[\s\dhm.])(?:a|à|al)(?=\s))"
_RANGE = re.compile(
    rf"(?P<start>{_TIME})\s*(?P<stray>[:.]?)\s*{_BETWEEN}\s*(?P<end>{_TIME})(?:\s*까지)?", re.IGNORECASE
)
_STATED = re.compile(
    rf"{_RANGE.pattern}\s*(?P<zone>[^\s\d()/,;][^();]*?)?\s*(?=/\s*\d|,\s*\d|[();]|$)", re.IGNORECASE
)
_PARTS = re.compile(
    r"(?P<before>오전|오후)?\s*(?P<hour>\d{1,2})"
    r"\s*(?:[:.hH]\s*(?P<minute>\d{2})|(?P<whole>[hH시])(?:\s*(?P<korean>\d{1,2})\s*분)?)?"
    r"\s*(?P<half>[ap])?",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?([^\W\d_]{3,})\.?,?\s+(?:del?\s+)?(\d{4})\b",
    re.IGNORECASE,
)


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


def narrow(text: str) -> str:
    """The text with full-width signs and unusual blanks as plain ones, each in its place."""
    return "".join(_narrow(character) for character in text)


def parse_date(text: str) -> date | None:
    """The first date of a text, from 1970 on, else None.

    ``2021-10-08``, ``October 8th, 2021``, ``8 de octubre de 2021``, ``1er mai 2021``, ``2021년 10월 8일``.
    """
    plain = _without_accents(narrow(text))
    if found := _ISO_DATE.search(narrow(text)):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH_FIRST.search(plain):
        return _date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _DAY_FIRST.search(plain):
        return _date(int(found[3]), _month(found[2]), int(found[1]))
    return None


def parse_range(text: str) -> TimeRange | None:
    """The time range that the whole text is, else None."""
    found = _RANGE.fullmatch(narrow(text).strip())
    return _range(found) if found else None


def stated_times(text: str) -> tuple[StatedTime, ...]:
    """Every time range of a text, with its zone: ``18:00-19:30 KST / 9:00-10:30 UTC``."""
    return tuple(
        StatedTime(time_range, (found["zone"] or "").strip(), found.start())
        for found in _STATED.finditer(_ISO_DATE.sub(lambda day: " " * len(day[0]), narrow(text)))
        if (time_range := _range(found))
    )


def _narrow(character: str) -> str:
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    if character in "〜～":
        return "~"
    return " " if unicodedata.category(character) == "Zs" else character


def _without_accents(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text)
    return "".join(c for c in spread if not unicodedata.combining(c))


def _month(name: str) -> int:
    wanted = name.casefold()
    if wanted in _SPARE_MONTHS:
        return _SPARE_MONTHS[wanted]
    months = [(n, month) for names in _MONTHS.values() for n, month in enumerate(names.split(), 1)]
    numbers = {n for n, month in months if month.startswith(wanted)}
    return numbers.pop() if len(numbers) == 1 else 0


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= FIRST_YEAR else None
    except ValueError:
        return None


def _range(found: re.Match[str]) -> TimeRange | None:
    start, end = _PARTS.match(found["start"]), _PARTS.match(found["end"])
    if start is None or end is None:
        return None
    halves = _half(start), _half(end)
    if not any(halves) and not (_is_whole(start) and _is_whole(end)):
        return None
    first, last = _time(start, halves[0]), _time(end, halves[1])
    if halves[1] and not halves[0]:
        first = _if_in_order(_time(start, halves[1]), last) or first
    if halves[0] and not halves[1] and first and (shifted := _time(end, halves[0])):
        last = shifted if first < shifted else last
    if first is None or last is None:
        return None
    return TimeRange(first, last, found.start("stray") if found["stray"] else None)


def _if_in_order(first: time | None, last: time | None) -> time | None:
    return first if first and last and first < last else None


def _is_whole(parts: re.Match[str]) -> bool:
    """Whether more than a bare number stands there, which might as well be a date."""
    return parts["minute"] is not None or parts["whole"] is not None


def _half(parts: re.Match[str]) -> str:
    """``a`` before noon, ``p`` after it, "" where the text does not say."""
    if parts["before"]:
        return {"오전": "a", "오후": "p"}[parts["before"]]
    return (parts["half"] or "").lower()


def _time(parts: re.Match[str], half: str) -> time | None:
    hour, minute = int(parts["hour"]), int(parts["minute"] or parts["korean"] or 0)
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour, minute) == (24, 0):
        hour = 0
    return time(hour, minute) if hour <= 23 and minute <= 59 else None
