"""The sheet as it is written in the forum's languages."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from gsef_notify import readers
from tests.conftest import ERIC, ROOT, utc

GOLDEN = ROOT / "tests" / "golden"
TITLES = {
    "es": [
        "Prueba de conexión",
        "Redes de gobiernos locales",
        "Cooperación internacional",
        "Preguntas del público",
    ],
    "fr": [
        "Essai de connexion",
        "Réseaux de collectivités",
        "Coopération internationale",
        "Questions du public",
    ],
    "ko": ["연결 확인", "지방정부 네트워크", "국제 협력", "질의응답"],
}


@pytest.mark.parametrize("language", ["es", "fr", "ko"])
def test_a_sheet_in_this_language_is_understood(language: str) -> None:
    (session,) = readers.read([GOLDEN / f"sheet.{language}.md"]).accept().sessions
    start = utc("2021-10-08 09:00")
    minutes = [0, 1, 11, 21, 90]
    assert (session.start, session.end, session.timezone, session.language) == (
        start,
        utc("2021-10-08 10:30"),
        "Asia/Seoul",
        language,
    )
    assert [(s.start, s.end) for s in session.segments] == [
        (start + timedelta(minutes=a), start + timedelta(minutes=b)) for a, b in pairwise(minutes)
    ]
    assert [s.title for s in session.segments] == TITLES[language]
    assert [s.people for s in session.segments] == [(), ("young-kim",), (ERIC,), ()]
    assert [(p.name, p.role, p.country, p.email) for p in session.people] == [
        ("Dara Huot", "moderator", None, "dara.huot@example.org"),
        ("Young Kim", "speaker", "KR", None),
        ("Eric Leyton Inostroza", "speaker", "CL", None),
    ]
    texts = (session.audience, session.background, session.objectives, session.main_question)
    assert all(texts)
    assert len(session.objectives) == 1


@pytest.mark.parametrize("language", ["es", "fr", "ko"])
def test_a_sheet_in_this_language_has_nothing_to_complain_of_but_the_usual(language: str) -> None:
    problems = readers.read([GOLDEN / f"sheet.{language}.md"]).problems
    assert {problem.code for problem in problems} == {"NO_JOIN_LINK", "ZONE_UNKNOWN"}
    assert {Path(problem.place.path).name for problem in problems} == {f"sheet.{language}.md"}
