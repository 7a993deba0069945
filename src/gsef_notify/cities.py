"""Cities and the zones in which they lie, from GeoNames (CC BY 4.0); ``tools/cities.py`` writes the list."""

from bisect import bisect_left
from functools import cache
from pathlib import Path

from gsef_notify.folding import fold

GAZETTEER = Path(__file__).with_name("data") / "cities.txt"
SHORTEST = 4  # letters of a name in Latin letters
# Cities by whose names people call other things more often.
_WORDS = """
    date time hora hour name para lista langue fiche mesa march tour seul tarde este latina
    title language program programa moderator speaker speakers panel session sala salon total reading
    union mission central independence liberty hope best home most come fair same many here
    online live break pause welcome closing opening discussion agenda lunch noche
"""
_OTHERWISE_MEANT = frozenset(_WORDS.split())


def cities_called(name: str) -> tuple[tuple[str, str], ...]:
    """The cities of that name as country code and IANA zone, the largest first, without those that are small
    beside it; none for a name that does not begin with a capital (or is not Korean)."""
    folded = fold(name)
    if name[:1].islower() or folded in _OTHERWISE_MEANT:
        return ()
    lines = _lines()
    at = bisect_left(lines, f"{folded}\t")
    if at == len(lines) or not lines[at].startswith(f"{folded}\t"):
        return ()
    places = lines[at].partition("\t")[2].split()
    return tuple((country, zone) for country, _, zone in (place.partition(":") for place in places))


@cache
def _lines() -> tuple[str, ...]:
    return tuple(GAZETTEER.read_text(encoding="utf-8").splitlines())
