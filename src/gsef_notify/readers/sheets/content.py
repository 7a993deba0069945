"""What a line of the running order says: its title, and whose it is, by number or by name."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name, fold_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.person_line import without_position
from gsef_notify.readers.sheets.vocabulary import (
    folded,
    is_a_talk,
    names_everybody,
    names_the_moderator,
    numbered_content,
    speaker_number,
)
from gsef_notify.readers.text import plain

_BREAK = re.compile(
    r"\n|\s+[-–—]\s+|\s*[–—]\s+|\s+\((?=[^()]+\)$)"
    r"|,?\s+(?:by|from|por|par|with|con|avec|a cargo de(?: la| el|l)?)\s+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[«“「『\"]([^«»“”「」『』\"]{3,200})[»”」』\"]")
_BETWEEN = " \n,;:.-–—()/"
_OF = re.compile(
    r"(?:,|\s+(?:of|by|from|with|de|del|du|por|con|par|avec|d['’]))\s*(?:(?:la|el|le)\s+)?(?:(?:[^\W\d_]{1,5}\.|Dr|Pr|Mme|Mlle|Ms|Mr)\s*)?$",
    re.IGNORECASE,
)
_ROLE_APART = re.compile(r"(?:\n|\s+[-–—]\s+|\s+\()([^()\n]+)\)?$")
_MOST_BREAKS = 20
_LONGEST_NAMES = 500
_TALK_OF = re.compile(
    r"^(?:presentation|talk|contribution|ponencia|presentación|intervención|charla|exposé|présentation|intervention)"
    r"\s+(?:by|of|de|del|por|par|d['’])\s*(?:la |el |l['’])?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|;|&|\band\b|\by\b|\bet\b|\be\b|·|및)\s*|\s+(?:와|과)\s+")


def understand_content(
    lines: Sequence[str], people: Sequence[DraftPerson], place: Place, problems: Problems
) -> tuple[str, tuple[str, ...]]:
    """The title of a segment, and the names of those whose it is."""
    lines = [line for number, line in enumerate(lines) if number == 0 or not names_everybody(line)]
    content = "\n".join(lines)
    numbers, rest = (numbered_content(lines[0]) if lines else None) or ((), "")
    by_number = [person for number in numbers for person in _numbered(number, people)]
    told = "\n".join(filter(None, [rest, *lines[1:]])) if numbers else content
    title, by_name = _title_and_named(told, people)
    _compare_people(numbers, by_number, by_name, people, place, problems)
    is_part = {p.name for p in by_name} < {p.name for p in by_number}
    speakers = (by_number if is_part or not by_name else by_name) or _presenting(title, people)
    announced = {person.presentation_title for person in speakers}
    if len(announced) == 1:
        title = title or announced.pop()
    if len(speakers) == 1 and numbers:
        _compare_titles(title, speakers[0], place, problems)
    return title or plain(content), tuple(person.name for person in speakers)


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
        return labelled[:1]
    return speakers[number - 1 : number]


def _names(people: Sequence[DraftPerson]) -> str:
    return " and ".join(person.name for person in people)


def _title_and_named(content: str, people: Sequence[DraftPerson]) -> tuple[str, list[DraftPerson]]:
    """``Title - Mr. Name / Organization`` in its parts, where the names are some of the people's; they may
    also stand before the title, ``Mr. Name: Title``. The title is "" where there is nothing but names."""
    for title, who in _divided(content):
        if named := _named(who, people):
            return "" if is_a_talk(title) else plain(title), named
    if (apart := _ROLE_APART.search(content)) and (named := _moderators(apart[1], people)):
        return plain(content[: apart.start()]), named
    for person in people:
        if before := _before_name(content, person):
            return before, [person]
    named = _named(content, people)
    return "" if len(named) == 1 else _unquoted(content), named


def _moderators(text: str, people: Sequence[DraftPerson]) -> list[DraftPerson]:
    """Those whom ``Moderator`` or ``les modératrices`` means; nobody where one of several is meant."""
    moderators = [person for person in people if person.role == "moderator"]
    is_plain = len(moderators) == 1 or text.rstrip(" .,;:").endswith("s")
    return moderators if is_plain and names_the_moderator(text) else []


def _before_name(content: str, person: DraftPerson) -> str:
    """What stands before the whole name of a person at the end, ``Palabras de apertura de Ana Ruiz``."""
    if len(person.name.split()) < 2 or not content.endswith(person.name):
        return ""
    before, found = _OF.subn("", content.removesuffix(person.name))
    return plain(before).strip(_BETWEEN) if found else ""


def _divided(content: str) -> Iterator[tuple[str, str]]:
    """The ways in which a text may be a title and names, the likeliest first."""
    if quoted := _QUOTED.search(content):
        around = content[: quoted.start()], content[quoted.end() :]
        yield quoted[1], " ".join(part.strip(_BETWEEN) for part in around).strip()
    breaks = list(islice(_BREAK.finditer(content), _MOST_BREAKS))
    yield from ((content[: found.start()], content[found.end() :]) for found in breaks)
    head, colon, rest = content.partition(":")
    if colon:
        yield rest, head
        yield head, rest
    before, comma, last = content.rpartition(", ")
    if comma and bare_name(last) != last:
        yield before, last
    if breaks:
        yield content[breaks[0].end() :], content[: breaks[0].start()]


def _unquoted(content: str) -> str:
    """A title without the quotes around the whole of it."""
    quoted = _QUOTED.fullmatch(content.strip())
    return plain(quoted[1] if quoted else content)


def _named(text: str, people: Sequence[DraftPerson]) -> list[DraftPerson]:
    """The people whom a text names, and nobody else: each with a title before and an organization behind."""
    who = re.split(r"\s+/\s+|\n|\s*\(", _TALK_OF.sub("", narrow(text[:_LONGEST_NAMES])))[0]
    if person := _person(who, people):
        return [person]
    found = [_person(part, people) for part in _AND.split(who) if part.strip()]
    if found and found[0] and not all(found):  # an organization or a position stands behind a comma
        found = [_person(who.split(",")[0], people)]
    return [person for person in found if person] if found and all(found) else []


def _person(text: str, people: Sequence[DraftPerson]) -> DraftPerson | None:
    """The person of that name, or the only one whose name ends or begins with it."""
    wanted = fold_name(without_position(text.strip(" .,:)")))
    if not wanted:
        return None
    folded = [(fold_name(person.name), person) for person in people]
    if exact := [person for name, person in folded if name == wanted]:
        return exact[0]
    is_titled = bare_name(text.strip()) != text.strip()
    is_fitting = _is_within if is_titled else _is_part
    parts = [person for name, person in folded if is_fitting(_pieces(wanted), _pieces(name))]
    parts = parts or [person for name, person in folded if _is_initialed(wanted, name)]
    is_name = text.strip()[:1].isupper() or is_titled
    return parts[0] if len(parts) == 1 and is_name and len(wanted) > 2 else None


def _pieces(name: str) -> list[str]:
    return re.split(r"[\s-]+", name)


def _is_initialed(text: str, name: str) -> bool:
    """Whether a text is a name with initials: ``h. baumgartl``."""
    initials = re.match(r"((?:\w\.[\s-]*)+)(.+)$", text)
    return bool(initials and name.startswith(initials[1][0]) and name.endswith(f" {initials[2]}"))


def _is_part(words: list[str], name: list[str]) -> bool:
    """Whether words are the beginning or the end of a name."""
    return words in (name[: len(words)], name[-len(words) :])


def _is_within(words: list[str], name: list[str]) -> bool:
    """Whether words stand one behind the other in a name, as the first of two family names does."""
    return any(words == name[first : first + len(words)] for first in range(len(name)))


def _compare_titles(title: str, speaker: DraftPerson, place: Place, problems: Problems) -> None:
    announced = speaker.presentation_title
    if announced and _words(announced) != _words(title):
        message = f"{speaker.name}'s presentation is {title!r} here and {announced!r} in the speakers' table"
        problems.warn(place, "TITLE_DIFFERS", message, "make them agree; the running order is believed")
