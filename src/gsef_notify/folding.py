"""Names as one compares them: countries, cities and zones. Pure."""

import re
import unicodedata


def fold(text: str) -> str:
    """A text without accents, capitals and signs, its words apart by single blanks; Korean stays as it is."""
    spread = unicodedata.normalize("NFKD", text.strip().casefold())
    bare = unicodedata.normalize("NFC", "".join(sign for sign in spread if not unicodedata.combining(sign)))
    return re.sub(r"[\W_]+", " ", bare).strip()
