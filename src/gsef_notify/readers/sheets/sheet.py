"""The session sheet: blocks -> a draft. ``vocabulary`` knows what the labels are called."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gsef_notify.program.draft import DraftPerson, DraftSession, DraftTimes
from gsef_notify.program.names import fold_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.sheets import people_list, people_table, person_line, running_order, times
from gsef_notify.readers.sheets.blocks import Block, Cell, Paragraph, Row
from gsef_notify.readers.sheets.layout import MOST_ROWS, Layout, Section, Table, take_apart
from gsef_notify.readers.sheets.quotes import WHOLLY_QUOTED
from gsef_notify.readers.sheets.running_order import Order
from gsef_notify.readers.sheets.vocabulary import speaker_number
from gsef_notify.readers.text import rich

_MARKED_LINK = re.compile(r"\]\(([^()\s]+)\)|<([^<>\s]+:[^<>\s]+)>")
_BARE_LINK = re.compile(r"https?://\S+")
_LINE_END = re.compile(r"\n|<br\s*/?>", re.IGNORECASE)
_FRENCH_MISTER = re.compile(r"(?<!\w)MM?\.\s+(?=[^\W\d_])")


def understand(path: str, content: Iterable[Block], problems: Problems) -> tuple[DraftSession, ...]:
    """The one session that the blocks of a sheet describe; none where what it must say is missing."""
    layout = _layout(path, list(content))
    sections, top = layout.sections, Place(path)
    if sum(len(table.rows) for table in layout.tables) > MOST_ROWS:
        message = f"its tables have more than {MOST_ROWS} rows"
        remedy = "keep one session a sheet; a larger program fits into CSV, Excel or YAML"
        problems.error(top, "TABLE_LONG", message, remedy)
        return ()
    programs = [table for table in layout.tables if running_order.is_program(table)]
    others = [table for table in layout.tables if table not in programs]
    stated = [line for label in ("date", "time") for line in _lines_apart(_texts(sections, label))]
    when = times.read_times(stated, top, problems)
    _find_title(layout, top, problems, is_sheet=when is not None)
    people = _people(sections, others, problems)
    sessions = {clock.start: clock.end for clock in when.clocks} if when else {}
    order = running_order.read_program(programs, people, sessions, problems)
    if not _lines(sections, "title") or when is None:
        return ()
    return (_draft(sections, when, people, order, top),)


def _find_title(layout: Layout, top: Place, problems: Problems, *, is_sheet: bool) -> None:
    """Take the heading for the title, where no label names one, and say so."""
    if _lines(layout.sections, "title"):
        return
    remedy = 'write "Session title: ..."'
    heading = layout.heading if is_sheet else None
    if heading is None:
        problems.error(top, "NO_TITLE", "the sheet names no session title", remedy)
        return
    text = rich(heading.source.lstrip("# ")).text
    layout.sections["title"] = Section(heading.place, [Paragraph(text, heading.place)])
    problems.warn(heading.place, "TITLE_GUESSED", f"{text!r} is taken for the session's title", remedy)


def _layout(path: str, content: list[Block]) -> Layout:
    layout = take_apart(path, content)
    return take_apart(path, map(_without_misters, content)) if layout.is_french else layout


def _draft(
    sections: dict[str, Section],
    when: DraftTimes,
    people: tuple[DraftPerson, ...],
    order: Order,
    top: Place,
) -> DraftSession:
    join, join_place = _inline(sections, "join", top)
    where, where_place = _inline(sections, "room", top)
    is_link = not join and bool(_BARE_LINK.search(where))
    if is_link:
        join, join_place = where, where_place
    return DraftSession(
        title=_unquoted(" ".join(_lines(sections, "title"))),
        when=when,
        place=sections["title"].place,
        room=""
        if join_place == sections.get("room", Section(top)).place
        else " ".join(_lines(sections, "room")),
        track=" ".join(_lines(sections, "track")),
        language=" ".join(_lines(sections, "language")),
        audience=" ".join(_lines(sections, "audience")),
        background="\n\n".join(_lines(sections, "background")),
        objectives=tuple(_unnumbered(line) for line in _lines(sections, "objectives")),
        main_question=" ".join(_lines(sections, "main question")),
        guiding_questions=tuple(_unnumbered(line) for line in _lines(sections, "guiding questions")),
        join_url=_link(join),
        people=people,
        segments=order.segments,
        order_zone=order.zone or sections.get("program", Section(top)).note,
        places={"join_url": join_place, "language": _inline(sections, "language", top)[1]},
    )


def _without_misters(block: Block) -> Block:
    """``M. Jean Petit`` as ``Mr. Jean Petit``: in other languages M. may be an initial."""
    if isinstance(block, Row):
        return replace(block, cells=tuple(_without_mister(cell) for cell in block.cells))
    return replace(block, source=_FRENCH_MISTER.sub("Mr. ", block.source))


def _without_mister(cell: Cell) -> Cell:
    return replace(cell, source=_FRENCH_MISTER.sub("Mr. ", cell.source))


def _texts(sections: dict[str, Section], label: str) -> list[Paragraph]:
    return sections[label].texts if label in sections else []


def _lines(sections: dict[str, Section], label: str) -> tuple[str, ...]:
    return sections[label].lines if label in sections else ()


def _lines_apart(texts: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The lines of each text as texts of their own."""
    for text in texts:
        yield from (replace(text, source=line) for line in _LINE_END.split(text.source) if line.strip())


def _inline(sections: dict[str, Section], label: str, top: Place) -> tuple[str, Place]:
    section = sections.get(label)
    if section is None or not section.texts:
        return "", section.place if section else top
    return section.texts[0].source, section.texts[0].place


def _link(source: str) -> str:
    """The address of a Markdown link, in angle brackets, or bare; "" for words that promise one."""
    if marked := _MARKED_LINK.search(source):
        return marked[1] or marked[2]
    text = rich(source).text
    bare = _BARE_LINK.search(text)
    is_promise = re.search(r"\s", text) and not re.search(r"\w[./]\w", text)
    return bare[0].rstrip(".,;)") if bare else "" if is_promise else text


def _people(sections: dict[str, Section], tables: list[Table], problems: Problems) -> tuple[DraftPerson, ...]:
    """Moderators and speakers; a moderator who stands in the table too is one person."""
    moderators = list(person_line.moderators(_texts(sections, "moderator")))
    listed = [
        *(person for table in tables for person in _of_table(table, bool(moderators), problems)),
        *people_list.listed(_texts(sections, "speakers")),
    ]
    known = {fold_name(person.name): person for person in moderators}
    again = {fold_name(p.name): p for p in listed if fold_name(p.name) in known}
    merged = [_merged(person, again.get(fold_name(person.name))) for person in moderators]
    return (*merged, *(p for p in _in_order(listed) if fold_name(p.name) not in known))


def _of_table(table: Table, has_moderators: bool, problems: Problems) -> Iterator[DraftPerson]:
    """The people of a table; below the label of moderators they are that, where none is named before."""
    are_moderators = table.section == "moderator" and not has_moderators
    for person in people_table.people_of(table, problems):
        is_moderator = are_moderators and speaker_number(person.label) is None
        yield replace(person, role="moderator") if is_moderator else person


def _in_order(people: list[DraftPerson]) -> Iterator[DraftPerson]:
    """Moderators before speakers."""
    yield from (person for person in people if person.role == "moderator")
    yield from (person for person in people if person.role != "moderator")


def _merged(person: DraftPerson, again: DraftPerson | None) -> DraftPerson:
    if again is None:
        return person
    names = ("organization", "position", "country", "email", "presentation_title", "presentation_description")
    more = {name: getattr(again, name) for name in names if not getattr(person, name)}
    return replace(person, label=again.label or person.label, **more)


def _unquoted(title: str) -> str:
    """A title without the quotes around the whole of it."""
    quoted = WHOLLY_QUOTED.fullmatch(title)
    return quoted[1].strip() if quoted else title


def _unnumbered(line: str) -> str:
    return re.sub(r"^(?:\d+\s*[.)]|[-–•·*○])\s*", "", line)
