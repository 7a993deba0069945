"""The table of the people of a session sheet."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.model import Role
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.affiliations import country_apart
from gsef_notify.readers.sheets.blocks import Cell, Paragraph, Row, width
from gsef_notify.readers.sheets.layout import Table
from gsef_notify.readers.sheets.people_list import listed
from gsef_notify.readers.sheets.person_line import (
    ADDRESS,
    PEOPLE_APART,
    PRESENTATION,
    looks_like_a_person,
    name_and_country,
    without_addresses,
)
from gsef_notify.readers.sheets.quotes import QUOTED
from gsef_notify.readers.sheets.vocabulary import column, section, speaker_number
from gsef_notify.readers.text import plain, rich, rich_lines

_TWO_KINDS = re.compile(r"\s*(?:[/&,]|\b(?:and|y|e|et)\b|및)\s*|\s+(?:와|과)\s+")
_COLUMNS = {0: "label", 1: "organization", 2: "name", 3: "presentation"}


def people_of(table: Table, problems: Problems) -> Iterator[DraftPerson]:
    """The people of a table, one a row; none where it is no table of people."""
    if lines := _as_lines(table.rows):
        yield from listed(lines)
        return
    headers = [_header(row) for row in table.rows]
    header = next(filter(None, headers), None)
    rows = [row for row, found in zip(table.rows, headers, strict=True) if not found]
    columns = _with_label(_with_parts(header, rows), rows) if header else _columns_by_content(rows)
    is_expected = table.section in ("speakers", "people") or (
        table.section == "moderator" and any(looks_like_a_person(_name(row, columns)) for row in rows)
    )
    if not header and not is_expected:
        return
    rows, columns = _with_presentations_apart(rows, columns)
    for row in _joined(rows, columns):
        if not all(cell.is_open for cell in row.cells):
            yield from _people(row, columns, problems)


def _as_lines(rows: Sequence[Row]) -> list[Paragraph]:
    """The rows of a table that has a field of a person in each, ``Speaker 1 | Country | Togo``, as lines;
    none for another table."""
    number = width(rows) - 2
    if number not in (0, 1):
        return []
    keys = [rich(row.cell(number).source).text for row in rows]
    kinds = [column(key) for key in keys]
    if kinds.count("name") < 1 or kinds.count(None) * 5 > len(rows) or len(rows) < 4:
        return []
    labels = [rich(row.cell(0).source).text if number else "" for row in rows]
    return [
        Paragraph(f"{label if kind == 'name' and label else key}: {row.cell(number + 1).source}", row.place)
        for row, key, kind, label in zip(rows, keys, kinds, labels, strict=True)
    ]


def _header(row: Row) -> dict[int, str]:
    """The meaning of each column, where the row names the columns."""
    texts = [_heading(cell) for cell in row.cells]
    named: dict[int, str] = {}
    for number, text in enumerate(texts):
        kind = _meaning(text) if len(text) < 60 else None
        if kind and kind not in named.values():
            named[number] = kind
    meanings = {part for kind in named.values() for part in kind.split(" / ")}
    is_header = {"name", "organization"} <= meanings or (
        {"name", "presentation"} <= meanings and speaker_number(texts[0]) is None
    )
    if not is_header or any(speaker_number(text) is not None for text in texts):
        return {}
    return named


def _heading(cell: Cell) -> str:
    """What a field of the heading says; nothing where it is the label of the whole table."""
    text = rich(cell.source).text
    return "" if section(text) in ("people", "speakers") and re.match(r"\d{1,2}[.)]", text) else text


def _meaning(header: str) -> str | None:
    """What a column holds; "organization / position", or the other way round, where it holds both."""
    parts = [column(part) for part in _TWO_KINDS.split(narrow(header))]
    return " / ".join(map(str, parts)) if set(parts) == {"organization", "position"} else column(header)


def _with_parts(columns: dict[int, str], rows: Sequence[Row]) -> dict[int, str]:
    """The columns, where a position that is "Moderator" or "Speaker" is a label."""
    number = _column_of("position", columns)
    if number is None:
        return columns
    parts = {section(rich(row.cell(number).source).text) for row in rows}
    return {**columns, number: "label"} if parts & {"moderator", "speakers"} else columns


def _with_label(columns: dict[int, str], rows: Sequence[Row]) -> dict[int, str]:
    """The columns, and among those without a known header the one with "Speaker 1" or the like."""
    for number in (n for n in range(width(rows)) if n not in columns and "label" not in columns.values()):
        texts = [_heading(row.cell(number)) for row in rows]
        if any(speaker_number(text) is not None and len(text) < 30 for text in texts):
            return {**columns, number: "label"}
    return columns


def _columns_by_content(rows: Sequence[Row]) -> dict[int, str]:
    """The meaning of the columns of a table without a header: names have a country in brackets or a title;
    labels a number; presentations are the last of the rest."""
    texts = {
        n: [rich(row.cell(n).source).text for row in rows if not row.cell(n).is_open]
        for n in range(width(rows))
    }
    filled = {n: column_texts for n, column_texts in texts.items() if column_texts}
    scores = {n: sum(map(looks_like_a_person, each)) / len(each) for n, each in filled.items()}
    if not scores or max(scores.values()) < 0.5:
        return dict(_COLUMNS)
    name = max(scores, key=lambda n: scores[n])
    found = {name: "name"}
    rest = [n for n in filled if n != name]
    if rest and all(speaker_number(text) or _role(text) for text in filled[rest[0]]):
        found[rest.pop(0)] = "label"
    if rest and all(ADDRESS.fullmatch(text) for text in filled[rest[-1]]):
        found[rest.pop()] = "email"
    if len(rest) > 1 or (rest and rest[0] > name):
        found[rest.pop()] = "presentation"
    if rest:
        found[rest[0]] = "organization"
    return found


def _name(row: Row, columns: dict[int, str]) -> str:
    number = _column_of("name", columns)
    return "" if number is None else rich(row.cell(number).source).text


def _column_of(kind: str, columns: dict[int, str]) -> int | None:
    return next((number for number, each in columns.items() if each == kind), None)


def _with_presentations_apart(
    rows: Sequence[Row], columns: dict[int, str]
) -> tuple[list[Row], dict[int, str]]:
    """A field "Presentation: ..." that stands alone below a speaker, put into the column of presentations,
    which may have to be added."""
    known = _column_of("presentation", columns)
    number = width(rows) if known is None else known
    moved = [_with_presentation_at(number, row) for row in rows]
    is_added = known is None and width(moved) > number
    return moved, {**columns, number: "presentation"} if is_added else columns


def _with_presentation_at(number: int, row: Row) -> Row:
    filled = [cell for cell in row.cells if not cell.is_open]
    first, _, others = filled[0].source.partition("\n") if len(filled) == 1 else ("", "", "")
    found = PRESENTATION.match(narrow(plain(rich(first).text)))
    if not found:
        return row
    cells = [Cell("", row.place)] * number
    return Row((*cells, replace(filled[0], source=f"{found[1]}\n{others}".strip())), row.place)


def _joined(rows: Sequence[Row], columns: dict[int, str]) -> list[Row]:
    """The rows, each with those that continue it: they have no label of their own, in a table that has
    labels, else no name."""
    label, name = _column_of("label", columns), _column_of("name", columns) or 0
    has_labels = label is not None and any(not row.cell(label).is_open for row in rows)
    key = label if has_labels and label is not None else name
    joined: list[Row] = []
    for row in rows:
        is_another = row.cell(key).is_repeated and not row.cell(name).is_open
        if joined and row.cell(key).is_open and not is_another and (has_labels or row.cell(name).is_open):
            joined[-1] = joined[-1].continued(_with_wide_field_last(row, columns))
        else:
            joined.append(row)
    return joined


def _with_wide_field_last(row: Row, columns: dict[int, str]) -> Row:
    """A row whose only field goes over several columns, that with the presentations among them: there it
    belongs."""
    presentation = _column_of("presentation", columns)
    filled = [number for number, cell in enumerate(row.cells) if not cell.is_open]
    if presentation is None or len(filled) != 1 or not row.cell(presentation).is_spanned:
        return row
    cells = list(row.cells)
    cells[filled[0]], cells[presentation] = replace(cells[filled[0]], source=""), cells[filled[0]]
    return replace(row, cells=tuple(cells))


def _people(row: Row, columns: dict[int, str], problems: Problems) -> Iterator[DraftPerson]:
    """The person of a row, or the several that its field of names has, who share the rest."""
    number = _column_of("name", columns)
    source = "" if number is None else narrow(rich(row.cell(number).source.replace("\n", " ")).text)
    names = PEOPLE_APART.split(source)
    if number is None or len(names) < 2 or not all(map(looks_like_a_person, names)):
        yield _person(row, columns, problems)
        return
    for name in names:
        cells = [replace(cell, source=name) if n == number else cell for n, cell in enumerate(row.cells)]
        yield _person(replace(row, cells=tuple(cells)), columns, problems)


def _person(row: Row, columns: dict[int, str], problems: Problems) -> DraftPerson:
    sources = _sources(row, columns)
    texts = {kind: rich(source.replace("\n", " ")).text for kind, source in sources.items()}
    lines = "\n".join(line.text for line in rich_lines(sources.get("name", "")))
    address = ADDRESS.search(texts.get("email", "")) or ADDRESS.search(lines)
    name, country, rest = name_and_country(without_addresses(narrow(lines)))
    if not name:
        remedy = 'write "Name (Country) / Position" in the column "Name (Country)"'
        problems.error(row.place, "NO_NAME", "this row of the speakers' table names nobody", remedy)
    title, description = _presentation(sources.get("presentation", ""))
    label = texts.get("label", "")
    organization, its_country = country_apart(texts.get("organization", ""))
    return DraftPerson(
        name=plain(name),
        role=_role(label) or "speaker",
        place=_place_of_name(row, columns),
        label=label,
        organization=organization,
        position=texts.get("position", "") or plain(rest),
        country=texts.get("country", "") or country or its_country,
        email=address[1] if address else "",
        presentation_title=title,
        presentation_description=description,
    )


def _sources(row: Row, columns: dict[int, str]) -> dict[str, str]:
    """The fields of a row by their meaning; one of two meanings, ``organization / position``, is divided."""
    sources: dict[str, str] = {}
    for number, kinds in columns.items():
        source = row.cell(number).source
        parts = _two_parts(narrow(source)) if " / " in kinds else [source]
        sources |= dict(zip(kinds.split(" / "), parts, strict=False))
    return sources


def _two_parts(text: str) -> list[str]:
    """What is apart by a slash, else by lines, else by the first comma."""
    divider = next((sign for sign in (" / ", "\n", ", ") if sign in text), " / ")
    return text.split(divider, 1)


def _role(label: str) -> Role | None:
    return "moderator" if section(re.sub(r"\d+", "", label).strip(" :#.")) == "moderator" else None


def _presentation(source: str) -> tuple[str, str]:
    """Title and description: the title stands in bold, or on the first line."""
    whole = rich(source.replace("\n", " "))
    if not re.search(r"\w", whole.text):
        return "", ""
    if quoted := QUOTED.match(whole.text):
        return quoted[1].strip(" .,"), whole.text[quoted.end() :].strip(" .,;:–—-")
    if whole.lead:
        return whole.lead, whole.rest.lstrip("–—-: ").strip()
    lines = rich_lines(source)
    return (lines[0].text, " ".join(line.text for line in lines[1:])) if lines else ("", "")


def _place_of_name(row: Row, columns: dict[int, str]) -> Place:
    named = (cell.place for n, cell in enumerate(row.cells) if columns.get(n) == "name")
    return next(named, row.place)
