"""Languages as people name them. Pure."""

import re

_TAGS = {
    "english": "en", "spanish": "es", "español": "es", "castellano": "es", "french": "fr", "français": "fr",
    "korean": "ko", "한국어": "ko", "portuguese": "pt", "português": "pt", "german": "de", "deutsch": "de",
    "italian": "it", "italiano": "it", "japanese": "ja", "chinese": "zh", "arabic": "ar", "khmer": "km",
    "russian": "ru",
}  # fmt: skip


def tag(text: str) -> str | None:
    """The BCP 47 tag of a language named in English, in itself or by a tag; the first of several ("de/en",
    "Spanish and English"). None where it is unknown."""
    whole = text.strip().casefold().replace("_", "-")
    first = re.split(r"[/,;+&(（]|\b(?:and|y|et)\b|및", whole)[0].strip()
    return _TAGS.get(first) or (first if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", first) else None)
