"""RFC 9110, sections 12.5.3 and 13.1: what a client has already is not sent again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsef_notify.web.conditional import Asked, http_date, is_fresh, wants_gzip

OURS = (b'"abc"', b'"abc-gzip"')
MODIFIED = datetime(2021, 9, 1, 8, 30, 15, 250_000, tzinfo=UTC)


def fresh(*if_none_match: str) -> bool:
    raw = [(b"if-none-match", value.encode("latin-1")) for value in if_none_match]
    return is_fresh(Asked.by(raw), OURS, MODIFIED)


def fresh_since(since: str) -> bool:
    return is_fresh(Asked(if_modified_since=since.encode("latin-1")), OURS, MODIFIED)


@pytest.mark.parametrize(
    "field",
    [
        '"abc"',
        'W/"abc"',
        '"abc-gzip"',
        '"x", "abc"',
        '"x" ,\t"abc" , "y"',
        "*",
        " * ",
        ', "abc",',
        '"a,b", "abc"',
    ],
)
def test_a_tag_of_ours_anywhere_in_the_list_is_fresh(field: str) -> None:
    assert fresh(field)


@pytest.mark.parametrize(
    "field",
    [
        "",
        '"x"',
        "abc",
        '"ABC"',
        'w/"abc"',
        '"abc',
        '"x, "abc"',
        '"a,"abc",b"',
        '"*"',
        '*, "abc"',
        '"x,abc,y"',
    ],
)
def test_another_tag_or_a_malformed_list_is_not_fresh(field: str) -> None:
    assert not fresh(field)


def test_several_lines_of_if_none_match_are_one_list() -> None:
    assert fresh('"x"', '"abc"')


TAG_CHARACTERS = st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters='"\x7f').filter(
    lambda c: not 0x7F <= ord(c) < 0x80
)
OPAQUE_TAGS = st.one_of(
    st.sampled_from([tag.decode().strip('"') for tag in OURS]), st.text(TAG_CHARACTERS, max_size=8)
)
MEMBERS = st.tuples(st.sampled_from(["", "W/"]), OPAQUE_TAGS)
SEPARATORS = st.sampled_from([",", ", ", " ,", ",,", " , ,\t"])


@given(st.lists(st.tuples(MEMBERS, SEPARATORS), max_size=6))
def test_a_list_is_fresh_exactly_if_one_opaque_tag_is_ours(
    members: list[tuple[tuple[str, str], str]],
) -> None:
    field = "".join(f'{weak}"{tag}"{separator}' for (weak, tag), separator in members)
    assert fresh(field) == any(f'"{tag}"'.encode("latin-1") in OURS for (_, tag), _ in members)


@given(st.text(st.characters(max_codepoint=0xFF), max_size=40))
def test_no_field_makes_it_fail(field: str) -> None:
    asked = Asked.by([(name, field.encode("latin-1")) for name in (b"if-none-match", b"accept-encoding")])
    assert is_fresh(asked, OURS, MODIFIED) in (True, False)
    assert wants_gzip(asked) in (True, False)
    assert fresh_since(field) in (True, False)


def test_a_date_is_compared_to_the_second() -> None:
    assert fresh_since(http_date(MODIFIED))
    assert fresh_since(http_date(MODIFIED + timedelta(days=1)))
    assert not fresh_since(http_date(MODIFIED - timedelta(seconds=1)))


@pytest.mark.parametrize(
    "field", ["", "yesterday", "Wed, 01 Sep 2021", "Wed, 01 Sep 2021 08:30:15 +99999999999999999999"]
)
def test_what_is_no_date_is_ignored(field: str) -> None:
    assert not fresh_since(field)


def test_the_date_does_not_count_beside_if_none_match() -> None:
    asked = Asked(if_none_match=b'"x"', if_modified_since=http_date(MODIFIED).encode())
    assert not is_fresh(asked, OURS, MODIFIED)


@pytest.mark.parametrize(
    ("accepted", "gzip"),
    [
        ("", False), ("gzip", True), ("GZIP", True), ("gzip, deflate, br", True), ("br", False), ("*", True),
        ("gzip;q=0", False), ("gzip; q=0.000", False), ("gzip;Q=0", False), ("gzip;q=0.001", True),
        ("*;q=0", False), ("*, gzip;q=0", False), ("*;q=0, gzip", True), ("identity", False),
        ("identity;q=1, gzip;q=0.5", False), ("identity;q=0.5, gzip;q=1", True), ("gzip;q=lots", False),
    ],
)  # fmt: skip
def test_gzip_is_sent_where_it_is_asked_for(accepted: str, gzip: bool) -> None:
    assert wants_gzip(Asked(accept_encoding=accepted.encode())) == gzip


@pytest.mark.parametrize(
    "agent", ["Microsoft Office/16.0 (Microsoft Outlook 16.0.1)", "Exchange/15.20", "Mozilla/5.0 ms-office"]
)
def test_gzip_is_never_sent_to_outlook_and_its_kin(agent: str) -> None:
    assert not wants_gzip(Asked(accept_encoding=b"gzip", user_agent=agent.encode()))
