"""Mails that are handed over on the command line: through a pipe, in files, in a Maildir or a mailbox."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from gsef_notify import wiring
from gsef_notify.clock import SystemClock
from gsef_notify.errors import GsefNotifyError, SettingsError
from gsef_notify.mail.inbound import MOST_BYTES
from gsef_notify.service.mailboxes import take_maildir, taken
from gsef_notify.service.outcome import Outcome
from gsef_notify.settings import Settings
from gsef_notify.store.database import open_database


class TryLater(GsefNotifyError):
    """A mail can not be taken at present; a mail server that reads the exit code keeps it and tries again."""

    exit_code = os.EX_TEMPFAIL


def piped(stream: BinaryIO) -> bytes:
    """The mail in a pipe, of a very long one the beginning; whoever writes it can write to its end."""
    content = stream.read(MOST_BYTES + 1)
    while stream.read(1 << 16):
        pass
    return content


def content_of(path: Path) -> bytes:
    """The mail in a file. Raises SettingsError."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror} - name a file with a mail in it") from None


def of_mails(settings: Settings, contents: Iterable[bytes]) -> Iterator[Outcome]:
    """What became of some mails. Raises TryLater."""
    with _database(settings) as engine:
        inbox, clock = wiring.inbox(settings, engine), SystemClock()
        yield from (taken(inbox, content, clock) for content in contents)


def of_maildir(settings: Settings, folder: Path) -> Iterator[Outcome]:
    """What became of the new mails of a Maildir. Raises TryLater, SettingsError."""
    with _database(settings) as engine:
        yield from take_maildir(folder, wiring.inbox(settings, engine), SystemClock())


def of_mailbox(settings: Settings) -> Iterator[Outcome]:
    """What became of the new mails in the mailbox of the settings. Raises TryLater, SettingsError,
    MailboxError."""
    with _database(settings) as engine:
        yield from wiring.imap_rounds(settings, engine, SystemClock()).go()


@contextmanager
def _database(settings: Settings) -> Iterator[Engine]:
    try:
        engine = open_database(settings.database)
    except SettingsError as error:
        raise TryLater(str(error)) from None
    try:
        yield engine
    except DBAPIError as error:
        raise TryLater(f"database: {error.orig} - it is tried again") from None
    finally:
        engine.dispose()
