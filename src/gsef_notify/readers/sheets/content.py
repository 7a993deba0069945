"""What a line of the running order says: its title, and whose it is, by number or by name."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.sheets.named import moderators_named, named_in
from gsef_notify.readers.sheets.quotes import QUOTED
from gsef_notify.readers.sheets.vocabulary import (
    folded,
    is_a_talk,
    names_everybody,
    numbered_content,
    speaker_number,
)
from gsef_notify.readers.text import plain

_BREAK = re.compile(
    r"\n|\s+[-–—]\s+|\s*[–—]\s+|\s+\((?=[^()]+\)$)"
    r"|,?\s+(?:by|from|por|par|with|con|avec|a cargo de(?: la| el|l)?)\s+",
    re.IGNORECASE,
)
_BETWEEN = " \n,;:.-–—()/"
_OF = re.compile(
    r"(?:,|\s+(?:of|by|from|with|de|del|du|por|con|par|avec|d['’]))\s*(?:(?:la|el|le)\s+)?(?:(?:[^\W\d_]{1,5}\.|Dr|Pr|Mme|Mlle|Ms|Mr)\s*)?$",
    re.IGNORECASE,
)
_BEFORE_TITLED = re.compile(r", |\s+(?:of|de|del|du|d['’])\s+", re.IGNORECASE)
_ROLE_APART = re.compile(r"(?:\n|\s+[-–—]\s+|\s+\()([^()\n]+)\)?$")
_MOST_BREAKS = 20
_LONGEST_TITLED = 60


def understand_content(
    lines: Sequence[str], people: Sequence[DraftPerson], place: Place, problems: Problems
) -> tuple[str, tuple[str, ...]]:
    """The title of a segment, and the names of those whose it is."""
    lines = [line for number, line in enumerate(lines) if number == 0 or not names_everybody(line)]
    numbers, told = _without_numbers(lines)
    by_number = [person for number in numbers for person in _numbered(number, people)]
    title, by_name = _title_and_named(told, by_number) if by_number else ("", [])
    if not by_name:
        title, by_name = _title_and_named(told, people)
    _compare_people(numbers, by_number, by_name, people, place, problems)
    is_part = {p.name for p in by_name} < {p.name for p in by_number}
    speakers = (by_number if is_part or not by_name else by_name) or _presenting(title, people)
    announced = {person.presentation_title for person in speakers}
    if len(announced) == 1:
        title = title or announced.pop()
    if len(speakers) == 1 and numbers:
        _compare_titles(title, speakers[0], place, problems)
    return title or plain("\n".join(lines)), tuple(person.name for person in speakers)


def _without_numbers(lines: Sequence[str]) -> tuple[tuple[int, ...], str]:
    """The numbers of the speakers with which the first line begins, or that are a line of their own, and what
    is told besides."""
    if not lines:
        return (), ""
    numbers, rest = numbered_content(lines[0]) or ((), "")
    if numbers:
        return numbers, "\n".join(filter(None, [rest, *lines[1:]]))
    alone = [found[0] for line in lines[1:] if (found := numbered_content(line)) and not found[1]]
    return (alone[-1], lines[0]) if alone else ((), "\n".join(lines))


def _presenting(title: str, people: Sequence[DraftPerson]) -> list[DraftPerson]:
    """Those who have announced a presentation of that title."""
    wanted = _words(title)
    return [person for person in people if wanted and _words(person.presentation_title) == wanted]


def _words(title: str) -> str:
    return " ".join(re.findall(r"\w+", folded(title)))


def _compare_people(
    numbers: Sequence[int],
    by_number: Sequence[DraftPerson],
    by_name: Sequence[DraftPerson],
    people: Sequence[DraftPerson],
    place: Place,
    problems: Problems,
) -> None:
    """Note numbers of nobody, and numbers of others than those named."""
    missing = [n for n in numbers if not _numbered(n, people)]
    if missing and not by_name:
        message = f"the speakers' table has no Speaker {missing[0]} and nobody named here"
        problems.warn(place, "SPEAKER_UNKNOWN", message, "add the speaker to the table, or mend the number")
    if by_number and by_name and not {p.name for p in by_name} <= {p.name for p in by_number}:
        message = (
            f"speaker {numbers[0]} is {_names(by_number)} in the table, but {_names(by_name)} is named here"
        )
        problems.warn(place, "SPEAKER_DIFFERS", message, "make them agree; the name is believed")


def _numbered(number: int, people: Sequence[DraftPerson]) -> list[DraftPerson]:
    """The speaker of that number: by label, else by place in a table without labels."""
    speakers = [person for person in people if person.role == "speaker"]
    labelled = [person for person in speakers if speaker_number(person.label) == number]
    if labelled or any(speaker_number(person.label) for person in speakers):
        return labelled
    return speakers[number - 1 : number]


def _names(people: Sequence[DraftPerson]) -> str:
    return " and ".join(person.name for person in people)


def _title_and_named(content: str, people: Sequence[DraftPerson]) -> tuple[str, list[DraftPerson]]:
    """``Title - Mr. Name / Organization`` in its parts, where the names are some of the people's; they may
    also stand before the title, ``Mr. Name: Title``. The title is "" where there is nothing but names."""
    for title, who in _divided(content):
        if named := named_in(who, people):
            return "" if is_a_talk(title) else plain(title), named
    if (apart := _ROLE_APART.search(content)) and (named := moderators_named(apart[1], people)):
        return plain(content[: apart.start()]), named
    for person in people:
        if before := _before_name(content, person):
            return before, [person]
    named = named_in(content, people)
    return "" if named else _unquoted(content), named


def _before_name(content: str, person: DraftPerson) -> str:
    """What stands before the whole name of a person at the end, ``Palabras de apertura de Ana Ruiz``."""
    if len(person.name.split()) < 2 or not content.endswith(person.name):
        return ""
    before, found = _OF.subn("", content.removesuffix(person.name))
    return plain(before).strip(_BETWEEN) if found else ""


def _divided(content: str) -> Iterator[tuple[str, str]]:
    """The ways in which a text may be a title and names, the likeliest first."""
    if quoted := QUOTED.search(content):
        around = content[: quoted.start()], content[quoted.end() :]
        yield quoted[1], " ".join(part.strip(_BETWEEN) for part in around).strip()
    breaks = list(islice(_BREAK.finditer(content), _MOST_BREAKS))
    yield from ((content[: found.start()], content[found.end() :]) for found in breaks)
    head, colon, rest = content.partition(":")
    if colon:
        yield rest, head
        yield head, rest
    for found in islice(_BEFORE_TITLED.finditer(content), _MOST_BREAKS):
        beginning = content[found.end() :][:_LONGEST_TITLED]
        if bare_name(beginning) != beginning:
            yield content[: found.start()], content[found.end() :]
    if breaks:
        yield content[breaks[0].end() :], content[: breaks[0].start()]


def _unquoted(content: str) -> str:
    """A title without the quotes around the whole of it."""
    quoted = QUOTED.fullmatch(content.strip())
    return plain(quoted[1] if quoted else content)


def _compare_titles(title: str, speaker: DraftPerson, place: Place, problems: Problems) -> None:
    announced = speaker.presentation_title
    if announced and _words(announced) != _words(title):
        message = f"{speaker.name}'s presentation is {title!r} here and {announced!r} in the speakers' table"
        problems.warn(place, "TITLE_DIFFERS", message, "make them agree; the running order is believed")
