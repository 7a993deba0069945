"""The session sheet: blocks -> a draft.

A sheet is a list of labelled lines ("Session title: ...", "Background", "Speakers:") with text and tables
below them, which belong to the label before. ``vocabulary`` knows what the labels are called.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gsef_notify.program.draft import DraftPerson, DraftSession
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers import sheet_people, sheet_program, sheet_times
from gsef_notify.readers.blocks import Block, Paragraph, Row
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.text import rich
from gsef_notify.readers.vocabulary import section

_BULLET = re.compile(r"^\s*(?:[○•●◦▪·‣*+\-–#]+\s*|o\s+(?=\*|\w))+")
_MARKED_LINK = re.compile(r"\]\(([^()\s]+)\)|<([^<>\s]+:[^<>\s]+)>")
_LABEL_ONLY_INSIDE = {"description", "people"}


@dataclass
class Section:
    """What stands under one label: texts with their places, and table rows."""

    place: Place
    texts: list[Paragraph] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts as a reader sees them."""
        return tuple(text for paragraph in self.texts if (text := rich(paragraph.source).text))


def understand(path: str, content: Iterable[Block], problems: Problems) -> tuple[DraftSession, ...]:
    """The one session that the blocks of a sheet describe; none where what it must say is missing."""
    sections = _sections(path, content)
    top = Place(path)
    title = " ".join(_lines(sections, "title"))
    if not title:
        problems.error(top, "NO_TITLE", "the sheet names no session title", 'write "Session title: ..."')
    when = sheet_times.read_times([*_texts(sections, "date"), *_texts(sections, "time")], top, problems)
    join, join_place = _inline(sections, "join", top)
    people = tuple(_people(sections, problems))
    program = sections.get("program", Section(top))
    segments = tuple(sheet_program.segments(program.rows, people, problems))
    if not title or when is None:
        return ()
    return (
        DraftSession(
            title=title,
            when=when,
            place=sections["title"].place,
            language=" ".join(_lines(sections, "language")),
            room=" ".join(_lines(sections, "room")),
            track=" ".join(_lines(sections, "track")),
            audience=" ".join(_lines(sections, "audience")),
            background="\n\n".join(_lines(sections, "background")),
            objectives=_lines(sections, "objectives"),
            main_question=" ".join(_lines(sections, "main question")),
            guiding_questions=tuple(_unnumbered(line) for line in _lines(sections, "guiding questions")),
            join_url=_link(join),
            people=people,
            segments=segments,
            places={
                "join_url": join_place,
                "language": _inline(sections, "language", top)[1],
            },
        ),
    )


def _sections(path: str, content: Iterable[Block]) -> dict[str, Section]:
    sections: dict[str, Section] = {}
    current = Section(Place(path))
    for block in content:
        if isinstance(block, Row):
            current.rows.append(block)
        elif (labelled := _label(block)) is None:
            current.texts.append(block)
        else:
            label, rest = labelled
            current = sections.setdefault(label, Section(block.place))
            if rest is not None:
                current.texts.append(rest)
    return sections


def _label(paragraph: Paragraph) -> tuple[str, Paragraph | None] | None:
    """The label that a line begins with, and what follows it on the line."""
    text = _BULLET.sub("", paragraph.source)
    head, _, _ = narrow(text).partition(":")
    label = section(head)
    if label is None:
        return None
    tail = text[len(head) + 1 :]
    source = tail.strip().removeprefix("**").lstrip()
    if not source or label in _LABEL_ONLY_INSIDE:
        return label, None
    column = len(paragraph.source.rstrip()) - len(source) + 1
    return label, Paragraph(source, Place(paragraph.place.path, paragraph.place.line, column))


def _lines(sections: dict[str, Section], label: str) -> tuple[str, ...]:
    return sections[label].lines if label in sections else ()


def _texts(sections: dict[str, Section], label: str) -> list[Paragraph]:
    return sections[label].texts if label in sections else []


def _inline(sections: dict[str, Section], label: str, top: Place) -> tuple[str, Place]:
    section = sections.get(label)
    if section is None or not section.texts:
        return "", section.place if section else top
    return section.texts[0].source, section.texts[0].place


def _link(source: str) -> str:
    """The address of a Markdown link, in angle brackets, or bare."""
    marked = _MARKED_LINK.search(source)
    return (marked[1] or marked[2]) if marked else rich(source).text


def _people(sections: dict[str, Section], problems: Problems) -> Iterator[DraftPerson]:
    for paragraph in _texts(sections, "moderator"):
        yield sheet_people.moderator(paragraph)
    if "speakers" in sections:
        yield from sheet_people.speakers(sections["speakers"].rows, problems)


def _unnumbered(line: str) -> str:
    return re.sub(r"^\d+\s*[.)]\s*", "", line)
