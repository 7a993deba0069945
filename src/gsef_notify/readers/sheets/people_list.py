"""Speakers that stand on lines of their own, outside of tables: one a line, or one a group of lines like
``Name: ...``, ``Organization: ...``."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from gsef_notify.countries import country_code
from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.problems import Place
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.sheets.person_line import (
    ADDRESS,
    BULLET,
    PRESENTATION,
    begins_with_a_name,
    looks_like_a_name,
    looks_like_a_person,
    name_and_country,
    person_in_a_line,
    told_more,
)
from gsef_notify.readers.sheets.quotes import QUOTED
from gsef_notify.readers.sheets.vocabulary import (
    column,
    is_of_a_talk,
    labelled_speaker,
    numbered_content,
    speaker_number,
)
from gsef_notify.readers.text import rich

_ITALIC = re.compile(r"(?<!\*)\*(?![\s*])([^*«»“”\"]{3,200})(?<!\s)\*(?!\*)")
_DETAIL = re.compile(r"[-–•·*\s]*([^\W\d][^:]{1,28}?)\s*:\s*(.+)")
_FIELDS = {"name": "name", "organization": "organization", "position": "position", "country": "country",
           "email": "email", "presentation": "presentation_title"}  # fmt: skip


def listed(paragraphs: Sequence[Paragraph]) -> Iterator[DraftPerson]:
    """Each speaker that a line begins, ``Speaker 1: Name (Country), Position / Organization. Title: ...``,
    with what the lines below tell of them."""
    people: list[DraftPerson] = []
    for paragraph in paragraphs:
        text = BULLET.sub("", narrow(rich(_ITALIC.sub(r"«\1»", paragraph.source)).text))
        label, about = labelled_speaker(text) or ("", text)
        who, title = _without_title(_person_first(about))
        if not label and numbered_content(text) == ((speaker_number(text) or 0,), ""):
            people.append(DraftPerson("", "speaker", paragraph.place, label=text))
        elif not label and (detail := _detail(text)):
            if detail[0]:
                _add(detail, people, paragraph.place)
        elif label or begins_with_a_name(who, paragraph.source):
            people += _begun(label, about, (who, title), paragraph.place)
        elif people and title and not who:
            _add(("presentation_title", title), people, paragraph.place)
        elif people and (address := ADDRESS.fullmatch(text)):
            _add(("email", address[1]), people, paragraph.place)
        elif people and not people[-1].country and country_code(text):
            people[-1] = replace(people[-1], country=text)
        elif people and _is_bare(people[-1]):
            people[-1] = told_more(people[-1], about)
    return (person for person in people if person.name)


def _begun(label: str, about: str, parts: tuple[str, str], place: Place) -> Iterable[DraftPerson]:
    """The people with whom a line begins, whose ``parts`` are who they are and the title of their talk; one
    without a name where it begins with that title."""
    if label and is_of_a_talk(label) and not looks_like_a_person(about):
        return [DraftPerson(name="", role="speaker", place=place, label=label, presentation_title=about)]
    who, title = parts
    return [
        replace(person, role="speaker", label=label, presentation_title=title)
        for person in person_in_a_line(who, place)
    ]


def _person_first(text: str) -> str:
    """``Organization / Name (Country), Position / Title`` with the organization behind the person."""
    organization, _, rest = text.partition(" / ")
    if not looks_like_a_person(rest) or looks_like_a_person(organization):
        return text
    person, _, title = rest.partition(" / ")
    return f"{person} / {organization} {title}"


def _is_bare(person: DraftPerson) -> bool:
    return bool(person.name) and not (person.organization or person.position)


def _detail(text: str) -> tuple[str, str] | None:
    """``Country: France`` as the field of a person, "" for an unknown one, and its value; None for any other
    text."""
    found = _DETAIL.fullmatch(text)
    kind = column(found[1]) if found else None
    if not found or (kind is None and looks_like_a_name(found[1])):
        return None
    quoted = QUOTED.search(found[2]) if kind == "presentation" else None
    value = quoted[1] if quoted else found[2]
    return _FIELDS.get(kind or "", ""), value.strip()


def _add(detail: tuple[str, str], people: list[DraftPerson], place: Place) -> None:
    """Give the detail to the last of the people; what that one has already begins another."""
    field, value = detail
    if field == "email" and not ADDRESS.search(value):
        return
    if field == "name":
        begun = people.pop() if people and not people[-1].name else DraftPerson("", "speaker", place)
        people.append(_with_begun(next(person_in_a_line(value, place), replace(begun, name=value)), begun))
    elif people and not getattr(people[-1], field):
        people[-1] = _with_detail(people[-1], field, value)
    elif field == "organization":
        people.append(_with_detail(DraftPerson("", "speaker", place), field, value))


def _with_detail(person: DraftPerson, field: str, value: str) -> DraftPerson:
    """The person with one thing more; the country may stand behind an organization."""
    organization, country, _ = name_and_country(value)
    is_with_country = field == "organization" and country_code(country)
    change: dict[str, Any] = {field: value}
    if is_with_country:
        change = {"organization": organization, "country": country}
    return replace(person, **change)


def _with_begun(named: DraftPerson, begun: DraftPerson) -> DraftPerson:
    """The person of whom the number, the title of the talk or the organization was told first."""
    kept = ("organization", "position", "country", "email", "presentation_title")
    change: dict[str, Any] = {name: getattr(named, name) or getattr(begun, name) for name in kept}
    return replace(named, role=begun.role, label=begun.label, **change)


def _without_title(text: str) -> tuple[str, str]:
    """What stands before the title of a presentation, and the title: behind a word for it, or in quotes."""
    if found := PRESENTATION.search(text):
        return text[: found.start()].strip(" ,;"), found[1].strip(' .«»“”「」"')
    if quoted := QUOTED.search(text):
        before, behind = text[: quoted.start()].strip(" ,;:–—-"), text[quoted.end() :].strip()
        address = ADDRESS.search(behind)
        more = behind if behind.startswith((",", "/", "(")) else f" ({address[1]})" if address else ""
        return f"{before}{more}".strip(" ,;:"), quoted[1].strip(" .,")
    return text, ""
