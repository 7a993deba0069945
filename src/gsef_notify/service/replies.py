"""What people answer to mails by the links in them: whether they come, and whether they want more mail."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from gsef_notify.clock import Clock
from gsef_notify.service.tokens import Purpose, Tokens
from gsef_notify.store import answers, links, unsubscribed
from gsef_notify.store.answers import Answer, Asked, Choice
from gsef_notify.store.database import reading, transaction
from gsef_notify.store.secrets import keep as keep_secret
from gsef_notify.store.secrets import secret
from gsef_notify.store.unsubscribed import ALL_SESSIONS, Subscriber


def tokens_of(engine: Engine) -> Tokens:
    """The tokens that a database vouches for."""
    with transaction(engine) as connection:
        return Tokens(secret(connection, "tokens"))


def let_be_known(engine: Engine) -> None:
    """Let the tokens of a rehearsal be the same each time; nobody is sent them."""
    with transaction(engine) as connection:
        keep_secret(connection, "tokens", bytes(32))


@dataclass(frozen=True)
class Replies:
    """The answers as they are kept in the database. Every call waits for it."""

    engine: Engine
    clock: Clock
    tokens: Tokens

    def asked(self, token: str) -> Asked | None:
        """Who is asked whether they come, None for a token that nobody was given."""
        with reading(self.engine) as connection:
            if (found := self._read(connection, "rsvp", token)) is None:
                return None
            owner = links.owner(connection, found[0])
            return Asked(owner, found[1], answers.answer_of(connection, *found))

    def keep(self, asked: Asked, choice: Choice, comment: str) -> None:
        """Keep what they say."""
        answer = Answer(
            contact_id=asked.owner.contact_id,
            session=asked.session,
            answer=choice,
            answered_at=self.clock.now(),
            via="link",
            comment=comment or None,
        )
        with transaction(self.engine) as connection:
            answers.keep(connection, answer)

    def subscriber(self, token: str) -> Subscriber | None:
        """Who may not want reminders, None for a token that nobody was given."""
        with reading(self.engine) as connection:
            if (found := self._read(connection, "unsubscribe", token)) is None:
                return None
            owner = links.owner(connection, found[0])
            return Subscriber(owner, found[1], unsubscribed.sessions_of(connection, found[0]))

    def unsubscribe(self, subscriber: Subscriber, *, of_all: bool) -> None:
        """Send them no more reminders of the session of their token, or of any."""
        session = ALL_SESSIONS if of_all else subscriber.session
        with transaction(self.engine) as connection:
            unsubscribed.unsubscribe(connection, subscriber.owner.contact_id, session, self.clock.now())

    def resubscribe(self, subscriber: Subscriber) -> None:
        """Send them those again."""
        with transaction(self.engine) as connection:
            unsubscribed.resubscribe(connection, subscriber.owner.contact_id, subscriber.session)

    def _read(self, connection: Connection, purpose: Purpose, token: str) -> tuple[int, str] | None:
        """The contact, if there is one, and the session of a token."""
        found = self.tokens.read(purpose, token)
        return found if found and links.is_contact(connection, found[0]) else None
