"""Countries by the names that people write."""

import pytest

from gsef_notify.countries import country_code, country_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("South Korea", "KR"),
        ("Corea del Sur", "KR"),
        ("Corée du Sud", "KR"),
        ("대한민국", "KR"),
        ("Republic of Korea", "KR"),
        ("Alemania", "DE"),
        ("Allemagne", "DE"),
        ("독일", "DE"),
        ("콜롬비아", "CO"),
        ("Côte d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("the Netherlands", "NL"),
        ("Países Bajos", "NL"),
        ("Les Pays-Bas", "NL"),
        ("USA", "US"),
        ("Estados Unidos", "US"),
        ("États-Unis", "US"),
        ("MEXICO", "MX"),
        ("cl", "CL"),
        ("UK", "GB"),
        ("Atlantis", None),
        ("", None),
        ("EU", None),
    ],
)
def test_a_country_is_known_in_four_languages(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_the_english_name_is_the_usual_one() -> None:
    assert [country_name(code) for code in ("KR", "CL", "GB")] == ["South Korea", "Chile", "United Kingdom"]
