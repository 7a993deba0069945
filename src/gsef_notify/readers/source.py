"""What a format's reader is given: the content of a file, and what the organizer said about such files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.text import decoded

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Assumptions:
    """What the settings say about files that do not say it themselves: ``timezone``, an IANA name or "", and
    what the organizer calls the ``columns`` of their tables, by our names for them."""

    timezone: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


NOTHING_ASSUMED = Assumptions()


@dataclass(frozen=True)
class Source:
    """A file that has been read."""

    path: str
    content: bytes
    assumptions: Assumptions = NOTHING_ASSUMED

    @cached_property
    def text(self) -> str:
        """The content as text. Raises Unreadable."""
        return decoded(self.content)

    @property
    def top(self) -> Place:
        """The beginning of the file."""
        return Place(self.path)


Reader = Callable[[Source, Problems], tuple[DraftSession, ...]]
