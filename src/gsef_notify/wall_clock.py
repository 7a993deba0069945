"""What the clocks of a zone show, looked up quickly for the many instants of a program."""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from typing import NamedTuple

from gsef_notify import zones

_ZERO = timedelta(0)


class Stretch(NamedTuple):
    """A time in which a clock runs evenly, ``offset`` from UTC; ``says_all`` is False where what it shows
    it shows twice, then or outside of the stretch."""

    offset: timedelta
    says_all: bool


class Shown(NamedTuple):
    """What a clock shows at an instant: ``time`` is ``18:21``, ``stamp`` ``20211008T182100``. ``says_all`` as
    zones.says_all has it."""

    day: date
    time: str
    stamp: str
    offset: timedelta
    says_all: bool


class WallClock:
    """The clock of the IANA zone ``name`` between two instants. Raises zones.UnknownZone."""

    def __init__(self, name: str, first: datetime, last: datetime) -> None:
        self.name = name
        day = timedelta(days=1)
        self._begins = [first - day]
        self._stretches = [Stretch(zones.utc_offset(first - day, name), True)]
        self._shown: dict[datetime, Shown] = {}
        for onset in zones.onsets(name, first - day, last + day):
            self._change(onset)

    def at(self, moment: datetime) -> Shown:
        """What it shows at an instant between the two."""
        known = self._shown.get(moment)
        if known is None:
            known = self._shown[moment] = self._look(moment)
        return known

    def _look(self, moment: datetime) -> Shown:
        stretch = self._stretches[bisect_right(self._begins, moment) - 1]
        local = moment + stretch.offset
        text, is_plain = local.isoformat(), stretch.says_all and not (local.second or local.microsecond)
        stamp = f"{text[:4]}{text[5:7]}{text[8:13]}{text[14:16]}{text[17:19]}"
        return Shown(local.date(), text[11:16], stamp, stretch.offset, is_plain)

    def _change(self, onset: zones.Onset) -> None:
        """What is shown twice is so from as long before an onset until as long after it as the clock is put
        back then."""
        twice = max(onset.offset_before - onset.offset_after, _ZERO)
        for begin, offset, says_all in (
            (onset.instant - twice, onset.offset_before, False),
            (onset.instant, onset.offset_after, not twice),
            (onset.instant + twice, onset.offset_after, True),
        ):
            self._begins.append(begin)
            self._stretches.append(Stretch(offset, says_all))
