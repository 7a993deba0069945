"""Languages as people name them. Pure."""

import re

_TAGS = {
    "english": "en", "spanish": "es", "español": "es", "castellano": "es", "french": "fr", "français": "fr",
    "korean": "ko", "한국어": "ko", "portuguese": "pt", "português": "pt", "german": "de", "deutsch": "de",
    "italian": "it", "italiano": "it", "japanese": "ja", "chinese": "zh", "arabic": "ar", "khmer": "km",
    "russian": "ru",
}  # fmt: skip


def tag(text: str) -> str | None:
    """The BCP 47 tag of a language named in English or in itself, or of a tag; None where it is unknown."""
    folded = text.strip().casefold()
    if folded in _TAGS:
        return _TAGS[folded]
    return folded if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", folded) else None
