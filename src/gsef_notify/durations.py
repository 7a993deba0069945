"""Lengths of time in words."""

import re
from datetime import timedelta

_PART = re.compile(r"(\d+)\s*(minute|hour|day|week)s?\b", re.IGNORECASE)
_FILLER = re.compile(r"\band\b|[\s,]", re.IGNORECASE)
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
_LONGEST = timedelta(days=3660)


def duration(text: str) -> timedelta:
    """``10 minutes``, ``1 hour 30 minutes``, ``7 days``. Raises ValueError."""
    parts = _PART.findall(text)
    if not parts or _FILLER.sub("", _PART.sub("", text)) or any(len(number) > 6 for number, _ in parts):
        raise ValueError(f"{text!r} is no length of time: write for example '10 minutes' or '7 days'")
    lengths = (timedelta(**{f"{unit.lower()}s": int(number)}) for number, unit in parts)
    length = sum(lengths, timedelta(0))
    if length > _LONGEST:
        raise ValueError(f"{text!r} is more than ten years: write a shorter time")
    return length


def in_words(length: timedelta) -> str:
    """``1 hour 30 minutes``; ``0 minutes`` for none."""
    words = []
    for unit, size in _UNITS:
        number, length = divmod(length, size)
        if number:
            words.append(f"{number} {unit}{'' if number == 1 else 's'}")
    return " ".join(words) or "0 minutes"
