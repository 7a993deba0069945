"""PDF files with a text layer -> blocks, read by a process of its own: a PDF may be a bomb."""

import subprocess
import sys
from importlib.util import find_spec

import msgspec

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.sheets.blocks import Block, Cell, Paragraph, Row
from gsef_notify.readers.sheets.pdf_parts import LIMIT_SECONDS, PdfPart
from gsef_notify.readers.sheets.sheet import understand
from gsef_notify.readers.source import Source
from gsef_notify.readers.text import Unreadable

_NO_TEXT = "export it from the program in which it was written; pictures of text are not read"


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The one session of a PDF. Places count pages, and lines and rows on each. Raises Unreadable."""
    parts = _parts(source.content)
    if not parts:
        raise Unreadable("the PDF has no text layer", _NO_TEXT)
    return understand(source.path, [_block(source.path, part) for part in parts], problems)


def _parts(content: bytes) -> list[PdfPart]:
    if find_spec("pdfplumber") is None:
        raise ModuleNotFoundError(name="pdfplumber")
    command = [sys.executable, "-m", "gsef_notify.readers.sheets.pdf_layout"]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, timeout=LIMIT_SECONDS * 2, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("the PDF takes too long to read", _NO_TEXT) from None
    if done.returncode:
        raise Unreadable("this is no PDF, a locked one, or too large a one", _NO_TEXT)
    return msgspec.json.decode(done.stdout, type=list[PdfPart])


def _block(path: str, part: PdfPart) -> Block:
    what = "line" if part.line is not None else "row"
    place = Place(path, part.page, part.number, f"page {part.page}, {what} {part.number}")
    if part.line is not None:
        return Paragraph(part.line, place)
    return Row(tuple(Cell(each.source, place, each.is_repeated) for each in part.cells), place)
