"""The running order as CSV, for spreadsheets. Pure. No address goes in."""

import csv
import io

from gsef_notify import zones
from gsef_notify.program.model import Program

COLUMNS = ("session", "date", "start", "end", "timezone", "title", "people")


def program_as_csv(program: Program) -> str:
    """A line a segment, by each session's own clock."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for session in program.sessions:
        for segment in session.segments:
            start = zones.local(segment.start, session.timezone)
            end = zones.local(segment.end, session.timezone)
            cells = (session.id, f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}", session.timezone)
            rows.writerow([*cells, _inert(segment.title), _inert(session.names_of(segment))])
    return written.getvalue()


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
