"""Files of any known format -> a program, or all that is wrong with them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from gsef_notify.program.build import build
from gsef_notify.program.check import check
from gsef_notify.program.draft import DraftSession
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Place, Problem, Problems, ProgramRefused
from gsef_notify.readers.sheet import read_sheet
from gsef_notify.readers.text import LARGEST_FILE, Unreadable, content_of, decoded
from gsef_notify.readers.yaml_program import read_yaml
from gsef_notify.reminders.people import Contact, known_zones

TextReader = Callable[[str, str, Problems], tuple[DraftSession, ...]]
DocumentReader = Callable[[str, bytes, Problems], tuple[DraftSession, ...]]

TEXT_FORMATS: dict[str, TextReader] = {
    ".md": read_sheet,
    ".txt": read_sheet,
    ".yaml": read_yaml,
    ".yml": read_yaml,
}

# Formats whose libraries come with gsef-notify[documents], by the module that reads them.
DOCUMENT_FORMATS = {
    ".docx": "gsef_notify.readers.word_document",
    ".html": "gsef_notify.readers.web_page",
}
FORMATS = (*TEXT_FORMATS, *DOCUMENT_FORMATS)
LARGEST_DOCUMENT = 20 * 1024 * 1024


@dataclass(frozen=True)
class Reading:
    """What files hold, and all that is to be said about them, in the order of the files."""

    program: Program
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The findings for which the program can not be used."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def accept(self) -> Program:
        """The program. Raises ProgramRefused if it has errors."""
        if self.errors:
            raise ProgramRefused(list(self.problems))
        return self.program


def read(paths: Sequence[Path], contacts: Collection[Contact] = ()) -> Reading:
    """Read files, and folders of files, as one program. Never raises for what is in them.

    ``contacts`` is the contact list that will be used with it, which may know more of its people.
    """
    problems = Problems()
    named = (file for path in paths for file in _files(path, problems))
    files = list({file.absolute(): file for file in named}.values())
    built = build([draft for file in files for draft in _drafts(file, problems)], problems)
    if not files and not problems.errors:
        where = ", ".join(map(str, paths))
        problems.error(
            Place(where), "NO_PROGRAM", "no program file is here", f"put a {_suffixes()} file into it"
        )
    check(built, known_zones(contacts, built.program), problems)
    return Reading(built.program, tuple(sorted(problems.found)))


def _files(path: Path, problems: Problems) -> Iterator[Path]:
    try:
        if path.is_dir():
            yield from sorted(f for f in path.iterdir() if f.suffix.lower() in FORMATS and _is_sheet(f))
        elif path.suffix.lower() in FORMATS or not path.exists():
            yield path
        else:
            message = f"files that end in {path.suffix!r} are not read"
            problems.error(Place(str(path)), "FORMAT_UNKNOWN", message, f"the formats are {_suffixes()}")
    except OSError as error:
        problems.error(Place(str(path)), "UNREADABLE", str(error.strerror), "name a folder that can be read")


def _is_sheet(file: Path) -> bool:
    return not file.name.startswith(".") and file.stem.casefold() != "readme"


def _drafts(file: Path, problems: Problems) -> tuple[DraftSession, ...]:
    try:
        if file.suffix.lower() in DOCUMENT_FORMATS:
            return _document(file, problems)
        text = decoded(content_of(file, LARGEST_FILE))
    except FileNotFoundError:
        problems.error(
            Place(str(file)), "NO_FILE", "there is no such file", "name a file or folder that exists"
        )
        return ()
    except OSError as error:
        problems.error(Place(str(file)), "UNREADABLE", str(error.strerror), "name a file that can be read")
        return ()
    except Unreadable as error:
        problems.error(Place(str(file)), "UNREADABLE", *error.args)
        return ()
    return TEXT_FORMATS[file.suffix.lower()](str(file), text, problems)


def _document(file: Path, problems: Problems) -> tuple[DraftSession, ...]:
    content = content_of(file, LARGEST_DOCUMENT)
    if not content:
        raise Unreadable("the file is empty", "save the sheet again")
    if len(content) > LARGEST_DOCUMENT:
        raise Unreadable(f"larger than {LARGEST_DOCUMENT // 1024 // 1024} MiB", "take out its pictures")
    try:
        module = import_module(DOCUMENT_FORMATS[file.suffix.lower()])
    except ModuleNotFoundError as error:
        message = f"{file.suffix} files need a library that is not installed ({error.name})"
        raise Unreadable(message, "run: pip install 'gsef-notify[documents]'") from None
    reader: DocumentReader = module.read_document
    return reader(str(file), content, problems)


def _suffixes() -> str:
    return ", ".join(FORMATS)
