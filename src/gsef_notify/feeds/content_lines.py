"""Texts as content lines of an iCalendar object (RFC 5545 sections 3.1 and 3.3.11). Pure.

What icalendar writes is written by icalendar; this is for the lines that each reader's zone alters, of which
a feed has thousands.
"""

from collections.abc import Sequence

_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def escaped(text: str) -> str:
    """A text as the value of a property has it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ESCAPES)


def folded(line: str) -> str:
    """A content line with its end, in pieces of at most 75 octets that never cut a character."""
    return "\r\n ".join(_pieces(line, _OCTETS)) + "\r\n"


def continued(text: str) -> str:
    """More of the value of the content line before, from a piece of its own on; its end is not written."""
    if len(text) < _OCTETS and text.isascii():
        return f"\r\n {text}"
    return "".join(f"\r\n {piece}" for piece in _pieces(text, _OCTETS - 1))


def _pieces(text: str, first: int) -> Sequence[str]:
    """The text cut after at most ``first`` octets, and then after at most one less than a line has."""
    octets = text.encode()
    pieces, begin, room = [], 0, first
    while len(octets) - begin > room:
        end = begin + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[begin:end].decode())
        begin, room = end, _OCTETS - 1
    return [*pieces, octets[begin:].decode()]
