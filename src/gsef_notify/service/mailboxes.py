"""Whole mailboxes of mails that came in: each is taken, and put away unless it is for people."""

import logging
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from gsef_notify.clock import Clock
from gsef_notify.errors import SettingsError
from gsef_notify.mail.imap import Account, opened
from gsef_notify.mail.inbound import MOST_BYTES
from gsef_notify.service.calendar_replies import Inbox
from gsef_notify.service.inbound import take
from gsef_notify.service.outcome import Outcome

logger = logging.getLogger(__name__)


class ImapRounds:
    """Looks into a mailbox again and again. What is for people stays unseen there, and is looked at once."""

    def __init__(self, account: Account, inbox: Inbox, clock: Clock) -> None:
        self._account = account
        self._inbox = inbox
        self._clock = clock
        self._left: set[tuple[str, str]] = set()

    def go(self) -> Iterator[Outcome]:
        """What became of each mail that came since. Raises MailboxError, and DBAPIError where the database
        can not be asked: what was not taken until then waits for the next round."""
        with opened(self._account) as mailbox:
            for uid in mailbox.waiting():
                if (mailbox.validity, uid) in self._left:
                    continue
                outcome = taken(self._inbox, mailbox.content(uid), self._clock)
                if outcome.handled:
                    mailbox.put_away(uid)
                else:
                    self._left.add((mailbox.validity, uid))
                yield outcome

    def go_and_log(self) -> None:
        """A round, whose outcomes are logged."""
        for outcome in self.go():
            logger.info("inbound: %s", outcome.sentence)


def take_maildir(folder: Path, inbox: Inbox, clock: Clock) -> Iterator[Outcome]:
    """What became of each new mail of a Maildir; what was handled is seen in it afterwards. Raises
    SettingsError for a folder that is none, DBAPIError where the database can not be asked."""
    try:
        for path in sorted(path for path in (folder / "new").iterdir() if path.is_file()):
            outcome = taken(inbox, _beginning(path), clock)
            if outcome.handled:
                path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
            yield outcome
    except OSError as error:
        reason = f"{error.filename or folder}: {error.strerror}"
        raise SettingsError(f"{reason} - name a Maildir that this user may change") from None


def _beginning(path: Path) -> bytes:
    """As much of a file as is ever looked at."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def taken(inbox: Inbox, content: bytes, clock: Clock) -> Outcome:
    """A mail on which we stumble must not keep the others from being taken."""
    try:
        return take(inbox, content, clock.now())
    except DBAPIError:
        raise
    except Exception:
        logger.exception("inbound: a mail is left as it is")
        return Outcome(False, "a mail on which the program stumbled")
