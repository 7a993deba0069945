"""The command line. Each command imports what it needs when it is called, so that ``--help`` is quick."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gsef_notify.errors import GsefNotifyError, SettingsError

if TYPE_CHECKING:
    from gsef_notify.program.problems import Problem
    from gsef_notify.readers import Reading
    from gsef_notify.settings import Settings

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 fine, 1 problems found, 2 wrong usage or settings."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except GsefNotifyError as error:
        print(f"gsef-notify: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _check(options: argparse.Namespace) -> int:
    reading = _read(options)
    for problem in reading.problems:
        print(problem)
    errors = len(reading.errors)
    print(f"{errors} errors, {len(reading.problems) - errors} warnings", file=sys.stderr)
    return 1 if errors else 0


def _show(options: argparse.Namespace) -> int:
    from gsef_notify import show

    program = _accepted(options)
    zone = _zone(options.timezone)
    text = (
        show.as_json(program, zone, private=options.private) if options.json else show.as_table(program, zone)
    )
    print(text)
    return 0


def _feed(options: argparse.Namespace) -> int:
    from gsef_notify import wiring
    from gsef_notify.feeds.events import Face
    from gsef_notify.feeds.feed import Selection, feed

    selection = Selection(
        session=options.session,
        person=options.person,
        detail=options.detail,
        face=Face(timezone=_zone(options.timezone)),
    )
    settings = _settings(options)
    publication = wiring.publication_of_files(_accepted(options), _paths(options))
    content = feed(wiring.site(settings), publication, selection)
    if options.output:
        _write(options.output, content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    return 0


def _plan(options: argparse.Namespace) -> int:
    from gsef_notify import show, wiring

    mails = wiring.planned_mails(_settings(options), _accepted(options), _contacts(options), _period(options))
    print(show.plan_as_json(mails) if options.json else show.plan_as_table(mails))
    return 0


def _rehearse(options: argparse.Namespace) -> int:
    from gsef_notify import wiring

    summary = wiring.rehearse(
        _settings(options), _accepted(options), _contacts(options), options.output, _period(options)
    )
    print(summary)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from gsef_notify import wiring

    settings = _settings(options)
    if options.rehearse:
        start = _period(options)[0]
        return wiring.serve_rehearsal(settings, _paths(options), _people_file(options), start, options.speed)
    return wiring.serve(settings, _paths(options))


def _people_import(options: argparse.Namespace) -> int:
    from gsef_notify import wiring

    contacts = _contacts_of(options.file)
    taken = wiring.import_contacts(_settings(options), contacts)
    print(f"{taken} lines taken from {options.file}")
    return 0


def _people_list(options: argparse.Namespace) -> int:
    from gsef_notify import show, wiring

    print(show.contacts_as_table(wiring.listed_contacts(_settings(options))))
    return 0


def _status(options: argparse.Namespace) -> int:
    from gsef_notify import show, wiring

    status = wiring.status(_settings(options))
    print(show.status_as_json(status) if options.json else show.status_as_text(status))
    return 0


def _settings(options: argparse.Namespace) -> "Settings":
    from gsef_notify import settings

    loaded = settings.load(options.config, os.environ)
    changed = {
        name: value for name in ("host", "port") if (value := getattr(options, name, None)) is not None
    }
    return settings.replaced(loaded, changed)


def _paths(options: argparse.Namespace) -> list[Path]:
    from gsef_notify import settings

    if options.paths:
        return list(options.paths)
    folder = Path(_settings(options).schedules)
    return [folder if folder.exists() or options.config else settings.bundled("schedules")]


def _read(options: argparse.Namespace) -> "Reading":
    from gsef_notify import readers
    from gsef_notify.reminders.people import known_zones

    paths = _paths(options)
    reading = readers.read(paths)
    known = known_zones(_contacts(options), reading.program)
    return readers.read(paths, zones_known=known) if known else reading


def _accepted(options: argparse.Namespace) -> "Any":
    from gsef_notify import readers

    return readers.read(_paths(options)).accept()


def _people_file(options: argparse.Namespace) -> Path | None:
    """The contact list named, else the one that lies beside the program."""
    if options.people:
        return Path(options.people)
    beside = [(path if path.is_dir() else path.parent) / "people.csv" for path in _paths(options)]
    return next((file for file in beside if file.is_file()), None)


def _contacts(options: argparse.Namespace) -> "Any":
    file = _people_file(options)
    return _contacts_of(file) if file else ()


def _contacts_of(file: Path) -> "Any":
    from gsef_notify.readers import contact_list

    return contact_list.read(file)


def _zone(label: str | None) -> str | None:
    from gsef_notify import zones

    return zones.named(label) if label else None


def _period(options: argparse.Namespace) -> tuple[datetime | None, datetime | None]:
    return _instant(options.from_), _instant(getattr(options, "until", None))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{text!r} is no time: write for example 2021-10-08T09:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror} - name a file that can be written") from None
