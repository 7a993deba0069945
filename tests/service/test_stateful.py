"""Whatever happens to a forum, nobody keeps believing what is false; ``make stateful`` lets more happen."""

from tests.service.stateful import STEPS, play


def test_nobody_keeps_believing_what_is_false_whatever_happens() -> None:
    play(forums=12, steps=12)
    assert STEPS["steps"] > 50
