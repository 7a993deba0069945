"""Names of people, compared. Pure."""

import re
import unicodedata
from functools import lru_cache

_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|dr\.?[-\s]?ing|dr\.?\s?h\.?\s?c|dr|prof|pr|sir|mme|mlle|sr|sra|srta|dra|dre|pre|hon"
    r"|professor|cllr|councillor|profesora?|professeure?|doctora?|docteure?|señora?|madame|monsieur"
    r"|(?:eng|smt|shri|adv|dña|d|ing|lic|licda|mg|mgtr|mtr[oa]|arq|abg|econ|rev|agr)(?=\.))\b\.?ª?(?!\.?-)\s*)+",
    re.IGNORECASE,
)
_DEGREE = re.compile(r",?\s+(?:Ph\.?\s?D|M\.?\s?Sc|MBA|M\.D|Esq)\b\.?(?=\s*(?:[(,/]|$))")
_KOREAN_HONORIFIC = re.compile(r"(?:(?:\s+|(?<=[가-힣]))(?:선생님|교수님|교수|박사님|박사|님|씨))+$")


def bare_name(text: str) -> str:
    """A name without titles before it and degrees behind: ``Mr. Young Kim`` is Young Kim. A title stays."""
    named = without_degrees(_HONORIFIC.sub("", text.strip()))
    return _KOREAN_HONORIFIC.sub("", named).strip() or text.strip()


def without_degrees(text: str) -> str:
    """``Marcus Whitcombe, Ph.D. (USA)`` without the degree."""
    return _DEGREE.sub("", text)


@lru_cache(maxsize=20_000)
def fold_name(text: str) -> str:
    """A name without titles, accents, case and characters that nobody sees, for comparing."""
    spread = unicodedata.normalize("NFKD", bare_name(text).casefold())
    seen = (c for c in spread if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join("".join(seen).split())
