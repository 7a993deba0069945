"""Whose day a date is that names a place: ``17 November 2023 (date in Seoul)``."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.program.draft import DraftClock
from gsef_notify.readers import notation
from gsef_notify.readers.sheets.blocks import Paragraph

_BEHIND = re.compile(r"[\s,]*\(?\s*([^();,/\d]{2,50})")
_ENDS_ON = re.compile(
    r"\b(?:end(?:s|ing)?|finish(?:es|ing)?|until|till|fin|finit|finissant|jusqu['’]?au?|termina(?:ndo)?|finaliza|hasta)"
    r"\b[^\d;/()]*$",
    re.IGNORECASE,
)
_ENDS_THEN = re.compile(r"[^;/()]*?(?:끝|종료|까지|마[치칩])")
_WORDS = re.compile(
    r"\b(?:the|la|le|el|en|a|in|of|de|del|du|for|para|pour|local|locale|date|fecha|day|dia|jour|time|hora|heure)\b"
    r"|날짜|기준|일자|시간"
)


def clock_of_the_day(texts: Sequence[Paragraph], clocks: Sequence[DraftClock], day: date) -> int | None:
    """The clock of the place that stands behind the session's date; None where none does."""
    offsets = {offset for label in _labels(texts) for offset in _offsets(label, day)}
    fitting = (number for number, clock in enumerate(clocks) if offsets & _offsets(clock.zone, day))
    return next(fitting, None) if offsets else None


def is_of_an_end(written: notation.WrittenDate, text: str) -> bool:
    """Whether a date is said to be the one on which something ends: ``ending on Saturday 21 February``."""
    before, behind = text[: written.index][-30:], text[written.end :][:20]
    return bool(_ENDS_ON.search(before) or _ENDS_THEN.match(behind))


def _labels(texts: Sequence[Paragraph]) -> Iterator[str]:
    """What stands behind the first whole date, without the words for days and times."""
    for text in texts:
        for written in notation.dates_in(text.source):
            if written.day:
                found = _BEHIND.match(notation.bare(text.source)[written.end :])
                if found:
                    yield " ".join(_WORDS.sub(" ", found[1].strip()).split())
                return


def _offsets(label: str, day: date) -> set[object]:
    try:
        return {reading.offset for reading in zones.resolve(label, day)} if label else set()
    except GsefNotifyError:
        return set()
