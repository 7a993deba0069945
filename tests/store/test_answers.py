"""What people say of a session, who wants no mail, and to whom none can be delivered."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, delete, literal, select

from gsef_notify.reminders.people import Contact
from gsef_notify.store import answers, people, secrets, suppressions, unsubscribed
from gsef_notify.store.answers import Answer
from gsef_notify.store.database import transaction
from gsef_notify.store.links import contact_of
from gsef_notify.store.suppressions import NotSuppressed, Suppression
from gsef_notify.store.tables import contacts
from tests.conftest import utc

pytestmark = pytest.mark.both_databases

NOON = utc("2021-10-07 12:00")
LATER = NOON + timedelta(minutes=1)
GONE = Suppression(email="ana@example.org", reason="550 5.1.1 unknown", since=NOON, status="5.1.1")


@pytest.fixture
def ana(engine: Engine) -> int:
    with transaction(engine) as connection:
        people.add(connection, [Contact(name="Ana", email="ana@example.org", role="participant")])
        return contact_of(connection, "ana@example.org") or 0


@pytest.fixture
def yes(ana: int) -> Answer:
    return Answer(contact_id=ana, session="a", answer="accepted", answered_at=NOON, via="link", comment="Sí")


def test_the_latest_answer_counts(engine: Engine, yes: Answer) -> None:
    no = replace(yes, answer="declined", answered_at=LATER, via="mail", sequence=2, comment=None)
    with transaction(engine) as connection:
        assert [answers.keep(connection, each) for each in (yes, no, yes)] == [True, True, False]
        assert answers.answer_of(connection, yes.contact_id, "a") == no


def test_an_answer_is_for_one_session(engine: Engine, yes: Answer) -> None:
    other = replace(yes, session="b", answer="tentative")
    with transaction(engine) as connection:
        answers.keep(connection, yes)
        answers.keep(connection, other)
        assert answers.of_session(connection, "a") == {yes.contact_id: yes}
        assert answers.of_session(connection, "c") == {}
        assert answers.listed(connection) == [yes, other]


def test_what_somebody_said_goes_with_them(engine: Engine, ana: int, yes: Answer) -> None:
    with transaction(engine) as connection:
        answers.keep(connection, yes)
        unsubscribed.unsubscribe(connection, ana, "a", NOON)
        connection.execute(delete(contacts))
        assert answers.listed(connection) == []
        assert unsubscribed.sessions_of(connection, ana) == frozenset()


def test_an_address_is_suppressed_until_that_is_lifted(engine: Engine, ana: int) -> None:
    left = select(contacts.c.id).where(~suppressions.is_suppressed(contacts.c.email))
    with transaction(engine) as connection:
        suppressions.suppress(connection, GONE)
        suppressions.suppress(connection, replace(GONE, reason="again", since=LATER))
        assert suppressions.listed(connection) == [GONE]
        assert suppressions.reason_of(connection, GONE.email.upper()) == GONE.reason
        assert suppressions.count(connection) == 1
        assert connection.scalars(left).all() == []
        suppressions.lift(connection, GONE.email.upper())
        with pytest.raises(NotSuppressed, match=r"mail goes to ana@example\.org"):
            suppressions.lift(connection, GONE.email)
        assert suppressions.reason_of(connection, GONE.email) is None
        assert connection.scalars(left).all() == [ana]


def test_reminders_stop_for_a_session_or_for_all(engine: Engine, ana: int) -> None:
    with transaction(engine) as connection:

        def stopped(session: str) -> bool:
            condition = unsubscribed.is_unsubscribed(literal(ana), literal(session))
            return bool(connection.scalar(select(condition)))

        unsubscribed.unsubscribe(connection, ana, "a", NOON)
        unsubscribed.unsubscribe(connection, ana, "a", LATER)
        assert [stopped(each) for each in "ab"] == [True, False]
        unsubscribed.unsubscribe(connection, ana, unsubscribed.ALL_SESSIONS, NOON)
        assert [stopped(each) for each in "ab"] == [True, True]
        unsubscribed.resubscribe(connection, ana, "a")
        assert [stopped(each) for each in "ab"] == [False, False]


def test_a_secret_is_made_once(engine: Engine) -> None:
    with transaction(engine) as connection:
        made = secrets.secret(connection, "tokens")
        assert secrets.secret(connection, "other") != made
    with transaction(engine) as connection:
        assert secrets.secret(connection, "tokens") == made
    assert len(made) == 32
