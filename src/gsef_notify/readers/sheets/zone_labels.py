"""The zone that is written for a time: behind it, before it or in brackets; a place, letters or an offset."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.readers.notation import TimeRange
from gsef_notify.readers.text import plain

# What stands behind a time of the day after or before.
_NEXT = (
    r"\(\s*\+\s*1\s*\)|\+\s*1\s*(?:day|dia|jour|일)|(?:the\s+)?(?:next|following) day"
    r"|(?:(?:del|al|el)\s+)?dia siguiente|(?:le\s+)?(?:lendemain|jour suivant)|다음\s*날|익일"
)
_PREVIOUS = (
    r"\(\s*[-−]\s*1\s*\)|[-−]\s*1\s*(?:day|dia|jour|일)"
    r"|(?:the\s+)?(?:previous|preceding) day|(?:the\s+)?day before"
    r"|(?:(?:del|el)\s+)?dia anterior|(?:la\s+)?veille|전날|전일"
)
SHIFTS = ((re.compile(_NEXT, re.IGNORECASE), 1), (re.compile(_PREVIOUS, re.IGNORECASE), -1))
_SEPARATORS = re.compile(
    r"(?<![A-Za-z_])/|/(?![A-Za-z_])|[;,()\[\]|·•=*]|\s[-–—]\s|:\s|\b(?:and|y|et)\b|이며|및|\s(?:in|en|for|pour|para)\s"
    r"|\s{5,}"  # where a date stood
)
_HOURS = r"hs|hrs?|horas|hours|uhr|h"
_FILLERS = re.compile(
    rf"^(?:(?:from|de|del|in|en|at|a|à|o sea|{_HOURS}|기준|fuseau(?: horaire)?|huso(?: horario)?"
    rf"|zona(?: horaria)?|time ?zone)\s+)+(?=\S)|^(?:{_HOURS})$|\s+(?:기준|from|del?|du|on|le|el)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Stated:
    """A time range of a text, and the stretches before and behind it that belong to no other."""

    range: TimeRange
    index: int
    end: int
    before: str
    behind: str
    is_last: bool


def zone_of(stated: Stated, taken: Collection[str], day: date) -> str:
    """The zone behind a time, or before it; what stands behind, where neither is known. ``taken`` are the
    labels of the time before."""
    before = [part for part in _before(stated) if part not in taken and _readings(part, day)]
    is_enclosed = stated.before.rstrip().endswith("(") and stated.behind.lstrip().startswith(")")
    if is_enclosed and before:
        return before[0]
    behind = _behind_parts(stated, day)
    if known := [part for part in [*behind, *before[: 1 if any(behind) else 2]] if _readings(part, day)]:
        return _most_telling(known, day)
    inside = (zone for part in _before(stated) if (zone := _zone_inside(part, day)))
    return next(inside, "") or next(filter(None, behind), "")


def labels_of(stated: Stated, zone: str, day: date) -> set[str]:
    """The zone of a time, and everything behind it that says the same."""
    offsets = {reading.offset for reading in _readings(zone, day)}
    parts = _behind_parts(stated, day)
    return {zone, *(p for p in parts if offsets & {reading.offset for reading in _readings(p, day)})}


def _behind_parts(stated: Stated, day: date) -> list[str]:
    return [part for piece in _behind(stated) for part in _parts(_tidy(piece), day)]


def _before(stated: Stated) -> list[str]:
    """The pieces before a time that may name its zone, the nearest first; those beyond a sign that divides
    times are another one's."""
    chunk = re.split(r"[;]|//|(?<![A-Za-z_])/|/(?![A-Za-z_])", stated.before)[-1]
    pieces = [_tidy(piece) for piece in _SEPARATORS.split(chunk.rstrip(" :([-–—"))]
    return [piece for piece in reversed(pieces) if piece]


def _zone_inside(text: str, day: date) -> str:
    """A place that is named in a phrase, ``en Madrid será ya``."""
    words = text.split()
    for size in (3, 2, 1):
        for first in range(len(words) - size + 1):
            place = " ".join(words[first : first + size])
            if place[:1].isupper() and not place.isupper() and _readings(place, day):
                return place
    return ""


def _behind(stated: Stated) -> list[str]:
    """The pieces of text that may name the zone of a time; the last may be the next one's."""
    chunk, *others = re.split(r"[;]|(?<![A-Za-z_])/|/(?![A-Za-z_])", stated.behind)
    pieces = _SEPARATORS.split(chunk)
    is_of_next = not others and not stated.is_last and len(pieces) > 1 and pieces[-1].strip()
    return pieces[:-1] if is_of_next else pieces


def _parts(piece: str, day: date) -> list[str]:
    """``Mexico City CDT`` in two, where only that makes sense."""
    head, _, tail = piece.rpartition(" ")
    if not _readings(piece, day) and _readings(head, day) and _readings(tail, day):
        return [head, tail]
    return [piece]


def _most_telling(labels: Sequence[str], day: date) -> str:
    """Of labels for one time the one that says most: an IANA name, a place, an abbreviation of one zone or
    an offset, an abbreviation of several. Those that contradict the first do not count."""
    offsets = {reading.offset for reading in _readings(labels[0], day)}
    fitting = [label for label in labels if offsets & {reading.offset for reading in _readings(label, day)}]
    return min(
        fitting, key=lambda label: (len(_readings(label, day)) > 1, not _is_iana(label), _is_short(label))
    )


def _is_iana(label: str) -> bool:
    return "/" in label and zones.exists(label)


def _is_short(label: str) -> bool:
    return label.isupper() or any(sign.isdigit() for sign in label)


def _tidy(piece: str) -> str:
    for shift, _ in SHIFTS:
        piece = shift.sub(" ", piece)
    piece = plain(piece.strip(" .:-–—~"))
    return _FILLERS.sub("", piece).strip()


@lru_cache(maxsize=1000)
def _readings(label: str, day: date) -> tuple[zones.Reading, ...]:
    try:
        return zones.resolve(label, day) if label else ()
    except GsefNotifyError:
        return ()
