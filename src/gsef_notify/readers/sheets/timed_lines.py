"""Lines of a running order that is no table: ``18:00-18:10 Opening``."""

import re

from gsef_notify.readers.notation import leading_range, leading_time, lengths_in, narrow
from gsef_notify.readers.sheets.blocks import Cell, Paragraph, Row

_LENGTH_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_OCLOCK = re.compile(r"^\s*(?:hs|hrs?|h|uhr)\b\.?", re.IGNORECASE)
_COLUMNS_APART = re.compile(" {3,}")
_BETWEEN = " \t:,-–—·|."


def aligned(paragraph: Paragraph) -> Row | None:
    """A line of columns that blanks keep apart, a range of time in the first; None for any other."""
    pieces = _COLUMNS_APART.split(narrow(paragraph.source).strip())
    found = leading_range(pieces[0]) if len(pieces) > 2 else None
    if found is None or found[1] < len(pieces[0]):
        return None
    return Row(tuple(Cell(piece, paragraph.place) for piece in pieces), paragraph.place)


def timed_text(text: str) -> tuple[str, str] | None:
    """``18:00-18:10 Opening`` in its two parts, None for any other text."""
    found = leading_range(text)
    rest = _OCLOCK.sub("", text[found[1] :]).strip(_BETWEEN) if found else ""
    return (text[: found[1]].strip(), rest) if found and rest else None


def begun_text(text: str) -> tuple[str, str, str] | None:
    """``18:00 (10 min) Opening`` in its three parts, the second empty where no length is said."""
    found = leading_time(text)
    if found is None:
        return None
    behind = text[found[1] :].strip(_BETWEEN)
    length = _LENGTH_IN_BRACKETS.match(behind)
    if length and lengths_in(length[1]):
        return text[: found[1]], length[1], behind[length.end() :].strip(_BETWEEN)
    return (text[: found[1]], "", behind) if behind else None
