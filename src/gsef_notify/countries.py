"""Countries by the names that people write in English, Spanish, French and Korean (CLDR, through Babel)."""

import re
from functools import cache

from babel import Locale

from gsef_notify.folding import fold

LANGUAGES = ("en", "es", "fr", "ko")
_SHOWN = {"KR": "South Korea", "KP": "North Korea"}
_UNCOUNTED = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}  # regions and placeholders of CLDR, no countries

# Names that people write and CLDR spells otherwise.
_ALIASES = {
    "South Korea": "KR", "Korea": "KR", "Republic of Korea": "KR", "North Korea": "KP",
    "United Kingdom": "GB", "UK": "GB", "England": "GB", "Scotland": "GB", "Wales": "GB",
    "United States of America": "US", "USA": "US", "Russian Federation": "RU",
    "Czech Republic": "CZ", "Czechia": "CZ", "Viet Nam": "VN", "Ivory Coast": "CI", "Côte d'Ivoire": "CI",
    "The Netherlands": "NL", "Holland": "NL", "Taiwan": "TW", "Türkiye": "TR", "Turkey": "TR",
    "Democratic Republic of the Congo": "CD", "Republic of the Congo": "CG", "Cape Verde": "CV",
    "Swaziland": "SZ", "Eswatini": "SZ", "Burma": "MM", "Myanmar": "MM", "Hong Kong": "HK", "Macau": "MO",
    "Palestine": "PS", "Bosnia and Herzegovina": "BA", "North Macedonia": "MK", "Macedonia": "MK",
    "Trinidad and Tobago": "TT", "Antigua and Barbuda": "AG", "Saint Lucia": "LC", "Lao PDR": "LA",
    "Brunei Darussalam": "BN", "Timor-Leste": "TL", "Philippines": "PH", "Corea del Sur": "KR",
    "Corée du Sud": "KR", "대한민국": "KR", "한국": "KR", "칠레": "CL", "우간다": "UG", "캐나다": "CA",
    "캄보디아": "KH",
    "Chili": "CL", "Ouganda": "UG", "Camboya": "KH", "Cambodge": "KH", "Mexique": "MX", "Espagne": "ES",
    "République démocratique du Congo": "CD", "RDC": "CD", "RD Congo": "CD", "DRC": "CD", "DR Congo": "CD",
    "República Democrática del Congo": "CD", "콩고민주공화국": "CD", "Estados Unidos de América": "US",
    "EE. UU.": "US", "EE.UU.": "US", "EEUU": "US", "États-Unis d'Amérique": "US", "République tchèque": "CZ",
    "República Checa": "CZ", "Holanda": "NL", "Cabo Verde": "CV", "Birmanie": "MM", "Inglaterra": "GB",
    "Escocia": "GB", "Angleterre": "GB", "Écosse": "GB", "북한": "KP", "남한": "KR",
    "México": "MX", "España": "ES", "Brasil": "BR", "Canadá": "CA", "Perú": "PE", "République de Corée": "KR",
}  # fmt: skip


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country named in one of the languages or by its code, None where it
    is unknown."""
    wanted = text.strip().upper()
    return wanted if wanted in _codes() else _by_name().get(_fold(text))


def country_name(code: str) -> str:
    """The English name of a country code, as people write it."""
    return _SHOWN.get(code) or str(Locale("en").territories[code])


@cache
def _codes() -> frozenset[str]:
    known = map(str, Locale("en").territories)
    return frozenset(code for code in known if re.fullmatch("[A-Z]{2}", code)) - _UNCOUNTED


@cache
def _by_name() -> dict[str, str]:
    listed = {
        _fold(name): code
        for language in LANGUAGES
        for code, name in Locale(language).territories.items()
        if code in _codes()
    }
    return listed | {_fold(alias): code for alias, code in _ALIASES.items()}


def _fold(text: str) -> str:
    """Without an article in front too."""
    return re.sub(r"^(?:the|la|le|les|el|los|l)\s+(?=\w{3})", "", fold(text))
