"""What became of a mail that came in."""

from typing import NamedTuple


class Outcome(NamedTuple):
    """What was done with a mail, in a sentence that names nobody's address; what is not ``handled`` is for
    people to look at."""

    handled: bool
    sentence: str


def printable(text: str) -> str:
    """A text that somebody else wrote, on one line of a log."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
