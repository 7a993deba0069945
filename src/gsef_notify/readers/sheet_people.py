"""The people of a session sheet: the moderator's line and the speakers' table."""

import re
from collections.abc import Iterator, Sequence

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.blocks import Cell, Paragraph, Row
from gsef_notify.readers.text import Rich, rich
from gsef_notify.readers.vocabulary import column

_ADDRESS = re.compile(r"\(?\s*<?([^\s()<>,;\[\]]{1,64}@[^\s()<>,;\[\]]{1,255})>?\s*\)?")
_COLUMNS = ("label", "organization", "name", "presentation")


def moderator(paragraph: Paragraph) -> DraftPerson:
    """``Name, Position / Organization (address)``; country in parentheses behind the name."""
    text = rich(paragraph.source).text
    address = _ADDRESS.search(text)
    without_address = _ADDRESS.sub("", text).strip()
    who, _, rest = without_address.partition(",")
    position, _, organization = rest.partition(" / ")
    name, country, _ = _name_and_country(who)
    return DraftPerson(
        name=name,
        role="moderator",
        place=paragraph.place,
        label="Moderator",
        organization=organization.strip(),
        position=position.strip(),
        country=country,
        email=address[1] if address else "",
    )


def speakers(rows: Sequence[Row], problems: Problems) -> Iterator[DraftPerson]:
    """The people of the table, one a row; a row whose first fields are empty continues the one before."""
    columns = dict(enumerate(_COLUMNS))
    for row in _joined(rows):
        header = _header(row)
        if header:
            columns = header
        else:
            yield _speaker(row, columns, problems)


def _joined(rows: Sequence[Row]) -> list[Row]:
    joined: list[Row] = []
    for row in rows:
        continues = joined and not any(cell.source for cell in row.cells[:-1]) and not _header(row)
        if continues and len(row.cells) == len(joined[-1].cells):
            joined[-1] = _continued(joined[-1], row)
        else:
            joined.append(row)
    return joined


def _continued(row: Row, more: Row) -> Row:
    pairs = zip(row.cells, more.cells, strict=True)
    return Row(
        tuple(Cell(f"{cell.source} {extra.source}".strip(), cell.place) for cell, extra in pairs), row.place
    )


def _header(row: Row) -> dict[int, str]:
    """The meaning of each column, where the row names the columns."""
    kinds = {n: column(rich(cell.source).text) for n, cell in enumerate(row.cells)}
    named = {n: kind for n, kind in kinds.items() if kind}
    return {0: "label", **named} if {"organization", "name"} <= set(named.values()) else {}


def _speaker(row: Row, columns: dict[int, str], problems: Problems) -> DraftPerson:
    fields = {columns[n]: rich(cell.source) for n, cell in enumerate(row.cells) if n in columns}
    empty = Rich("")
    name, country, rest = _name_and_country(fields.get("name", empty).text)
    if not name:
        remedy = 'write "Name (Country) / Position" in the column "Name (Country)"'
        problems.error(row.place, "NO_NAME", "this row of the speakers' table names nobody", remedy)
    presentation = fields.get("presentation", empty)
    title = presentation.lead or presentation.text
    return DraftPerson(
        name=name,
        role="speaker",
        place=_place_of_name(row, columns),
        label=fields.get("label", empty).text,
        organization=fields.get("organization", empty).text,
        position=rest.strip().removeprefix("/").strip(),
        country=country,
        presentation_title=title,
        presentation_description=presentation.rest if presentation.lead else "",
    )


def _place_of_name(row: Row, columns: dict[int, str]) -> Place:
    named = (cell.place for n, cell in enumerate(row.cells) if columns.get(n) == "name")
    return next(named, row.place)


def _name_and_country(text: str) -> tuple[str, str, str]:
    """``Name (Country) / rest`` in its three parts; without a country, the name ends at `` / ``."""
    if found := re.match(r"([^(/]+)\(([^()]*)\)(.*)", text):
        return bare_name(found[1]), found[2].strip(), found[3]
    name, _, rest = text.partition(" / ")
    return bare_name(name), "", rest
