"""What the pages and feeds are made of, as the service provides it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gsef_notify.feeds.events import Site
from gsef_notify.program.changes import Publication
from gsef_notify.store.answers import Asked, Choice
from gsef_notify.store.links import Link, Owner, Visit
from gsef_notify.store.unsubscribed import Subscriber


class PublicationSource(Protocol):
    """Where the newest publication is had from, without waiting."""

    def latest(self) -> Publication | None:
        """The newest publication, None before the first."""
        ...


@dataclass(frozen=True)
class Health:
    """Whether the service does its work, which is its ``role``; ``detail`` says what is wrong."""

    ok: bool
    revision: int | None
    detail: dict[str, str] = field(default_factory=dict)
    role: str = "all"


@dataclass(frozen=True)
class StagedMail:
    """A mail that a running rehearsal has sent; ``at`` is the virtual instant, ``timezone`` its reader's."""

    key: str
    at: datetime
    recipient: str
    role: str
    timezone: str
    subject: str
    rule: str


class Stage(Protocol):
    """A rehearsal that is being played on a virtual clock ``speed`` times as fast as ours."""

    speed: float

    def now(self) -> datetime:
        """The virtual instant."""
        ...

    def mails(self) -> Sequence[StagedMail]:
        """The mails sent so far, in order."""
        ...

    def message(self, key: str) -> bytes | None:
        """The bytes of a mail, None for a key that no mail has."""
        ...

    def late(self, session: str, minutes: int) -> None:
        """Make what has not finished of a session later by so many minutes. Raises GsefNotifyError, with a
        sentence, where that makes no sense."""
        ...


class PersonalLinks(Protocol):
    """Where personal links are kept. Every call waits for a database."""

    def visit(self, token: str) -> Visit | None:
        """Who comes with a token, None for one that nobody was given."""
        ...

    def fetched(self, link: Link, client: str, revision: int) -> None:
        """Keep that a client has just fetched the calendar of a link, as of a revision."""
        ...

    def devices(self, owner: Owner) -> list[Link]:
        """The links of somebody."""
        ...

    def add_device(self, owner: Owner, device: str) -> str:
        """Another link of theirs; its token."""
        ...

    def remove_device(self, owner: Owner, link_id: int) -> None:
        """Make one of their links void."""
        ...

    def star(self, owner: Owner, part: str, *, is_on: bool) -> None:
        """Put a part of the program, by its lasting key, into their calendar, or take it out."""
        ...


class Replies(Protocol):
    """What people answer to mails by the links in them. Every call waits for a database."""

    def asked(self, token: str) -> Asked | None:
        """Who is asked whether they come, None for a token that nobody was given."""
        ...

    def keep(self, asked: Asked, choice: Choice, comment: str) -> None:
        """Keep what they say."""
        ...

    def subscriber(self, token: str) -> Subscriber | None:
        """Who may not want reminders, None for a token that nobody was given."""
        ...

    def unsubscribe(self, subscriber: Subscriber, *, of_all: bool) -> None:
        """Send them no more reminders of the session of their token, or of any."""
        ...

    def resubscribe(self, subscriber: Subscriber) -> None:
        """Send them those again."""
        ...


@dataclass(frozen=True)
class House:
    """Everything that an answer may need."""

    site: Site
    source: PublicationSource
    health: Callable[[], Health]
    now: Callable[[], datetime]
    links: PersonalLinks
    replies: Replies
    stage: Stage | None = None
