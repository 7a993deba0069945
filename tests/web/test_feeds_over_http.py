"""A calendar program finds what HTTP promises it."""

import asyncio
import gzip
import hashlib
import os
import subprocess
import sys
from datetime import timedelta

import httpx2
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from gsef_notify.feeds.feed import feed
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Selection
from gsef_notify.program.changes import next_publication
from gsef_notify.settings import bundled
from gsef_notify.web.app import create_app
from gsef_notify.web.conditional import http_date
from gsef_notify.web.shelf import Shelf
from gsef_notify.web.wanted import calendar
from tests.conftest import ROOT, utc
from tests.web.gsef2021 import ACCEPTED_AT, DAY_BEFORE, PUBLICATION, SESSION_ID, SITE, Shown, house

PLAIN = {"Accept-Encoding": "identity"}
FEED = f"/sessions/{SESSION_ID}.ics"
LOOKED_AT_OFTEN_SINCE = "Fri, 01 Oct 2021 09:00:00 GMT"
ADDRESSES = (
    "/calendar.ics",
    FEED,
    f"{FEED}?timezone=Europe/Paris&lang=fr",
    "/schedule.xml",
    "/schedule.json",
)


def get(client: TestClient, path: str = FEED, **headers: str) -> httpx2.Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers={**PLAIN, **fields})


def rendered(**selected: str) -> bytes:
    return feed(SITE, PUBLICATION, Selection(**selected))  # type: ignore[arg-type]


def test_each_feed_is_the_calendar_of_its_part(client: TestClient) -> None:
    assert get(client, "/calendar.ics").content == rendered()
    assert get(client).content == rendered(session=SESSION_ID)
    assert get(client, "/people/bernard-luyiga.ics").content == rendered(person="bernard-luyiga")


def test_the_query_chooses_zone_detail_and_alarm(client: TestClient) -> None:
    face = Face("America/Santiago", timedelta(minutes=15))
    wanted = feed(SITE, PUBLICATION, Selection(session=SESSION_ID, detail="sessions", face=face))
    query = "?timezone=america/santiago&detail=sessions&alarm=15"
    assert get(client, FEED + query).content == wanted


def test_the_query_chooses_the_language_of_the_labels(client: TestClient) -> None:
    assert get(client, f"{FEED}?lang=es").content == feed(
        SITE, PUBLICATION, Selection(session=SESSION_ID, face=Face(language="es"))
    )


@pytest.mark.parametrize(
    ("now", "refresh"),
    [("2021-09-01 12:00", b"PT12H"), ("2021-10-01 12:00", b"PT1H"), ("2021-10-09 09:00", b"PT1H"),
     ("2021-10-12 12:00", b"PT12H")],
)  # fmt: skip
def test_calendars_are_asked_to_look_more_often_in_the_week_of_the_session(now: str, refresh: bytes) -> None:
    app = create_app(house(now=utc(now)), bundled("templates") / "web")
    with TestClient(app) as client:
        assert b"REFRESH-INTERVAL;VALUE=DURATION:" + refresh in get(client).content


def test_tracks_and_languages_have_addresses(client: TestClient) -> None:
    assert get(client, "/languages/en.ics").content == rendered(language="en")
    assert get(client, "/tracks/nothing.ics").status_code == 404


def test_keys_that_calendar_programs_add_are_ignored(client: TestClient) -> None:
    assert get(client, f"{FEED}?nocache=1&utm_source=x").content == rendered(session=SESSION_ID)


def test_the_headers_say_what_it_is_and_how_long_it_lasts(client: TestClient) -> None:
    headers = get(client).headers
    digest = hashlib.sha256(rendered(session=SESSION_ID)).hexdigest()
    assert headers["etag"] == f'"{digest}"'
    assert headers["last-modified"] == LOOKED_AT_OFTEN_SINCE
    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert headers["content-disposition"] == f'inline; filename="{SESSION_ID}.ics"'
    assert headers["cache-control"] == "public, max-age=300, must-revalidate"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["x-content-type-options"] == "nosniff"
    assert "Accept-Encoding" in headers["vary"]
    assert "content-encoding" not in headers


def test_head_has_the_headers_of_get_and_no_body(client: TestClient) -> None:
    head, whole = client.head(FEED, headers=PLAIN), get(client)
    assert head.status_code == 200
    assert dict(head.headers) == dict(whole.headers)
    assert int(head.headers["content-length"]) == len(whole.content)


def test_what_the_client_has_is_answered_with_304_and_nothing(client: TestClient) -> None:
    whole = get(client)
    answer = get(client, if_none_match=f'"old", W/{whole.headers["etag"]}')
    assert (answer.status_code, answer.content) == (304, b"")
    for name in ("etag", "last-modified", "cache-control", "vary"):
        assert answer.headers[name] == whole.headers[name]
    assert "content-length" not in answer.headers


def test_several_lines_of_if_none_match_count_together(client: TestClient) -> None:
    tag = get(client).headers["etag"]
    fields = [("If-None-Match", '"old"'), ("If-None-Match", tag)]
    assert client.get(FEED, headers=fields).status_code == 304


def test_if_modified_since_counts_only_alone(client: TestClient) -> None:
    since = LOOKED_AT_OFTEN_SINCE
    assert get(client, if_modified_since=since).status_code == 304
    assert get(client, if_modified_since=since, if_none_match='"old"').status_code == 200
    assert get(client, if_modified_since=http_date(ACCEPTED_AT - timedelta(days=1))).status_code == 200


def test_gzip_is_another_representation_with_its_own_tag(client: TestClient) -> None:
    plain, packed = get(client), get(client, accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, mtime=0))


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_the_tags_of_both_representations_are_fresh_for_either(client: TestClient, accepted: str) -> None:
    for coding in ("identity", "gzip"):
        tag = get(client, accept_encoding=coding).headers["etag"]
        assert get(client, accept_encoding=accepted, if_none_match=tag).status_code == 304


def test_outlook_gets_plain_bytes_even_if_it_asks_for_gzip(client: TestClient) -> None:
    answer = get(client, accept_encoding="gzip", user_agent="Microsoft Outlook 16.0")
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/sessions/nothing.ics", "/people/nobody.ics"])
def test_an_unknown_id_is_404_in_a_sentence(client: TestClient, path: str) -> None:
    answer = get(client, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("the program has no ")


def test_an_unknown_zone_is_400_with_the_nearest_names(client: TestClient) -> None:
    answer = get(client, f"{FEED}?timezone=America/Santiagoo")
    assert answer.status_code == 400
    assert "did you mean America/Santiago" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "detail=all", "detail=", "lang=tlh", "lang=", "alarm=0", "alarm=-5", "alarm=10081",
        "alarm=ten", "alarm=", "alarm=1.5",
        "alarm=%D9%A3", "alarm=15%0A", "alarm=000010999999999", "alarm=" + "9" * 5000,
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_400_in_a_sentence(client: TestClient, query: str) -> None:
    answer = get(client, f"{FEED}?{query}")
    assert answer.status_code == 400
    assert answer.text.startswith(query.split("=")[0])
    assert len(answer.text) < 200


@pytest.mark.parametrize("minutes", [1, 10080])
def test_the_longest_and_the_shortest_alarm_are_taken(client: TestClient, minutes: int) -> None:
    assert b"BEGIN:VALARM" in get(client, f"{FEED}?alarm={minutes}").content


def test_before_the_first_revision_it_says_when_to_ask_again(client: TestClient, source: Shown) -> None:
    source.publication = None
    answer = get(client)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "not published yet" in answer.text


def test_a_new_revision_is_served_at_once(client: TestClient, source: Shown) -> None:
    old = get(client).headers["etag"]
    source.publication = next_publication(PUBLICATION, PUBLICATION.program, utc("2021-10-06 08:30"))
    answer = get(client, if_none_match=old)
    assert answer.status_code == 200
    assert answer.headers["last-modified"] == "Wed, 06 Oct 2021 08:30:00 GMT"


@pytest.mark.parametrize("room", [10**9, 100])
async def test_a_feed_is_made_once_an_edition_and_what_is_oldest_makes_place(room: int) -> None:
    shelf = Shelf(SITE, PUBLICATION, DAY_BEFORE, room)
    first, second = (calendar(Selection(detail=detail)) for detail in ("segments", "sessions"))
    made = await shelf.take(first, ())
    assert shelf.at_hand(first) is made
    assert await shelf.take(first, ()) is made
    await shelf.take(second, ())
    assert shelf.at_hand(second) is not None
    assert shelf.at_hand(first) is (made if room > 100 else None)


async def test_what_many_ask_for_at_once_is_made_once() -> None:
    shelf, wanted = Shelf(SITE, PUBLICATION, DAY_BEFORE), calendar(Selection())
    taken = await asyncio.gather(*(shelf.take(wanted, ()) for _ in range(20)))
    assert len(set(map(id, taken))) == 1


def test_it_does_not_depend_on_what_kind_is_accepted(client: TestClient) -> None:
    kinds = ("text/html", "application/json", "text/calendar;q=0", "*/*")
    assert len({get(client, accept=kind).content for kind in kinds}) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND"])
def test_a_feed_can_not_be_altered(client: TestClient, method: str) -> None:
    answer = client.request(method, FEED)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_page_elsewhere_may_ask_whether_it_changed(client: TestClient) -> None:
    answer = client.options(FEED)
    assert answer.status_code == 200
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]


def test_a_feed_that_can_not_be_made_is_asked_for_later(client: TestClient, source: Shown) -> None:
    source.publication = replace(PUBLICATION, lineages={})
    answer = get(client)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_when_calendars_shall_look_more_often_the_feed_has_changed(source: Shown) -> None:
    now = [utc("2021-09-30 12:00"), utc("2021-10-02 12:00")]
    with TestClient(create_app(house(clock=lambda: now[0]), bundled("templates") / "web")) as client:
        before = get(client)
        assert get(client, if_modified_since=before.headers["last-modified"]).status_code == 304
        now.pop(0)
        after = get(client, if_modified_since=before.headers["last-modified"])
    assert after.status_code == 200
    assert before.headers["last-modified"] == http_date(ACCEPTED_AT)
    assert after.headers["last-modified"] == LOOKED_AT_OFTEN_SINCE


REPLICA = """
import sys
from starlette.testclient import TestClient
from gsef_notify.web.app import create_app
from tests.conftest import ROOT, utc
from tests.web.conftest import TEMPLATES
from tests.web.gsef2021 import house
with TestClient(create_app(house(now=utc(sys.argv[1])), TEMPLATES)) as client:
    for address in sys.argv[2:]:
        print(address, client.get(address).headers["etag"])
"""


def test_two_replicas_give_the_same_tags_on_different_days() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", REPLICA, now, *ADDRESSES],
            env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, check=True, timeout=60,
        ).stdout
        for seed, now in (("1", "2021-10-03 12:00"), ("2", "2021-10-07 23:59"))
    ]  # fmt: skip
    assert said[0] == said[1]
    assert said[0].count(b'"') == 2 * len(ADDRESSES)


@pytest.mark.parametrize("path", [f"{FEED}/", "/calendar.ics/", "/my/x/", "/static"])
def test_nothing_is_redirected(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"X-Forwarded-Proto": "http"}, follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers
