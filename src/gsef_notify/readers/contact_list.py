"""The contact list: a CSV file with the columns name, email, timezone, language, role, session and list."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from gsef_notify import zones
from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.program import languages
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Place, Problem, Problems, ProgramRefused
from gsef_notify.readers.source import MEBIBYTE
from gsef_notify.readers.text import Unreadable, content_of, decoded, plain
from gsef_notify.reminders.people import LIST_NAME, NAMED_ROLES, Contact, ContactRole, person_of

COLUMNS = ("name", "email", "timezone", "language", "role", "session", "list")
REQUIRED = ("name", "email", "role")


@dataclass(frozen=True)
class ContactReading:
    """What a contact list holds, each contact with its place, and all that is to be said about it."""

    places: Mapping[Contact, Place]
    problems: tuple[Problem, ...]

    def accept(self) -> tuple[Contact, ...]:
        """The contacts. Raises ProgramRefused if the list has errors."""
        if any(problem.severity == "error" for problem in self.problems):
            raise ProgramRefused(list(self.problems))
        return tuple(self.places)


def read(file: Path) -> ContactReading:
    """The contacts of a file. Never raises for what is in it."""
    problems = Problems()
    places = {contact: place for place, contact in _contacts(file, problems)}
    return ContactReading(places, tuple(sorted(problems.found)))


def check(reading: ContactReading, program: Program) -> Iterator[Problem]:
    """What deserves a look once it is known for which program the list is."""
    for contact, place in reading.places.items():
        person = person_of(contact, program)
        if contact.role in NAMED_ROLES and person is None:
            message = f"no {contact.role} of the program has the name {contact.name}: nothing is sent to them"
            yield Problem(place, "warning", "STRANGER", message, "write the name as the program has it")
        elif contact.timezone is None and (person is None or person.timezone is None):
            message = f"{contact.name} has no known time zone: they are told times in each session's zone"
            yield Problem(place, "warning", "ZONE_UNKNOWN", message, "fill in the column timezone")


def _contacts(file: Path, problems: Problems) -> Iterator[tuple[Place, Contact]]:
    path = str(file)
    try:
        text = decoded(content_of(file, MEBIBYTE))
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
            place = Place(path, rows.line_num)
            if any(cells.values()) and (contact := _contact(place, cells, problems)):
                yield place, contact
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
    before = problems.error_count
    if not cells["name"]:
        problems.error(place, "NO_NAME", "the line names nobody", "fill in the column name")
    if role not in get_args(ContactRole):
        message = f"{cells['role']!r} is no role"
        problems.error(place, "ROLE_UNKNOWN", message, f"write {', '.join(get_args(ContactRole))}")
    if cells.get("list") and not LIST_NAME.fullmatch(cells["list"]):
        message = f"{cells['list']!r} is no name of a list"
        problems.error(place, "LIST_NAME_WRONG", message, "write letters, digits and hyphens")
    email = _email(place, cells["email"], problems)
    timezone = _timezone(place, zone, problems)
    if problems.error_count > before or email is None:
        return None
    return Contact(
        name=cells["name"],
        email=email,
        role=role,  # type: ignore[arg-type]
        session=cells.get("session", ""),
        timezone=timezone,
        language=languages.tag(cells.get("language", "")) or None,
        list=cells.get("list", ""),
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
