"""Running orders that say when each part begins and how long it takes: ``18:00 | 10 min | Opening``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from gsef_notify.readers import notation
from gsef_notify.readers.sheets.blocks import Cell, Row
from gsef_notify.readers.text import plain, rich


def with_lengths_added(rows: Sequence[Row]) -> list[Row]:
    """The rows; a beginning and a length in two fields of a row become the range of time in the first."""
    return [_with_length_added(row) for row in rows]


def _with_length_added(row: Row) -> Row:
    start = next((n for n, cell in enumerate(row.cells) if _start(cell)), None)
    length = next((n for n, cell in enumerate(row.cells) if n != start and _length(cell)), None)
    if start is None or length is None:
        return row
    cells = list(row.cells)
    cells[start] = replace(cells[start], source=_range(_start(cells[start]), _length(cells[length])))
    cells[length] = replace(cells[length], source="")
    return replace(row, cells=tuple(cells))


def _start(cell: Cell) -> time | None:
    return None if cell.is_repeated else notation.parse_time(_text(cell))


def _length(cell: Cell) -> timedelta | None:
    text = _text(cell)
    whole = (length for length, begin, end in notation.lengths_in(text) if not text[:begin] + text[end:])
    return next(whole, None)


def _range(start: time | None, length: timedelta | None) -> str:
    begin = datetime.combine(date.min, start or time())
    return f"{begin:%H:%M}-{begin + (length or timedelta()):%H:%M}"


def _text(cell: Cell) -> str:
    return notation.narrow(plain(rich(cell.source).text)).strip(" .")
