"""The events of a calendar that somebody mailed, of whom nothing is believed. Pure.

Lines are taken apart by icalendar, but no component is built by it: whatever zones and recurrences a stranger
defines would be worked out, and the zones kept for all that the process reads later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from icalendar import Parameters
from icalendar.parser import Contentline, Contentlines

from gsef_notify.errors import GsefNotifyError

LARGEST = 256 * 1024
DEEPEST = 8
_NAME = re.compile(r"[ \t]*([A-Za-z0-9-]+)[ \t]*[:;]")


class CalendarObjectError(GsefNotifyError):
    """A text that is no calendar, or one that nobody's calendar program writes."""


@dataclass(frozen=True)
class Line:
    """A content line taken apart (RFC 5545 section 3.1): ``name`` in capitals, ``text`` without escapes."""

    name: str
    parameters: Parameters
    text: str

    def parameter(self, name: str) -> str:
        """A parameter, the first value where it has several; "" without it."""
        value = self.parameters.get(name, "")
        return str(value if isinstance(value, str) else next(iter(value), "")).strip()


@dataclass(frozen=True)
class CalendarObject:
    """What was asked for of one VCALENDAR: its own lines, and those of each VEVENT, in their order."""

    lines: tuple[Line, ...]
    events: tuple[tuple[Line, ...], ...]


def first(lines: tuple[Line, ...], name: str) -> Line | None:
    """The first line of that name."""
    return next((line for line in lines if line.name == name), None)


def read_object(content: bytes, names: frozenset[str]) -> CalendarObject:
    """The lines of these names, in capitals, of the one calendar in a text in UTF-8; what is within other
    components, such as alarms, is left out. Raises CalendarObjectError."""
    own: list[Line] = []
    events: list[list[Line]] = []
    for path, name, line in _placed(_text(content)):
        if name == "BEGIN" and path == ("VCALENDAR", "VEVENT"):
            events.append([])
        elif name in names and path == ("VCALENDAR",):
            own.append(_taken_apart(name, line))
        elif name in names and path == ("VCALENDAR", "VEVENT"):
            events[-1].append(_taken_apart(name, line))
    return CalendarObject(tuple(own), tuple(map(tuple, events)))


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise CalendarObjectError(f"it is larger than {LARGEST // 1024} KiB - send the answer alone")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CalendarObjectError(f"byte {error.start} of the calendar is not UTF-8 - write UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _placed(text: str) -> Iterator[tuple[tuple[str, ...], str, Contentline]]:
    """Each line with its name and the components that it is in; of BEGIN, also the one that begins."""
    path: tuple[str, ...] = ()
    is_over = False
    for line in Contentlines.from_ical(text):  # type: ignore[no-untyped-call]
        found = _NAME.match(line)
        name = found[1].upper() if found else ""
        if name == "BEGIN":
            if is_over or (not path and _value(line) != "VCALENDAR"):
                raise CalendarObjectError("there is something beside the one calendar - send that alone")
            path = _entered(path, _value(line))
        yield path, name, line
        if name == "END":
            path = _left(path, _value(line))
            is_over = not path
    if not is_over:
        raise CalendarObjectError("the calendar does not end, or there is none - send the whole of it")


def _value(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _entered(path: tuple[str, ...], component: str) -> tuple[str, ...]:
    if len(path) == DEEPEST:
        raise CalendarObjectError(f"more than {DEEPEST} components are nested - send the answer alone")
    return (*path, component)


def _left(path: tuple[str, ...], component: str) -> tuple[str, ...]:
    if not path or path[-1] != component:
        raise CalendarObjectError(f"END:{component[:40]} ends nothing in the calendar - send the whole of it")
    return path[:-1]


def _taken_apart(name: str, line: Contentline) -> Line:
    try:
        _, parameters, text = line.parts()
    except ValueError:
        raise CalendarObjectError(f"the {name} of the calendar can not be read: {line[:80]!r}") from None
    return Line(name, parameters, text.strip())
