"""What every container of a session sheet is turned into: lines of text and rows of tables."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gsef_notify.program.problems import Place


@dataclass(frozen=True)
class Paragraph:
    """A line outside of tables; ``source`` may hold inline HTML and Markdown."""

    source: str
    place: Place


@dataclass(frozen=True)
class Cell:
    """A field of a table, like a paragraph; ``<br>`` and line ends divide its lines. ``is_repeated``: it is
    merged with the field above, whose source it has; ``is_spanned``: it is merged with its left neighbour."""

    source: str
    place: Place
    is_repeated: bool = False
    is_spanned: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it says nothing of its own."""
        return self.is_repeated or not self.source.strip()


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    cells: tuple[Cell, ...]
    place: Place

    def cell(self, number: int) -> Cell:
        """The field of that column, an empty one where the row is shorter."""
        return self.cells[number] if number < len(self.cells) else Cell("", self.place)

    def continued(self, more: "Row") -> "Row":
        """The row with the lines of another one below its own, field by field."""
        width = max(len(self.cells), len(more.cells))
        return replace(self, cells=tuple(_joined(self.cell(n), more.cell(n)) for n in range(width)))


def width(rows: Iterable[Row]) -> int:
    """The number of columns."""
    return max((len(row.cells) for row in rows), default=0)


def _joined(cell: Cell, more: Cell) -> Cell:
    return cell if more.is_open else replace(cell, source=f"{cell.source}\n{more.source}".strip())


Block = Paragraph | Row
