"""What becomes of real programs of other conferences, as the table in ``docs/formats.md``.

``python -m tests.readers.survey`` prints the table; a test compares it with the document.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gsef_notify import readers
from gsef_notify.readers.source import Assumptions
from tests.conftest import SHARED

ZONE = "Europe/Vienna"
FOLDERS = ("schedule-xml", "schedule-json", "sessionize", "ics-conferences")
HEAD = ("| file | sessions | warnings |", "|---|---|---|")


def table() -> list[str]:
    """The table, a line a file."""
    files = (file for folder in FOLDERS for file in sorted((SHARED / "data" / folder).iterdir()))
    return [*HEAD, *(line for file in files for line in _lines(file))]


def _lines(file: Path) -> Iterator[str]:
    found = readers.read([file])
    name = f"{file.parent.name}/{file.name}"
    if found.errors:
        problem = found.errors[0]
        yield f"| {name} | refused | {problem.code}: {problem.message.replace('|', '/')} |"
    if found.errors and problem.code == "ZONE_MISSING":
        found = readers.read([file], (), Assumptions(ZONE))
        name = "the same with `timezone`"
    if not found.errors:
        yield f"| {name} | {len(found.program.sessions)} | {_warnings(found)} |"


def _warnings(found: readers.Reading) -> str:
    counts = Counter(problem.code for problem in found.problems)
    return ", ".join(f"{code} {number}" for code, number in sorted(counts.items())) or "none"


if __name__ == "__main__":
    print("\n".join(table()))  # noqa: T201
