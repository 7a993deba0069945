"""Tokens say whom they are for, and nobody else can make them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gsef_notify.service.tokens import Tokens

TOKENS = Tokens(b"s" * 32)
TOKEN = TOKENS.issue("rsvp", 7, "gsef-2021-alliances")


@given(some.integers(1, 2**53), some.text(some.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_token_is_read_as_it_was_issued(contact_id: int, session: str) -> None:
    token = TOKENS.issue("rsvp", contact_id, session)
    assert TOKENS.read("rsvp", token) == (contact_id, session)
    assert token.replace("-", "").replace("_", "").isalnum()


def test_a_token_is_for_one_purpose() -> None:
    assert TOKENS.read("unsubscribe", TOKEN) is None
    assert TOKENS.issue("unsubscribe", 7, "gsef-2021-alliances") != TOKEN


def test_another_secret_reads_nothing() -> None:
    assert Tokens(b"t" * 32).read("rsvp", TOKEN) is None


def test_the_secret_is_not_shown() -> None:
    assert "ssss" not in repr(TOKENS)


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_a_token_with_one_other_sign_is_void(place: int) -> None:
    other = "A" if TOKEN[place] != "A" else "B"
    assert TOKENS.read("rsvp", TOKEN[:place] + other + TOKEN[place + 1 :]) is None


def test_a_token_has_one_spelling() -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    read = [sign for sign in signs if TOKENS.read("rsvp", TOKEN[:-1] + sign)]
    assert read == [TOKEN[-1]]


@pytest.mark.parametrize(
    "token",
    ["", "A", "é" * 40, TOKEN + "=", TOKEN + "\n", " " + TOKEN, TOKEN + "A", TOKEN[:-1], "A" * 29,
     "A" * 100_000, "\x00" * 40, "../" * 20, TOKEN.replace("w", "w "), "\ud800" * 40],
)  # fmt: skip
def test_a_hostile_token_is_void(token: str) -> None:
    assert TOKENS.read("rsvp", token) is None


@given(some.text(max_size=60))
def test_no_text_is_taken_for_a_token(text: str) -> None:
    assert TOKENS.read("rsvp", text) is None
