"""Time zones: the only user of pytz.

A wall time becomes an instant here and nowhere else, and one that does not exist or happens twice is refused.
Arithmetic is done on instants in UTC; a local time is for reading. pytz knows no clock change after 2037, so
later dates are refused too (pytz README, "Issues & Limitations").
"""

import difflib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from itertools import pairwise

import pytz

from gsef_notify.cities import cities_called
from gsef_notify.countries import country_code
from gsef_notify.errors import GsefNotifyError
from gsef_notify.folding import fold
from gsef_notify.zone_names import ABBREVIATIONS, ADJECTIVES, BETWEEN_HOURS, BIG_CITIES, NAMED_TIMES, PLACES

LAST_YEAR = 2037
COMMON = tuple(pytz.common_timezones)


class UnknownZone(GsefNotifyError):
    """No time zone of that name."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label

    @property
    def nearest(self) -> tuple[str, ...]:
        """Names that look like it; they are looked for when somebody asks, because that takes a while."""
        return tuple(_nearest(self.label))

    def __str__(self) -> str:
        nearest = self.nearest
        hint = f"did you mean {' or '.join(nearest)}?" if nearest else "write a name like Asia/Seoul"
        return f"unknown time zone {self.label!r}: {hint}"


class DoubtfulTime(GsefNotifyError):
    """A wall time that is not exactly one instant. ``readings`` are the two that it could be, in order."""

    why = ""

    def __init__(self, wall: datetime, name: str, readings: tuple[datetime, datetime]) -> None:
        self.readings = readings
        problem = f"{wall:%Y-%m-%d %H:%M} {self.why.format(name)}"
        super().__init__(f"{problem}; it could mean {_both(readings, name)}")


class NonExistentTime(DoubtfulTime):
    """The clocks jump over that wall time; the readings follow from the offsets before and after."""

    why = "does not exist in {}: the clocks go forward there"


class AmbiguousTime(DoubtfulTime):
    """That wall time happens twice."""

    why = "happens twice in {}: the clocks go back there"


class TooLate(GsefNotifyError):
    """The date lies after the last year whose clock changes are known."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the year {year} is out of reach: clock changes are known up to {LAST_YEAR}")


@dataclass(frozen=True)
class Onset:
    """An instant at which a zone's clock changes, with the offsets from UTC before and after it."""

    instant: datetime
    offset_before: timedelta
    offset_after: timedelta
    abbreviation: str
    is_daylight: bool


@dataclass(frozen=True)
class Reading:
    """One zone that a label may mean. ``offset`` is the zone's on the date asked about; ``written`` is what
    the label itself says, which differs where somebody writes CET in summer. A ``literal`` reading goes by
    the letters: its offset is the written one."""

    name: str
    offset: timedelta
    written: timedelta
    literal: bool = False


def literally(reading: Reading) -> Reading:
    """The reading by the letters of the label alone."""
    return Reading(reading.name, reading.written, reading.written, literal=True)


def exists(name: str) -> bool:
    """Whether ``name`` is an IANA zone, spelled exactly."""
    return name in pytz.all_timezones_set


def named(label: str) -> str:
    """The IANA zone of that name, however its letters are cased. Raises UnknownZone."""
    name = _by_folded_name().get(label.strip().casefold())
    if name is None:
        raise UnknownZone(label)
    return name


def instant(wall: datetime, name: str) -> datetime:
    """The instant, in UTC, at which the naive ``wall`` time is shown in zone ``name``.

    Raises NonExistentTime, AmbiguousTime, TooLate or UnknownZone.
    """
    if wall.year > LAST_YEAR:
        raise TooLate(wall.year)
    zone = _zone(name)
    try:
        return zone.localize(wall, is_dst=None).astimezone(UTC)
    except pytz.NonExistentTimeError:
        raise NonExistentTime(wall, name, _both_sides(zone, wall)) from None
    except pytz.AmbiguousTimeError:
        raise AmbiguousTime(wall, name, _both_sides(zone, wall)) from None


def soonest(wall: datetime, name: str) -> datetime:
    """The first instant, in UTC, that the naive ``wall`` time may mean in zone ``name``, for what needs no
    exact one: a time that the clocks jump over is read by the offset after the jump. Raises UnknownZone."""
    return _both_sides(_zone(name), wall)[0]


def local(moment: datetime, name: str) -> datetime:
    """The aware local time in zone ``name`` at the instant ``moment``. Raises UnknownZone."""
    return moment.astimezone(_zone(name))


def says_all(moment: datetime, name: str) -> bool:
    """Whether the wall time of an instant in zone ``name``, in whole minutes, means that instant and no
    other. Raises UnknownZone."""
    wall = local(moment, name).replace(tzinfo=None)
    try:
        return not (wall.second or wall.microsecond) and instant(wall, name) == moment
    except DoubtfulTime:
        return False


def utc_offset(moment: datetime, name: str) -> timedelta:
    """The offset from UTC that holds in zone ``name`` at that instant. Raises UnknownZone."""
    return local(moment, name).utcoffset() or timedelta(0)


def offset_on(name: str, on: date) -> timedelta:
    """The offset that holds in a zone at noon UTC of a date. Raises UnknownZone."""
    return utc_offset(datetime.combine(on, time(12), tzinfo=UTC), name)


def offset_label(offset: timedelta) -> str:
    """``UTC+05:30`` for five and a half hours, ``UTC`` for none."""
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    sign = "+" if minutes > 0 else "-"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def offset_label_at(moment: datetime, name: str) -> str:
    """``UTC-03:00``: the offset that holds in zone ``name`` at that instant. Raises UnknownZone."""
    return offset_label(utc_offset(moment, name))


def city(name: str) -> str:
    """The last part of an IANA name as one reads it, ``Phnom Penh``; for a zone without a place, whose name
    counts its hours the other way round, the offset: ``UTC+09:00`` for Etc/GMT-9."""
    if found := re.fullmatch(r"Etc/GMT([+-]\d+)", name):
        return offset_label(-timedelta(hours=int(found[1])))
    return name.rsplit("/", 1)[-1].replace("_", " ")


def place(name: str, moment: datetime) -> str:
    """Whose clock it is in a word, ``Santiago``; the offset at that instant for a zone without a city."""
    return city(name) if has_city(name) else offset_label_at(moment, name)


def has_city(name: str) -> bool:
    """Whether the name of a zone ends with a place."""
    return "/" in name and not name.startswith("Etc/")


def clock_label(name: str, moment: datetime) -> str:
    """Whose clock it is in full: ``Santiago time (UTC-03:00)``, ``UTC+01:00`` for a zone without a city."""
    where, offset = place(name, moment), offset_label_at(moment, name)
    return offset if where == offset else f"{where} time ({offset})"


def onsets(name: str, first: datetime, last: datetime) -> tuple[Onset, ...]:
    """Every clock change of the zone from the instant ``first`` up to ``last``, in order."""
    years = range(first.astimezone(UTC).year, last.astimezone(UTC).year + 1)
    return tuple(o for year in years for o in _onsets(name, year) if first < o.instant <= last)


def state(name: str, moment: datetime) -> Onset:
    """What the zone's clock shows at an instant, in the shape of a change that alters nothing."""
    at = local(moment, name)
    offset = at.utcoffset() or timedelta(0)
    return Onset(moment.astimezone(UTC), offset, offset, at.tzname() or "", bool(at.dst()))


def resolve(label: str, on: date) -> tuple[Reading, ...]:
    """The zones that ``label`` may mean on that date: an IANA name, an abbreviation, ``UTC+9`` or a city.

    Several readings are returned where the label is used for several zones; the caller decides by what else
    it knows. Raises UnknownZone, and TooLate for a date out of reach.
    """
    if on.year > LAST_YEAR:
        raise TooLate(on.year)
    text = label.strip()
    if iana := _by_folded_name().get(text.casefold()):
        return (_reading(iana, on),)
    if fixed := _FIXED_OFFSET.fullmatch(text):
        return (_reading(_fixed_zone(label, fixed, on), on),)
    if meanings := ABBREVIATIONS.get(text.upper()):
        hours, names = meanings
        return tuple(_reading(name, on, timedelta(hours=hours.get(name, hours[""]))) for name in names)
    if by_place := _zone_of_place(text):
        return (_reading(by_place, on),)
    if cities := cities_called(_TIME_OF.sub("", text)):
        return tuple(_reading(zone, on) for zone in dict.fromkeys(zone for _, zone in cities))
    raise UnknownZone(label)


def _zone_of_place(text: str) -> str | None:
    """The zone of ``Seoul``, ``hora de México``, ``US Central time`` or a country with one clock."""
    if found := _phrases().get(fold(text)):
        return found
    place = fold(_TIME_OF.sub("", text))
    for name in (place, re.sub(r"^(?:la|l|el|le) ", "", place)):
        if found := _places().get(name) or _by_city().get(name):
            return found
    code = country_code(place) if len(place) > 3 else None
    clocks = clocks_of_country(code) if code else ()
    return clocks[0] if len(clocks) == 1 else None


def zones_of_country(code: str) -> tuple[str, ...]:
    """The IANA zones of a country, by its ISO 3166-1 alpha-2 code."""
    return tuple(pytz.country_timezones.get(code, ()))


def clocks_of_country(code: str) -> tuple[str, ...]:
    """The zones of a country, one of those whose clocks have agreed since 2020: a person's zone may be
    concluded only where there is exactly one. (Germany has two zones, and the clocks of Büsingen are
    Berlin's.)"""
    return tuple(names[0] for names in zones_by_clock(code))


@cache
def zones_by_clock(code: str) -> tuple[tuple[str, ...], ...]:
    """The zones of a country, those together whose clocks have agreed since 2020."""
    months = [
        datetime(year, month, 1, tzinfo=UTC) for year in range(2020, LAST_YEAR) for month in range(1, 13)
    ]
    faces: dict[tuple[timedelta, ...], list[str]] = {}
    for name in zones_of_country(code):
        faces.setdefault(tuple(utc_offset(moment, name) for moment in months), []).append(name)
    return tuple(map(tuple, faces.values()))


def zone_of_city(text: str, code: str) -> tuple[str, str] | None:
    """The zone of the one city of a country that a text names, and its name; None without or with several."""
    words = f" {fold(text)} "
    here = zones_of_country(code)
    cities = {**_by_city(), **_places(), **_big_cities()}
    named = {zone: place for place, zone in cities.items() if zone in here and f" {place} " in words}
    return next(iter(named.items())) if len(named) == 1 else None


def _zone(name: str) -> "pytz._UTCclass | pytz.tzinfo.StaticTzInfo | pytz.tzinfo.DstTzInfo":
    if not exists(name):
        raise UnknownZone(name)
    return pytz.timezone(name)


def _both_sides(zone: tzinfo, wall: datetime) -> tuple[datetime, datetime]:
    readings = [zone.localize(wall, is_dst=dst).astimezone(UTC) for dst in (True, False)]  # type: ignore[attr-defined]
    return min(readings), max(readings)


def _both(readings: tuple[datetime, datetime], name: str) -> str:
    return " or ".join(f"{moment:%H:%M} UTC ({_with_offset(moment, name)})" for moment in readings)


def _with_offset(moment: datetime, name: str) -> str:
    return f"{local(moment, name):%H:%M} at {offset_label_at(moment, name)}"


_STEP = timedelta(days=5)  # no zone has changed its clock twice within it since 1970


@lru_cache(4096)
def _onsets(name: str, year: int) -> tuple[Onset, ...]:
    """The clock changes of a year as UTC counts it."""
    zone, second = _zone(name), timedelta(seconds=1)
    first, last = (datetime(each, 1, 1, tzinfo=UTC) - second for each in (year, year + 1))
    looks = [*(first + number * _STEP for number in range(-(-(last - first) // _STEP))), last]
    seen = [(look, _face(zone, look)) for look in looks]
    return tuple(
        _onset(zone, _first_moment_of_change(zone, low, high))
        for (low, before), (high, after) in pairwise(seen)
        if before is not after
    )


def _onset(zone: tzinfo, moment: datetime) -> Onset:
    before, after = (moment - timedelta(seconds=1)).astimezone(zone), moment.astimezone(zone)
    return Onset(
        moment,
        before.utcoffset() or timedelta(0),
        after.utcoffset() or timedelta(0),
        after.tzname() or "",
        bool(after.dst()),
    )


def _face(zone: tzinfo, moment: datetime) -> tzinfo | None:
    """What the clock shows: pytz has one object for each offset, abbreviation and daylight of a zone."""
    return moment.astimezone(zone).tzinfo


def _first_moment_of_change(zone: tzinfo, low: datetime, high: datetime) -> datetime:
    before = _face(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _face(zone, middle) is before else (low, middle)
    return high


def _reading(name: str, on: date, written: timedelta | None = None) -> Reading:
    offset = offset_on(name, on)
    return Reading(name, offset, offset if written is None else written)


_FIXED_OFFSET = re.compile(r"(?:UTC|GMT|TU)?\s*([+\-−±])\s*(\d{1,2})(?:[:.]?(\d{2}))?", re.IGNORECASE)


def _fixed_zone(label: str, match: re.Match[str], on: date) -> str:
    size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if name := fixed(-size if match[1] in "-−" else size, on):
        return name
    raise UnknownZone(label)


def fixed(offset: timedelta, on: date) -> str | None:
    """A zone of that offset: ``Etc/GMT-9`` (nine hours east, as POSIX counts) for whole hours, else one of
    the places that have it on that date; None where there is none."""
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest:
        return next((name for name in BETWEEN_HOURS if offset_on(name, on) == offset), None)
    name = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    return name if exists(name) else None


@cache
def _by_folded_name() -> dict[str, str]:
    return {
        name.casefold(): name for name in pytz.all_timezones if name not in ABBREVIATIONS or name == "UTC"
    }


@cache
def _by_city() -> dict[str, str]:
    cities = {fold(city(name)): name for name in pytz.all_timezones if "/" in name}
    return cities | {fold(city(name)): name for name in pytz.common_timezones if "/" in name}


_TIME_OF = re.compile(
    r"^(?:hora(?: local)? del? |heure (?:locale )?(?:de |d['’]|du ))|(?: time|\s*시간)$", re.IGNORECASE
)


@cache
def _phrases() -> dict[str, str]:
    by_region = {
        fold(name if name[0].islower() else f"{name} time"): zone for name, zone in NAMED_TIMES.items()
    }
    by_adjective = {
        fold(phrase): zone
        for zone, words in ADJECTIVES.items()
        for word in words.split()
        for phrase in (f"hora {word}", f"heure {word}", f"{word} time")
    }
    return by_adjective | by_region


@cache
def _places() -> dict[str, str]:
    return {fold(place): name for place, name in PLACES.items()}


@cache
def _big_cities() -> dict[str, str]:
    return {fold(name): zone for zone, names in BIG_CITIES.items() for name in names.split(", ")}


def _nearest(label: str) -> list[str]:
    folded = label.strip().casefold()
    by_name = difflib.get_close_matches(folded, _by_folded_name(), n=3, cutoff=0.6)
    by_city = difflib.get_close_matches(fold(label.rsplit("/", 1)[-1]), _by_city(), n=3, cutoff=0.7)
    found = [_by_folded_name()[key] for key in by_name] + [_by_city()[key] for key in by_city]
    return list(dict.fromkeys(found))[:3]
