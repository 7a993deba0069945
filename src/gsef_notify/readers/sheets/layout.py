"""The blocks of a sheet -> its sections and tables.

A sheet is a list of labelled lines ("Session title: ...", "Background", "Speakers:") with texts below them,
which belong to the label before. Tables are taken out and told apart by what is in them, because they stand
anywhere; one that a page break cuts in two is put together again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gsef_notify.program.problems import Place
from gsef_notify.readers.notation import leading_range, leading_time, lengths_in, narrow
from gsef_notify.readers.sheets.blocks import Block, Cell, Paragraph, Row
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

_BULLET = re.compile(r"^\s*(?:[○•●◦▪■□·‣*+\-–#]+\s*|o\s+(?=\*|\w))+")
# Behind a label stand a colon, a line break or, where it is bold, a dash or full stop.
_LABEL_ENDS = re.compile(r"\s*:|<br\s*/?>|(?:</\w+>|\*\*|\s)*\s[-–—]\s|\.(?=\*\*|</)", re.IGNORECASE)
LONGEST_LABEL = 100
LONGEST_TITLE = 200
MOST_ROWS = 400  # of all tables of a sheet
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\W*$")
_HEADING = re.compile(r"\s*(?:#+\s|\*\*|<(?:b|strong)>)")
_HOLD_PEOPLE = {"speakers", "people", "moderator", "program"}
_MARKED_HEADING = re.compile(r"\s*#{1,6}\s")
_LIST_SIGN = re.compile(r"^\s*(?:[○•●◦▪■□·‣+\-–]\s*|\*\s+|#+\s+)+")
_HOLD_PLAIN_WORDS = {"title", "room", "track", "language"}
_BOLD_LEAD = re.compile(
    r"(?:\*\*|<(?:b|strong)>)[^*<:]{2,60}(:?)(?:\*\*|</(?:b|strong)>)\s*(:?)(.*)", re.IGNORECASE | re.DOTALL
)
_NUMBERED_CAPITALS = re.compile(r"\d{1,2}[.)]\s+[A-ZÀ-Þ][A-ZÀ-Þ\s'’/&-]{3,60}")
_WORDS_AND_COLON = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,3}\s*:\s")
_HOLD_SPEAKERS = {"speakers", "people"}
_HOLD_TIMES = {"date", "time"}
_LENGTH_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_OCLOCK = re.compile(r"^\s*(?:hs|hrs?|h|uhr)\b\.?", re.IGNORECASE)
_BETWEEN = " \t:,-–—·|."
_LABEL_ONLY_INSIDE = {"description", "people"}
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
        if paragraph := _form_line(row, in_table=self._table is not None) or self._form_continued(row):
            self.flush()
            self.take_paragraph(paragraph)
            self._in_form = True
        elif self._table and (not self._waiting or row.cell(0).is_open):
            self._waiting = []
            self._table.rows.append(row)
        else:
            self.flush()
            self._table = Table(self._name, [row])
            self.layout.tables.append(self._table)
            self._in_form = False

    def _form_continued(self, row: Row) -> Paragraph | None:
        """A further line of a value in a form, below an empty label."""
        filled = [cell for cell in row.cells if not cell.is_open]
        if self._in_form and row.cell(0).is_open and len(filled) == 1:
            return Paragraph(filled[0].source, filled[0].place)
        return None

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
        text = _BULLET.sub("", rich(paragraph.source).text)
        if labelled is None and self._name not in {*_HOLD_SPEAKERS, "program"} and names_a_speaker(text):
            return "speakers", "", paragraph
        return labelled

    def _is_over(self, paragraph: Paragraph) -> bool:
        """Whether a section ends here, because another label follows that nobody knows."""
        if not self._section.texts:
            return False
        if self._name in _HOLD_PLAIN_WORDS and _is_plain_label(paragraph):
            return True
        if self._name in _HOLD_ONE_LINE and _is_like_a_label(paragraph):
            return True
        return self._name not in _HOLD_PEOPLE and bool(_MARKED_HEADING.match(paragraph.source))

    def _timed(self, paragraph: Paragraph) -> Row | None:
        return _timed(paragraph, in_program=self._name == "program")

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


def label_of(paragraph: Paragraph) -> tuple[str, str, Paragraph | None] | None:
    """The section that a line begins, its label, and what follows the label on the line."""
    text = _BULLET.sub("", paragraph.source)
    plain_signs = narrow(text)
    for end in _LABEL_ENDS.finditer(plain_signs[:LONGEST_LABEL]):
        head = rich(text[: end.start()]).text.strip(" .")
        if head.count("(") != head.count(")"):
            continue
        is_marked = ":" in end[0] or not end[0] or _is_bold(text[: end.end()])
        if is_marked and (name := section(head)):
            return name, head, _rest(paragraph, text[end.end() :], name)
    head = rich(text).text
    name = section(head.rstrip(" :：")) if len(head) < LONGEST_LABEL else None
    return (name, head, None) if name else None


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


def _is_like_a_label(paragraph: Paragraph) -> bool:
    """Whether a line begins with bold words and a colon, whatever they mean, or is a heading."""
    source = narrow(_LIST_SIGN.sub("", paragraph.source).strip())
    lead = _BOLD_LEAD.match(source)
    is_label = lead and (lead[1] or lead[2] or not lead[3])
    return bool(is_label or _NUMBERED_CAPITALS.fullmatch(source) or _MARKED_HEADING.match(paragraph.source))


def _is_plain_label(paragraph: Paragraph) -> bool:
    """Whether a line begins with one to four words and a colon."""
    return bool(_WORDS_AND_COLON.match(narrow(rich(_BULLET.sub("", paragraph.source)).text)))


def _rest(paragraph: Paragraph, tail: str, name: str) -> Paragraph | None:
    source = re.sub(r"^(?:\*\*|</\w+>|\s)+", "", tail).rstrip()
    if not rich(source).text or name in _LABEL_ONLY_INSIDE:
        return None
    column = len(paragraph.source.rstrip()) - len(source) + 1
    return Paragraph(source, Place(paragraph.place.path, paragraph.place.line, column))


def _is_bold(head: str) -> bool:
    return bool(re.search(r"\*\*|<(?:b|strong)\b", head, re.IGNORECASE))


def _form_line(row: Row, *, in_table: bool) -> Paragraph | None:
    """A row ``label | value`` of a sheet that is laid out as a form, or a label over the whole width; outside
    of other tables also ``Moderator | Name | Organization | Country``."""
    filled = [cell for cell in row.cells if not cell.is_open]
    if len(filled) == 1 and section(rich(filled[0].source).text):
        return Paragraph(filled[0].source, filled[0].place)
    if len(filled) < 2 or filled[0] is not row.cells[0]:
        return None
    label, value, *more = filled
    if more and not in_table and section(rich(label.source).text) == "moderator":
        value = replace(value, source=", ".join(cell.source for cell in filled[1:]))
    elif more:
        return None
    head = rich(label.source).text.rstrip(": ：")
    name = section(head)
    is_header = is_time_header(head) and is_content_header(rich(value.source).text)
    if name is None or is_header or (name not in _HOLD_ONE_LINE and "\n" in value.source):
        return None
    return Paragraph(f"{head}: {value.source}", value.place)


def _timed(paragraph: Paragraph, *, in_program: bool) -> Row | None:
    """A line ``18:00-18:10 Opening`` of a running order that is no table; in one that is named as such also
    ``18:00 (10 min) Opening`` or ``18:00 Opening``."""
    text = rich(_BULLET.sub("", paragraph.source)).text
    parts = timed_text(text) or (_begun_text(text) if in_program else None)
    return Row(tuple(Cell(part, paragraph.place) for part in parts), paragraph.place) if parts else None


def timed_text(text: str) -> tuple[str, str] | None:
    """``18:00-18:10 Opening`` in its two parts, None for any other text."""
    found = leading_range(text)
    rest = _OCLOCK.sub("", text[found[1] :]).strip(_BETWEEN) if found else ""
    return (text[: found[1]].strip(), rest) if found and rest else None


def _begun_text(text: str) -> tuple[str, str, str] | None:
    """``18:00 (10 min) Opening`` in its three parts, the second empty where no length is said."""
    found = leading_time(text)
    if found is None:
        return None
    behind = text[found[1] :].strip(_BETWEEN)
    length = _LENGTH_IN_BRACKETS.match(behind)
    if length and lengths_in(length[1]):
        return text[: found[1]], length[1], behind[length.end() :].strip(_BETWEEN)
    return (text[: found[1]], "", behind) if behind else None
