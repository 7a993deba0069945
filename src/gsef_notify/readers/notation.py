"""How people write dates and times, in English, Spanish, French and Korean. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
}
LONGEST_RANGE = 80
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NARROW: dict[int, int | str] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\u301c\uff5e"), "~"),
    **dict.fromkeys(map(ord, _BLANKS), " "),
}
FIRST_YEAR = 1970  # before it, zone data is guesswork
_SPARE_MONTHS = {"setiembre": 9, "sept": 9}

TIME = (
    r"(?:(?:오전|오후)\s*)?\d{1,2}"
    r"(?:\s*[:.]\s*\d{2}|\s*[hH](?:\s*\d{2})?|\s*시(?:\s*\d{1,2}\s*분)?)?"
    r"(?:\s*[ap]\.?\s?m\b\.?)?"
)
_BETWEEN = r"(?:[-–—−~]|부터|\bto\b|\buntil\b|(?<=[\s\dhm.])(?:a|à|al)(?=\s))"
_RANGE = re.compile(
    rf"(?P<start>{TIME})\s*(?P<stray>[:.]?)\s*{_BETWEEN}\s*(?P<end>{TIME})(?:\s*까지)?", re.IGNORECASE
)
_LEADING_TIME = re.compile(rf"{TIME}(?![\w:])", re.IGNORECASE)
_PARTS = re.compile(
    r"(?P<before>오전|오후)?\s*(?P<hour>\d{1,2})"
    r"\s*(?:[:.hH]\s*(?P<minute>\d{2})|(?P<whole>[hH시])(?:\s*(?P<korean>\d{1,2})\s*분)?)?"
    r"\s*(?:(?P<half>[ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?:\s*일|(?!\d))")
_MONTH_FIRST = re.compile(
    r"\b([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?!\s*[:.hH]\s*\d)(?:\s*,?\s+(\d{4})\b(?!\s?:\d))?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,})\b\.?(?:,?\s+(?:del?\s+)?(\d{4})\b)?",
    re.IGNORECASE,
)
_KOREAN_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_DAY_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})([./])(\d{1,2})\2(\d{4})(?!\d)")
_WEEKDAYS = (
    "monday mon lunes lun lundi 월요일",
    "tuesday tue tues martes mar mardi 화요일",
    "wednesday wed miercoles mie mercredi mer 수요일",
    "thursday thu thur thurs jueves jue jeudi jeu 목요일",
    "friday fri viernes vie vendredi ven 금요일",
    "saturday sat sabado sab samedi sam 토요일",
    "sunday sun domingo dom dimanche dim 일요일",
)
_KOREAN_WEEKDAY = re.compile(r"[(（]\s*([월화수목금토일])(?:요일)?\s*[)）]")
_WEEKDAY = re.compile(
    r"[(（]\s*[월화수목금토일](?:요일)?\s*[)）]|[월화수목금토일]요일|\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)day\b"
    r"|\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"(?<![\d:.])(?:(?P<hours>\d{1,2})\s*(?:hours?|hrs?|h|horas?|heures?|시간)(?![\d\w가-힣])"
    r"(?:\s*(?:and|y|et)?\s*(?P<rest>\d{1,2})\s*(?:minutes?|mins?|minutos?|분))?"
    r"|(?P<minutes>\d{1,3})\s*(?:minutes?|mins?|minutos?|분))(?![\w가-힣])",
    re.IGNORECASE,
)


_CLOCK_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})")
_ISO_LENGTH = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?")


@dataclass(frozen=True)
class WrittenDate:
    """A date in a text: ``day`` where it is whole, else its month and day of the month; where it stands, and
    the other date that it might mean."""

    month: int
    day_of_month: int
    year: int | None
    index: int
    end: int
    other: date | None = None

    @property
    def day(self) -> date | None:
        """The date, None where it has no year."""
        return self.in_year(self.year) if self.year else None

    def in_year(self, year: int) -> date | None:
        """The date with that year, None where there is none."""
        return _date(year, self.month, self.day_of_month)


@dataclass(frozen=True)
class TimeRange:
    """``18:00-19:30``. ``stray`` is the index of a colon or dot that does not belong there, else None."""

    start: time
    end: time
    stray: int | None = None

    @property
    def length(self) -> timedelta:
        """How long it lasts; an end that is not after the start is on the next day."""
        first, last = (datetime.combine(date.min, wall) for wall in (self.start, self.end))
        return (last - first) % timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def narrow(text: str) -> str:
    """The text with full-width signs and unusual blanks as plain ones, each in its place."""
    return text.translate(_NARROW)


def parse_date(text: str) -> date | None:
    """The first whole date of a text, from 1970 on, else None.

    ``2021-10-08``, ``October 8th, 2021``, ``8 de octubre de 2021``, ``1er mai 2021``, ``2021년 10월 8일``.
    """
    return next((found.day for found in dates_in(text) if found.day), None)


def dates_in(text: str) -> tuple[WrittenDate, ...]:
    """Every date of a text in its order, also those without a year."""
    plain = bare(text)
    found: list[WrittenDate] = []
    for pattern, parts in _DATES:
        for match in pattern.finditer(plain):
            written = parts(match)
            if written and all(written.end <= o.index or written.index >= o.end for o in found):
                found.append(written)
    return tuple(sorted(found, key=lambda written: written.index))


def without_weekdays(text: str) -> str:
    """The text with blanks in place of the days of the week."""
    return _WEEKDAY.sub(lambda found: " " * len(found[0]), text)


def weekdays_in(text: str) -> tuple[int, ...]:
    """The days of the week that a text names, Monday as 0."""
    korean = ["월화수목금토일".index(sign) for sign in _KOREAN_WEEKDAY.findall(text)]
    words = re.findall(r"[^\W\d_]+", bare(text).casefold())
    named = [number for word in words for number, names in enumerate(_WEEKDAYS) if word in names.split()]
    return tuple(dict.fromkeys([*named, *korean]))


def lengths_in(text: str) -> tuple[tuple[timedelta, int, int], ...]:
    """Every length of time in a text, ``90 minutes`` or ``1 h 30 min``, with where it begins and ends."""
    return tuple(
        (
            timedelta(hours=int(found["hours"] or 0), minutes=int(found["rest"] or found["minutes"] or 0)),
            found.start(),
            found.end(),
        )
        for found in _LENGTH.finditer(bare(text))
    )


def ranges_in(text: str) -> tuple[tuple[TimeRange, int, int], ...]:
    """Every time range of a text, with where it begins and ends. Dates must have been taken out."""
    return tuple(
        (time_range, found.start(), found.end())
        for found in _RANGE.finditer(narrow(text))
        if (time_range := _range(found))
    )


def parse_range(text: str) -> TimeRange | None:
    """The time range that the whole text is, else None."""
    if len(text) > LONGEST_RANGE:
        return None
    found = _RANGE.fullmatch(narrow(text).strip())
    return _range(found) if found else None


def leading_range(text: str) -> tuple[TimeRange, int] | None:
    """The time range with which a text begins, and where it ends."""
    found = _RANGE.match(narrow(text[: 2 * LONGEST_RANGE]))
    time_range = _range(found) if found else None
    return (time_range, found.end()) if found and time_range else None


def leading_time(text: str) -> tuple[time, int] | None:
    """The single time with which a text begins, ``18:00`` or ``6 PM``, and where it ends."""
    found = _LEADING_TIME.match(narrow(text[:LONGEST_RANGE]))
    wall = parse_time(found[0]) if found else None
    return (wall, found.end()) if found and wall else None


def parse_time(text: str) -> time | None:
    """A single time, ``18:00``, ``6 PM`` or ``18h``; None for a bare number."""
    parts = _PARTS.fullmatch(narrow(text).strip())
    if parts is None or not (_half(parts) or _is_whole(parts)):
        return None
    return _time(parts, _half(parts))


def later(wall: time, length: timedelta) -> time:
    """What the clock shows a length of time after ``wall``."""
    return (datetime.combine(date.min, wall) + length).time()


def in_minutes(length: timedelta) -> str:
    """A length of time in words, ``90 minutes``."""
    return f"{round(length.total_seconds() / 60)} minutes"


def parse_moment(text: str) -> datetime | None:
    """``2021-10-08T18:00`` or ``2021-10-08 18:00+09:00`` (ISO 8601), aware where it has an offset; None for
    anything else, and for what lies before 1970."""
    tidy = text.strip()
    try:
        moment = datetime.fromisoformat(tidy) if re.match(r"\d{4}-?\d\d-?\d\d[T ]", tidy) else None
        return moment if moment and moment.astimezone(UTC).year >= FIRST_YEAR else None
    except (ValueError, OverflowError):
        return None


def parse_instant(text: str) -> datetime | None:
    """The same, with an offset (RFC 3339); None for a time without one."""
    moment = parse_moment(text)
    return moment if moment and moment.tzinfo else None


def parse_duration(text: str) -> timedelta | None:
    """``1:30``, ``01:30``, ``1:01:30`` (days first), ``PT1H30M`` or a number of minutes; None otherwise."""
    if found := _CLOCK_LENGTH.fullmatch(text):
        return timedelta(days=int(found[1] or 0), hours=int(found[2]), minutes=int(found[3]))
    if (found := _ISO_LENGTH.fullmatch(text)) and any(found.groups()):
        days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return timedelta(minutes=int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else None


def bare(text: str) -> str:
    """The text without accents and unusual signs, each sign in its place."""
    composed = narrow(unicodedata.normalize("NFC", text))
    return composed.translate(
        {ord(sign): _without_accent(sign) for sign in set(composed) if not sign.isascii()}
    )


def _without_accent(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() else character


def _year_first(found: re.Match[str]) -> WrittenDate:
    return WrittenDate(int(found[2]), int(found[3]), int(found[1]), found.start(), found.end())


def _month_first(found: re.Match[str]) -> WrittenDate | None:
    return _named_month(found[1], found[2], found)


def _day_first(found: re.Match[str]) -> WrittenDate | None:
    return _named_month(found[2], found[1], found)


def _named_month(name: str, day: str, found: re.Match[str]) -> WrittenDate | None:
    year = int(found[3]) if found[3] else None
    month = _month(name)
    return WrittenDate(month, int(day), year, found.start(), found.end()) if month else None


def _korean_day(found: re.Match[str]) -> WrittenDate:
    return WrittenDate(int(found[1]), int(found[2]), None, found.start(), found.end())


def _numbers(found: re.Match[str]) -> WrittenDate:
    """``8.10.2021`` is the 8th of October; with slashes it may be the 10th of August as well."""
    day, month, year = int(found[1]), int(found[3]), int(found[4])
    if month > 12:
        day, month = month, day
    other = _date(year, day, month) if found[2] == "/" and day <= 12 and day != month else None
    return WrittenDate(month, day, year, found.start(), found.end(), other)


_DATES = (
    (_YEAR_FIRST, _year_first),
    (_DAY_MONTH_YEAR, _numbers),
    (_KOREAN_DAY, _korean_day),
    (_DAY_FIRST, _day_first),
    (_MONTH_FIRST, _month_first),
)


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
    if not any(halves) and not _is_whole(end):
        return None
    first, last = _time(start, halves[0]), _time(end, halves[1])
    if not any(halves) and not _is_whole(start):  # 11 to 12.30
        first = _if_in_order(first, last)
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
