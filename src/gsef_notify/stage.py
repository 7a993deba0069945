"""A rehearsal that runs on a scaled clock, as the pages show it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from gsef_notify.clock import ScaledClock
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.service.amend import Amendments
from gsef_notify.service.publish import Newest, catch_up
from gsef_notify.service.rehearsed import Played, played
from gsef_notify.store.database import transaction
from gsef_notify.web.sources import StagedMail

WORTH_SKIPPING = timedelta(minutes=15)


class RunningStage:
    """The mails that have gone out, and the clock by which they did."""

    def __init__(
        self,
        engine: Engine,
        clock: ScaledClock,
        speed: float,
        newest: Newest,
        maildir: MaildirTransport,
        amendments: Amendments,
    ) -> None:
        self.speed = speed
        self._engine = engine
        self._clock = clock
        self._newest = newest
        self._maildir = maildir
        self._amendments = amendments

    def now(self) -> datetime:
        """The virtual instant."""
        return self._clock.now()

    def mails(self) -> Sequence[StagedMail]:
        """The mails sent so far, in order."""
        return [_staged(mail) for mail in self._sent()]

    def message(self, key: str) -> bytes | None:
        """The bytes of a mail, None for a key that no mail has."""
        mail = next((mail for mail in self._sent() if mail.key == key), None)
        path = self._maildir.path(mail.proof) if mail else None
        return path.read_bytes() if path else None

    def late(self, session: str, minutes: int) -> None:
        """Make what has not finished of a session later by so many minutes. Raises AmendmentRefused."""
        self._amendments.late(session, minutes)
        with transaction(self._engine) as connection:
            catch_up(connection, self._newest)

    def _sent(self) -> list[Played]:
        publication = self._newest.latest()
        return [m for m in played(self._engine, publication) if m.state == "sent"] if publication else []


def skipper(clock: ScaledClock, lead: timedelta) -> Callable[[datetime | None], None]:
    """What makes the clock pass over hours in which nothing happens, up to ``lead`` before the next mail."""

    def skip(wake: datetime | None) -> None:
        if wake is not None and wake - clock.now() > WORTH_SKIPPING:
            clock.skip_to(wake - lead)

    return skip


def _staged(mail: Played) -> StagedMail:
    return StagedMail(
        key=mail.key,
        at=mail.at,
        recipient=mail.recipient,
        role=mail.role,
        timezone=mail.timezone,
        subject=mail.subject,
        rule=mail.rule,
    )
