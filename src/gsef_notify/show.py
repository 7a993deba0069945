"""The program, the plan and the contact list as a person or another program reads them on a terminal."""

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from gsef_notify import zones
from gsef_notify.program.model import Person, Program, Session
from gsef_notify.reminders.people import Contact
from gsef_notify.service.amend import Effect, Shift, Span
from gsef_notify.service.plan_diff import PlanDiff
from gsef_notify.service.preview import PlannedMail
from gsef_notify.store.suppressions import Suppression

_WIDTH = 200


def program_as_json(program: Program, timezone: str | None, *, private: bool) -> str:
    """The program with its times in ``timezone`` (each session's own for None); addresses only if private."""
    sessions = [_session(session, timezone or session.timezone, private) for session in program.sessions]
    return as_json({"sessions": sessions})


def as_json(content: object) -> str:
    """Readable JSON."""
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def program_as_table(program: Program, timezone: str | None) -> str:
    """Each session with its running order."""
    return "\n".join(_session_table(session, timezone or session.timezone) for session in program.sessions)


def plan_as_table(mails: Sequence[PlannedMail]) -> str:
    """Every mail: when, to whom, why."""
    table = Table("Due (UTC)", "By their clock", "To", "Address", "About", "Why", box=None)
    for mail in mails:
        local = f"{mail.local_due} {zones.city(mail.timezone)}"
        address = mail.email or "[no address known]"
        about = mail.segment or mail.session or "the program"
        table.add_row(
            f"{mail.due:%Y-%m-%d %H:%M}", local, mail.name, _plain(address), _plain(about), mail.why
        )
    return f"{_printed(table)}\n{_plan_summary(mails)}"


def plan_diff_as_text(diff: PlanDiff) -> str:
    """What an edit changes: mails that are new, fall away or move, by their readers' clocks, and notices."""
    against = f"revision {diff.revision}" if diff.revision else "an empty database"
    told = Counter(notice.kind for notice in diff.notices)
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(told.items())) or "none"
    numbers = f"{len(diff.added)} new, {len(diff.dropped)} fall away, {len(diff.moved)} move"
    same = "" if diff.is_new else "the program is what it was; "
    nothing = f"{same}nothing has been changed: this is a comparison with {against}"
    summary = f"mails: {numbers}; notices: {kinds}\n{nothing}"
    return "\n".join(part for part in (_diff_table(diff), _notices_table(diff), summary) if part)


def _diff_table(diff: PlanDiff) -> str:
    new, gone, moved = diff.added, diff.dropped, diff.moved
    lines: list[tuple[str, PlannedMail | None, PlannedMail | None]] = [
        *(("new", None, mail) for mail in new),
        *(("falls away", mail, None) for mail in gone),
        *(("moves", each.before, each.after) for each in moved),
    ]
    table = Table("Mail", "Was due", "Is due", "By the clock of", "To", "About", "Why", box=None)
    for what, before, after in lines:
        mail = after or before
        if mail:
            times = (each.local_due if each else "-" for each in (before, after))
            place, about = zones.city(mail.timezone), mail.segment or mail.session or "the program"
            table.add_row(what, *times, place, _plain(mail.name), _plain(about), _plain(mail.why))
    return _printed(table) if lines else ""


def _notices_table(diff: PlanDiff) -> str:
    table = Table("Who is told", "Kind", "Of", "From (UTC)", box=None)
    for notice in diff.notices:
        due = f"{notice.due:%Y-%m-%d %H:%M}"
        table.add_row(_plain(notice.name), notice.kind, _plain(notice.session), due)
    return _printed(table) if diff.notices else ""


def contacts_as_table(contacts: Iterable[Contact]) -> str:
    """The contact list."""
    table = Table("Name", "Address", "Time zone", "Language", "Role", "Session", box=None)
    for contact in contacts:
        cells = (
            contact.name,
            contact.email,
            contact.timezone,
            contact.language,
            contact.role,
            contact.session,
        )
        table.add_row(*(_plain(cell or "-") for cell in cells))
    return _printed(table)


def suppressions_as_table(suppressions: Iterable[Suppression]) -> str:
    """The addresses to which nothing is sent, and why."""
    table = Table("No mail goes to", "Since (UTC)", "Because", box=None)
    for each in suppressions:
        table.add_row(_plain(each.email), f"{each.since:%Y-%m-%d %H:%M}", _plain(each.reason))
    return _printed(table)


def links_as_table(links: Iterable[Mapping[str, Any]]) -> str:
    """Personal links, with what they last fetched."""
    table = Table("Link", "Name", "Address", "Device", "Last fetch", "By", "Revision", "Void since", box=None)
    for link in links:
        instants = (link["fetched_at"], link["revoked_at"])
        fetched, revoked = (f"{at:%Y-%m-%d %H:%M}Z" if at else None for at in instants)
        seen = (link["device"], fetched, link["client"], link["revision"], revoked)
        cells = (link["id"], link["name"], link["email"], *seen)
        table.add_row(*(_plain(str(cell or "-")) for cell in cells))
    return _printed(table)


def effect_as_text(effect: Effect, *, private: bool) -> str:
    """What an amendment changes, by the clock of the session, and who is told; addresses only if private."""
    session = effect.session
    start = zones.local(session.start, session.timezone)
    clock = zones.clock_label(session.timezone, session.start)
    head = f"{session.title}\n{start:%A} {start.day} {start:%B %Y}, {clock}\n"
    table = Table("Was", "Is", "Segment", "What", box=None)
    for shift in effect.shifts:
        table.add_row(*_shift_cells(shift, session))
    times = _printed(table) if effect.shifts else "no time changes\n"
    return f"{head}\n{times}\n{_told_text(effect, private)}"


def _shift_cells(shift: Shift, session: Session) -> tuple[str, ...]:
    name = shift.segment or "(the session)"
    title = shift.title if shift.segment else ""
    return (_span(shift.before, session), _span(shift.after, session), _plain(name), _plain(title))


def _span(span: Span | None, session: Session) -> str:
    """A span of time by the clock of its session, with the day where it is not that of the session."""
    if span is None:
        return "not on"
    first, start, end = (zones.local(instant, session.timezone) for instant in (session.start, *span))
    day = "" if start.date() == first.date() else f"{start:%a} {start.day} {start:%b}, "
    return f"{day}{start:%H:%M}-{end:%H:%M}"


def _told_text(effect: Effect, private: bool) -> str:
    if not effect.told:
        return "nobody has been told anything that this changes: no notice goes out"
    titles = {shift.segment: shift.title for shift in effect.shifts}
    table = Table("Who is told", *(["Address"] if private else []), "Kind", "About", "From (UTC)", box=None)
    for each in effect.told:
        address = [_plain(each.email)] if private else []
        about = titles.get(each.segment or "", each.segment or effect.session.title)
        table.add_row(_plain(each.name), *address, each.kind, _plain(about), f"{each.due:%H:%M}")
    return _printed(table).rstrip("\n")


def status_as_text(status: dict[str, Any]) -> str:
    """The state of the service, a line a fact."""
    lines = [f"revision   {status['revision'] or 'nothing published'}"]
    lines += [f"next due   {status['next_due'] or 'nothing'}"]
    lines += [f"{state:<10} {number}" for state, number in status["deliveries"].items()]
    lines += [f"amendment  {_amendment(each)}" for each in status["amendments"]]
    lines += [f"silent     {each['session']}: {', '.join(each['names'])}" for each in status["unconfirmed"]]
    lines += [f"suppressed {status['suppressed']}"] if status["suppressed"] else []
    lines += [f"delivery {each['id']} {each['state']}: {each['reason']}" for each in status["troubled"]]
    return "\n".join(lines)


def _amendment(amendment: dict[str, Any]) -> str:
    lapsed = amendment["lapsed"]
    return f"{amendment['what']}{f' - no longer in force: {lapsed}' if lapsed else ''}"


def _plan_summary(mails: Sequence[PlannedMail]) -> str:
    unreachable = sorted({mail.name for mail in mails if not mail.email})
    reached = [mail for mail in mails if mail.email]
    summary = f"{len(reached)} mails to {len({mail.email for mail in reached})} people"
    return f"{summary}; no address is known of {', '.join(unreachable)}" if unreachable else summary


def _session(session: Session, timezone: str, private: bool) -> dict[str, Any]:
    return {
        "id": session.id,
        "title": session.title,
        "start": zones.local(session.start, timezone).isoformat(),
        "end": zones.local(session.end, timezone).isoformat(),
        "timezone": session.timezone,
        "language": session.language,
        "people": [_person(person, private) for person in session.people],
        "segments": [
            {
                "id": segment.id,
                "title": segment.title,
                "start": zones.local(segment.start, timezone).isoformat(),
                "end": zones.local(segment.end, timezone).isoformat(),
                "people": segment.people,
            }
            for segment in session.segments
        ],
        "room": session.room,
        "track": session.track,
        "audience": session.audience,
        "background": session.background,
        "objectives": session.objectives,
        "main_question": session.main_question,
        "guiding_questions": session.guiding_questions,
        "join_url": session.join_url,
    }


def _person(person: Person, private: bool) -> dict[str, Any]:
    shown = {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "organization": person.organization,
        "country": person.country,
        "timezone": person.timezone,
        "position": person.position,
        "presentation": person.presentation,
    }
    return {**shown, "email": person.email} if private else shown


def _session_table(session: Session, timezone: str) -> str:
    start = zones.local(session.start, timezone)
    table = Table("Time", "What", "Who", box=None)
    for segment in session.segments:
        begin, end = zones.local(segment.start, timezone), zones.local(segment.end, timezone)
        shift = (begin.date() - start.date()).days
        times = f"{begin:%H:%M}-{end:%H:%M}{f' (+{shift} day)' if shift else ''}"
        table.add_row(times, _plain(segment.title), _plain(session.names_of(segment)))
    head = (
        f"{session.title}\n{start:%A} {start.day} {start:%B %Y}, {zones.clock_label(timezone, session.start)}"
    )
    return f"{head}\n\n{_printed(table)}"


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _printed(table: Table) -> str:
    """The table as text, the same wherever it is printed."""
    output = io.StringIO()
    Console(file=output, width=_WIDTH, color_system=None, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"
