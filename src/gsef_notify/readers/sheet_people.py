"""The people of a session sheet: the moderator's line and the speakers' table."""

import re
from collections.abc import Iterator, Sequence

from gsef_notify.countries import country_code
from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.model import Role
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.blocks import Paragraph, Row
from gsef_notify.readers.layout import Table
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.text import plain, rich, rich_lines
from gsef_notify.readers.vocabulary import column, section, speaker_number

_ADDRESS = re.compile(r"\(?\s*<?([^\s()<>,;\[\]]{1,64}@[^\s()<>,;\[\]]{1,255})>?\s*\)?")
_COLUMNS = {0: "label", 1: "organization", 2: "name", 3: "presentation"}
_NAME_AND_COUNTRY = re.compile(r"([^(/,]+)\(([^()]*)\)(.*)", re.DOTALL)
_DIVIDES = "/,;:–—-"


def moderators(paragraph: Paragraph) -> Iterator[DraftPerson]:
    """``Name, Position / Organization (address)``; country in brackets behind the name. Several people stand
    apart by semicolons."""
    for part in rich(paragraph.source).text.split(";"):
        address = _ADDRESS.search(part)
        without_address = plain(_ADDRESS.sub("", narrow(part)))
        name, country, rest = name_and_country(without_address)
        position, _, organization = rest.rpartition(" / ") if " / " in rest else (rest, "", "")
        if name:
            yield DraftPerson(
                name=name,
                role="moderator",
                place=paragraph.place,
                label="Moderator",
                organization=organization.strip(),
                position=position.strip(),
                country=country,
                email=address[1] if address else "",
            )


def people_of(table: Table, problems: Problems) -> Iterator[DraftPerson]:
    """The people of a table, one a row; none where it is no table of people."""
    header = next((found for row in table.rows if (found := _header(row))), None)
    rows = [row for row in table.rows if not _header(row)]
    columns = header or _columns_by_content(rows)
    if not header and table.section not in ("speakers", "people", "moderator"):
        return
    for row in _joined(rows, columns):
        if not all(cell.is_open for cell in row.cells):
            yield _person(row, columns, problems)


def name_and_country(text: str) -> tuple[str, str, str]:
    """``Name (Country) / rest`` in its three parts; without a country, the name ends at a comma or ``/``."""
    if found := _NAME_AND_COUNTRY.match(text):
        return bare_name(found[1].strip()), found[2].strip(), found[3].strip().lstrip(_DIVIDES).strip()
    parts = re.split(r"\s+/\s+|\s*,\s+|\s+[-–—]\s+|\n", text.strip(), maxsplit=1)
    rest = parts[1].strip() if len(parts) > 1 else ""
    country = rest.rpartition(",")[2].strip() or rest
    if country and country_code(country):
        return bare_name(parts[0]), country, rest.removesuffix(country).rstrip(" ,/")
    return bare_name(parts[0]), "", rest


def _header(row: Row) -> dict[int, str]:
    """The meaning of each column, where the row names the columns."""
    texts = [rich(cell.source).text for cell in row.cells]
    named: dict[int, str] = {}
    for number, text in enumerate(texts):
        kind = column(text) if len(text) < 60 else None
        if kind and kind not in named.values():
            named[number] = kind
    is_header = {"name", "organization"} <= set(named.values()) or (
        {"name", "presentation"} <= set(named.values()) and speaker_number(texts[0]) is None
    )
    if not is_header or any(speaker_number(text) is not None for text in texts):
        return {}
    return named if 0 in named else {0: "label", **named}


def _columns_by_content(rows: Sequence[Row]) -> dict[int, str]:
    """The meaning of the columns of a table without a header: names have a country in brackets or a title;
    labels a number; presentations are the last of the rest."""
    width = max((len(row.cells) for row in rows), default=0)
    texts = {
        n: [rich(row.cell(n).source).text for row in rows if not row.cell(n).is_open] for n in range(width)
    }
    filled = {n: column_texts for n, column_texts in texts.items() if column_texts}
    scores = {n: sum(map(_looks_like_a_person, each)) / len(each) for n, each in filled.items()}
    if not scores or max(scores.values()) < 0.5:
        return dict(_COLUMNS)
    name = max(scores, key=lambda n: scores[n])
    found = {name: "name"}
    rest = [n for n in filled if n != name]
    if rest and all(speaker_number(text) or _role(text) for text in filled[rest[0]]):
        found[rest.pop(0)] = "label"
    if rest and all(_ADDRESS.fullmatch(text) for text in filled[rest[-1]]):
        found[rest.pop()] = "email"
    if len(rest) > 1 or (rest and rest[0] > name):
        found[rest.pop()] = "presentation"
    if rest:
        found[rest[0]] = "organization"
    return found


def _looks_like_a_person(text: str) -> bool:
    found = _NAME_AND_COUNTRY.match(narrow(text))
    return bool(found and country_code(found[2])) or bare_name(text) != text


def _joined(rows: Sequence[Row], columns: dict[int, str]) -> list[Row]:
    """The rows, each with those that continue it: they have no label of their own, in a table that has
    labels, else no name."""
    label = next((n for n, kind in columns.items() if kind == "label"), None)
    name = next((n for n, kind in columns.items() if kind == "name"), 0)
    has_labels = label is not None and any(not row.cell(label).is_open for row in rows)
    key = label if has_labels and label is not None else name
    joined: list[Row] = []
    for row in rows:
        if joined and row.cell(key).is_open and (has_labels or row.cell(name).is_open):
            joined[-1] = joined[-1].continued(row)
        else:
            joined.append(row)
    return joined


def _person(row: Row, columns: dict[int, str], problems: Problems) -> DraftPerson:
    sources = {kind: row.cell(number).source for number, kind in columns.items()}
    texts = {kind: rich(source.replace("\n", " ")).text for kind, source in sources.items()}
    lines = "\n".join(line.text for line in rich_lines(sources.get("name", "")))
    address = _ADDRESS.search(lines)
    name, country, rest = name_and_country(_ADDRESS.sub("", narrow(lines)))
    if not name:
        remedy = 'write "Name (Country) / Position" in the column "Name (Country)"'
        problems.error(row.place, "NO_NAME", "this row of the speakers' table names nobody", remedy)
    title, description = _presentation(sources.get("presentation", ""))
    label = texts.get("label", "")
    return DraftPerson(
        name=plain(name),
        role=_role(label) or "speaker",
        place=_place_of_name(row, columns),
        label=label,
        organization=texts.get("organization", ""),
        position=texts.get("position", "") or plain(rest),
        country=texts.get("country", "") or country,
        email=texts.get("email", "") or (address[1] if address else ""),
        presentation_title=title,
        presentation_description=description,
    )


def _role(label: str) -> Role | None:
    return "moderator" if section(re.sub(r"\d+", "", label).strip(" :#.")) == "moderator" else None


def _presentation(source: str) -> tuple[str, str]:
    """Title and description: the title stands in bold, or on the first line."""
    whole = rich(source.replace("\n", " "))
    if whole.lead:
        return whole.lead, whole.rest.lstrip("–—-: ").strip()
    lines = rich_lines(source)
    return (lines[0].text, " ".join(line.text for line in lines[1:])) if lines else ("", "")


def _place_of_name(row: Row, columns: dict[int, str]) -> Place:
    named = (cell.place for n, cell in enumerate(row.cells) if columns.get(n) == "name")
    return next(named, row.place)
