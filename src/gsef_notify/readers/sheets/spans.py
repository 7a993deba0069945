"""Merged fields of HTML tables: what spans several columns is empty after the first, what spans several rows
is repeated in each."""

from dataclasses import replace

from gsef_notify.readers.sheets.blocks import Cell

WIDEST = 50


def span(text: str | None) -> int:
    """A colspan or rowspan as a number, within reason."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), WIDEST)


class Spans:
    """Fills the rows of one table."""

    def __init__(self) -> None:
        self._hanging: dict[int, tuple[int, Cell]] = {}

    def add(self, cells: list[Cell], cell: Cell, columns: int, rows: int) -> None:
        """Put a field behind those of the row, ``columns`` wide and ``rows`` high."""
        self.end(cells)
        for number in range(columns):
            if rows > 1:
                self._hanging[len(cells)] = (rows - 1, replace(cell, is_repeated=True))
            cells.append(cell if number == 0 else replace(cell, source="", is_spanned=True))

    def end(self, cells: list[Cell]) -> None:
        """Repeat the fields that hang down from above at the next places of the row."""
        while (hanging := self._hanging.get(len(cells))) and hanging[0] > 0:
            self._hanging[len(cells)] = (hanging[0] - 1, hanging[1])
            cells.append(hanging[1])
