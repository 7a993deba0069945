"""Word files (.docx) -> blocks, by python-docx. Places count paragraphs and rows: Word knows no lines."""

import io
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.table import Table
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.archive import check_archive
from gsef_notify.readers.sheets.blocks import Block, Cell, Paragraph, Row
from gsef_notify.readers.sheets.sheet import understand
from gsef_notify.readers.source import Source

_SAVE_AGAIN = "open it in Word and save it as .docx again"


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The one session of a Word file; none, and an error noted, where it can not be opened safely."""
    document = _opened(source, problems)
    return () if document is None else understand(source.path, blocks(source.path, document), problems)


def blocks(path: str, document: Document) -> Iterator[Block]:
    """The paragraphs and table rows of a document, in order."""
    number = tables = 0
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            tables += 1
            for row_number, cells in enumerate(_rows(part, path), 1):
                number += 1
                place = Place(path, number, spot=f"table {tables}, row {row_number}")
                yield Row(tuple(replace(cell, place=place) for cell in cells), place)
        else:
            sign = "• " if part.style is not None and str(part.style.name).startswith("List") else ""
            for source in _sources(part):
                number += 1
                if source.strip():
                    yield Paragraph(f"{sign}{source}", Place(path, number, spot=f"line {number}"))
                    sign = ""


def _opened(source: Source, problems: Problems) -> Document | None:
    try:
        check_archive(source.content)
        return docx.Document(io.BytesIO(source.content))
    except (BadZipFile, KeyError, ValueError, SyntaxError, OSError, NotImplementedError, RuntimeError):
        problems.error(source.top, "UNREADABLE", "this is no Word file, or a damaged one", _SAVE_AGAIN)
        return None


def _rows(table: Table, path: str) -> Iterator[list[Cell]]:
    """The fields of each row; one merged with the field above has its source, one merged with its neighbour
    is empty."""
    above: dict[object, str] = {}
    for row in table.rows:
        here: dict[object, str] = {}
        cells = []
        for field in row.cells:
            source = "\n".join(line for p in field.paragraphs for line in _sources(p) if line.strip())
            is_spanned = field._tc in here
            is_repeated = field._tc in above and not is_spanned
            cells.append(Cell("" if is_spanned else source, Place(path), is_repeated, is_spanned))
            here[field._tc] = source
        above = here
        yield cells


def _sources(paragraph: WordParagraph) -> list[str]:
    """The lines of a paragraph, with bold marked as in Markdown and the rest safe as HTML."""
    return "".join(_source(part) for part in paragraph.iter_inner_content()).split("\n")


def _source(part: Run | Hyperlink) -> str:
    if isinstance(part, Hyperlink):
        text = "".join(_source(run) for run in part.runs)
        is_web = part.address.startswith(("http://", "https://")) and not set(part.address) & set("()<> ")
        return f"[{text}]({part.address})" if is_web else text
    text = escape(part.text, quote=False).replace("\t", " ")
    return f"**{text}**" if part.bold and text.strip() and "\n" not in text else text
