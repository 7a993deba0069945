"""What is wrong with a file, said so that its author can mend it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from gsef_notify.errors import GsefNotifyError

MOST_ALIKE = 10


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in a file; lines and columns count from 1. A document has no lines to speak of:
    there ``spot`` says it in its own terms, "table 2, row 6"."""

    path: str
    line: int = 1
    column: int = 1
    spot: str = ""

    @property
    def brief(self) -> str:
        """The file and line, for pointing at them from elsewhere."""
        return f"{self.path}, {self.spot}" if self.spot else f"{self.path}:{self.line}"


@dataclass(frozen=True, order=True)
class Problem:
    """One finding: ``code`` names its kind for ever, ``remedy`` says what to write instead."""

    place: Place
    severity: Literal["error", "warning"]
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        at = self.place
        where = f"{at.path}:{at.line}:{at.column}: {self.severity} {self.code}"
        return f"{where} {f'{at.spot}: ' if at.spot else ''}{self.message} - {self.remedy}"


@dataclass
class Problems:
    """A growing list of findings, so that all are told at once."""

    found: list[Problem] = field(default_factory=list)
    error_count: int = 0

    def error(self, place: Place, code: str, message: str, remedy: str) -> None:
        """Note something that makes the file unusable."""
        self.error_count += 1
        self.found.append(Problem(place, "error", code, message, remedy))

    def warn(self, place: Place, code: str, message: str, remedy: str) -> None:
        """Note something that deserves a look."""
        self.found.append(Problem(place, "warning", code, message, remedy))

    @property
    def errors(self) -> list[Problem]:
        """The findings that make the file unusable."""
        return [problem for problem in self.found if problem.severity == "error"]


def told(problems: Iterable[Problem], most: int | None = MOST_ALIKE) -> Iterator[str]:
    """The findings, a line each. Of many warnings of one kind in one file the first ``most`` are told and
    the rest counted; errors are all told."""
    count: Counter[tuple[str, str]] = Counter()
    for problem in sorted(problems):
        kind = (problem.place.path, problem.code)
        count[kind] += problem.severity == "warning"
        if most is None or count[kind] <= most:
            yield str(problem)
    for (path, code), number in count.items():
        if most is not None and number > most:
            yield f"{path}: {number - most} more warnings {code} - see them all with: gsef-notify check --all"


class ProgramRefused(GsefNotifyError):
    """The program has errors. ``problems`` holds all findings, warnings included."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(told(problems)))
        self.problems = problems
