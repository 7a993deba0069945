"""YAML as nodes: every scalar is text with a place, so that ``10:30`` stays what was written."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import (
    AliasToken,
    BlockEndToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    Token,
)

from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.text import paragraphs, plain

MOST_ALIASES = 100
MOST_TOKENS = 200_000  # a large program has a tenth of it; reading that many takes some seconds
DEEPEST = 20
_BEGINS = (
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingStartToken,
    FlowSequenceStartToken,
)
_ENDS = (BlockEndToken, FlowMappingEndToken, FlowSequenceEndToken)


@dataclass(frozen=True)
class Scalar:
    """A text of a file. ``quoted`` says whether it stood in quotes or as a block."""

    text: str
    place: Place
    quoted: bool = True


class Fields:
    """The mapping at a place of a file, asked for by key; what is wrong with it is noted."""

    def __init__(self, path: str, node: Node, allowed: Sequence[str], problems: Problems) -> None:
        self._path = path
        self._problems = problems
        self.place = place_of(path, node)
        self.is_mapping = isinstance(node, MappingNode)
        self._values: dict[str, Node] = {}
        if isinstance(node, MappingNode):
            self._take(node, allowed)
        else:
            problems.error(
                self.place, "YAML_SHAPE", f"a mapping is expected, not {_kind(node)}", _keys(allowed)
            )

    def _take(self, node: MappingNode, allowed: Sequence[str]) -> None:
        for key_node, value in node.value:
            key = str(key_node.value)
            place = place_of(self._path, key_node)
            if not isinstance(key_node, ScalarNode):
                message = f"a key is a text, not {_kind(key_node)}"
                self._problems.error(place, "YAML_SHAPE", message, _keys(allowed))
            elif key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                remedy = f"did you mean {near[0]!r}?" if near else _keys(allowed)
                self._problems.error(place, "KEY_UNKNOWN", f"the key {key!r} is unknown", remedy)
            elif key in self._values:
                message = f"the key {key!r} stands here twice"
                self._problems.error(place, "KEY_TWICE", message, "keep one of the two")
            else:
                self._values[key] = value

    def place_of(self, key: str) -> Place:
        """Where the value of a key stands; the mapping's own place without one."""
        return place_of(self._path, self._values[key]) if key in self._values else self.place

    def line(self, key: str) -> str:
        """A value of one line, "" where it is missing."""
        scalar = self.scalar(key)
        return plain(scalar.text) if scalar else ""

    def prose(self, key: str) -> str:
        """A value of several paragraphs, "" where it is missing."""
        scalar = self.scalar(key)
        return paragraphs(scalar.text) if scalar else ""

    def scalar(self, key: str) -> Scalar | None:
        """A value that is text, None where it is missing."""
        if key not in self._values:
            return None
        return self._scalar(self._values[key])

    def lines(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        return tuple(plain(scalar.text) for scalar in self.scalars(key))

    def scalars(self, key: str) -> tuple[Scalar, ...]:
        """A list of texts with their places, or one text."""
        return tuple(scalar for node in self.nodes(key) if (scalar := self._scalar(node)))

    def nodes(self, key: str) -> list[Node]:
        """The items of a list; a single value counts as a list of one."""
        node = self._values.get(key)
        if node is None or _is_null(node):
            return []
        return list(node.value) if isinstance(node, SequenceNode) else [node]

    def _scalar(self, node: Node) -> Scalar | None:
        if not isinstance(node, ScalarNode):
            message = f"a text is expected, not {_kind(node)}"
            self._problems.error(place_of(self._path, node), "YAML_SHAPE", message, "write one text")
            return None
        if _is_null(node):
            return None
        return Scalar(str(node.value), place_of(self._path, node), node.style is not None)


def compose(path: str, text: str, problems: Problems) -> Node | None:
    """The root node of a file; None, and an error noted, where it is no YAML that is safe to read."""
    try:
        if not _is_modest(path, text, problems):
            return None
        node: Node | None = _yaml().compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        problems.error(place, "YAML_SYNTAX", f"no YAML: {plain(str(error.problem))}", "mend the syntax here")
        return None
    except (YAMLError, ValueError) as error:
        problems.error(Place(path), "YAML_SYNTAX", f"no YAML: {plain(str(error))}", "mend the syntax")
        return None
    if node is None:
        problems.error(Place(path), "NO_SESSIONS", "the file says nothing", 'write "sessions:" and a list')
    return node


def _is_modest(path: str, text: str, problems: Problems) -> bool:
    """Whether a file can be composed in little time and space; it is scanned no further than to see that."""
    depth = aliases = 0
    for number, token in enumerate(_yaml().scan(text)):
        depth += isinstance(token, _BEGINS) - isinstance(token, _ENDS)
        aliases += isinstance(token, AliasToken)
        if trouble := _trouble(depth, number, aliases):
            problems.error(place_of(path, token), *trouble)
            return False
    return True


def _trouble(depth: int, number: int, aliases: int) -> tuple[str, str, str] | None:
    """Code, message and remedy where one of the limits is passed."""
    if depth > DEEPEST:
        return "YAML_DEEP", "nested too deeply", f"use at most {DEEPEST} levels"
    if number > MOST_TOKENS:
        return "YAML_LONG", f"more than {MOST_TOKENS} parts", "split it: some sessions a file"
    if aliases > MOST_ALIASES:
        return "YAML_ALIASES", f"more than {MOST_ALIASES} aliases (*name)", "write the texts out"
    return None


def place_of(path: str, node: Node | Token) -> Place:
    """Where a node or token begins."""
    return Place(path, node.start_mark.line + 1, node.start_mark.column + 1)


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and node.value in ("", "~", "null")


def _kind(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a mapping"
    return "a list" if isinstance(node, SequenceNode) else "a text"


def _keys(allowed: Sequence[str]) -> str:
    return f"the keys here are {', '.join(allowed)}"
