"""The blocks of a sheet -> its sections and tables.

A sheet is a list of labelled lines ("Session title: ...", "Background", "Speakers:") with texts below them,
which belong to the label before. Tables are taken out and told apart by what is in them, because they stand
anywhere; one that a page break cuts in two is put together again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gsef_notify.program.problems import Place
from gsef_notify.readers.sheets.blocks import Block, Cell, Paragraph, Row
from gsef_notify.readers.sheets.label_lines import (
    BULLET,
    MARKED_HEADING,
    is_like_a_label,
    is_plain_label,
    label_of,
)
from gsef_notify.readers.sheets.timed_lines import aligned, begun_text, timed_text
from gsef_notify.readers.sheets.vocabulary import (
    column,
    is_content_header,
    is_french,
    is_kind_of_paper,
    is_time_header,
    names_a_speaker,
    section,
)
from gsef_notify.readers.text import plain, rich

LONGEST_TITLE = 200
MOST_ROWS = 400  # of all tables of a sheet
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\W*$")
_HEADING = re.compile(r"\s*(?:#+\s|\*\*|<(?:b|strong)>)")
_HOLD_PEOPLE = {"speakers", "people", "moderator", "program"}
_HOLD_PLAIN_WORDS = {"title", "room", "track", "language"}
_HOLD_SPEAKERS = {"speakers", "people"}
_HOLD_TIMES = {"date", "time"}
_HOLD_ONE_LINE = {"title", "date", "time", "room", "track", "language", "join", "moderator"}


@dataclass
class Section:
    """What stands under one label: texts with their places. ``note`` is what the label has in brackets."""

    place: Place
    texts: list[Paragraph] = field(default_factory=list)
    note: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts as a reader sees them."""
        return tuple(text for paragraph in self.texts if (text := rich(paragraph.source).text))


@dataclass
class Table:
    """Rows that stand together, and the section in which they do."""

    section: str
    rows: list[Row]


@dataclass
class Layout:
    """A sheet taken apart."""

    sections: dict[str, Section] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    head: list[Paragraph] = field(default_factory=list)
    is_french: bool = False

    @property
    def heading(self) -> Paragraph | None:
        """The last heading before all labels, else the last line there, that does not say what kind of paper
        it is."""
        texts = ((paragraph, rich(paragraph.source).text) for paragraph in self.head)
        telling = [each for each, text in texts if len(text) < LONGEST_TITLE and not is_kind_of_paper(text)]
        marked = [paragraph for paragraph in telling if _HEADING.match(paragraph.source)]
        return next(iter([*marked[-1:], *telling[-1:]]), None)


def take_apart(path: str, content: Iterable[Block]) -> Layout:
    """The sections and tables of a sheet."""
    taker = _Taker(path)
    for block in content:
        if isinstance(block, Row):
            taker.take_row(block)
        else:
            taker.take_paragraph(block)
    taker.flush()
    return taker.layout


class _Taker:
    """Takes block after block. ``_waiting`` are lines behind a table, which may prove to be the foot and head
    of pages in the midst of it."""

    def __init__(self, path: str) -> None:
        self.layout = Layout()
        self._name = ""
        self._section = Section(Place(path), self.layout.head)
        self._table: Table | None = None
        self._waiting: list[Paragraph] = []
        self._in_form = False

    def take_row(self, row: Row) -> None:
        if lines := _form_lines(row, in_table=self._table is not None) or self._form_continued(row):
            self.flush()
            for line in lines:
                self.take_paragraph(line)
            self._in_form = True
        elif self._table and (not self._waiting or row.cell(0).is_open):
            self._waiting = []
            self._table.rows.append(row)
        else:
            self.flush()
            self._table = Table(self._name, [row])
            self.layout.tables.append(self._table)
            self._in_form = False

    def _form_continued(self, row: Row) -> list[Paragraph]:
        """A further line of a value in a form, below an empty label."""
        filled = [cell for cell in row.cells if not cell.is_open]
        if self._in_form and row.cell(0).is_open and len(filled) == 1:
            return [Paragraph(filled[0].source, filled[0].place)]
        return []

    def take_paragraph(self, paragraph: Paragraph) -> None:
        self._in_form = False
        labelled = self._label_of(paragraph)
        if labelled is None and self._name not in _HOLD_TIMES and (row := self._timed(paragraph)):
            self.take_row(row)
        elif labelled is None and self._is_over(paragraph):
            self.flush()
            self._name, self._section = "", Section(paragraph.place)
        elif labelled is None and self._table and _is_unfinished(self._table.rows[-1]):
            self._table.rows[-1] = _continued(self._table.rows[-1], paragraph)
        elif labelled is None and self._table:
            self._waiting.append(paragraph)
        elif labelled is None:
            self._section.texts.append(paragraph)
        else:
            self.flush()
            self._begin(*labelled, paragraph)

    def _label_of(self, paragraph: Paragraph) -> tuple[str, str, Paragraph | None] | None:
        """The label with which a line begins a section; a speaker's line stays whole, and among the speakers
        ``Speaker: Name`` is one of them."""
        labelled = label_of(paragraph)
        if self._name in _HOLD_SPEAKERS and labelled and labelled[2] and _is_of_a_person(*labelled[:2]):
            return None
        text = BULLET.sub("", rich(paragraph.source).text)
        if labelled is None and self._name not in {*_HOLD_SPEAKERS, "program"} and names_a_speaker(text):
            return "speakers", "", paragraph
        return labelled

    def _is_over(self, paragraph: Paragraph) -> bool:
        """Whether a section ends here, because another label follows that nobody knows."""
        if not self._section.texts:
            return False
        if self._name in _HOLD_PLAIN_WORDS and is_plain_label(paragraph):
            return True
        if self._name in _HOLD_ONE_LINE and is_like_a_label(paragraph):
            return True
        return self._name not in _HOLD_PEOPLE and bool(MARKED_HEADING.match(paragraph.source))

    def _timed(self, paragraph: Paragraph) -> Row | None:
        """The line as a row: one with a range of time, in a program also one with a beginning."""
        if row := aligned(paragraph):
            return row
        text = rich(BULLET.sub("", paragraph.source)).text
        parts = timed_text(text) or (begun_text(text) if self._name == "program" else None)
        return Row(tuple(Cell(part, paragraph.place) for part in parts), paragraph.place) if parts else None

    def flush(self) -> None:
        """No table goes on from here; what waited is text."""
        self._section.texts += self._waiting
        self._waiting = []
        self._table = None

    def _begin(self, name: str, head: str, rest: Paragraph | None, paragraph: Paragraph) -> None:
        self.layout.is_french |= is_french(head)
        self._name = name
        self._section = self.layout.sections.setdefault(name, Section(paragraph.place))
        if found := _IN_BRACKETS.search(head):
            self._section.note = plain(found[1])
        if rest is not None:
            self._section.texts.append(rest)


def _is_of_a_person(name: str, head: str) -> bool:
    """Whether a label may as well tell something of a speaker, ``Presentation: ...``."""
    return name == "speakers" or (name != "moderator" and column(head) is not None)


def _is_unfinished(row: Row) -> bool:
    """Whether a row of two fields ends within brackets, as lines do that are broken by hand."""
    source = row.cell(1).source
    return len(row.cells) == 2 and source.count("(") > source.count(")")


def _continued(row: Row, paragraph: Paragraph) -> Row:
    *others, last = row.cells
    return replace(row, cells=(*others, replace(last, source=f"{last.source} {paragraph.source.strip()}")))


def _form_lines(row: Row, *, in_table: bool) -> list[Paragraph]:
    """The lines of a sheet laid out as a form: a row ``label | value``, also twice in a row, or a label over
    the whole width; outside of other tables also ``Moderator | Name | Organization | Country``."""
    filled = [cell for cell in row.cells if not cell.is_open]
    if len(filled) == 1 and section(BULLET.sub("", rich(filled[0].source).text)):
        return [Paragraph(filled[0].source, filled[0].place)]
    if len(filled) < 2 or filled[0] is not row.cells[0] or any(cell.is_repeated for cell in row.cells):
        return []
    label, value, *more = filled
    if len(filled) == 4 and all(_named_once(cell) for cell in (label, filled[2])):
        return [line for pair in (filled[:2], filled[2:]) if (line := _form_line(*pair))]
    if more and not in_table and section(rich(label.source).text) == "moderator":
        value = replace(value, source=", ".join(cell.source for cell in filled[1:]))
    elif more:
        return []
    line = _form_line(label, value)
    return [line] if line else []


def _named_once(label: Cell) -> bool:
    return section(rich(label.source).text.rstrip(": ：")) in _HOLD_ONE_LINE


def _form_line(label: Cell, value: Cell) -> Paragraph | None:
    head = rich(label.source).text.rstrip(": ：")
    name = section(head)
    is_header = is_time_header(head) and is_content_header(rich(value.source).text)
    if name is None or is_header or (name not in _HOLD_ONE_LINE and "\n" in value.source):
        return None
    return Paragraph(f"{head}: {value.source}", value.place)
