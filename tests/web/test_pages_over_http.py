"""The pages say the right times, link only where they should, and tell nobody's address."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from starlette.testclient import TestClient

from gsef_notify.program.changes import Publication, first_publication, next_publication
from gsef_notify.program.model import Program, Session
from gsef_notify.web.app import create_app
from gsef_notify.web.sources import Health, House
from gsef_notify.web.views import session_view, subscribe_links
from tests.web.conftest import TEMPLATES
from tests.web.gsef2021 import (
    ACCEPTED_AT,
    DAY_BEFORE,
    NOBODYS,
    PEOPLE,
    PUBLICATION,
    SESSION,
    SESSION_ID,
    SITE,
    UNASKED,
    Played,
    Shown,
    mail_to_eric,
)

PAGES = ("/", f"/sessions/{SESSION_ID}")
HOSTILE = "\"><script>alert(1)</script>'{{ 7 * 7 }}"


def publication(**changed: object) -> Publication:
    session: Session = msgspec.structs.replace(SESSION, **changed)
    return first_publication(Program(sessions=(session,)), ACCEPTED_AT)


@pytest.mark.parametrize("path", PAGES)
def test_times_are_the_sessions_own_unless_a_zone_is_chosen(client: TestClient, path: str) -> None:
    assert '<time datetime="2021-10-08T09:21:00Z" data-from>18:21</time>' in client.get(path).text
    page = client.get(f"{path}?timezone=America/Santiago").text
    assert '<time datetime="2021-10-08T09:21:00Z" data-from>06:21</time>' in page


def test_the_day_is_named_where_it_is_not_the_sessions(client: TestClient) -> None:
    page = client.get("/?timezone=Pacific/Honolulu").text
    assert "Thursday 7 October 2021" in page
    assert "<span data-own-day>Fri 8 Oct, </span>18:00 Seoul" in page
    assert "<span data-own-day hidden>Fri 8 Oct, </span>19:15 Seoul" in page


def test_segments_after_midnight_say_so() -> None:
    view = session_view(SESSION, SITE, "Pacific/Honolulu")
    assert [segment["days_later"] for segment in view["segments"]] == [0] * 8 + [1, 1]
    assert view["days_longer"] == 1


@pytest.mark.parametrize("path", PAGES)
def test_an_unknown_zone_shows_the_page_with_a_sentence(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?timezone=Santiagoo")
    assert answer.status_code == 400
    assert "unknown time zone &#39;Santiagoo&#39;: did you mean America/Santiago?" in answer.text
    assert '<a href="?timezone=America/Santiago">America/Santiago</a>' in answer.text
    assert 'value="Santiagoo"' in answer.text
    assert "18:21" in answer.text


def test_each_person_is_shown_with_the_local_time_of_their_slot(client: TestClient) -> None:
    page = client.get(PAGES[1]).text
    assert "Project Manager, ENSIE &amp; CIESCOOP, Chile" in page
    for times in (
        "06:21&ndash;06:31 in Santiago",
        "12:31&ndash;12:41 in Kampala",
        "16:00&ndash;17:30 in Phnom Penh",
    ):
        assert times in page


def test_no_address_of_a_person_is_in_any_answer(
    client: TestClient, staged: TestClient, stage: Played
) -> None:
    stage.sent.append(mail_to_eric())
    feeds = [f"/people/{person.id}.ics" for person in PEOPLE]
    answers = [client.get(path) for path in (*PAGES, *feeds, "/calendar.ics", f"{PAGES[1]}.ics", "/healthz")]
    answers += [staged.get(path) for path in (*PAGES, "/rehearsal.json")]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert not [answer.url for answer in answers if "people.example.org" in answer.text]


def test_the_page_of_a_session_tells_machines_what_it_is(client: TestClient, source: Shown) -> None:
    (session,) = source.publication.program.sessions if source.publication else ()
    hostile = msgspec.structs.replace(session, title="</script><script>alert(1)</script>")
    source.publication = first_publication(Program(sessions=(hostile,)), ACCEPTED_AT)
    page = client.get(f"/sessions/{SESSION_ID}").text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    event = json.loads(data)
    assert (event["@context"], event["@type"], event["name"]) == (
        "https://schema.org",
        "Event",
        hostile.title,
    )
    assert event["startDate"] == "2021-10-08T18:00:00+09:00"
    talks = {part["name"]: part for part in event["subEvent"]}
    assert len(talks) == len(session.segments)
    assert talks["Fab City global initiative and SSE"]["performer"][0]["name"] == "Martin Van Den Borre"


def test_links_to_subscribe_are_made_of_the_public_address() -> None:
    links = subscribe_links(SITE, "/calendar.ics", "America/Santiago", "GSEF & friends")
    address = "gsef.example.org/calendar.ics?timezone=America/Santiago"
    assert links["url"] == f"https://{address}"
    assert links["webcal"] == f"webcal://{address}"
    assert links["google"].startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fgsef")
    assert parse_qs(urlsplit(links["google"]).query) == {"cid": [f"webcal://{address}"]}
    assert links["outlook"].startswith("https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2F")
    asked = parse_qs(urlsplit(links["outlook"]).query)
    assert asked == {"url": [f"https://{address}"], "name": ["GSEF & friends"]}


@pytest.mark.parametrize("zone", ["Etc/GMT+3", "America/Argentina/Buenos_Aires", "UTC"])
def test_a_link_to_a_feed_keeps_the_zone_that_it_was_made_for(client: TestClient, zone: str) -> None:
    view = session_view(SESSION, SITE, zone)
    for path in (view["subscribe"]["path"], view["people"][0]["feed"] + view["people"][0]["feed_query"]):
        assert parse_qs(urlsplit(path).query, strict_parsing=True) == {"timezone": [zone]}
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_it_says_that_calendars_are_slow_and_mail_is_not(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert "only every few hours" in page
    assert "comes by mail" in page


@pytest.mark.parametrize("path", PAGES)
def test_texts_of_the_program_are_escaped(client: TestClient, source: Shown, path: str) -> None:
    person = msgspec.structs.replace(PEOPLE[1], name=HOSTILE, organization=HOSTILE)
    segments = tuple(msgspec.structs.replace(s, title=HOSTILE) for s in SESSION.segments)
    people = (PEOPLE[0], person, *PEOPLE[2:])
    source.publication = publication(
        title=HOSTILE,
        background=HOSTILE,
        main_question=HOSTILE,
        audience=HOSTILE,
        people=people,
        segments=segments,
        objectives=(HOSTILE,),
        guiding_questions=(HOSTILE,),
    )
    page = client.get(path).text
    assert "<script>alert" not in page
    assert '"&gt;' not in page
    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;{{ 7 * 7 }}" in page


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//host/x",
        "https:",
        "http://[x",
        "x",
    ],
)
def test_only_web_addresses_become_links(client: TestClient, source: Shown, link: str) -> None:
    source.publication = publication(join_url=link)
    assert "Join the session" not in client.get(PAGES[1]).text


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/?timezone=nowhere"])
def test_pages_let_in_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    directives = set(headers["content-security-policy"].split("; "))
    strict = {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"}
    assert directives >= strict | {f"{kind}-src 'self'" for kind in ("style", "script", "img", "connect")}
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/nothing", "/sessions/nothing", "/rehearsal.json", "/static/nothing.css"])
def test_what_is_not_there_is_a_friendly_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert 'href="/"' in answer.text


def test_a_missing_address_is_escaped(client: TestClient) -> None:
    assert "<script>" not in client.get("/<script>alert(1)</script>").text


@pytest.mark.parametrize("path", PAGES)
def test_before_the_first_revision_pages_ask_to_come_again(
    client: TestClient, source: Shown, path: str
) -> None:
    source.publication = None
    answer = client.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "The program is not published yet" in answer.text


def test_an_empty_program_is_a_page_too(client: TestClient, source: Shown) -> None:
    source.publication = first_publication(Program(), ACCEPTED_AT + timedelta(days=1))
    assert "Nothing is scheduled yet." in client.get("/").text


@pytest.mark.parametrize("path", ["/static/style.css", "/static/program.js"])
def test_style_and_script_are_asked_for_anew_and_named_by_their_kind(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-cache", "nosniff")


@pytest.fixture(
    params=[Health(True, 4), Health(False, 4, {"smtp": "refused", "ok": "no"})], ids=["ok", "not ok"]
)
def health(request: pytest.FixtureRequest) -> Iterator[Health]:
    yield request.param


def test_health_is_told_by_status_and_json(health: Health) -> None:
    house = House(SITE, Shown(), lambda: health, lambda: DAY_BEFORE, NOBODYS, UNASKED)
    with TestClient(create_app(house, TEMPLATES)) as client:
        answer = client.get("/healthz")
    assert answer.status_code == (200 if health.ok else 503)
    assert answer.json() == {**health.detail, "ok": health.ok, "role": "all", "revision": 4}


def test_a_session_that_was_taken_out_has_a_page_that_says_so(client: TestClient, source: Shown) -> None:
    source.publication = next_publication(PUBLICATION, Program(), DAY_BEFORE)
    answer = client.get(f"/sessions/{SESSION_ID}")
    assert answer.status_code == 200
    assert "This session has been cancelled." in answer.text
    assert "https://schema.org/EventCancelled" in answer.text
    assert "Join the session" not in answer.text
    assert SESSION_ID not in client.get("/").text


def test_parts_of_the_program_have_calendars_where_there_are_several(
    client: TestClient, source: Shown
) -> None:
    assert "Only a part of it" not in client.get("/").text
    (session,) = PUBLICATION.program.sessions
    sessions = [
        msgspec.structs.replace(session, id=f"s-{number}", track=track, language=language)
        for number, (track, language) in enumerate([("Care", "en"), ("돌봄 & more", "es-CL"), ("Care", "es")])
    ]
    source.publication = first_publication(Program(sessions=tuple(sessions)), ACCEPTED_AT)
    page = client.get("/?timezone=Asia/Seoul").text
    found = re.findall(r'<a href="([^"]+)" data-feed="(/(?:tracks|languages)[^"]+)">([^<]+)</a>', page)
    assert [name for _, _, name in found] == ["Care", "돌봄 &amp; more", "English", "Spanish"]
    for href, address, _ in found:
        assert href == f"{address}?timezone=Asia/Seoul"
        assert client.get(address).status_code == 200
