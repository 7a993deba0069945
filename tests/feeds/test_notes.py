"""A calendar without a program is still a calendar."""

import pytest

from gsef_notify.feeds.feed import feed
from gsef_notify.feeds.notes import revoked_calendar
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Own, Selection
from gsef_notify.feeds.words import LANGUAGES, words_of
from gsef_notify.program.changes import first_publication
from gsef_notify.program.model import Program
from tests.conftest import utc
from tests.feeds.peers import READERS, by_libical
from tests.feeds.test_feed import PUBLISHED_AT, SITE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_void_link_is_explained_on_the_day_when_it_became_so(language: str) -> None:
    content = revoked_calendar(SITE, words_of(language), "7", PUBLISHED_AT)
    assert by_libical(content) == [
        ("revoked.7@gsef.example.org", utc("2021-09-01 00:00"), utc("2021-09-02 00:00"))
    ]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "selection", [Selection(), Selection(own=Own("own-1", "Eric", frozenset()), face=Face("Europe/Paris"))]
)
def test_an_empty_calendar_is_read(read: object, selection: Selection) -> None:
    assert callable(read)
    assert read(feed(SITE, first_publication(Program(), PUBLISHED_AT), selection)) == []
