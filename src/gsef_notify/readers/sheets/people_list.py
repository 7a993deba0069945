"""Speakers that stand on lines of their own, outside of tables: one a line, or one a group of lines like
``Name: ...``, ``Organization: ...``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Place
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.sheets.people import (
    PRESENTATION,
    looks_like_a_person,
    person_in_a_line,
)
from gsef_notify.readers.sheets.vocabulary import column, is_of_a_talk, labelled_speaker
from gsef_notify.readers.text import rich

_QUOTED = re.compile(r"[«“\"]([^«»“”\"]{3,200})[»”\"]")
_DETAIL = re.compile(r"[-–•·*\s]*([^\W\d][^:]{1,28}?)\s*:\s*(.+)")
_FIELDS = {"name": "name", "organization": "organization", "position": "position", "country": "country",
           "email": "email", "presentation": "presentation_title"}  # fmt: skip


def listed(paragraphs: Sequence[Paragraph]) -> Iterator[DraftPerson]:
    """Each speaker that a line begins, ``Speaker 1: Name (Country), Position / Organization. Title: ...``,
    with what the lines below tell of them."""
    people: list[DraftPerson] = []
    for paragraph in paragraphs:
        text = narrow(rich(paragraph.source).text)
        label, about = labelled_speaker(text) or ("", text)
        if not label and (detail := _detail(text)):
            _add(detail, people, paragraph.place)
        else:
            people += _begun(label, about, paragraph.place)
    return (person for person in people if person.name)


def _begun(label: str, about: str, place: Place) -> Iterable[DraftPerson]:
    """The people with whom a line begins; one without a name where it begins with the title of a talk."""
    if label and is_of_a_talk(label) and not looks_like_a_person(about):
        return [DraftPerson(name="", role="speaker", place=place, label=label, presentation_title=about)]
    who, title = _without_title(about)
    if not label and not looks_like_a_person(who):
        return []
    return [
        replace(person, role="speaker", label=label, presentation_title=title)
        for person in person_in_a_line(who, place)
    ]


def _detail(text: str) -> tuple[str, str] | None:
    """``Country: France`` as the field of a person and its value; None for any other text."""
    found = _DETAIL.fullmatch(text)
    kind = column(found[1]) if found else None
    if not found or kind not in _FIELDS:
        return None
    quoted = _QUOTED.search(found[2]) if kind == "presentation" else None
    value = bare_name(found[2]) if kind == "name" else quoted[1] if quoted else found[2]
    return _FIELDS[kind], value.strip()


def _add(detail: tuple[str, str], people: list[DraftPerson], place: Place) -> None:
    """Give the detail to the last of the people; a further name begins another."""
    field, value = detail
    if field == "name" and not (people and not people[-1].name):
        people.append(DraftPerson(name=value, role="speaker", place=place))
    elif people and not getattr(people[-1], field):
        change: dict[str, Any] = {field: value}
        people[-1] = replace(people[-1], **change)


def _without_title(text: str) -> tuple[str, str]:
    """What stands before the title of a presentation, and the title: behind a word for it, or in quotes."""
    if found := PRESENTATION.search(text):
        return text[: found.start()].strip(" .,;"), found[1].strip(' .«»“”"')
    if quoted := _QUOTED.search(text):
        return (text[: quoted.start()] + text[quoted.end() :]).strip(" .,;:"), quoted[1].strip()
    return text, ""
