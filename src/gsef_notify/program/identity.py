"""Names that last: the ids of sessions, segments and people. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from gsef_notify.program.problems import Place, Problems

LONGEST = 48
WRITE_AN_ID = "write lower-case letters, digits and hyphens, like closing-remarks"
_VALID = re.compile(r"[a-z0-9][a-z0-9-]*")


def is_id(text: str) -> bool:
    """Whether an id may be used as it is: lower-case ASCII letters, digits and hyphens."""
    return bool(_VALID.fullmatch(text)) and len(text) <= 100


def check_id(text: str, place: Place, problems: Problems) -> None:
    """Note an error where a text can not be an id."""
    if not is_id(text):
        problems.error(place, "ID_WRONG", f"{text!r} can not be an id", WRITE_AN_ID)


def lasting_id(key: str, prefix: str = "") -> str:
    """The id of something that another program knows by ``key``, such as a UID: the key itself behind the
    prefix where that can be an id, else made of its digest, so that it never changes with a title."""
    wanted = f"{prefix}-{key}".strip("-").lower()
    return wanted if is_id(wanted) else f"{slug(prefix, 'event')}-{_digest(key)}"


def slug_of_name(name: str) -> str:
    """The id of a person: the same in every session that names them, also in letters other than Latin."""
    return slug(name, f"person-{_digest(name.casefold())}")


def slug_of_track(track: str) -> str:
    """The id of a track: the same in every session that is in it."""
    return slug(track, f"track-{_digest(track.casefold())}")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def slug(text: str, otherwise: str) -> str:
    """An id made of a text, cut at a word; ``otherwise`` where no Latin letter is in it."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("ł", "l"))
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", bare.replace("'", ""))
    kept = words[:1]
    for word in words[1:]:
        if len("-".join([*kept, word])) > LONGEST:
            break
        kept.append(word)
    return "-".join(kept)[:LONGEST] or otherwise


def distinct(wanted: str, taken: Iterable[str]) -> str:
    """``wanted``, or with -2, -3 ... behind it where it is taken."""
    used = set(taken)
    number = 2
    candidate = wanted
    while candidate in used:
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate
