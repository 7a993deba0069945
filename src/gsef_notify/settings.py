"""The settings: a TOML file, overlaid by the environment, over defaults that work on one machine."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from gsef_notify.durations import duration
from gsef_notify.errors import SettingsError
from gsef_notify.reminders.moments import moment
from gsef_notify.reminders.people import LIST_NAME
from gsef_notify.reminders.quiet import QuietHours, quiet_hours
from gsef_notify.reminders.rules import DEFAULT_RULES, Rule, Scope

DEFAULT_FILE = Path("gsef-notify.toml")
PREFIX = "GSEF_NOTIFY_"
_EXAMPLES = {
    f"{PREFIX}DKIM": '[{domain = "example.org", selector = "mail", key_file = "dkim.pem"}]',
}


class ForumSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who invites: shown in mails and calendars. ``contact`` is whom to ask, an address or a web page."""

    name: str = "Global Social Economy Forum"
    url: str = ""
    contact: str = ""


class RuleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as one writes it: ``when`` is a moment in words, "10 minutes before my segment",
    ``useless_after`` a length of time after it. ``quiet_hours`` are its own, or "none"."""

    name: str
    role: str
    when: str
    template: str
    sessions: tuple[str, ...] = ()
    except_sessions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    useless_after: str = ""
    quiet_hours: str = ""
    priority: str = "normal"


class DkimSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key that mails are signed with: the private one in the PEM file ``key_file``, the public one in the
    DNS at ``selector._domainkey.domain``."""

    domain: str
    selector: str
    key_file: str


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set. ``mail`` may name two servers, of which the second stands in for the first;
    ``mail_connections`` is how many mails are under way at once at most, and 0 a minute is no limit.
    ``inbound`` is the mailbox into which answers and bounces come, over IMAP; ``sender`` is the From of the
    mails, ``Name <address>`` or an address; ``timezone`` is that of program files which name none;
    ``columns`` says what the organizer's tables call our columns; ``cancelled_kept`` is how long after its
    session feeds still say that something was cancelled; ``quiet_hours`` are those in which nobody is written
    to, by their own clock, unless the mail is of no use later; ``uid_domain`` ends the UID of every event and
    must never change once people have subscribed."""

    database: str = "sqlite:///var/gsef-notify.db"
    mail: str = "maildir:var/mail"
    mail_connections: int = 4
    mail_per_minute: int = 0
    mail_per_minute_and_domain: int = 0
    inbound: str = ""
    sender: str = "GSEF reminders <reminders@example.org>"
    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    schedules: str = "schedules"
    timezone: str = ""
    cancelled_kept: str = "30 days"
    columns: dict[str, str] = {}
    templates: str = ""
    uid_domain: str = "gsef-notify.invalid"
    forum: ForumSettings = ForumSettings()
    quiet_hours: str = "22:00-07:00"
    rules: tuple[RuleSettings, ...] | None = None
    dkim: tuple[DkimSettings, ...] = ()

    @property
    def base_url(self) -> str:
        """Where people reach the service, without a slash at its end."""
        host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.host  # noqa: S104
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def reminder_rules(self) -> tuple[Rule, ...]:
        """The rules that are in force. Raises SettingsError for one that makes no sense."""
        if self.rules is None:
            return tuple(msgspec.structs.replace(rule, quiet=self.night) for rule in DEFAULT_RULES)
        return tuple(_rule(rule, self.night) for rule in self.rules)

    @property
    def night(self) -> QuietHours | None:
        """``quiet_hours``, None for none. Raises SettingsError."""
        try:
            return quiet_hours(self.quiet_hours)
        except ValueError as error:
            raise SettingsError(f"quiet_hours: {error}") from None

    @property
    def kept(self) -> timedelta:
        """``cancelled_kept`` as a length of time. Raises SettingsError."""
        try:
            return duration(self.cancelled_kept)
        except ValueError as error:
            raise SettingsError(f"cancelled_kept: {error}") from None

    def template_folder(self, part: str) -> Path:
        """The folder of the ``web`` or ``rehearsal`` templates: the organizer's own where their folder has
        that part, else the one that comes along."""
        return self.template_folders(part)[0]

    def template_folders(self, part: str) -> tuple[Path, ...]:
        """The folders of the ``mail`` templates, the organizer's own first if they have one: its files stand
        in place of those that come along."""
        own, ours = Path(self.templates) / part, bundled("templates") / part
        return (own, ours) if self.templates and own.is_dir() else (ours,)


def load(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of a file (``gsef-notify.toml`` of the working folder, if there, for None) and of the
    environment, which has precedence. Raises SettingsError."""
    name = str(path or DEFAULT_FILE)
    content = _file_content(path or DEFAULT_FILE, required=path is not None)
    _overlay(content, Settings, PREFIX, environment)
    try:
        settings = msgspec.convert(content, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{name}: {error} - see the settings in README.md") from None
    _check_rules(settings, name)
    return settings


def replaced(settings: Settings, changed: Mapping[str, Any]) -> Settings:
    """The settings with some of them changed."""
    return msgspec.structs.replace(settings, **changed)


def bundled(name: str) -> Path:
    """A folder that comes with the program: beside the package once installed, else of the source tree."""
    installed = Path(__file__).parent / "bundled" / name
    return installed if installed.is_dir() else Path(__file__).parents[2] / name


def _file_content(path: Path, *, required: bool) -> dict[str, Any]:
    if not required and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror} - name a settings file that can be read") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8 - save the file as UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error} - see https://toml.io for how TOML is written") from None


def _overlay(
    content: dict[str, Any], fields: type[msgspec.Struct], prefix: str, environment: Mapping[str, str]
) -> None:
    for field in msgspec.structs.fields(fields):
        variable = prefix + field.name.upper()
        if field.type is ForumSettings:
            _overlay(content.setdefault(field.name, {}), ForumSettings, variable + "_", environment)
        elif (value := _environment_value(variable, environment)) is not None:
            content[field.name] = value if field.type in (str, int) else _toml_value(variable, value)


def _toml_value(variable: str, text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        example = _EXAMPLES.get(variable, '{title = "Talk", start = "Begin"}')
        shown = "a private key stands there" if "PRIVATE KEY" in text else repr(text)
        raise SettingsError(f"{variable}: {shown} - write it as in the settings file, {example}") from None


def _environment_value(variable: str, environment: Mapping[str, str]) -> str | None:
    if file := environment.get(f"{variable}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{variable}_FILE: {file}: {error.strerror} - name a readable file") from None
    return environment.get(variable)


def _check_rules(settings: Settings, name: str) -> None:
    try:
        rules = settings.reminder_rules
    except (ValueError, msgspec.ValidationError) as error:
        raise SettingsError(f"{name}: rules: {error}") from None
    names = [rule.name for rule in rules]
    for repeated in {rule for rule in names if names.count(rule) > 1}:
        raise SettingsError(f"{name}: rules: two rules are named {repeated!r} - give each a name of its own")


def _rule(rule: RuleSettings, night: QuietHours | None) -> Rule:
    """Raises ValueError."""
    for name in rule.lists:
        if not LIST_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no list: write letters, digits and hyphens")
    understood = {
        "when": moment(rule.when),
        "scope": Scope(**{name: getattr(rule, name) for name in Scope.__struct_fields__}),
        "useless_after": duration(rule.useless_after) if rule.useless_after else None,
        "quiet": quiet_hours(rule.quiet_hours) if rule.quiet_hours else night,
    }
    literally = {name: getattr(rule, name) for name in ("name", "role", "template", "priority")}
    return msgspec.convert({**literally, **understood}, Rule)
