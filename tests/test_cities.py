"""Cities by name, and the zones that follow."""

from datetime import date

import pytest

from gsef_notify import zones
from gsef_notify.cities import GAZETTEER, cities_called
from gsef_notify.folding import fold

SPRING = date(2024, 5, 5)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Turin", "Europe/Rome"),
        ("hora de Sevilla", "Europe/Madrid"),
        ("heure de Bruges", "Europe/Brussels"),
        ("리스본", "Europe/Lisbon"),
        ("전주 시간", "Asia/Seoul"),
        ("Porvoo time", "Europe/Helsinki"),
    ],
)
def test_a_city_tells_the_zone(name: str, zone: str) -> None:
    assert [reading.name for reading in zones.resolve(name, SPRING)] == [zone]


def test_namesakes_are_all_named_but_not_those_far_smaller() -> None:
    assert {country for country, _ in cities_called("Valencia")} == {"VE", "ES", "PH"}
    assert cities_called("Toronto") == (("CA", "America/Toronto"),)


@pytest.mark.parametrize("word", ["Date", "turin", "Reading", "Session", "Xyzzy", ""])
def test_words_that_mean_something_else_are_no_cities(word: str) -> None:
    assert cities_called(word) == ()


def test_every_line_of_the_gazetteer_can_be_found_and_names_zones() -> None:
    lines = GAZETTEER.read_text(encoding="utf-8").splitlines()[1:]
    names = [line.split("\t")[0] for line in lines]
    assert names == sorted(set(names))
    assert all(name == fold(name) for name in names)
    named = {place.split(":")[1] for line in lines for place in line.split("\t")[1].split()}
    assert not [zone for zone in named if not zones.exists(zone)]
