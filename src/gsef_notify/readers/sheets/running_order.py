"""The running order of a session sheet: its table of times and contents."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from gsef_notify.program.draft import DraftPerson, DraftSegment
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers import notation
from gsef_notify.readers.notation import TimeRange, in_minutes, narrow, parse_range
from gsef_notify.readers.sheets.blocks import Cell, Row, width
from gsef_notify.readers.sheets.content import understand_content
from gsef_notify.readers.sheets.ends import with_ends_added
from gsef_notify.readers.sheets.half_days import in_the_afternoon
from gsef_notify.readers.sheets.layout import Table
from gsef_notify.readers.sheets.timed_lines import timed_text
from gsef_notify.readers.sheets.vocabulary import (
    column as header_kind,
)
from gsef_notify.readers.sheets.vocabulary import (
    is_content_header,
    is_time_header,
    is_total,
)
from gsef_notify.readers.text import plain, rich, rich_lines

_LIKE_A_TIME = re.compile(
    r"\d\s*(?:[:.]\s*\d|[h시])|\d{3}|\d\s*[ap]\.?m|\d\s*[-–—]\s*\d|^[\W\d]*$", re.IGNORECASE
)
_FROM_TO = re.compile(r"[^\W\d_]+\s*[-–—~/]\s*[^\W\d_]+")
_OCLOCK = re.compile(r"(?<=[.:]\d\d)\s+(?:hs|hrs?|h|uhr|horas)$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Order:
    """The segments, and the zone that the column of times is headed with, "" for none."""

    segments: tuple[DraftSegment, ...]
    zone: str


def is_program(table: Table) -> bool:
    """Whether a table is a running order: some of its rows have a time range, as a field of their own; or a
    beginning, where its headings or its place say that it is one."""
    if _is_timed(table.rows, table.section):
        return True
    rows = with_ends_added(table.rows, {})
    column = _time_column(rows)
    is_named = table.section == "program" or any(_is_header(row, column or 0) for row in rows[:2])
    return is_named and _is_timed(rows, table.section)


def _is_timed(rows: Sequence[Row], section: str) -> bool:
    column = _time_column(rows)
    if column is None:
        return False
    timed = sum(_range_in(row.cell(column)) is not None for row in rows)
    return timed * 3 >= len(rows) or section == "program"


def read_program(
    tables: Sequence[Table],
    people: Sequence[DraftPerson],
    sessions: Mapping[time, time],
    problems: Problems,
) -> Order:
    """The segments of the tables, each joined to its people by number ("1st speaker") or by name.
    ``sessions`` has the session's end by its beginning, on each stated clock."""
    segments: list[DraftSegment] = []
    zone = ""
    for table in tables:
        rows = with_ends_added(table.rows, sessions)
        column = _time_column(rows) or 0
        zone = zone or _zone_in_header(rows, column)
        contents = _content_columns(rows, column)
        timed = _without_head(rows, column)
        for row in _joined([_with_time_apart(row, column) for row in timed], column):
            segments += _segment(row, column, contents, segments, people, problems)
    return Order(in_the_afternoon(segments, sessions, problems), zone)


def _without_head(rows: Sequence[Row], column: int) -> Sequence[Row]:
    """The rows without a heading like ``From - to``."""
    is_head = bool(rows and _FROM_TO.fullmatch(plain(rich(rows[0].cell(column).source).text)))
    return rows[is_head:]


def _time_column(rows: Sequence[Row]) -> int | None:
    counts = [sum(_range_in(row.cell(n)) is not None for row in rows) for n in range(width(rows))]
    return counts.index(max(counts)) if any(counts) else None


def _range_in(cell: Cell) -> TimeRange | None:
    return None if cell.is_repeated else parse_range(_time_text(cell))


def _time_text(cell: Cell) -> str:
    """The text of a time field, without the length that may stand behind it in brackets."""
    text = narrow(plain(rich(cell.source.replace("\n", " ")).text))
    return _OCLOCK.sub("", _IN_BRACKETS.sub("", text).strip(" :;,."))


def _zone_in_header(rows: Sequence[Row], column: int) -> str:
    for row in rows:
        text = narrow(rich(row.cell(column).source).text)
        if is_time_header(text) and (found := _IN_BRACKETS.search(text)):
            return found[1].strip()
    return ""


def _joined(rows: Sequence[Row], column: int) -> list[Row]:
    """The rows, each with those that continue it below: they have no time of their own."""
    joined: list[Row] = []
    for row in rows:
        if all(cell.is_open for cell in row.cells):
            continue
        if joined and row.cell(column).is_open and not _is_header(joined[-1], column):
            joined[-1] = joined[-1].continued(row)
        else:
            joined.append(row)
    return joined


def _with_time_apart(row: Row, column: int) -> Row:
    """A row in which time and content stand in one field, because it goes over the whole width."""
    found = timed_text(rich(row.cell(column).source).text)
    others = [cell for n, cell in enumerate(row.cells) if n != column and not cell.is_open]
    if found is None or others or _range_in(row.cell(column)):
        return row
    place = row.cell(column).place
    cells = [Cell(found[0] if n == column else "", place) for n in range(column + 1)]
    return Row((*cells, Cell(found[1], place)), row.place)


def _content_columns(rows: Sequence[Row], column: int) -> set[int] | None:
    """The columns that say what is on and whose it is, by the header; None for all but the times."""
    for row in rows:
        texts = {n: rich(cell.source).text for n, cell in enumerate(row.cells) if n != column}
        contents = {n for n, text in texts.items() if is_content_header(text)}
        if contents and _is_header(row, column):
            below = {n for n in texts if not texts[n] and n - 1 in contents}  # a heading over two columns
            return contents | below | {n for n, text in texts.items() if header_kind(text) == "name"}
    return None


def _is_header(row: Row, column: int) -> bool:
    texts = [rich(cell.source).text for cell in row.cells]
    return is_time_header(texts[column] if column < len(texts) else "") or (
        any(
            is_content_header(text)
            for n, text in enumerate(texts)
            if n != column and parse_range(text) is None
        )
        and not _range_in(row.cell(column))
    )


def _segment(
    row: Row,
    column: int,
    contents: set[int] | None,
    before: Sequence[DraftSegment],
    people: Sequence[DraftPerson],
    problems: Problems,
) -> Iterator[DraftSegment]:
    """The segment of a row; none for headings and totals, and where it can not be understood."""
    if _is_header(row, column) or len(row.cells) < 2 or _is_heading_of_part(row):
        return
    if is_total(rich(row.cells[0].source).text):
        _check_total(row, before, problems)
        return
    time_range = _checked_range(row.cell(column), problems)
    if time_range is None:
        return
    cells = _content_cells(row, column, contents)
    place = cells[0].place if cells else row.cell(column).place
    lines = [line.text for each in cells for line in rich_lines(each.source)]
    title, speakers = understand_content(lines, people, place, problems)
    if not title:
        problems.error(place, "NO_TITLE", "nothing is said to be on at this time", "write what is on")
        return
    _check_length(title, time_range, place, problems)
    at = row.cell(column).place
    yield DraftSegment(time_range.start, time_range.end, title, at, speakers=speakers)


def _is_heading_of_part(row: Row) -> bool:
    filled = [cell for cell in row.cells if not cell.is_open]
    return len(filled) == 1 and not _LIKE_A_TIME.search(narrow(rich(filled[0].source).text))


def _content_cells(row: Row, column: int, contents: set[int] | None) -> list[Cell]:
    """The fields that say what is on; all but the time where those of the header are empty."""
    filled = [n for n, each in enumerate(row.cells) if n != column and each.source.strip()]
    chosen = [n for n in filled if contents is None or n in contents]
    return [row.cells[n] for n in chosen or filled]


def _checked_range(cell: Cell, problems: Problems) -> TimeRange | None:
    time_range = _range_in(cell)
    if time_range is None:
        message = f"{plain(rich(cell.source).text)!r} is no time range"
        problems.error(cell.place, "TIME_UNREADABLE", message, "write it like 18:00-18:10")
    elif time_range.stray is not None:
        _warn_of_stray(cell, _time_text(cell), str(time_range), time_range.stray, problems)
    return time_range


def _warn_of_stray(cell: Cell, text: str, meant: str, stray: int, problems: Problems) -> None:
    at = cell.place
    problems.warn(
        Place(at.path, at.line, at.column + stray),
        "TIME_STRAY_SIGN",
        f"the {_sign(text[stray])} after {text[:stray].strip()!r} does not belong in {text!r}",
        f"write {meant}",
    )


def _sign(character: str) -> str:
    return {":": "colon", ".": "full stop"}[character]


def _check_total(row: Row, before: Sequence[DraftSegment], problems: Problems) -> None:
    text = " ".join(rich(cell.source).text for cell in row.cells)
    spans = (
        TimeRange(s.start, s.end) for s in before if isinstance(s.start, time) and isinstance(s.end, time)
    )
    total = sum((span.length for span in spans), timedelta(0))
    for length, _, _ in notation.lengths_in(text)[:1]:
        if length != total:
            message = (
                f"the total is said to be {in_minutes(length)}, but the parts add up to {in_minutes(total)}"
            )
            problems.warn(row.place, "TOTAL_WRONG", message, "correct the total, or the part that is wrong")


def _check_length(title: str, time_range: TimeRange, place: Place, problems: Problems) -> None:
    actual = time_range.length
    lengths = [length for text in _IN_BRACKETS.findall(title) for length, _, _ in notation.lengths_in(text)]
    if len(lengths) == 1 and lengths[0] != actual:
        message = f"{title!r} is said to take {in_minutes(lengths[0])}, but has {in_minutes(actual)}"
        problems.warn(place, "DURATION_DIFFERS", message, "make them agree; the clock is believed")
