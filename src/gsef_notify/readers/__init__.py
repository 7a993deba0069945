"""Files of any known format -> a program, or all that is wrong with them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from gsef_notify.program.build import build
from gsef_notify.program.check import check
from gsef_notify.program.draft import DraftSession
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Place, Problem, Problems, ProgramRefused
from gsef_notify.readers.source import MEBIBYTE, NOTHING_ASSUMED, Assumptions, Reader, Source
from gsef_notify.readers.text import Unreadable, content_of
from gsef_notify.reminders.people import Contact, known_zones


@dataclass(frozen=True)
class Format:
    """A format: the module that has its ``read``, imported when it is needed, and its size limit in bytes."""

    module: str
    largest: int

    @property
    def read(self) -> Reader:
        """Its reader. Raises ModuleNotFoundError where a library of gsef-notify[documents] is missing."""
        reader: Reader = import_module(f"gsef_notify.readers.{self.module}").read
        return reader


FORMATS = {
    ".md": Format("sheets.text_file", MEBIBYTE),
    ".txt": Format("sheets.text_file", MEBIBYTE),
    ".yaml": Format("yaml_program", MEBIBYTE),
    ".yml": Format("yaml_program", MEBIBYTE),
    ".xml": Format("exports.schedule_xml", 64 * MEBIBYTE),
    ".json": Format("exports.json_program", 64 * MEBIBYTE),
    ".ics": Format("exports.calendar_file", 16 * MEBIBYTE),
    ".csv": Format("tables.csv_file", 16 * MEBIBYTE),
    ".xlsx": Format("tables.spreadsheet", 16 * MEBIBYTE),
    ".docx": Format("sheets.word_document", 20 * MEBIBYTE),
    ".html": Format("sheets.web_page", 20 * MEBIBYTE),
    ".pdf": Format("sheets.pdf_document", 20 * MEBIBYTE),
}
SUFFIXES = ", ".join(FORMATS)
_NO_PROGRAMS = ("readme", "people")  # what such files are called that lie beside programs


@dataclass(frozen=True)
class Reading:
    """What files hold, and all that is to be said about them, in the order of the files. ``settled`` are the
    lasting keys of the sessions and segments whose ids the files give."""

    program: Program
    problems: tuple[Problem, ...]
    settled: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The findings for which the program can not be used."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def accept(self) -> Program:
        """The program. Raises ProgramRefused if it has errors."""
        if self.errors:
            raise ProgramRefused(list(self.problems))
        return self.program


@dataclass(frozen=True)
class ProgramFiles:
    """Files and folders of programs, and what is to be assumed where they do not say it."""

    paths: tuple[Path, ...]
    assumptions: Assumptions = NOTHING_ASSUMED

    def read(self, contacts: Collection[Contact] = ()) -> Reading:
        """What they hold; see ``read``."""
        return read(self.paths, contacts, self.assumptions)


def is_program(file: Path) -> bool:
    """Whether a file of a folder is taken for a program, by its name."""
    is_other = file.name.startswith(".") or file.stem.casefold() in _NO_PROGRAMS
    return file.suffix.lower() in FORMATS and not is_other


def read(
    paths: Sequence[Path],
    contacts: Collection[Contact] = (),
    assumptions: Assumptions = NOTHING_ASSUMED,
) -> Reading:
    """Read files, and folders of files, as one program. Never raises for what is in them.

    ``contacts`` is the contact list that will be used with it, which may know more of its people.
    """
    problems = Problems()
    named = (file for path in paths for file in _files(path, problems))
    files = list({file.absolute(): file for file in named}.values())
    built = build([d for file in files for d in _drafts(file, assumptions, problems)], problems)
    if not files and not problems.errors:
        where = ", ".join(map(str, paths))
        problems.error(
            Place(where), "NO_PROGRAM", "no program file is here", f"put a {SUFFIXES} file into it"
        )
    if files and not built.program.sessions and not problems.errors:
        message = "nothing in the files has a time, so there is no program"
        problems.error(Place(str(files[0])), "NO_SESSIONS", message, "schedule at least one session")
    check(built, known_zones(contacts, built.program), problems)
    return Reading(built.program, tuple(sorted(problems.found)), frozenset(built.settled))


def _files(path: Path, problems: Problems) -> Iterator[Path]:
    try:
        if path.is_dir():
            yield from sorted(f for f in path.iterdir() if is_program(f))
        elif path.suffix.lower() in FORMATS or not path.exists():
            yield path
        else:
            message = f"files that end in {path.suffix!r} are not read"
            problems.error(Place(str(path)), "FORMAT_UNKNOWN", message, f"the formats are {SUFFIXES}")
    except OSError as error:
        problems.error(Place(str(path)), "UNREADABLE", str(error.strerror), "name a folder that can be read")


def _drafts(file: Path, assumptions: Assumptions, problems: Problems) -> tuple[DraftSession, ...]:
    place, form = Place(str(file)), FORMATS[file.suffix.lower()]
    try:
        content = content_of(file, form.largest)
        return form.read(Source(str(file), content, assumptions), problems)
    except FileNotFoundError:
        problems.error(place, "NO_FILE", "there is no such file", "name a file or folder that exists")
    except OSError as error:
        problems.error(place, "UNREADABLE", str(error.strerror), "name a file that can be read")
    except Unreadable as error:
        problems.error(place, "UNREADABLE", *error.args)
    except ModuleNotFoundError as error:
        message = f"{file.suffix} files need a library that is not installed ({error.name})"
        problems.error(place, "UNREADABLE", message, "run: pip install 'gsef-notify[documents]'")
    return ()
