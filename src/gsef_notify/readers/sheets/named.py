"""Who is named in a text: by the whole name, a part of it, initials or the part of moderator."""

import re
from collections.abc import Sequence

from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name, fold_name
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.affiliations import without_korean_position
from gsef_notify.readers.sheets.vocabulary import names_the_moderator

_LONGEST_NAMES = 500
_TALK_OF = re.compile(
    r"^(?:presentation|talk|contribution|ponencia|presentación|intervención|charla|exposé|présentation|intervention)"
    r"\s+(?:by|of|de|del|por|par|d['’])\s*(?:la |el |l['’])?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|;|&|\band\b|\by\b|\bet\b|\be\b|·|및)\s*|\s+(?:와|과)\s+")


def named_in(text: str, people: Sequence[DraftPerson]) -> list[DraftPerson]:
    """The people whom a text names, and nobody else: each with a title before and an organization behind."""
    who = re.split(r"\s+/\s+|\n|\s*\(", _TALK_OF.sub("", narrow(text[:_LONGEST_NAMES])))[0]
    if person := _person(who, people):
        return [person]
    found = [_person(part, people) for part in _AND.split(who) if part.strip()]
    if found and found[0] and not all(found):  # an organization or a position stands behind a comma
        found = [_person(who.split(",")[0], people)]
    return [person for person in found if person] if found and all(found) else []


def moderators_named(text: str, people: Sequence[DraftPerson]) -> list[DraftPerson]:
    """Those whom ``Moderator`` or ``les modératrices`` means; nobody where one of several is meant."""
    moderators = [person for person in people if person.role == "moderator"]
    is_plain = len(moderators) == 1 or text.rstrip(" .,;:").endswith("s")
    return moderators if is_plain and names_the_moderator(text) else []


def _person(text: str, people: Sequence[DraftPerson]) -> DraftPerson | None:
    """The person of that name, or the only one of whose name it is a part."""
    wanted = fold_name(without_korean_position(text.strip(" .,:)"))[0])
    if not wanted:
        return None
    folded = [(fold_name(person.name), person) for person in people]
    if exact := [person for name, person in folded if name == wanted]:
        return exact[0]
    is_titled = bare_name(text.strip()) != text.strip()
    parts = [person for name, person in folded if _is_within(_pieces(wanted), _pieces(name))]
    parts = parts or [person for name, person in folded if _is_initialed(wanted, name)]
    is_name = text.strip()[:1].isupper() or is_titled
    return parts[0] if len(parts) == 1 and is_name and len(wanted) > 2 else None


def _pieces(name: str) -> list[str]:
    return re.split(r"[\s-]+", name)


def _is_initialed(text: str, name: str) -> bool:
    """Whether a text is a name with initials: ``h. baumgartl``."""
    initials = re.match(r"((?:\w\.[\s-]*)+)(.+)$", text)
    return bool(initials and name.startswith(initials[1][0]) and name.endswith(f" {initials[2]}"))


def _is_within(words: list[str], name: list[str]) -> bool:
    """Whether words stand one behind the other in a name, as the first of two family names does."""
    return any(words == name[first : first + len(words)] for first in range(len(name)))
