"""Texts that calendars cut, and characters that nobody sees. Pure."""

import unicodedata
from collections.abc import Iterator

from gsef_notify.program.build import Built
from gsef_notify.program.model import Session
from gsef_notify.program.problems import Place, Problems

LONGEST_TITLE = 255  # Outlook keeps no more of a subject
LONGEST_TEXT = 8000  # Google Calendar takes 8192 characters of description; the times stand there too
# Joiners are letters' own business in many scripts, and so are the marks of direction in two of them.
_HARMLESS = {"\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u00ad"}


def check_texts(built: Built, problems: Problems) -> None:
    """Note what is too long for a calendar, and hidden characters."""
    for session in built.program.sessions:
        for place, what, text, longest in _texts(session, built):
            if len(text) > longest:
                message = f"{what} has {len(text)} characters; calendars cut it after {longest}"
                problems.warn(place, "TEXT_LONG", message, "shorten it")
            if hidden := next((c for c in text if is_hidden(c)), None):
                message = f"{what} holds the hidden character {_name(hidden)} {_where(text, hidden)}"
                problems.warn(place, "HIDDEN_CHARACTER", message, "delete it, and type the text anew")


def is_hidden(character: str) -> bool:
    """Whether a character shows nothing, yet may change what is shown: controls and bidirectional overrides,
    blanks without width, tags."""
    return unicodedata.category(character) in ("Cc", "Cf") and character not in _HARMLESS | {"\n"}


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
