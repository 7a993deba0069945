"""Text and Markdown -> blocks. Tables have their fields apart by tabs or pipes."""

import re
from collections.abc import Iterator

from gsef_notify.program.problems import Place
from gsef_notify.readers.blocks import Block, Cell, Paragraph, Row

# Lines as editors count them; str.splitlines also breaks at U+2028 and at control characters.
_LINE_END = re.compile(r"\r\n|\r|\n")
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:\-]+")


def blocks(path: str, text: str) -> Iterator[Block]:
    """The blocks of a text, in order."""
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if "\t" in line.rstrip():
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
