"""Saying whether one comes, and that one wants no more mail, by the link in a mail."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, delete
from starlette.testclient import TestClient

from gsef_notify.clock import SteppedClock
from gsef_notify.program.changes import next_publication
from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.service.links import PersonalLinks
from gsef_notify.service.replies import Replies, tokens_of
from gsef_notify.service.tokens import Purpose
from gsef_notify.store import answers, people, unsubscribed
from gsef_notify.store.answers import Answer
from gsef_notify.store.database import reading, transaction
from gsef_notify.store.links import contact_of
from gsef_notify.store.tables import contacts
from gsef_notify.web.app import create_app
from tests.web.conftest import TEMPLATES
from tests.web.gsef2021 import DAY_BEFORE, PUBLICATION, SESSION, SESSION_ID, Shown, house

ERIC, AWA = "eric-leyton-inostroza@people.example.org", "awa@example.org"
STRANGE = ("x" * 43, "A", "..%2Fcalendar", "%00", "a" * 5000, "é", "%ED%A0%80" * 10)
TITLE = "Initiatives and alliances between local governments"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(DAY_BEFORE)


@pytest.fixture
def replies(engine: Engine, clock: SteppedClock) -> Replies:
    awa = Contact(name="Awa <b>Ndiaye", email=AWA, role="participant", session=SESSION_ID)
    with transaction(engine) as connection:
        people.add(connection, [awa])
        people.link(connection, PUBLICATION.program)
    return Replies(engine, clock, tokens_of(engine))


@pytest.fixture
def client(engine: Engine, source: Shown, replies: Replies, clock: SteppedClock) -> Iterator[TestClient]:
    app = create_app(
        house(source, links=PersonalLinks(engine, clock), replies=replies, clock=clock.now), TEMPLATES
    )
    with TestClient(app, follow_redirects=False) as client:
        yield client


def contact(engine: Engine, email: str) -> int:
    with reading(engine) as connection:
        return contact_of(connection, email) or 0


def path(engine: Engine, purpose: Purpose, email: str, session: str = SESSION_ID) -> str:
    return f"/{purpose}/{tokens_of(engine).issue(purpose, contact(engine, email), session)}"


def kept(engine: Engine, email: str) -> Answer | None:
    with reading(engine) as connection:
        return answers.answer_of(connection, contact(engine, email), SESSION_ID)


def without(engine: Engine, email: str) -> set[str]:
    with reading(engine) as connection:
        return set(unsubscribed.sessions_of(connection, contact(engine, email)))


def test_a_speaker_sees_their_slot_by_three_clocks(client: TestClient, engine: Engine) -> None:
    page = client.get(path(engine, "rsvp", ERIC))
    text = page.text
    assert page.status_code == 200
    assert "Eric Leyton Inostroza" in text
    assert "Work Integration Social Enterprises" in text
    clocks = ["Santiago time (UTC-03:00)", "Seoul time (UTC+09:00)", ">UTC<"]
    places = [text.index(each) for each in clocks]
    assert places == sorted(places)
    slot = text[text.index("Work Integration") : text.index("The whole session")]
    assert [time in slot for time in (">06:21<", ">18:21<", ">09:21<", ">06:00<")] == [
        True,
        True,
        True,
        False,
    ]
    assert "Network of local governments" not in text


def test_a_listener_sees_the_session_and_nothing_is_taken_for_html(
    client: TestClient, engine: Engine
) -> None:
    text = client.get(path(engine, "rsvp", AWA)).text
    assert "Awa &lt;b&gt;Ndiaye" in text
    assert "The whole session" not in text
    assert "Will you be there?" in text


def test_the_page_is_for_its_reader_alone(client: TestClient, engine: Engine) -> None:
    for purpose in ("rsvp", "unsubscribe"):
        fields = client.get(path(engine, purpose, ERIC)).headers
        assert fields["cache-control"] == "private, no-store"
        assert fields["referrer-policy"] == "no-referrer"
        assert fields["x-robots-tag"] == "noindex, nofollow, noarchive"


@pytest.mark.parametrize(
    ("choice", "said"),
    [("accepted", "You have confirmed"), ("declined", "You have declined"), ("tentative", "may come")],
)
def test_an_answer_is_kept_and_shown(client: TestClient, engine: Engine, choice: str, said: str) -> None:
    there = path(engine, "rsvp", ERIC)
    posted = client.post(there, data={"answer": choice, "comment": " I speak\r\n<i>first</i>\u202e "})
    assert (posted.status_code, posted.headers["location"]) == (303, there)
    assert kept(engine, ERIC) == Answer(
        contact_id=contact(engine, ERIC),
        session=SESSION_ID,
        answer=choice,  # type: ignore[arg-type]
        answered_at=DAY_BEFORE,
        via="link",
        comment="I speak <i>first</i>",
    )
    text = client.get(there).text
    assert said in text
    assert "I speak &lt;i&gt;first&lt;/i&gt;" in text
    assert "Thursday 7 October 2021, 09:00" in text


def test_an_answer_may_be_changed(client: TestClient, engine: Engine, clock: SteppedClock) -> None:
    there = path(engine, "rsvp", ERIC)
    client.post(there, data={"answer": "accepted", "comment": "한" * 500})
    assert kept(engine, ERIC).comment == "한" * 500  # type: ignore[union-attr]
    clock.set(DAY_BEFORE + timedelta(minutes=1))
    client.post(there, data={"answer": "declined"})
    answer = kept(engine, ERIC)
    assert answer is not None
    assert (answer.answer, answer.comment) == ("declined", None)
    assert kept(engine, AWA) is None


def test_looking_answers_nothing(client: TestClient, engine: Engine) -> None:
    for there in (path(engine, "rsvp", ERIC), path(engine, "unsubscribe", ERIC)):
        client.get(f"{there}?answer=accepted&List-Unsubscribe=One-Click")
        client.head(there)
    assert kept(engine, ERIC) is None
    assert without(engine, ERIC) == set()


@pytest.mark.parametrize(
    ("form", "status"),
    [({}, 400), ({"answer": "perhaps"}, 400), ({"answer": "accepted", "comment": "x" * 9000}, 413),
     ({f"f{number}": "x" for number in range(50)}, 400)],
)  # fmt: skip
def test_a_form_that_makes_no_sense_does_nothing(
    client: TestClient, engine: Engine, form: dict[str, str], status: int
) -> None:
    assert client.post(path(engine, "rsvp", ERIC), data=form).status_code == status
    assert kept(engine, ERIC) is None


def test_a_session_that_is_over_asks_nobody(client: TestClient, engine: Engine, clock: SteppedClock) -> None:
    clock.set(SESSION.end)
    there = path(engine, "rsvp", ERIC)
    assert "This session has ended" in client.get(there).text
    assert client.post(there, data={"answer": "accepted"}).status_code == 303
    assert kept(engine, ERIC) is None


def test_a_cancelled_session_says_so(client: TestClient, engine: Engine, source: Shown) -> None:
    source.publication = next_publication(PUBLICATION, Program(), DAY_BEFORE)
    there = path(engine, "rsvp", ERIC)
    page = client.get(there).text
    assert "This session has been cancelled" in page
    assert "<form" not in page
    client.post(there, data={"answer": "accepted"})
    assert kept(engine, ERIC) is None


def test_somebody_who_was_taken_out_is_not_asked(client: TestClient, engine: Engine) -> None:
    with transaction(engine) as connection:
        people.link(connection, Program(sessions=(replace(SESSION, people=(), segments=()),)))
    there = path(engine, "rsvp", ERIC)
    assert "You are not named in the program of this session any more" in client.get(there).text
    client.post(there, data={"answer": "accepted"})
    assert kept(engine, ERIC) is None


@pytest.mark.parametrize("token", STRANGE)
@pytest.mark.parametrize("room", ["rsvp", "unsubscribe"])
def test_an_unknown_token_opens_nothing(client: TestClient, room: str, token: str) -> None:
    answer = client.get(f"/{room}/{token}")
    assert answer.status_code == 404
    assert token[:20] not in answer.text
    assert client.post(f"/{room}/{token}", data={"answer": "accepted"}).status_code == 404


def test_a_token_opens_only_what_it_is_for(client: TestClient, engine: Engine) -> None:
    mine = path(engine, "rsvp", ERIC)
    strangers = [
        mine.replace("/rsvp/", "/unsubscribe/"),
        mine.replace("/rsvp/", "/my/"),
        path(engine, "unsubscribe", ERIC).replace("/unsubscribe/", "/rsvp/"),
        path(engine, "rsvp", ERIC, "no-such-session"),
        path(engine, "rsvp", "nobody@example.org"),
    ]
    pages = [client.get(each) for each in strangers]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text.replace("/rsvp/", "/unsubscribe/") for page in pages[:1] + pages[2:]}) == 1


def test_the_token_of_somebody_forgotten_opens_nothing(client: TestClient, engine: Engine) -> None:
    paths = [path(engine, "rsvp", AWA), path(engine, "unsubscribe", AWA)]
    with transaction(engine) as connection:
        connection.execute(delete(contacts).where(contacts.c.email == AWA))
    assert [client.get(each).status_code for each in paths] == [404, 404]


@pytest.mark.parametrize("as_files", [False, True])
def test_a_mail_program_unsubscribes_by_itself(client: TestClient, engine: Engine, as_files: bool) -> None:
    field = {"List-Unsubscribe": "One-Click"}
    sent = {"files": {name: (None, value) for name, value in field.items()}} if as_files else {"data": field}
    answer = client.post(path(engine, "unsubscribe", AWA), **sent)
    assert answer.status_code == 200
    assert "You get no more reminders" in answer.text
    assert without(engine, AWA) == {SESSION_ID}


def test_who_unsubscribed_may_undo_it(client: TestClient, engine: Engine) -> None:
    there = path(engine, "unsubscribe", AWA)
    assert TITLE in client.get(there).text
    client.post(there, data={"stop": "1"})
    assert "Send me reminders again" in client.get(there).text
    assert "No more reminders?" in client.post(there, data={"undo": "1"}).text
    assert without(engine, AWA) == set()
    client.post(there, data={"all": "1"})
    assert without(engine, AWA) == {""}
    assert "no reminders of any session" in client.get(there).text
    client.post(there, data={"undo": "1"})
    assert without(engine, AWA) == set()


def test_a_link_may_be_for_all_sessions(client: TestClient, engine: Engine, source: Shown) -> None:
    there = path(engine, "unsubscribe", AWA, "")
    assert "You get reminders of the sessions of GSEF 2021" in client.get(there).text
    client.post(there, data={"List-Unsubscribe": "One-Click"})
    assert without(engine, AWA) == {""}
    source.publication = next_publication(PUBLICATION, Program(), DAY_BEFORE)
    assert client.get(there).status_code == 200


def test_nobody_answers_for_another(client: TestClient, engine: Engine) -> None:
    client.post(path(engine, "rsvp", AWA), data={"answer": "declined"})
    client.post(path(engine, "unsubscribe", AWA), data={"all": "1"})
    assert kept(engine, ERIC) is None
    assert without(engine, ERIC) == set()
    assert AWA not in client.get(path(engine, "rsvp", AWA)).text


def test_no_token_is_logged(
    client: TestClient, engine: Engine, source: Shown, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for purpose in ("rsvp", "unsubscribe"):
            there = path(engine, purpose, ERIC)
            client.get(there)
            client.post(there, data={"answer": "accepted"})
        source.publication = None
        assert client.get(path(engine, "rsvp", ERIC)).status_code == 503
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("gsef_notify")]
    tokens = [path(engine, "rsvp", ERIC), path(engine, "unsubscribe", ERIC)]
    assert not any(token.rpartition("/")[2] in line for line in ours for token in tokens)
