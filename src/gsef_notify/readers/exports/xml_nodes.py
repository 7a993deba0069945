"""XML as nodes with their places, by expat. A document type, and with it every entity, is refused.

expat fetches nothing by itself; without a document type there is nothing to expand either.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.source import Source
from gsef_notify.readers.text import paragraphs, plain

DEEPEST = 50
_NO_DOCTYPE = "take the <!DOCTYPE ...> out: no entity is expanded here"


@dataclass(slots=True)
class Element:
    """An element; ``position`` is its line and column, ``pieces`` are the texts directly in it."""

    tag: str
    attributes: dict[str, str]
    path: str
    position: tuple[int, int]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def find(self, tag: str) -> "Element | None":
        """The first child of that name."""
        for child in self.children:
            if child.tag == tag:
                return child
        return None

    def all(self, tag: str) -> Iterator["Element"]:
        """The children of that name."""
        return (child for child in self.children if child.tag == tag)

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.path, *self.position)

    @property
    def line(self) -> str:
        """The text on one line."""
        return plain("".join(self.pieces))

    def line_of(self, tag: str) -> str:
        """The text of the first child of that name, on one line; "" without one."""
        child = self.find(tag)
        return child.line if child else ""

    def prose_of(self, tag: str) -> str:
        """The text of the first child of that name, in paragraphs; "" without one."""
        child = self.find(tag)
        return paragraphs("".join(child.pieces)) if child else ""


class _Refused(Exception):
    """Why a file is not read on: code, message, remedy."""


def parse(source: Source, problems: Problems) -> Element | None:
    """The root of an XML file; None, and an error noted, where it is no XML that is safe to read."""
    tree = _Tree(source.path)
    try:
        tree.parser.Parse(source.content, True)
    except expat.ExpatError as error:
        place = Place(source.path, error.lineno, error.offset + 1)
        message = f"no XML: {expat.errors.messages.get(error.code, 'it ends too early')}"
        problems.error(place, "XML_SYNTAX", message, "export the file again")
        return None
    except _Refused as refused:
        problems.error(tree.place, *refused.args)
        return None
    return tree.root


class _Tree:
    """Builds the elements as the parser reports them."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open: list[Element] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    @property
    def place(self) -> Place:
        """Where the parser is."""
        return Place(self._path, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise _Refused("XML_DEEP", "nested too deeply to be a program", "export it again")
        position = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        element = Element(tag, attributes, self._path, position)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, tag: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].pieces.append(text)

    def _doctype(self, *_: object) -> None:
        raise _Refused("XML_DOCTYPE", "the file declares a document type", _NO_DOCTYPE)
