"""Web pages (.html), as word processors export them, -> blocks, by lxml."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape

from lxml import etree, html

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.sheets.blocks import Block, Cell, Paragraph, Row
from gsef_notify.readers.sheets.sheet import understand
from gsef_notify.readers.sheets.spans import Spans, span
from gsef_notify.readers.source import Source

_BOLD = ("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6")
_NO_TEXT = ("script", "style", "head", "template")
_HOLDS_BLOCKS = (
    "p",
    "div",
    "table",
    "ul",
    "ol",
    "li",
    *_BOLD[2:],
    "section",
    "article",
    "main",
    "body",
    "dl",
)


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The one session of a page; none, and an error noted, where it is no HTML."""
    parser = html.HTMLParser(
        encoding=_encoding(source.content),
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = html.document_fromstring(source.content, parser=parser)
    except (etree.LxmlError, ValueError):
        problems.error(source.top, "UNREADABLE", "this is no web page", "save the sheet as HTML again")
        return ()
    return understand(source.path, _blocks(source.path, root), problems)


def _encoding(content: bytes) -> str | None:
    """UTF-8 where the page names no encoding and it fits; else what the page says or the parser finds."""
    if re.search(rb"charset\s*=", content[:4096], re.IGNORECASE):
        return None
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _blocks(path: str, element: html.HtmlElement) -> Iterator[Block]:
    """The paragraphs and table rows below an element, in order."""
    if element.tag in _NO_TEXT:
        return
    if element.tag == "table":
        yield from _rows(path, element)
    elif element.tag == "dl":
        yield from _terms(path, element)
    elif any(child.tag in _HOLDS_BLOCKS for child in element):
        for child in element:
            yield from _blocks(path, child)
    elif source := _source(element).strip():
        sign = "• " if element.tag == "li" else ""
        lines = [line for line in source.split("\n") if line.strip()]
        yield from (Paragraph(f"{sign}{line}", _place(path, element)) for line in lines[:1])
        yield from (Paragraph(line, _place(path, element)) for line in lines[1:])


def _rows(path: str, table: html.HtmlElement) -> Iterator[Row]:
    """The rows of a table, its merged fields resolved."""
    spans = Spans()
    for line in table.iter("tr"):
        cells: list[Cell] = []
        place = _place(path, line)
        for field in line.iterchildren("td", "th"):
            source = "\n".join(" ".join(part.split()) for part in _source(field).split("\n") if part.strip())
            spans.add(cells, Cell(source, place), span(field.get("colspan")), span(field.get("rowspan")))
        spans.end(cells)
        yield Row(tuple(cells), place)


def _terms(path: str, terms: html.HtmlElement) -> Iterator[Row]:
    """A list of terms, each with what is said of it, as rows of two fields."""
    term = Cell("", _place(path, terms))
    for element in terms.iterchildren("dt", "dd"):
        cell = Cell(_source(element).strip(), _place(path, element))
        if element.tag == "dt":
            term = cell
        else:
            yield Row((term, cell), term.place)
            term = replace(term, source="")


def _source(element: html.HtmlElement) -> str:
    """The text of an element, with bold marked as in Markdown, line breaks kept and the rest safe as HTML."""
    if element.tag in _NO_TEXT:
        return ""
    if element.tag == "br":
        return "\n"
    parts = [_text(element.text)]
    for child in element:
        parts += [_source(child), _text(child.tail)]
    text = "".join(parts)
    if element.tag == "a" and (address := _web_address(element)):
        return f"[{text}]({address})"
    is_bold = element.tag in _BOLD and text.strip() and "**" not in text and "\n" not in text
    return f"**{text}**" if is_bold else f"\n{text}\n" if element.tag in _HOLDS_BLOCKS else text


def _web_address(link: html.HtmlElement) -> str:
    """Where a link leads, "" for other than web addresses."""
    address = (link.get("href") or "").strip()
    is_web = address.startswith(("http://", "https://")) and not set(address) & set("()<> \n")
    return address if is_web else ""


def _text(text: str | None) -> str:
    return escape(" ".join(f"x{text}x".split())[1:-1], quote=False) if text else ""


def _place(path: str, element: html.HtmlElement) -> Place:
    return Place(path, element.sourceline or 1)
