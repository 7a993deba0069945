"""Names that last: the ids of sessions, segments and people. Pure."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 48
_VALID = re.compile(r"[a-z0-9][a-z0-9-]*")


def is_id(text: str) -> bool:
    """Whether an id may be used as it is: lower-case ASCII letters, digits and hyphens."""
    return bool(_VALID.fullmatch(text)) and len(text) <= 100


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
