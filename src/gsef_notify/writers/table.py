"""The running order as CSV, for spreadsheets and for the reader of tables. Pure. No address goes in."""

import csv
import io
from collections.abc import Iterable

from gsef_notify import zones
from gsef_notify.program.model import Person, Program, Segment, Session

COLUMNS = (
    "session", "session_title", "id", "title", "date", "start", "end", "timezone", "room", "track",
    "language", "moderator", "people", "join", "description",
)  # fmt: skip


def program_as_csv(program: Program) -> str:
    """A line a segment, by each session's own clock."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for session in program.sessions:
        for segment in session.segments:
            rows.writerow([_inert(cell) for cell in _cells(session, segment)])
    return written.getvalue()


def _cells(session: Session, segment: Segment) -> tuple[str, ...]:
    start, end = (zones.local(moment, session.timezone) for moment in (segment.start, segment.end))
    is_plain = all(zones.says_all(moment, session.timezone) for moment in (segment.start, segment.end))
    times = (f"{start:%H:%M}", f"{end:%H:%M}") if is_plain else (start.isoformat(), end.isoformat())
    return (
        session.id,
        session.title,
        segment.id,
        segment.title,
        f"{start:%Y-%m-%d}",
        *times,
        session.timezone,
        session.room,
        session.track,
        session.language,
        _named(session.with_role("moderator")),
        _named(session.people_of(segment)),
        session.join_url or "",
        session.background,
    )


def name_in_cell(name: str) -> str:
    """A name without the signs that divide the names of a cell."""
    return " ".join(name.replace(",", " ").replace(";", " ").split())


def _named(people: Iterable[Person]) -> str:
    cells = ((name_in_cell(each.name), each.organization.replace(";", ",")) for each in people)
    return "; ".join(", ".join(filter(None, cell)) for cell in cells)


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
