"""What every container of a session sheet is turned into: lines of text and rows of tables."""

from dataclasses import dataclass

from gsef_notify.program.problems import Place


@dataclass(frozen=True)
class Paragraph:
    """A line outside of tables; ``source`` may hold inline HTML and Markdown."""

    source: str
    place: Place


@dataclass(frozen=True)
class Cell:
    """A field of a table, like a paragraph."""

    source: str
    place: Place


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    cells: tuple[Cell, ...]
    place: Place


Block = Paragraph | Row
