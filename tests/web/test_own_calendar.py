"""A calendar of one's own: what one speaks in and starred, behind a link that one can void."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
from icalendar import Calendar
from msgspec.structs import replace
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from gsef_notify.clock import SteppedClock
from gsef_notify.program.changes import next_publication
from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.service.links import PersonalLinks, UnknownContact, UnknownLink
from gsef_notify.store import people
from gsef_notify.store.database import transaction
from gsef_notify.store.tables import links as links_table
from gsef_notify.web.app import create_app
from tests.web.conftest import TEMPLATES
from tests.web.gsef2021 import DAY_BEFORE, PUBLICATION, SESSION, SESSION_ID, SITE, Shown, house

ERIC, AWA, DARA = (
    "eric-leyton-inostroza@people.example.org",
    "awa@example.org",
    "dara-huot@people.example.org",
)
ERICS = f"{SESSION_ID}.s5@{SITE.uid_domain}"
CHAT = f"{SESSION_ID}/s9"
STRANGE = ("x" * 43, "A", "..%2Fcalendar", "%00", "a" * 5000, "é")


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(DAY_BEFORE)


@pytest.fixture
def links(engine: Engine, clock: SteppedClock) -> PersonalLinks:
    awa = Contact(name="Awa Ndiaye", email=AWA, role="participant", session="none", language="fr-SN")
    with transaction(engine) as connection:
        people.add(connection, [awa])
        people.link(connection, PUBLICATION.program)
    return PersonalLinks(engine, clock)


@pytest.fixture
def client(source: Shown, links: PersonalLinks, clock: SteppedClock) -> Iterator[TestClient]:
    with TestClient(create_app(house(source, links=links, clock=clock.now), TEMPLATES)) as client:
        yield client


def uids(answer: httpx2.Response) -> list[str]:
    return [str(event["UID"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


def feed(client: TestClient, token: str, **headers: str) -> httpx2.Response:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"/my/{token}.ics", headers=fields)


def test_a_speaker_has_their_slot_in_their_zone(client: TestClient, links: PersonalLinks) -> None:
    answer = feed(client, links.issue(ERIC, "phone"))
    assert uids(answer) == [ERICS]
    assert b"DTSTART;TZID=America/Santiago:20211008T062100" in answer.content
    assert b"NAME:Eric Leyton Inostroza - GSEF 2021" in answer.content
    assert b"SOURCE" not in answer.content


def test_a_moderator_has_the_whole_session(client: TestClient, links: PersonalLinks) -> None:
    assert len(uids(feed(client, links.issue(DARA, "")))) == 10


def test_what_is_starred_is_there_in_ones_language(client: TestClient, links: PersonalLinks) -> None:
    token = links.issue(AWA, "laptop")
    assert uids(feed(client, token)) == []
    client.post(f"/my/{token}", data={"star": CHAT})
    answer = feed(client, token)
    assert uids(answer) == [f"{SESSION_ID}.s9@{SITE.uid_domain}"]
    assert b"Lien :" in answer.content
    client.post(f"/my/{token}", data={"star": SESSION_ID})
    assert len(uids(feed(client, token))) == 10
    client.post(f"/my/{token}", data={"unstar": SESSION_ID})
    client.post(f"/my/{token}", data={"unstar": CHAT})
    assert uids(feed(client, token)) == []


def test_the_audience_of_a_session_has_it(client: TestClient, links: PersonalLinks, engine: Engine) -> None:
    with transaction(engine) as connection:
        for session in ("", SESSION_ID):
            email = f"p{session}@example.org"
            people.add(connection, [Contact(name="P", email=email, role="participant", session=session)])
    for session in ("", SESSION_ID):
        assert len(uids(feed(client, links.issue(f"p{session}@example.org", "")))) == 10


def test_what_was_starred_and_is_cancelled_says_so(
    client: TestClient, links: PersonalLinks, source: Shown
) -> None:
    token = links.issue(AWA, "")
    client.post(f"/my/{token}", data={"star": CHAT})
    kept = tuple(segment for segment in SESSION.segments if segment.id != "s9")
    without = Program(sessions=(replace(SESSION, segments=kept),))
    source.publication = next_publication(PUBLICATION, without, DAY_BEFORE)
    (event,) = Calendar.from_ical(feed(client, token).content).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_the_query_has_precedence(client: TestClient, links: PersonalLinks) -> None:
    token = links.issue(ERIC, "")
    answer = client.get(f"/my/{token}.ics?timezone=Asia/Seoul&lang=ko&alarm=15&detail=sessions")
    assert b"DTSTART;TZID=Asia/Seoul:20211008T180000" in answer.content
    assert b"BEGIN:VALARM" in answer.content
    assert client.get(f"/my/{token}.ics?timezone=Nowhere").status_code == 400


def test_the_answer_is_for_its_owner_alone(client: TestClient, links: PersonalLinks) -> None:
    answer = feed(client, links.issue(ERIC, ""))
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    assert "access-control-allow-origin" not in answer.headers


def test_what_the_client_has_is_not_sent_again(client: TestClient, links: PersonalLinks) -> None:
    token = links.issue(ERIC, "")
    tag = feed(client, token).headers["etag"]
    assert feed(client, token, if_none_match=tag).status_code == 304
    assert client.head(f"/my/{token}.ics").status_code == 200


def test_the_last_fetch_is_kept_and_nothing_else(
    client: TestClient, links: PersonalLinks, engine: Engine, clock: SteppedClock
) -> None:
    token = links.issue(ERIC, "phone")
    client.head(f"/my/{token}.ics")
    assert links.listed()[0]["fetched_at"] is None
    feed(client, token, user_agent="Mozilla/5.0 (X11; rv:128.0) Gecko/2010 Thunderbird/128.4")
    (kept,) = links.listed()
    assert (kept["fetched_at"], kept["client"], kept["revision"]) == (DAY_BEFORE, "Thunderbird", 1)
    clock.set(DAY_BEFORE + timedelta(minutes=5))
    feed(client, token, user_agent="Thunderbird/128.4")
    assert links.listed()[0]["fetched_at"] == DAY_BEFORE
    feed(client, token, user_agent="ICSx5/2.3")
    assert links.listed()[0]["fetched_at"] == DAY_BEFORE + timedelta(minutes=5)
    with transaction(engine) as connection:
        row = dict(connection.execute(select(links_table)).mappings().one())
    assert set(row) == {"id", "contact_id", "digest", "device", "created_at", "revoked_at", "fetched_at",
                        "client", "revision"}  # fmt: skip
    assert token not in str(row)


def test_a_void_link_explains_itself_and_later_is_gone(
    client: TestClient, links: PersonalLinks, clock: SteppedClock
) -> None:
    token, other = links.issue(ERIC, "phone"), links.issue(ERIC, "laptop")
    links.revoke(links.listed()[0]["id"])
    answer = feed(client, token)
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (answer.status_code, str(event["SUMMARY"])) == (200, "This calendar link is no longer valid")
    assert feed(client, token, if_none_match=answer.headers["etag"]).status_code == 304
    assert uids(feed(client, other)) == [ERICS]
    clock.set(DAY_BEFORE + timedelta(days=31))
    assert feed(client, token).status_code == 410
    assert uids(feed(client, other)) == [ERICS]


def test_the_page_of_an_unknown_and_of_a_void_link_are_alike(
    client: TestClient, links: PersonalLinks
) -> None:
    token = links.issue(ERIC, "")
    links.revoke(links.listed()[0]["id"])
    answers = [client.get(f"/my/{each}") for each in (token, "x" * 43)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("token", STRANGE)
def test_an_unknown_token_opens_nothing(client: TestClient, token: str) -> None:
    for query in ("", "?timezone=Nowhere"):
        answer = client.get(f"/my/{token}.ics{query}")
        assert answer.status_code == 404
        assert token[:20] not in answer.text
    assert client.post(f"/my/{token}", data={"star": CHAT}).status_code == 404


def test_nobody_reads_or_changes_what_is_somebody_elses(client: TestClient, links: PersonalLinks) -> None:
    emails = [f"{person.id}@people.example.org" for person in SESSION.people if person.role == "speaker"]
    tokens = {email: links.issue(email, "") for email in emails}
    numbers = {link["email"]: link["id"] for link in links.listed()}
    own = {email: uids(feed(client, token)) for email, token in tokens.items()}
    assert len({uid for each in own.values() for uid in each}) == len(emails)
    for email, token in tokens.items():
        for other in set(emails) - {email}:
            client.post(f"/my/{token}", data={"revoke": str(numbers[other])})
            page = client.get(f"/my/{token}").text
            assert other not in page
            assert tokens[other] not in page
    assert {link["revoked_at"] for link in links.listed()} == {None}


def test_a_device_is_added_and_voided_on_the_page(client: TestClient, links: PersonalLinks) -> None:
    token = links.issue(ERIC, "phone")
    page = client.post(f"/my/{token}", data={"device": "my  laptop"}).text
    address = page.partition('id="new" class="copy" value="')[2].partition('"')[0]
    assert address.startswith(f"{SITE.public_url}/my/")
    new_token = address.rpartition("/")[2].removesuffix(".ics")
    assert uids(feed(client, new_token)) == [ERICS]
    assert [link["device"] for link in links.listed()] == ["phone", "my laptop"]
    answer = client.post(
        f"/my/{token}", data={"revoke": str(links.listed()[1]["id"])}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/my/{token}")
    assert client.get(f"/my/{new_token}").status_code == 404
    assert new_token not in client.get(f"/my/{token}").text


@pytest.mark.parametrize(
    ("form", "status"),
    [({}, 400), ({"star": "nothing/there"}, 400), ({"revoke": "²"}, 400), ({"revoke": "9" * 99}, 400),
     ({"device": "x" * 9000}, 413)],
)  # fmt: skip
def test_a_form_that_makes_no_sense_does_nothing(
    client: TestClient, links: PersonalLinks, form: dict[str, str], status: int
) -> None:
    token = links.issue(ERIC, "phone")
    assert client.post(f"/my/{token}", data=form).status_code == status
    assert len(links.listed()) == 1


def test_no_token_is_logged(
    client: TestClient, links: PersonalLinks, source: Shown, caplog: pytest.LogCaptureFixture
) -> None:
    token = links.issue(ERIC, "phone")
    with caplog.at_level(logging.DEBUG):
        feed(client, token)
        client.get(f"/my/{token}")
        source.publication = replace(PUBLICATION, lineages={})
        assert feed(client, token).status_code == 503
    ours = [record for record in caplog.records if record.name.startswith("gsef_notify")]
    assert ours
    assert token not in "".join(f"{record.getMessage()}{record.exc_text}" for record in ours)


def test_links_are_for_people_who_are_known(links: PersonalLinks) -> None:
    with pytest.raises(UnknownContact, match=r"nobody@example\.org"):
        links.issue("nobody@example.org", "")
    with pytest.raises(UnknownLink, match="no valid link 7"):
        links.revoke(7)
