"""The command line. Each command imports what it needs when it is called, so that ``--help`` is quick."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gsef_notify.errors import GsefNotifyError, SettingsError

if TYPE_CHECKING:
    from gsef_notify.program.model import Program
    from gsef_notify.program.problems import Problem
    from gsef_notify.readers import ProgramFiles
    from gsef_notify.reminders.people import Contact
    from gsef_notify.service.amend import Amendments, Effect
    from gsef_notify.service.links import PersonalLinks
    from gsef_notify.service.outcome import Outcome
    from gsef_notify.settings import Settings

Options = argparse.Namespace
DEFAULT_SPEED = 60.0


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gsef-notify",
        description="Session programs as calendars in every reader's zone, and reminders before each slot.",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings (default: gsef-notify.toml)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = _command(commands, "check", _check, "read programs and say what is wrong with them")
    _add_people(check)
    check.add_argument("--json", action="store_true", help="as JSON")
    check.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text")
    check.add_argument("--all", action="store_true", help="every warning, also of many alike")
    show = _command(commands, "show", _show, "the program as a table or as JSON")
    _add_timezone(show)
    show.add_argument("--json", action="store_true", help="as JSON")
    show.add_argument("--private", action="store_true", help="with e-mail addresses")
    _add_feed(_command(commands, "feed", _feed, "the program as an iCalendar feed"))
    convert = _command(commands, "convert", _convert, "a program in another format")
    convert.add_argument(
        "--to", choices=("yaml", "ics", "xml", "json", "csv"), required=True, help="the format"
    )
    convert.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: stdout)")
    plan = _command(commands, "plan", _plan, "every mail that would go out: when, to whom, why")
    _add_people(plan)
    _add_period(plan)
    plan.add_argument("--diff", action="store_true", help="only what would change, were it published now")
    plan.add_argument("--json", action="store_true", help="as JSON")
    rehearse = _command(commands, "rehearse", _rehearse, "play the whole timeline on a virtual clock")
    _add_people(rehearse)
    _add_period(rehearse)
    _add_incidents(rehearse)
    rehearse.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder for what comes out"
    )
    _add_serve(_command(commands, "serve", _serve, "the service: pages, feeds and mails"))
    _add_preview(_command(commands, "preview", _preview, "a mail as somebody would get it"))
    _add_people_commands(commands)
    _add_link_commands(commands)
    _add_amendments(commands)
    _add_inbound(_command(commands, "inbound", _inbound, "take mails that came in", paths=False))
    status = _command(commands, "status", _status, "what is published, due, sent and stuck", paths=False)
    status.add_argument("--json", action="store_true", help="as JSON")
    backup = _command(commands, "backup", _backup, "copy the database while the service runs", paths=False)
    backup.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[Options], int],
    description: str,
    *,
    paths: bool = True,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=description, description=description)
    parser.set_defaults(command=command)
    if paths:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="program files or folders")
    return parser


def _add_timezone(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--timezone", metavar="ZONE", help="IANA zone to show times in")


def _add_people(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--people", type=Path, metavar="FILE", help="contact list (default: people.csv beside)"
    )


def _add_period(parser: argparse.ArgumentParser) -> None:
    for name, text in (("--from", "the first instant"), ("--until", "the last instant")):
        parser.add_argument(name, dest=f"{name[2:]}_", metavar="TIME", help=f"{text}, 2021-10-08T09:00:00Z")


def _add_incidents(parser: argparse.ArgumentParser) -> None:
    for name, metavar, text in (
        ("outage", "FROM..UNTIL", "the mail server is down in between"),
        ("late", "SESSION:MINUTES[:SEGMENT]@TIME", "it is said to run late, from a segment on"),
        ("cancel", "SESSION[:SEGMENT]@TIME", "it is cancelled"),
        ("reinstate", "SESSION[:SEGMENT]@TIME", "it takes place after all"),
        ("edit", "PATH@TIME", "from then on the program is what this file or folder says"),
    ):
        named = partial(_named, name)
        parser.add_argument(
            f"--{name}", dest="script", action="append", default=[], type=named, metavar=metavar, help=text
        )


def _named(name: str, text: str) -> tuple[str, str]:
    return name, text


def _add_feed(parser: argparse.ArgumentParser) -> None:
    _add_timezone(parser)
    parser.add_argument("--session", metavar="ID", help="only this session")
    parser.add_argument("--person", metavar="ID", help="only what concerns this person")
    parser.add_argument("--track", metavar="T", help="only the sessions of this track, by its id or name")
    parser.add_argument("--language", metavar="TAG", help="only the sessions in this language, like es")
    parser.add_argument("--detail", choices=("segments", "sessions"), default="segments")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: stdout)")


def _add_serve(parser: argparse.ArgumentParser) -> None:
    _add_people(parser)
    parser.add_argument(
        "--role",
        choices=("all", "web", "worker"),
        default="all",
        help="all, or one of several on PostgreSQL: pages and feeds, or planning and sending",
    )
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", type=int, help="port to listen on")
    parser.add_argument("--rehearse", action="store_true", help="on a virtual clock, writing to nobody")
    parser.add_argument("--from", dest="from_", metavar="TIME", help="where the virtual clock begins")
    parser.add_argument(
        "--speed", type=_speed, default=DEFAULT_SPEED, metavar="N", help="times as fast as real"
    )


def _add_preview(parser: argparse.ArgumentParser) -> None:
    _add_people(parser)
    parser.add_argument("--to", required=True, metavar="EMAIL", help="whose mail")
    parser.add_argument(
        "--rule",
        metavar="RULE",
        help="by which rule (default: the first that is due), or changed, cancelled, reinstated",
    )
    parser.add_argument("--language", metavar="TAG", help="as if they spoke it: en, es, fr or ko")
    parser.add_argument("--timezone", metavar="ZONE", help="as if they were there")
    parser.add_argument("--format", choices=("text", "html", "eml"), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: stdout)")


def _add_people_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    people = commands.add_parser("people", help="the contact list").add_subparsers(
        required=True, metavar="WHAT"
    )
    taken = _command(people, "import", _people_import, "add the contacts of a CSV file", paths=False)
    taken.add_argument("file", type=Path, metavar="FILE", help="name,email,timezone,language,role,session")
    _command(people, "list", _people_list, "the contact list", paths=False)
    released = _command(
        people, "release", _people_release, "let an address that came back have mail again", paths=False
    )
    released.add_argument("email", metavar="EMAIL", help="as the list shows it")


def _add_link_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    links = commands.add_parser("links", help="personal calendar links").add_subparsers(
        required=True, metavar="WHAT"
    )
    made = _command(links, "add", _links_add, "a link for a device of somebody, shown this once", paths=False)
    made.add_argument("email", metavar="EMAIL", help="their address in the contact list or the program")
    made.add_argument("--device", default="", metavar="NAME", help='what it is for, like "my phone"')
    listed = _command(links, "list", _links_list, "who has which link, and what it last fetched", paths=False)
    listed.add_argument("--json", action="store_true", help="as JSON")
    void = _command(links, "revoke", _links_revoke, "make a link void", paths=False)
    void.add_argument("link", type=int, metavar="LINK", help="its number in the list")


def _add_amendments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    late = _command(commands, "late", _late, "say that a session runs late", paths=False)
    late.add_argument("session", metavar="SESSION", help="its id, as gsef-notify show --json has it")
    late.add_argument("minutes", nargs="?", type=int, metavar="MINUTES", help="like 10; -5 to catch up")
    late.add_argument("--from", dest="segment", metavar="SEGMENT", help="from this segment on")
    late.add_argument("--undo", action="store_true", help="take the last such change back")
    cancel = _command(commands, "cancel", _cancel, "say that a session does not take place", paths=False)
    back = _command(commands, "reinstate", _reinstate, "say that it takes place after all", paths=False)
    for parser in (cancel, back):
        parser.add_argument("session", metavar="SESSION", help="its id")
        parser.add_argument("--segment", metavar="SEGMENT", help="only this segment of it")
    for parser in (late, cancel, back):
        parser.add_argument("--preview", action="store_true", help="show what would change, change nothing")
        parser.add_argument("--private", action="store_true", help="with e-mail addresses")


def _add_inbound(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "files", nargs="*", type=Path, default=[], metavar="FILE", help="mails (default: one on stdin)"
    )
    source.add_argument("--maildir", type=Path, metavar="DIR", help="the new mails of a Maildir")
    source.add_argument("--imap", action="store_true", help="the new mails of the mailbox in the settings")


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 1_000_000:
        raise argparse.ArgumentTypeError("a number above 0, like 60")
    return speed


def _check(options: Options) -> int:
    from gsef_notify.readers import contact_list

    settings = _settings(options)

    file = _people_file(options)
    listed = contact_list.read(file) if file else None
    reading = _files(options).read(listed.places if listed else ())
    problems = [*reading.problems, *(listed.problems if listed else ())]
    if listed and not reading.errors:
        problems += contact_list.check(listed, reading.program)
    if settings.templates:
        problems += _template_problems(settings)
    _print_findings(problems, "json" if options.json else options.format, all_=options.all)
    errors = sum(problem.severity == "error" for problem in problems)
    print(f"{errors} errors, {len(problems) - errors} warnings", file=sys.stderr)
    return 1 if errors else 0


def _template_problems(settings: "Settings") -> "list[Problem]":
    from gsef_notify import wiring

    return wiring.template_problems(settings)


def _print_findings(problems: "list[Problem]", form: str, *, all_: bool) -> None:
    from gsef_notify import findings
    from gsef_notify.program.problems import MOST_ALIKE, told

    forms = {"json": findings.as_json, "github": findings.as_github, "sarif": findings.as_sarif}
    lines = [forms[form](problems)] if form in forms else told(problems, None if all_ else MOST_ALIKE)
    for line in lines:
        print(line)


def _show(options: Options) -> int:
    from gsef_notify import show

    program, zone = _accepted(options), _zone(options.timezone)
    if options.json:
        print(show.program_as_json(program, zone, private=options.private))
    else:
        print(show.program_as_table(program, zone))
    return 0


def _feed(options: Options) -> int:
    from gsef_notify import wiring
    from gsef_notify.feeds.feed import feed
    from gsef_notify.feeds.reader import Face
    from gsef_notify.feeds.selection import Selection
    from gsef_notify.program.identity import slug_of_track

    face = Face(timezone=_zone(options.timezone))
    selection = Selection(
        session=options.session,
        person=options.person,
        track=slug_of_track(options.track) if options.track else None,
        language=options.language,
        detail=options.detail,
        face=face,
    )
    publication = wiring.publication_of_files(_accepted(options), _paths(options))
    _put(options.output, feed(wiring.site(_settings(options)), publication, selection))
    return 0


def _convert(options: Options) -> int:
    from gsef_notify import wiring
    from gsef_notify.feeds.feed import feed
    from gsef_notify.feeds.frab import schedule_json, schedule_xml
    from gsef_notify.feeds.selection import Selection
    from gsef_notify.writers.holding import losses
    from gsef_notify.writers.table import program_as_csv
    from gsef_notify.writers.yaml_program import program_as_yaml

    program, site = _accepted(options), wiring.site(_settings(options))
    publication = wiring.publication_of_files(program, _paths(options))
    formats = {
        "yaml": lambda: program_as_yaml(program).encode(),
        "csv": lambda: program_as_csv(program).encode(),
        "ics": lambda: feed(site, publication, Selection()),
        "xml": lambda: schedule_xml(site, publication),
        "json": lambda: schedule_json(site, publication),
    }
    _put(options.output, formats[options.to]())
    if lost := losses(program, options.to):
        print(f"not in the {options.to}: {'; '.join(lost)}", file=sys.stderr)
    return 0


def _plan(options: Options) -> int:
    from gsef_notify import show, wiring
    from gsef_notify.service.preview import planned_mails

    if options.diff:
        return _plan_diff(options)
    policy = wiring.policy(_settings(options))
    mails = planned_mails(_accepted(options), _contacts(options), policy, _period(options))
    print(show.as_json({"mails": mails}) if options.json else show.plan_as_table(mails))
    return 0


def _plan_diff(options: Options) -> int:
    """As if published at ``--from``, with the stored contact list unless one is named or none is stored."""
    from gsef_notify import show, wiring
    from gsef_notify.clock import SystemClock
    from gsef_notify.service.plan_diff import plan_diff
    from gsef_notify.store import people
    from gsef_notify.store.database import open_to_look, reading

    if options.until_:
        raise SettingsError("--until does not go with --diff - leave it away, or leave --diff away")
    settings = _settings(options)
    engine, now = open_to_look(settings.database), _instant(options.from_) or SystemClock().now()
    with reading(engine) as connection:
        is_listed = bool(people.listed(connection))
    contacts = _contacts(options) if options.people or not is_listed else ()
    diff = plan_diff(engine, _files(options).read, contacts, wiring.policy(settings), now)
    print(show.as_json(diff) if options.json else show.plan_diff_as_text(diff))
    return 0


def _preview(options: Options) -> int:
    from gsef_notify import wiring
    from gsef_notify.mail.mime import to_bytes
    from gsef_notify.service.preview import Choice, written_mail

    settings = _settings(options)
    publication = wiring.publication_of_files(_accepted(options), _paths(options))
    head, templates, policy = (
        wiring.letterhead(settings, wiring.other_tokens()),
        wiring.templates(settings),
        wiring.policy(settings),
    )
    chosen = Choice(options.to, options.rule, _zone(options.timezone), options.language)
    message = written_mail(head, templates, publication, _contacts(options), policy, chosen)
    forms = {
        "text": lambda: f"{message.subject}\n\n{message.text}".encode(),
        "html": lambda: message.html.encode(),
        "eml": lambda: to_bytes(message),
    }
    _put(options.output, forms[options.format]())
    return 0


def _rehearse(options: Options) -> int:
    import logging

    from gsef_notify import runs
    from gsef_notify.service.incidents import script

    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    period = _period(options)
    happens = script(options.script, period)
    program, contacts = _accepted(options), _contacts(options)
    print(runs.play_rehearsal(_settings(options), program, contacts, options.output, period, happens))
    return 0


def _serve(options: Options) -> int:
    from gsef_notify import runs
    from gsef_notify.service.role import Role

    settings, files = _settings(options), _files(options)
    if not options.rehearse:
        return runs.serve(settings, files, Role(options.role))
    if options.role != Role.ALL:
        raise SettingsError("--rehearse plays everything in one process - leave --role out")
    contacts = _contacts(options)
    return runs.serve_rehearsal(settings, files, contacts, _instant(options.from_), options.speed)


def _people_import(options: Options) -> int:
    from gsef_notify import wiring
    from gsef_notify.clock import SystemClock
    from gsef_notify.readers import contact_list
    from gsef_notify.service.publish import take_contacts
    from gsef_notify.store.database import open_database

    contacts = contact_list.read(options.file).accept()
    settings = _settings(options)
    engine = open_database(settings.database)
    taken = take_contacts(engine, contacts, wiring.policy(settings), SystemClock().now())
    print(f"{taken} lines taken from {options.file}")
    return 0


def _people_list(options: Options) -> int:
    from gsef_notify import show
    from gsef_notify.store import people, suppressions
    from gsef_notify.store.database import open_database, transaction

    with transaction(open_database(_settings(options).database)) as connection:
        print(show.contacts_as_table(people.listed(connection)))
        if gone := suppressions.listed(connection):
            print(show.suppressions_as_table(gone))
    return 0


def _people_release(options: Options) -> int:
    from gsef_notify.addresses import checked_address
    from gsef_notify.store import suppressions
    from gsef_notify.store.database import open_database, transaction

    email = checked_address(options.email)
    with transaction(open_database(_settings(options).database)) as connection:
        suppressions.lift(connection, email)
    print(f"{email} gets mail again")
    return 0


def _inbound(options: Options) -> int:
    from gsef_notify import intake

    if options.imap:
        outcomes = intake.of_mailbox(_settings(options))
    elif options.maildir:
        outcomes = intake.of_maildir(_settings(options), options.maildir)
    elif options.files:
        outcomes = intake.of_mails(_settings(options), map(intake.content_of, options.files))
    else:
        outcomes = _piped(options)
    for outcome in outcomes:
        print(outcome.sentence)
    return 0


def _piped(options: Options) -> "Iterator[Outcome]":
    """Whatever is wrong with the settings, the mail server is not to give the mail up for it."""
    from gsef_notify import intake

    content = intake.piped(sys.stdin.buffer)
    try:
        return intake.of_mails(_settings(options), [content])
    except SettingsError as error:
        raise intake.TryLater(str(error)) from None


def _links_add(options: Options) -> int:
    settings = _settings(options)
    token = _personal_links(settings.database).issue(options.email, options.device)
    print(f"{settings.base_url}/my/{token}\n{settings.base_url}/my/{token}.ics")
    return 0


def _links_list(options: Options) -> int:
    from gsef_notify import show

    found = _personal_links(_settings(options).database).listed()
    print(show.as_json({"links": found}) if options.json else show.links_as_table(found))
    return 0


def _links_revoke(options: Options) -> int:
    _personal_links(_settings(options).database).revoke(options.link)
    print(f"link {options.link} is void")
    return 0


def _personal_links(database: str) -> "PersonalLinks":
    from gsef_notify.clock import SystemClock
    from gsef_notify.service.links import PersonalLinks
    from gsef_notify.store.database import open_database

    return PersonalLinks(open_database(database), SystemClock())


def _late(options: Options) -> int:
    if options.undo == (options.minutes is not None) or (options.undo and options.segment):
        raise SettingsError("write either MINUTES, like: late SESSION 10, or: late SESSION --undo")
    amendments, preview = _amendments(options), options.preview
    if options.undo:
        return _show_effect(options, amendments.undo(options.session, preview=preview), "")
    effect = amendments.late(options.session, options.minutes, options.segment, preview=preview)
    return _show_effect(options, effect, f"gsef-notify late {options.session} --undo")


def _cancel(options: Options) -> int:
    effect = _amendments(options).cancel(options.session, options.segment, preview=options.preview)
    only = f" --segment {options.segment}" if options.segment else ""
    return _show_effect(options, effect, f"gsef-notify reinstate {options.session}{only}")


def _reinstate(options: Options) -> int:
    effect = _amendments(options).reinstate(options.session, options.segment, preview=options.preview)
    return _show_effect(options, effect, "")


def _show_effect(options: Options, effect: "Effect", undo: str) -> int:
    from gsef_notify import show

    print(show.effect_as_text(effect, private=options.private))
    if options.preview:
        print("nothing has been changed: this is a preview")
    else:
        print(f"published as revision {effect.revision}{f'; undo with: {undo}' if undo else ''}")
    return 0


def _amendments(options: Options) -> "Amendments":
    from gsef_notify import wiring
    from gsef_notify.clock import SystemClock
    from gsef_notify.service.amend import Amendments
    from gsef_notify.store.database import open_database

    settings = _settings(options)
    engine = open_database(settings.database)
    return Amendments(engine, wiring.policy(settings), SystemClock())


def _status(options: Options) -> int:
    from gsef_notify import show
    from gsef_notify.clock import SystemClock
    from gsef_notify.store.database import open_database, transaction
    from gsef_notify.store.status import status

    with transaction(open_database(_settings(options).database)) as connection:
        found = status(connection, SystemClock().now())
    print(show.as_json(found) if options.json else show.status_as_text(found))
    return 0


def _backup(options: Options) -> int:
    from gsef_notify.store.backup import backup
    from gsef_notify.store.database import open_database

    backup(open_database(_settings(options).database), options.file)
    print(f"the database is in {options.file}")
    return 0


def _settings(options: Options) -> "Settings":
    from gsef_notify import settings

    loaded = settings.load(options.config, os.environ)
    given = {name: getattr(options, name, None) for name in ("host", "port")}
    return settings.replaced(loaded, {name: value for name, value in given.items() if value is not None})


def _paths(options: Options) -> list[Path]:
    from gsef_notify import settings

    if options.paths:
        return list(options.paths)
    named = _settings(options).schedules
    is_default = named == settings.Settings().schedules
    return [settings.bundled("schedules") if is_default and not Path(named).exists() else Path(named)]


def _accepted(options: Options) -> "Program":
    return _files(options).read().accept()


def _files(options: Options) -> "ProgramFiles":
    from gsef_notify import wiring
    from gsef_notify.readers import ProgramFiles

    return ProgramFiles(tuple(_paths(options)), wiring.assumptions(_settings(options)))


def _people_file(options: Options) -> Path | None:
    """The contact list named, else the one that lies beside the program."""
    if options.people:
        return Path(options.people)
    beside = [(path if path.is_dir() else path.parent) / "people.csv" for path in _paths(options)]
    return next((file for file in beside if file.is_file()), None)


def _contacts(options: Options) -> "tuple[Contact, ...]":
    from gsef_notify.readers import contact_list

    file = _people_file(options)
    return contact_list.read(file).accept() if file else ()


def _zone(label: str | None) -> str | None:
    from gsef_notify import zones

    return zones.named(label) if label else None


def _period(options: Options) -> tuple[datetime | None, datetime | None]:
    return _instant(options.from_), _instant(options.until_)


def _instant(text: str | None) -> datetime | None:
    from gsef_notify.service.incidents import instant

    return instant(text) if text is not None else None


def _put(path: Path | None, content: bytes) -> None:
    """Write to a file, to stdout where none is named."""
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror} - name a file that can be written") from None
