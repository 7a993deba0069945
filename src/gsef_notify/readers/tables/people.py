"""The people in the fields of a table."""

import re
from collections.abc import Iterator

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.model import Role
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Place
from gsef_notify.readers.tables.columns import Fields, as_text
from gsef_notify.readers.text import plain

_NUMBER = re.compile(r"^\s*\d+\s*:\s*")  # of speakers in the tables of voctosched


def moderators_in(fields: Fields) -> Iterator[DraftPerson]:
    """Those who moderate the session of a row."""
    for value in fields.values.get("moderator", ()):
        yield from _named(as_text(value), "moderator", fields.place)


def people_in(fields: Fields) -> Iterator[DraftPerson]:
    """Those whose event it is: of our own column, or of one or several that others have."""
    for value in fields.values.get("people", ()):
        yield from _named(as_text(value), "speaker", fields.place)
    others = fields.values.get("names", ())
    for value in others:
        yield from _named(_as_ours(as_text(value), one_each=len(others) > 1), "speaker", fields.place)


def _named(text: str, role: Role, place: Place) -> Iterator[DraftPerson]:
    """People apart by semicolons or lines, each with an organization behind a comma."""
    for part in re.split(r"[;\n]", text):
        name, _, organization = part.partition(",")
        if name := bare_name(plain(name)):
            yield DraftPerson(name=name, role=role, place=place, organization=plain(organization))


def _as_ours(text: str, *, one_each: bool) -> str:
    """Names as other tables have them, in the form of ours: ``1:Ada|2:Bo``, ``Ada Nyong (Union) and Bo
    Lind``, or with commas where nothing but names stands between them."""
    pieces = [_NUMBER.sub("", piece) for piece in re.split(r"[;\n|]", text)]
    if not one_each:
        pieces = [name for piece in pieces for name in _apart(piece)]
    return ";".join(re.sub(r"^([^(,]+)\(([^()]+)\)\s*$", r"\1, \2", piece) for piece in pieces)


def _apart(text: str) -> list[str]:
    pieces = re.split(r",|\s(?:and|und|y|et|&)\s", text)
    return pieces if all(_looks_like_a_name(plain(piece)) for piece in pieces) else [text]


def _looks_like_a_name(text: str) -> bool:
    words = bare_name(re.sub(r"\([^()]*\)$", "", text)).split()
    return 2 <= len(words) <= 4 and all(
        word[:1].isupper() or (word.isalpha() and len(word) < 4) for word in words
    )
