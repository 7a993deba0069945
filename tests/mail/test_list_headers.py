"""Unsubscribing in one click, and complaints by kind: nothing hostile gets into these headers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsef_notify.addresses import AddressError
from gsef_notify.mail.list_headers import feedback_id, unsubscribe_headers
from gsef_notify.mail.mime import MessageError
from tests.mail.test_mime import INJECTIONS, MESSAGE, TEXTS, head

URL = "https://gsef.example.org/unsubscribe/Zm9v"


def test_one_click_is_offered_with_a_mail_beside_it() -> None:
    assert unsubscribe_headers(URL, "a+b%c@münchen.example") == (
        ("List-Unsubscribe", f"<{URL}>, <mailto:a%2Bb%25c@xn--mnchen-3ya.example?subject=unsubscribe>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def test_one_click_is_not_offered_without_https() -> None:
    assert unsubscribe_headers("http://localhost:8000/unsubscribe/Zm9v") == (
        ("List-Unsubscribe", "<http://localhost:8000/unsubscribe/Zm9v>"),
    )


@pytest.mark.parametrize("length", [1, 60, 200, 800])
def test_a_link_stays_on_one_line_however_long_it_is(length: int) -> None:
    url = f"{URL}/{'t' * length}?x=%20&y=%3D"
    lines = head(replace(MESSAGE, headers=unsubscribe_headers(url, "off@example.org"))).split("\r\n")
    assert sum(f"<{url}>" in line for line in lines) == 1
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


@pytest.mark.parametrize(
    "url",
    [
        *(f"{URL}{text}" for text in INJECTIONS),
        *INJECTIONS,
        "",
        "ftp://example.org/",
        "HTTPS:example.org",
        "javascript:alert(1)",
        "https://user:password@example.org/",
        "https:///path",
        "https://exa_mple.org/",
        "https://münchen.example/",
        "https://example.org/%zz",
        "https://example.org/a,b",
        "https://example.org/>",
        "https://example.org/a b",
        f"{URL}{'t' * 900}",
    ],
)
def test_what_is_no_plain_link_is_refused(url: str) -> None:
    with pytest.raises(MessageError) as caught:
        unsubscribe_headers(url)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("address", INJECTIONS)
def test_what_is_no_address_is_no_way_to_unsubscribe(address: str) -> None:
    with pytest.raises(AddressError):
        unsubscribe_headers(URL, address)


def test_complaints_are_counted_by_kind_forum_and_sender() -> None:
    assert feedback_id("speaker-segment", "Global Social Economy Forum", "r@gsef.org") == (
        "Feedback-ID",
        "speaker-segment:global-social-economy-forum:gsef-notify:gsef-org",
    )


def test_a_forum_without_plain_letters_and_a_long_domain_have_digests() -> None:
    header = feedback_id("cancelled", "사회적경제", "r@calendar.gsef.example.org")
    assert header == ("Feedback-ID", "cancelled:bacdad425468:gsef-notify:40fbba19a648")
    assert header != feedback_id("cancelled", "사회연대경제", "r@calendar.gsef.example.org")


@given(kind=TEXTS, forum=TEXTS, local=st.sampled_from(["a", "josé"]))
def test_a_feedback_id_is_plain_and_goes_out_as_it_is(kind: str, forum: str, local: str) -> None:
    name, value = feedback_id(kind, forum, f"{local}@한국.대한민국")
    parts = value.split(":")
    assert len(parts) == 4 and all(
        part and part.strip("abcdefghijklmnopqrstuvwxyz0123456789-") == "" for part in parts
    )
    assert 5 <= len(parts[3]) <= 15
    assert f"\r\n{name}: {value}\r\n" in head(replace(MESSAGE, headers=((name, value),)))
