"""The lines and table rows of a PDF, by pdfplumber. Run as a program: PDF in, JSON out, within limits."""

import io
import re
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from typing import Any

import msgspec
import pdfplumber

from gsef_notify.readers.sheets.pdf_parts import LIMIT_SECONDS, PdfCell, PdfPart

LIMIT_BYTES = 2 * 1024**3
MOST_PAGES = 60
EDGE = 0.09  # of the height of a page, where running heads and feet stand
PADDING = 6  # points between a field's text and its border, at most
RAISED = 5  # points by which ordinals stand above their line, at most
SIGN_WIDTH = 0.5  # of a line's height
_WEB_ADDRESS = re.compile(r"https?://[^\s()<>]+")
_BOLD = re.compile("bold|black|heavy", re.IGNORECASE)
_LIST_ITEM = re.compile(r"(?:[•○●◦▪–\-*]|\d{1,2}[.)])\s")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|página|p\.)?\s*\d{1,3}(?:\s*(?:/|of|de|sur)\s*\d{1,3})?\W*", re.IGNORECASE
)


def parts(content: bytes) -> Iterator[PdfPart]:
    """The parts of a PDF, page by page from top to bottom, without what stands on each page."""
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        pages = [_Page(page) for page in pdf.pages[:MOST_PAGES]]
        furniture = _furniture(pages)
        for page in pages:
            for number, (line, cells) in enumerate(page.parts(furniture), 1):
                yield PdfPart(page.number, number, line, cells)


Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Line:
    """A line of a page: its place in points from the top left; how many signs at its beginning are bold;
    the web addresses that it leads to without saying so."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    bold: int
    links: tuple[str, ...] = ()

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return self.bold >= len("".join(self.text.split()))

    @property
    def source(self) -> str:
        """The text with its bold beginning marked, safe as HTML."""
        end = _end_of(self.text, self.bold)
        head, tail = escape(self.text[:end].rstrip(), quote=False), escape(self.text[end:], quote=False)
        links = "".join(f"[]({address})" for address in self.links)
        return (f"**{head}**{tail}" if head else tail) + links


class _Page:
    """A page: its tables, and its lines outside of them."""

    def __init__(self, page: Any) -> None:
        self.number: int = page.page_number
        self._edges = (float(page.height) * EDGE, float(page.height) * (1 - EDGE))
        self._tables = page.find_tables()
        self._page = page
        boxes = [table.bbox for table in self._tables]
        self._lines = [line for line in _lines(page) if not any(_inside(line, box) for box in boxes)]

    def margin_lines(self) -> set[str]:
        """What stands at the top and bottom of the page, its digits made alike."""
        return {_alike(line.text) for line in self._lines if self._is_margin(line)}

    def parts(self, furniture: set[str]) -> list[tuple[str | None, tuple[PdfCell, ...]]]:
        """Its lines and rows, from top to bottom."""
        kept = [line for line in self._lines if not self._is_furniture(line, furniture)]
        texts = [(first.top, source) for first, source in _paragraphs(kept, max_right(kept))]
        rows = [row for table in self._tables for row in self._rows(table)]
        pieces: list[tuple[float, str | None, tuple[PdfCell, ...]]] = [
            *((top, source, ()) for top, source in texts),
            *((top, None, cells) for top, cells in rows),
        ]
        return [(source, cells) for _, source, cells in sorted(pieces, key=lambda piece: piece[0])]

    def _is_margin(self, line: Line) -> bool:
        return line.top < self._edges[0] or line.bottom > self._edges[1]

    def _is_furniture(self, line: Line, furniture: set[str]) -> bool:
        repeats = _alike(line.text) in furniture or _PAGE_NUMBER.fullmatch(line.text) is not None
        return self._is_margin(line) and repeats

    def _rows(self, table: Any) -> Iterator[tuple[float, tuple[PdfCell, ...]]]:
        """Each row with its top. A field that hangs down from above is repeated."""
        hanging: dict[int, tuple[Box, PdfCell]] = {}
        for row in table.rows:
            cells = []
            for number, box in enumerate(row.cells):
                above = hanging.get(number)
                if box:
                    cell = PdfCell(self._text_in(box))
                    hanging[number] = (box, PdfCell(cell.source, is_repeated=True))
                elif above and above[0][3] >= row.bbox[3] - 1:
                    cell = above[1]
                else:
                    cell = PdfCell("")
                cells.append(cell)
            yield row.bbox[1], tuple(cells)

    def _text_in(self, box: Box) -> str:
        lines = _lines(self._page.crop(box, strict=False))
        return "\n".join(source for _, source in _paragraphs(lines, box[2] - PADDING))


def _lines(page: Any) -> list[Line]:
    found = page.extract_text_lines(return_chars=True, y_tolerance=RAISED)
    links = [link for link in page.hyperlinks if _WEB_ADDRESS.fullmatch(str(link["uri"]))]
    return [_line(each, links) for each in found if each["text"].strip()]


def _line(found: dict[str, Any], links: Sequence[dict[str, Any]]) -> Line:
    text, middle = found["text"], (found["top"] + found["bottom"]) / 2
    addresses = [str(link["uri"]) for link in links if link["top"] <= middle <= link["bottom"]]
    unseen = tuple(dict.fromkeys(address for address in addresses if address not in text))
    bold = _bold_signs(found["chars"])
    return Line(text, found["x0"], found["top"], found["x1"], found["bottom"], bold, unseen)


def _bold_signs(chars: Sequence[dict[str, Any]]) -> int:
    signs = (char for char in chars if char["text"].strip())
    return sum(1 for _ in takewhile(lambda char: _BOLD.search(char["fontname"]), signs))


def _end_of(text: str, count: int) -> int:
    """Where the first ``count`` signs that are no blanks end."""
    places = [index + 1 for index, sign in enumerate(text) if not sign.isspace()]
    return places[min(count, len(places)) - 1] if count and places else 0


def _inside(line: Line, box: Box) -> bool:
    left, top, right, bottom = box
    is_beside = left - 2 <= line.left and line.right <= right + 2
    return is_beside and top <= (line.top + line.bottom) / 2 <= bottom


def _alike(text: str) -> str:
    return re.sub(r"\d+", "0", text.strip())


def _furniture(pages: Sequence[_Page]) -> set[str]:
    """What stands at the edge of several pages: running heads and feet."""
    count = Counter(text for page in pages for text in page.margin_lines())
    return {text for text, number in count.items() if number > 1}


def max_right(lines: Sequence[Line]) -> float:
    """How far to the right the lines reach."""
    return max((line.right for line in lines), default=0)


def _paragraphs(lines: Sequence[Line], edge: float) -> Iterator[tuple[Line, str]]:
    """Lines joined with those that they run over to, each with its first; text ends at ``edge``."""
    first: Line | None = None
    source = ""
    for number, line in enumerate(lines):
        if first is None:
            first, source = line, line.source
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is not None and _runs_over(line, following, edge):
            source = _joined(source, following.source)
        else:
            yield first, source
            first = None


def _runs_over(line: Line, following: Line, edge: float) -> bool:
    """Whether the first word of the next line would not have found room any more."""
    height = line.bottom - line.top
    is_near = following.top - line.bottom < height * 0.9
    word = height * SIGN_WIDTH * (len(following.text.split()[0]) + 1)
    is_label = following.bold and not (line.is_bold and following.is_bold)
    begins_anew = is_label or _LIST_ITEM.match(following.text)
    return is_near and not begins_anew and line.right + word > edge


def _joined(source: str, more: str) -> str:
    if source.endswith("**") and more.startswith("**"):
        return f"{source[:-2]} {more[2:]}"
    return f"{source} {more}"


def _limit() -> None:
    """No more memory and time than a sheet needs."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))


if __name__ == "__main__":
    _limit()
    sys.stdout.buffer.write(msgspec.json.encode(list(parts(sys.stdin.buffer.read()))))
