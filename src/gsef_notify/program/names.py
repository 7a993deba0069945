"""Names of people, compared. Pure."""

import re
import unicodedata
from functools import lru_cache

_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|dr\.?[-\s]?ing|dr\.?\s?h\.?\s?c|dr|prof|pr|sir|mme|mlle|sr|sra|srta|dra|dre|pre|hon"
    r"|professor|profesora?|professeure?|doctora?|docteure?|señora?|madame|monsieur"
    r"|(?:ing|lic|licda|mg|mgtr|mtr[oa]|arq|abg|econ|rev|cllr)(?=\.))\b\.?ª?(?!\.?-)\s*)+",
    re.IGNORECASE,
)
_KOREAN_HONORIFIC = re.compile(r"(?:(?:\s+|(?<=[가-힣]))(?:선생님|교수님|교수|박사님|박사|님|씨))+$")


def bare_name(text: str) -> str:
    """A name without the titles before it: ``Mr. Young Kim`` is Young Kim. A title alone stays."""
    return _KOREAN_HONORIFIC.sub("", _HONORIFIC.sub("", text.strip())).strip() or text.strip()


@lru_cache(maxsize=20_000)
def fold_name(text: str) -> str:
    """A name without titles, accents, case and characters that nobody sees, for comparing."""
    spread = unicodedata.normalize("NFKD", bare_name(text).casefold())
    seen = (c for c in spread if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join("".join(seen).split())
