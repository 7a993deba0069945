"""What comes in is taken into account only where it is true of what we sent."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from gsef_notify import wiring
from gsef_notify.errors import GsefNotifyError
from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.service.calendar_replies import Inbox
from gsef_notify.service.inbound import take
from gsef_notify.service.publish import publish, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store import answers, outbox, suppressions
from gsef_notify.store.answers import Answer
from gsef_notify.store.database import reading, transaction
from gsef_notify.store.links import contact_of
from gsef_notify.store.outbox import Told
from gsef_notify.store.tables import deliveries
from tests.conftest import POLICY, utc

MAILS = Path(__file__).parents[1] / "mail" / "inbound"
SENT_AT, NOW = utc("2021-10-01 09:01"), utc("2021-10-01 09:05")
OURS, ERIC = b"<0123456789abcdef@gsef.example>", b"eric@coop.example"
ERICS = "Eric@coop.example"  # as the contact list has it


@dataclass(frozen=True)
class Said:
    """An answer as a calendar gives it."""

    uid: str
    attendee: str
    partstat: str = "ACCEPTED"
    dtstamp: datetime = NOW
    sequence: int | None = 3
    comment: str = ""


@pytest.fixture
def published(engine: Engine, program: Program) -> Program:
    """The sample and some people: one who speaks, one who moderates, and two who listen."""
    session = program.sessions[0].id
    people = [
        Contact(name="Eric Leyton Inostroza", email="Eric@coop.example", role="speaker"),
        Contact(name="Dara Huot", email="dara@coop.example", role="moderator"),
        Contact(name="Ana", email="ana@coop.example", role="participant", session=session),
        Contact(name="Bo", email="bo@coop.example", role="participant", session="another"),
    ]
    take_contacts(engine, people, POLICY, SENT_AT)
    publish(engine, program, POLICY, SENT_AT)
    return program


@pytest.fixture
def sent(engine: Engine, published: Program) -> int:
    """A delivery to Eric that went out."""
    told = Told(subject="x", facts=None, timezone="UTC", revision=1, message_id=OURS.decode())
    with transaction(engine) as connection:
        outbox.expand(connection, SENT_AT)
        delivery = outbox.claim(connection, "test", SENT_AT)
        assert delivery is not None
        assert delivery.email == "Eric@coop.example"
        assert outbox.mark_sent(connection, delivery, told, "250 OK", SENT_AT)
    return delivery.id


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    return wiring.inbox(Settings(), engine)


def mail(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def state_of(engine: Engine, delivery_id: int) -> tuple[str, str | None]:
    columns = (deliveries.c.state, deliveries.c.reason)
    with reading(engine) as connection:
        row = connection.execute(select(*columns).where(deliveries.c.id == delivery_id)).one()
    return row.state, row.reason


def suppressed(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        return [(each.email, each.status) for each in suppressions.listed(connection)]


@pytest.mark.parametrize(("name", "status"), [("postfix", "5.1.1"), ("exim", "5.2.1")])
def test_an_address_that_is_none_gets_nothing_more(
    inbox: Inbox, engine: Engine, sent: int, name: str, status: str
) -> None:
    outcome = take(inbox, mail(name), NOW)
    assert outcome == (True, f"delivery {sent} came back ({status}): its address gets nothing more")
    state, reason = state_of(engine, sent)
    assert (state, (reason or "")[:21]) == ("bounced", f"{status}: smtp; 550 {status}"[:21])
    assert suppressed(engine) == [(ERICS, status)]


@pytest.mark.parametrize("name", ["gmail-full", "sendmail", "exim-old", "qmail"])
def test_what_may_pass_ends_the_delivery_alone(inbox: Inbox, engine: Engine, sent: int, name: str) -> None:
    assert take(inbox, mail(name), NOW).handled
    assert state_of(engine, sent)[0] == "bounced"
    assert suppressed(engine) == []


@pytest.mark.parametrize(
    ("name", "handled", "sentence"),
    [
        ("postfix-delayed", True, "is delayed (4.4.1)"),
        ("exchange-old", False, "what can not be understood"),
        ("out-of-office", True, "an automatic answer"),
        ("ordinary", False, "a mail for people"),
    ],
)
def test_what_is_no_bounce_changes_nothing(
    inbox: Inbox, engine: Engine, sent: int, name: str, handled: bool, sentence: str
) -> None:
    outcome = take(inbox, mail(name), NOW)
    assert (outcome.handled, sentence in outcome.sentence) == (handled, True)
    assert state_of(engine, sent)[0] == "sent"
    assert suppressed(engine) == []


@pytest.mark.parametrize("forged", [b"<x@gsef.example>", b"<%>"])
def test_a_bounce_of_what_we_never_sent_is_not_believed(
    inbox: Inbox, engine: Engine, sent: int, forged: bytes
) -> None:
    outcome = take(inbox, mail("postfix").replace(OURS, forged), NOW)
    assert outcome == (False, "a mail that came back is none of ours: nothing was sent with its Message-ID")
    assert suppressed(engine) == []


def test_a_bounce_of_another_address_is_not_believed(inbox: Inbox, engine: Engine, sent: int) -> None:
    forged = mail("postfix").replace(ERIC, b"somebody@else.example")
    outcome = take(inbox, forged, NOW)
    assert outcome == (False, f"delivery {sent} is said to come back from where it was not sent to")
    assert state_of(engine, sent)[0] == "sent"
    assert suppressed(engine) == []


def test_an_address_that_was_released_is_not_suppressed_by_the_same_bounce(
    inbox: Inbox, engine: Engine, sent: int
) -> None:
    take(inbox, mail("postfix"), NOW)
    with transaction(engine) as connection:
        suppressions.lift(connection, ERICS)
    assert "but is bounced already" in take(inbox, mail("postfix"), NOW).sentence
    assert suppressed(engine) == []


def test_an_address_in_other_letters_is_the_same(inbox: Inbox, engine: Engine, sent: int) -> None:
    shouted = mail("postfix").replace(ERIC, ERIC.upper())
    assert take(inbox, shouted, NOW).handled
    assert suppressed(engine) == [(ERICS, "5.1.1")]


def test_no_sentence_has_an_address(inbox: Inbox, sent: int) -> None:
    for file in MAILS.glob("*.eml"):
        assert "@" not in take(inbox, mail(file.stem), NOW).sentence


def answer_of(engine: Engine, email: str, session: str) -> Answer | None:
    with reading(engine) as connection:
        return answers.answer_of(connection, contact_of(connection, email) or 0, session)


def slot_uid(program: Program, person: str) -> str:
    session = program.sessions[0]
    theirs = next(each for each in session.people if each.name == person)
    return f"{session.id}.{session.segments_of(theirs.id)[0].id}@gsef-notify.invalid"


def answered(inbox: Inbox, said: Said, now: datetime = NOW) -> str:
    content = mail("reply-google")
    return take(replace(inbox, read_reply=lambda _: said), content, now).sentence


@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_a_calendar_answers_for_a_slot(
    inbox: Inbox, engine: Engine, published: Program, partstat: str
) -> None:
    session = published.sessions[0].id
    said = Said(
        slot_uid(published, "Eric Leyton Inostroza"), "eric@coop.example", partstat, comment="x" * 900
    )
    assert f"accepted session {session}" in answered(inbox, said).replace("declined", "accepted")
    answer = answer_of(engine, "Eric@coop.example", session)
    assert answer is not None
    assert (answer.answer, answer.via, answer.sequence) == (partstat.lower(), "mail", 3)
    assert (answer.answered_at, answer.comment) == (NOW, "x" * 500)


def test_who_listens_answers_for_the_session(inbox: Inbox, engine: Engine, published: Program) -> None:
    session = published.sessions[0].id
    for email in ("ana@coop.example", "bo@coop.example"):
        answered(inbox, Said(f"{session}@gsef-notify.invalid", email))
    assert answer_of(engine, "ana@coop.example", session) is not None
    assert answer_of(engine, "bo@coop.example", session) is None


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("ana@coop.example", "not theirs"),
        ("nobody@coop.example", "whom the contact list does not have"),
        ("%@coop.example", "whom the contact list does not have"),
    ],
)
def test_nobody_answers_for_a_slot_that_is_not_theirs(
    inbox: Inbox, engine: Engine, published: Program, email: str, sentence: str
) -> None:
    said = Said(slot_uid(published, "Eric Leyton Inostroza"), email)
    assert sentence in answered(inbox, said)
    with reading(engine) as connection:
        assert answers.listed(connection) == []


def test_an_answer_by_somebody_else_says_so(inbox: Inbox, published: Program) -> None:
    said = Said(slot_uid(published, "Dara Huot"), "dara@coop.example")
    assert answered(inbox, said).endswith("(written from another address than theirs)")
    own = Said(slot_uid(published, "Eric Leyton Inostroza"), "eric@coop.example")
    assert "another address" not in answered(inbox, own)


def test_an_answer_from_the_future_does_not_stay_for_ever(
    inbox: Inbox, engine: Engine, published: Program
) -> None:
    uid, session = slot_uid(published, "Eric Leyton Inostroza"), published.sessions[0].id
    answered(inbox, Said(uid, "eric@coop.example", dtstamp=utc("2099-01-01 00:00")))
    later = NOW + timedelta(minutes=1)
    answered(inbox, Said(uid, "eric@coop.example", "DECLINED", dtstamp=later), later)
    old = Said(uid, "eric@coop.example", "ACCEPTED", dtstamp=NOW)
    assert "but said something else later" in answered(inbox, old, later)
    answer = answer_of(engine, "Eric@coop.example", session)
    assert answer is not None
    assert answer.answer == "declined"


def test_an_answer_that_says_nothing_is_left_to_people(inbox: Inbox, published: Program) -> None:
    said = Said(slot_uid(published, "Eric Leyton Inostroza"), "eric@coop.example", "DELEGATED")
    assert "'DELEGATED', which is neither yes nor no" in answered(inbox, said)
    over = published.sessions[0].end
    assert "a session that is over" in answered(inbox, replace(said, partstat="ACCEPTED"), over)


def test_a_calendar_that_is_not_understood_is_left_to_people(inbox: Inbox) -> None:
    def refuse(_: bytes) -> Said:
        raise GsefNotifyError("no UID\nin it")

    outcome = take(replace(inbox, read_reply=refuse), mail("reply-google"), NOW)
    assert outcome == (False, "a calendar answers what can not be understood: no UID in it")
