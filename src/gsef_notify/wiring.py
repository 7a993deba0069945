"""The settings -> the parts of the service, put together."""

import asyncio
import os
import re
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from gsef_notify import zones
from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.clock import Clock
from gsef_notify.errors import SettingsError
from gsef_notify.feeds.events import Site
from gsef_notify.mail.compose import Forum, check
from gsef_notify.mail.dkim import signed
from gsef_notify.mail.dkim_keys import load_signing_key
from gsef_notify.mail.imap import account
from gsef_notify.mail.mime import Mailbox
from gsef_notify.mail.sample import sample_letters
from gsef_notify.mail.templates import TemplateError, Templates
from gsef_notify.mail.transport import Transport
from gsef_notify.mail.transports import open_transport
from gsef_notify.program.changes import Publication, first_publication
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Place, Problem
from gsef_notify.readers.source import Assumptions
from gsef_notify.readers.tables.columns import COLUMNS
from gsef_notify.service.calendar_replies import Inbox
from gsef_notify.service.dispatch import Office
from gsef_notify.service.errands import Errand, one_at_a_time
from gsef_notify.service.letters import Letterhead
from gsef_notify.service.mailboxes import ImapRounds
from gsef_notify.service.publish import Newest, Policy
from gsef_notify.service.replies import tokens_of
from gsef_notify.service.tokens import Tokens
from gsef_notify.settings import Settings
from gsef_notify.store.backends import is_shared
from gsef_notify.store.limits import Limits

INBOUND_SECONDS = 60
MOST_CONNECTIONS = 100
_PLACED = re.compile(
    r"(?:(?P<path>[^\n:]+)(?::(?P<line>\d+))?: )?(?P<what>.+?)(?: - (?P<remedy>.+))?", re.DOTALL
)


def policy(settings: Settings) -> Policy:
    """What is done for every program."""
    return Policy(settings.reminder_rules, settings.kept, settings.night)


def site(settings: Settings) -> Site:
    """Where the forum is found."""
    return Site(settings.forum.name, settings.base_url, settings.uid_domain)


def letterhead(settings: Settings, tokens: Tokens) -> Letterhead:
    """What all mails share. Raises SettingsError for a sender that is no address."""
    forum = Forum(settings.forum.name, settings.forum.url, settings.forum.contact)
    return Letterhead(site(settings), forum, sender(settings.sender), tokens)


def other_tokens() -> Tokens:
    """Tokens that open nothing, for mails that are only looked at."""
    return Tokens(secrets.token_bytes(32))


def sender(text: str) -> Mailbox:
    """``Name <address>`` or an address. Raises SettingsError."""
    found = re.fullmatch(
        r"\s*(?:\"?(?P<name>[^<>\"]*?)\"?\s*<(?P<address>[^<>]+)>|(?P<bare>[^<>]+))\s*", text
    )
    try:
        address = checked_address((found["address"] or found["bare"]) if found else text)
    except AddressError as error:
        raise SettingsError(f"sender: {error} - write it like GSEF <reminders@example.org>") from None
    return Mailbox(address, (found["name"] or "") if found else "")


def assumptions(settings: Settings) -> Assumptions:
    """What is taken for granted of program files. Raises SettingsError for a zone or column that does not
    exist."""
    try:
        timezone = zones.named(settings.timezone) if settings.timezone else ""
    except zones.UnknownZone as error:
        raise SettingsError(f"timezone: {error}") from None
    for name in settings.columns:
        if name not in COLUMNS:
            raise SettingsError(f"columns: there is no column {name!r} - ours are {', '.join(COLUMNS)}")
    return Assumptions(timezone, settings.columns)


def templates(settings: Settings) -> Templates:
    """The mail templates, each tried with a sample. Raises TemplateError, also where a rule asks for one that
    there is not."""
    loaded = Templates(*settings.template_folders("mail"))
    for error in _template_errors(loaded, settings):
        raise error
    return loaded


def template_problems(settings: Settings) -> list[Problem]:
    """All that is wrong with the mail templates of an organizer's own, and with the rules that name them."""
    try:
        loaded = Templates(*settings.template_folders("mail"))
    except TemplateError as error:
        return [_problem(error, settings)]
    return [_problem(error, settings) for error in _template_errors(loaded, settings)]


def _template_errors(loaded: Templates, settings: Settings) -> Iterator[TemplateError]:
    for kind in loaded.kinds:
        try:
            check(loaded, sample_letters(kind))
        except TemplateError as error:
            yield error
    for rule in settings.reminder_rules:
        if rule.template not in loaded.kinds:
            known = ", ".join(loaded.kinds)
            yield TemplateError(
                f"rule {rule.name!r}: there is no template {rule.template!r} - write one of {known}"
            )


def _problem(error: TemplateError, settings: Settings) -> Problem:
    found = _PLACED.fullmatch(str(error))
    path, line, what, remedy = (
        found.group("path", "line", "what", "remedy") if found else ("", "", str(error), "")
    )
    return Problem(Place(path or settings.templates, int(line or 1)), "error", "TEMPLATE", what, remedy or "")


def signer(settings: Settings) -> Callable[[bytes], bytes]:
    """What signs the bytes of a mail; without keys in the settings they stay as they are. Raises
    SettingsError."""
    keys = tuple(load_signing_key(key.domain, key.selector, key.key_file) for key in settings.dkim)
    if len({(key.domain, key.selector) for key in keys}) < len(keys):
        raise SettingsError("dkim: two keys have the same selector - give each a selector of its own")
    return partial(signed, keys=keys)


def transport(settings: Settings, clock: Clock) -> Transport:
    """What carries mails away. Raises SettingsError."""
    if not 1 <= settings.mail_connections <= MOST_CONNECTIONS:
        raise SettingsError(f"mail_connections: write a number from 1 to {MOST_CONNECTIONS}")
    return open_transport(settings.mail, connections=settings.mail_connections, clock=clock)


def limits(settings: Settings) -> Limits:
    """How many mails go out in a minute. Raises SettingsError."""
    if settings.mail_per_minute < 0 or settings.mail_per_minute_and_domain < 0:
        raise SettingsError("mail_per_minute: write how many mails may go out in a minute, or 0 for no limit")
    return Limits(settings.mail_per_minute, settings.mail_per_minute_and_domain)


def office(settings: Settings, engine: Engine, clock: Clock, transport: Transport, newest: Newest) -> Office:
    """What it takes to send deliveries."""
    return Office(
        engine=engine,
        clock=clock,
        transport=transport,
        templates=templates(settings),
        newest=newest,
        letterhead=letterhead(settings, tokens_of(engine)),
        signer=signer(settings),
        owner=f"{socket.gethostname()}.{os.getpid()}.{secrets.token_hex(4)}",
        limits=limits(settings),
        lanes=asyncio.Semaphore(settings.mail_connections if is_shared(engine) else 1),
    )


def inbox(settings: Settings, engine: Engine) -> Inbox:
    """What it takes to understand the mails that come in."""
    return Inbox(engine, site(settings))


def imap_rounds(settings: Settings, engine: Engine, clock: Clock) -> ImapRounds:
    """What looks into the mailbox of the settings. Raises SettingsError where they name none."""
    return ImapRounds(account(settings.inbound), inbox(settings, engine), clock)


def errands(settings: Settings, engine: Engine, clock: Clock) -> list[Errand]:
    """What the service does beside its work: look for mail, where the settings name a mailbox."""
    if not settings.inbound:
        return []
    rounds = one_at_a_time(engine, "inbound", imap_rounds(settings, engine, clock).go_and_log)
    return [Errand("inbound", INBOUND_SECONDS, rounds)]


def publication_of_files(program: Program, paths: Sequence[Path]) -> Publication:
    """A program that no database knows, as of the time at which its files were last changed."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.iterdir())]
    changed = max((file.stat().st_mtime for file in files), default=0.0)
    return first_publication(program, datetime.fromtimestamp(int(changed), UTC))
