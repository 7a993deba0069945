"""Events of a feed that this program wrote -> the segments that they were.

The UID names session and segment; the description has, a blank line between each: where to join, the times,
those whose segment it is, and the title of the session or, for a session of one segment, its text.
"""

import re
from dataclasses import replace

from gsef_notify.feeds.words import LANGUAGES, words_of
from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.problems import Place
from gsef_notify.readers.exports.events import Event, in_session, person

PRODUCT = "gsef-notify"
_UID = re.compile(r"(?P<session>[a-z0-9-]+)\.(?P<segment>[a-z0-9-]+)@\S+")
_WORDS = tuple(map(words_of, LANGUAGES))
_JOIN = tuple(words.join.format("") for words in _WORDS)
_PART_OF = tuple(words.part_of.format("") for words in _WORDS)
_ONLINE = {words.online for words in _WORDS}
MOST_NAMES = 50


def as_segment(event: Event, uid: str, page: str, description: str) -> Event:
    """The event as the segment that it was; ``page`` is the address of its session's page."""
    found = _UID.fullmatch(uid)
    blocks = description.split("\n\n")
    join_url = _behind(blocks[0], _JOIN)
    if not found or len(blocks) < 2 or not join_url:
        return event
    title, names = _title_and_names(event.title, blocks[2].split("\n") if len(blocks) > 2 else [])
    rest = "\n\n".join(blocks[3:] if names else blocks[2:])
    session_title = _behind(rest, _PART_OF)
    return in_session(
        replace(
            event,
            title=title,
            join_url="" if join_url == page else join_url,
            room=_room(event.room, join_url),
            text="" if session_title else rest,
            people=_people(names, event.place),
        ),
        found["session"],
        found["segment"],
        session_title or title,
    )


def _behind(text: str, beginnings: tuple[str, ...]) -> str:
    """What stands behind one of the beginnings; "" where the text has none of them."""
    return next((text.removeprefix(each) for each in beginnings if text.startswith(each)), "")


def _title_and_names(summary: str, lines: list[str]) -> tuple[str, tuple[str, ...]]:
    """``Title - Name, Name`` in its parts, where the names begin the lines of the description."""
    for end in (match.start() for match in re.finditer(" - ", summary)):
        if names := _names(summary[end + 3 :], lines[:MOST_NAMES]):
            return summary[:end], names
    return summary, ()


def _names(text: str, lines: list[str]) -> tuple[str, ...]:
    """``Name, Name``, each of which begins its line before a comma; () where that is not so."""
    for name in _beginnings(lines[0]) if lines else ():
        if len(lines) == 1 and text == name:
            return (name,)
        if text.startswith(f"{name}, ") and (others := _names(text[len(name) + 2 :], lines[1:])):
            return (name, *others)
    return ()


def _beginnings(line: str) -> list[str]:
    parts = line.split(", ")[:5]
    return [", ".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _room(location: str, join_url: str) -> str:
    room = location.removesuffix(join_url).removesuffix(", ")
    return "" if room in _ONLINE else room


def _people(names: tuple[str, ...], place: Place) -> tuple[DraftPerson, ...]:
    return tuple(person(name, place) for name in names)
