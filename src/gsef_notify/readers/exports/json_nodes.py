"""JSON as nodes whose shape nobody vouches for: what is missing or of another kind reads as empty."""

import json
import re
from collections.abc import Iterator
from typing import Any

from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.source import Source
from gsef_notify.readers.text import paragraphs, plain

_NAMED = re.compile(r'"(?:guid|id|code)"\s*:\s*"?([^",}\s]+)')


class Node:
    """A value of a JSON file."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __getitem__(self, key: str) -> "Node":
        return Node(self._value.get(key)) if isinstance(self._value, dict) else Node(None)

    def __contains__(self, key: str) -> bool:
        return isinstance(self._value, dict) and key in self._value

    def __iter__(self) -> Iterator["Node"]:
        return (Node(each) for each in self._value) if isinstance(self._value, list) else iter(())

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """The members of an object."""
        pairs = self._value.items() if isinstance(self._value, dict) else ()
        return ((str(key), Node(value)) for key, value in pairs)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self._value, list)

    @property
    def line(self) -> str:
        """The text on one line; of a text in several languages, the English or else the first."""
        return plain(self._text)

    @property
    def prose(self) -> str:
        """The text in paragraphs."""
        return paragraphs(self._text)

    @property
    def _text(self) -> str:
        if isinstance(self._value, dict) and "en" in self._value:
            return Node(self._value["en"])._text
        if isinstance(self._value, dict):
            return next((value for value in self._value.values() if isinstance(value, str)), "")
        is_text = isinstance(self._value, str | int | float) and not isinstance(self._value, bool)
        return str(self._value) if is_text else ""


class Places:
    """Where the objects of a JSON text stand, by their guid, id or code."""

    def __init__(self, source: Source) -> None:
        self._top = source.top
        self._found: dict[str, tuple[int, int]] = {}
        line, begin, seen = 1, 0, 0
        for match in _NAMED.finditer(source.text):
            line += source.text.count("\n", seen, match.start())
            begin = source.text.rfind("\n", 0, match.start()) + 1 if line > 1 else 0
            seen = match.start()
            self._found.setdefault(match[1], (line, seen - begin + 1))

    def of(self, *keys: str) -> Place:
        """The place of the first key that is known; the top of the file without one."""
        for key in keys:
            if key in self._found:
                return Place(self._top.path, *self._found[key])
        return self._top


def parse(source: Source, problems: Problems) -> Node | None:
    """The root of a JSON file; None, and an error noted, where it is no JSON. Raises Unreadable."""
    try:
        return Node(json.loads(source.text))
    except json.JSONDecodeError as error:
        place = Place(source.path, error.lineno, error.colno)
        problems.error(place, "JSON_SYNTAX", f"no JSON: {error.msg}", "export the file again")
    except (RecursionError, ValueError):
        problems.error(source.top, "JSON_DEEP", "nested too deeply to be a program", "export it again")
    return None
