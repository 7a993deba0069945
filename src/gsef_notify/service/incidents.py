"""What is to happen in a rehearsal, as one writes it on the command line. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gsef_notify.errors import SettingsError
from gsef_notify.program.changes import key_of
from gsef_notify.program.identity import is_id

AN_INSTANT = "2021-10-08T09:00:00Z"
Period = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Outage:
    """The mail server is down from ``start`` on and answers again at ``end``."""

    start: datetime
    end: datetime

    def covers(self, moment: datetime) -> bool:
        """Whether the server is down then."""
        return self.start <= moment < self.end


@dataclass(frozen=True)
class Late:
    """Somebody says that what has not finished is that many minutes later, from ``segment`` on if given."""

    at: datetime
    session: str
    minutes: int
    segment: str | None = None

    def __str__(self) -> str:
        where = f"{self.session} from {self.segment} on" if self.segment else self.session
        return f"{where} runs {abs(self.minutes)} minutes {'early' if self.minutes < 0 else 'late'}"


@dataclass(frozen=True)
class Cancel:
    """Somebody says that a session, or a segment of it, does not take place."""

    at: datetime
    session: str
    segment: str | None = None

    def __str__(self) -> str:
        return f"{key_of(self.session, self.segment)} is cancelled"


@dataclass(frozen=True)
class Reinstate:
    """Somebody says that what was cancelled takes place after all."""

    at: datetime
    session: str
    segment: str | None = None

    def __str__(self) -> str:
        return f"{key_of(self.session, self.segment)} takes place after all"


@dataclass(frozen=True)
class Edit:
    """From now on the program is what a file, or a folder of files, says."""

    at: datetime
    path: Path

    def __str__(self) -> str:
        return f"the program is what {self.path.name} says"


Incident = Late | Cancel | Reinstate | Edit


@dataclass(frozen=True)
class Script:
    """All that is to happen: ``incidents`` in the order in which they do."""

    outages: tuple[Outage, ...] = ()
    incidents: tuple[Incident, ...] = ()

    @property
    def first(self) -> datetime | None:
        """When the first incident is, None for none."""
        return self.incidents[0].at if self.incidents else None


NOTHING_HAPPENS = Script()


def script(options: Iterable[tuple[str, str]], period: Period = (None, None)) -> Script:
    """The script of options like ``("late", "near:10@2021-10-08T09:25:00Z")``, in the order in which they
    were written where they are for the same instant. Raises SettingsError for one that can not be understood,
    or that is out of the period that is played."""
    outages: list[Outage] = []
    incidents: list[Incident] = []
    for name, text in options:
        if name == "outage":
            outages.append(_outage(text))
        else:
            incidents.append(_checked(_incident(name, text), f"--{name} {text}", period))
    return Script(tuple(outages), tuple(sorted(incidents, key=lambda incident: incident.at)))


def instant(text: str) -> datetime:
    """An instant as ISO 8601 writes it, in UTC where it says no offset. Raises SettingsError."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise SettingsError(f"{text!r} is no time: write for example {AN_INSTANT}") from None


def _outage(text: str) -> Outage:
    start, dots, end = text.partition("..")
    if not dots:
        raise _wrong("outage", text, "it says no FROM..UNTIL")
    outage = Outage(_time("outage", text, start), _time("outage", text, end))
    if outage.end <= outage.start:
        raise _wrong("outage", text, "it ends before it begins")
    return outage


def _incident(name: str, text: str) -> Incident:
    what, _, time = text.rpartition("@")
    if not what:
        raise _wrong(name, text, "it says no @TIME")
    return _READERS[name](what, _time(name, text, time))


def _late(what: str, at: datetime) -> Late:
    found = re.fullmatch(r"([^:]+):(-?\d{1,6})(?::([^:]+))?", what, re.ASCII)
    if not found:
        raise _wrong("late", what, "it says no SESSION:MINUTES")
    session, segment = _ids("late", found[1], found[3])
    return Late(at, session, int(found[2]), segment)


def _cancel(what: str, at: datetime) -> Cancel:
    session, _, segment = what.partition(":")
    return Cancel(at, *_ids("cancel", session, segment or None))


def _reinstate(what: str, at: datetime) -> Reinstate:
    session, _, segment = what.partition(":")
    return Reinstate(at, *_ids("reinstate", session, segment or None))


def _edit(what: str, at: datetime) -> Edit:
    return Edit(at, Path(what))


def _ids(name: str, session: str, segment: str | None) -> tuple[str, str | None]:
    for each in (session, segment):
        if each is not None and not is_id(each):
            raise _wrong(name, each, "that is no id, see gsef-notify show --json")
    return session, segment


def _time(name: str, text: str, time: str) -> datetime:
    try:
        return instant(time)
    except SettingsError:
        raise _wrong(name, text, f"{time!r} is no time") from None


def _checked(incident: Incident, written: str, period: Period) -> Incident:
    first, last = period
    if first and incident.at < first:
        raise SettingsError(f"{written}: that is before the rehearsal begins - write a later time, or --from")
    if last and incident.at > last:
        raise SettingsError(
            f"{written}: that is after the rehearsal ends - write an earlier time, or --until"
        )
    return incident


def _wrong(name: str, text: str, what: str) -> SettingsError:
    return SettingsError(f"--{name} {text}: {what} - write for example --{name} {_EXAMPLES[name]}")


_READERS: dict[str, Callable[[str, datetime], Incident]] = {
    "late": _late,
    "cancel": _cancel,
    "reinstate": _reinstate,
    "edit": _edit,
}
_EXAMPLES = {
    "outage": "2021-10-08T07:59:00Z..2021-10-08T08:20:00Z",
    "late": "gsef-2021-alliances:10@2021-10-08T09:25:00Z",
    "cancel": "gsef-2021-alliances:fab-city-global-initiative-and-sse@2021-10-08T08:30:00Z",
    "reinstate": "gsef-2021-alliances:fab-city-global-initiative-and-sse@2021-10-08T08:45:00Z",
    "edit": "changed.md@2021-10-08T07:00:00Z",
}
