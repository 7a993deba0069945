"""The contact list: a CSV file with the columns name, email, timezone, language, role, session."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from gsef_notify import zones
from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.program import languages
from gsef_notify.program.problems import Place, Problems, ProgramRefused
from gsef_notify.readers.text import Unreadable, decoded, plain
from gsef_notify.reminders.people import Contact, ContactRole

COLUMNS = ("name", "email", "timezone", "language", "role", "session")
REQUIRED = ("name", "email", "role")


def read(file: Path) -> tuple[Contact, ...]:
    """The contacts of a file. Raises ProgramRefused with everything that is wrong with it."""
    problems = Problems()
    contacts = tuple(_contacts(file, problems))
    if problems.errors:
        raise ProgramRefused(problems.found)
    return contacts


def _contacts(file: Path, problems: Problems) -> Iterator[Contact]:
    path = str(file)
    try:
        text = decoded(file.read_bytes())
    except OSError as error:
        problems.error(Place(path), "UNREADABLE", str(error.strerror), "name a CSV file that can be read")
        return
    except Unreadable as error:
        problems.error(Place(path), "UNREADABLE", *error.args)
        return
    rows = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    if not _has_columns(path, list(rows.fieldnames or ()), problems):
        return
    try:
        for row in rows:
            cells = {str(key).strip().casefold(): plain(value or "") for key, value in row.items() if key}
            if any(cells.values()) and (contact := _contact(Place(path, rows.line_num), cells, problems)):
                yield contact
    except csv.Error as error:
        problems.error(Place(path, rows.line_num), "CSV_BROKEN", str(error), "save the table as CSV again")


def _has_columns(path: str, names: list[str], problems: Problems) -> bool:
    missing = [name for name in REQUIRED if name not in {given.strip().casefold() for given in names}]
    if missing:
        message = f"the column {missing[0]!r} is missing"
        problems.error(Place(path), "COLUMN_MISSING", message, f"begin the file with {','.join(COLUMNS)}")
    return not missing


def _contact(place: Place, cells: dict[str, str], problems: Problems) -> Contact | None:
    role, zone = cells["role"].casefold(), cells.get("timezone", "")
    before = len(problems.errors)
    if not cells["name"]:
        problems.error(place, "NO_NAME", "the line names nobody", "fill in the column name")
    if role not in get_args(ContactRole):
        message = f"{cells['role']!r} is no role"
        problems.error(place, "ROLE_UNKNOWN", message, f"write {', '.join(get_args(ContactRole))}")
    email = _email(place, cells["email"], problems)
    timezone = _timezone(place, zone, problems)
    if len(problems.errors) > before or email is None:
        return None
    return Contact(
        name=cells["name"],
        email=email,
        role=role,  # type: ignore[arg-type]
        session=cells.get("session", ""),
        timezone=timezone,
        language=languages.tag(cells.get("language", "")) or None,
    )


def _email(place: Place, text: str, problems: Problems) -> str | None:
    try:
        return checked_address(text)
    except AddressError as error:
        problems.error(place, "ADDRESS_WRONG", str(error), "write it like name@example.org")
        return None


def _timezone(place: Place, text: str, problems: Problems) -> str | None:
    if not text:
        return None
    try:
        return zones.named(text)
    except zones.UnknownZone as error:
        problems.error(place, "ZONE_UNKNOWN_NAME", str(error), "write an IANA name, or leave it empty")
        return None
