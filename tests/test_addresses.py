"""What is an address is written so that servers take it; what is none is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsef_notify.addresses import AddressError, ascii_domain, checked_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@MÜNCHEN.Example", "ana@xn--mnchen-3ya.example"),
        ("ana@한국.대한민국", "ana@xn--3e0b707e.xn--3e0bs9hfvinn1a"),
        ("ana@대한민국", "ana@xn--3e0bs9hfvinn1a"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@例え。jp", "ana@xn--r8jz45g.jp"),
        ("ana@xn--mnchen-3ya.example", "ana@xn--mnchen-3ya.example"),
        (" Ana@Example.org ", "Ana@example.org"),
        ("jose\u0301@example.org", "jos\u00e9@example.org"),
        ("김영@한국.대한민국", "김영@xn--3e0b707e.xn--3e0bs9hfvinn1a"),
    ],
)
def test_a_domain_is_in_ascii_and_a_local_part_as_one_writes_it(written: str, address: str) -> None:
    assert checked_address(written) == address


@pytest.mark.parametrize(
    "text",
    [
        "ana@☃.example",
        "ana@-ü.example",
        "ana@ü..example",
        "ana@ü.example.",
        "ana@1א.example",
        "ana@\u202eü.example",
        "ana@a＠ü.example",
        "ana@" + "ü" * 100_000,
        "ana@" + "ü." * 200 + "example",
        "ana@\ud800.example",
        "a\u037eb@example.org",
        "\ud800@example.org",
        "가" * 22 + "@example.org",
    ],
)
def test_what_no_server_can_be_asked_for_is_refused_in_a_short_sentence(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        checked_address(text)
    assert len(str(caught.value)) < 500


@given(st.text(st.characters(), max_size=40) | st.text("aß가-.ü。xn\u00ad\u200d", max_size=40))
def test_a_domain_is_refused_or_becomes_ascii_that_stays_as_it_is(domain: str) -> None:
    try:
        name = ascii_domain(domain)
    except AddressError:
        return
    assert name.isascii() and ascii_domain(name) == name
