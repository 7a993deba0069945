"""Running orders that say when each part begins, and how long it takes or nothing more: ``18:00 | 10 min |
Opening``, ``18:00 | Opening``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta

from gsef_notify.readers import notation
from gsef_notify.readers.sheets.blocks import Cell, Row, width
from gsef_notify.readers.text import plain, rich


def with_ends_added(rows: Sequence[Row], sessions: Mapping[time, time]) -> list[Row]:
    """The rows with ranges of time for the beginnings in them: up to the length beside one, else to the next
    row's beginning, the last up to the end of the session, where ``sessions`` has its beginning and end."""
    column = _column_of_beginnings(rows)
    if column is None:
        return list(rows)
    begins = [_beginning(row.cell(column)) for row in rows]
    first = next(filter(None, begins), None)
    last = end = sessions.get(first) if first else None
    ended: list[Row] = []
    for row, begin in zip(reversed(rows), reversed(begins), strict=True):
        if begin is None or begin != last:  # "16:00 End" is no part
            ended.append(_with_end(row, column, begin, end))
        end = begin or _range_begin(row.cell(column)) or end
    return ended[::-1]


def _range_begin(cell: Cell) -> time | None:
    found = notation.parse_range(_text(cell))
    return found.start if found else None


def _column_of_beginnings(rows: Sequence[Row]) -> int | None:
    counts = [sum(_beginning(row.cell(n)) is not None for row in rows) for n in range(width(rows))]
    return counts.index(max(counts)) if max(counts, default=0) > 1 else None


def _with_end(row: Row, column: int, begin: time | None, next_begin: time | None) -> Row:
    if begin is None:
        return row
    beside = next((n for n, cell in enumerate(row.cells) if n != column and _length(cell)), None)
    length = _length(row.cells[beside]) if beside is not None else None
    end = notation.later(begin, length) if length else next_begin
    if end is None:
        return row
    sources = {column: f"{begin:%H:%M}-{end:%H:%M}", **({} if beside is None else {beside: ""})}
    cells = (replace(cell, source=sources.get(n, cell.source)) for n, cell in enumerate(row.cells))
    return replace(row, cells=tuple(cells))


def _beginning(cell: Cell) -> time | None:
    return None if cell.is_repeated else notation.parse_time(_text(cell))


def _length(cell: Cell) -> timedelta | None:
    text = _text(cell)
    whole = (length for length, begin, end in notation.lengths_in(text) if not text[:begin] + text[end:])
    return next(whole, None)


def _text(cell: Cell) -> str:
    return notation.narrow(plain(rich(cell.source).text)).strip(" .")
