"""The plain text of a mail on lines that every mail program shows whole. Pure."""

import re
from collections.abc import Iterator
from textwrap import wrap

LINE_LENGTH = 76

# What the rest of a long line is set under: the blanks or mark it begins with, and a time if there is one.
_HANGING = re.compile(r"([> ]*)(?:\d\d:\d\d(?:-\d\d:\d\d)? +)?")


def wrapped(text: str) -> str:
    """The text with long lines broken between words, never within a link, and no two blank lines together.

    The signature's ``-- `` keeps its blank (RFC 3676 section 4.3).
    """
    lines = "\n".join(line for each in text.strip().split("\n") for line in _lines(each))
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _lines(line: str) -> Iterator[str]:
    if len(line) <= LINE_LENGTH:
        yield line if line == "-- " else line.rstrip()
        return
    found = _HANGING.match(line)
    begin, hanging = (found[1], " " * found.end()) if found else ("", "")
    yield from wrap(
        line.removeprefix(begin),
        LINE_LENGTH,
        initial_indent=begin,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
