"""Texts that calendars cut, and characters that nobody sees. Pure."""

import re
import unicodedata
from collections.abc import Iterator

from gsef_notify.program.build import Built
from gsef_notify.program.model import Session
from gsef_notify.program.problems import Place, Problems

LONGEST_TITLE = 255  # Outlook keeps no more of a subject
LONGEST_TEXT = 8000  # Google Calendar takes 8192 characters of description; the times stand there too
# What shows nothing, yet may change what is shown: controls, bidirectional overrides, blanks without width.
# Joiners are letters' own business in many scripts, and so are the marks of direction in two of them.
_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)


def check_texts(built: Built, problems: Problems) -> None:
    """Note what is too long for a calendar, and hidden characters."""
    for session in built.program.sessions:
        for place, what, text, longest in _texts(session, built):
            if len(text) > longest:
                message = f"{what} has {len(text)} characters; calendars cut it after {longest}"
                problems.warn(place, "TEXT_LONG", message, "shorten it")
            if hidden := _HIDDEN.search(text):
                message = f"{what} holds the hidden character {_name(hidden[0])} {_where(text, hidden[0])}"
                problems.warn(place, "HIDDEN_CHARACTER", message, "delete it, and type the text anew")


def _texts(session: Session, built: Built) -> Iterator[tuple[Place, str, str, int]]:
    place = built.sessions[session.id]
    yield place, "the title", session.title, LONGEST_TITLE
    longer = (session.background, session.audience, session.main_question, session.room, session.track)
    for text in (*longer, *session.objectives, *session.guiding_questions):
        yield place, f"the text {text[:30]!r}", text, LONGEST_TEXT
    for segment in session.segments:
        yield built.segments[session.id, segment.id], "the title", segment.title, LONGEST_TITLE
    for person in session.people:
        at = built.people[session.id, person.id]
        yield at, "the name", person.name, LONGEST_TITLE
        for text in (person.organization, person.position):
            yield at, f"the text {text[:30]!r}", text, LONGEST_TITLE


def _name(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}{f' ({name.lower()})' if name else ''}"


def _where(text: str, character: str) -> str:
    before = text[: text.index(character)]
    return f"after {before[-20:]!r}" if before else "at its beginning"
