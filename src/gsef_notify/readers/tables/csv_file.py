"""A program as CSV: commas, semicolons or tabs between the fields."""

import csv
import io
from itertools import islice

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.source import Source
from gsef_notify.readers.tables import table
from gsef_notify.readers.tables.columns import TableRow
from gsef_notify.readers.text import decoded

LARGEST_FIELD = 100_000


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of a table. Raises Unreadable."""
    text = _text(source.content)
    csv.field_size_limit(LARGEST_FIELD)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True)
    found = []
    try:
        for row in islice(rows, table.MOST_ROWS + 1):
            found.append(TableRow(row, Place(source.path, rows.line_num)))
    except csv.Error as error:
        place = Place(source.path, rows.line_num)
        problems.error(place, "CSV_BROKEN", str(error), "save the table as CSV again")
        return ()
    return table.understand(source, found, problems)


def _text(content: bytes) -> str:
    """UTF-8, or the UTF-16 that Excel calls Unicode text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", errors="replace").encode()
    return decoded(content)


def _delimiter(text: str) -> str:
    first_lines = text[:4000].split("\n")[:5]
    return max(",;\t", key=lambda sign: sum(line.count(sign) for line in first_lines))
