"""Text and Markdown -> blocks. Tables have their fields apart by tabs or pipes, or are written in HTML."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from gsef_notify.program.problems import Place
from gsef_notify.readers.sheets.blocks import Block, Cell, Paragraph, Row
from gsef_notify.readers.sheets.spans import Spans, span
from gsef_notify.readers.text import whole_tags

# Lines as editors count them; str.splitlines also breaks at U+2028 and at control characters.
_LINE_END = re.compile(r"\r\n|\r|\n")
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:\-]+")
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)


def blocks(path: str, text: str) -> Iterator[Block]:
    """The blocks of a text, in order."""
    lines = enumerate(_LINE_END.split(text), start=1)
    for number, line in lines:
        if _TABLE.search(line):
            html = [line]
            while not _TABLE_END.search(html[-1]) and (more := next(lines, None)):
                html.append(more[1])
            yield from _html_rows(path, number, "\n".join(html))
        elif "\t" in line.rstrip():
            yield _row(path, number, line, re.compile("\t"))
        elif line.lstrip().startswith("|"):
            if not _RULE.fullmatch(line):
                yield _row(path, number, _without_outer_pipes(line), _PIPE)
        elif line.strip():
            yield Paragraph(line, Place(path, number, _column_of_text(line)))


def _row(path: str, number: int, line: str, separator: re.Pattern[str]) -> Row:
    cells = []
    begin = 0
    for end in [*(match.start() for match in separator.finditer(line)), len(line)]:
        source = line[begin:end]
        column = begin + _column_of_text(source)
        cells.append(Cell(source.strip().replace("\\|", "|"), Place(path, number, column)))
        begin = end + 1
    return Row(tuple(cells), Place(path, number))


def _without_outer_pipes(line: str) -> str:
    blanked = re.sub(r"^(\s*)\|", r"\1 ", line)
    return re.sub(r"(?<!\\)\|\s*$", "", blanked)


def _column_of_text(text: str) -> int:
    return len(text) - len(text.lstrip()) + 1


def _html_rows(path: str, first_line: int, source: str) -> list[Row]:
    parser = _TableParser(path, first_line)
    parser.feed(whole_tags(source))
    parser.close()
    return parser.rows


class _TableParser(HTMLParser):
    """Collects the rows of a table, each field with the HTML inside of it."""

    def __init__(self, path: str, first_line: int) -> None:
        super().__init__(convert_charrefs=False)
        self.rows: list[Row] = []
        self._path = path
        self._first_line = first_line
        self._spans = Spans()
        self._cells: list[Cell] | None = None
        self._pieces: list[str] | None = None
        self._size = (1, 1)
        self._place = Place(path)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tr":
            self._end_row()
            self._cells = []
            self._place = Place(self._path, self._first_line + self.getpos()[0] - 1)
        elif tag in ("td", "th"):
            self._end_cell()
            self._pieces = []
            self._size = (span(given.get("colspan")), span(given.get("rowspan")))
        elif self._pieces is not None:
            self._pieces.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tr", "table"):
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif self._pieces is not None:
            self._pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _end_cell(self) -> None:
        if self._cells is not None and self._pieces is not None:
            self._spans.add(self._cells, Cell("".join(self._pieces).strip(), self._place), *self._size)
        self._pieces = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is not None:
            self._spans.end(self._cells)
            self.rows.append(Row(tuple(self._cells), self._place))
        self._cells = None
