"""The page of a rehearsal: who got what when, by whose clock, and what happened meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gsef_notify import zones
from gsef_notify.durations import in_words
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.stored import body, parsed
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Session
from gsef_notify.reminders.quiet import QuietHours
from gsef_notify.service.incidents import Outage
from gsef_notify.service.rehearsed import Played, damage, summary
from gsef_notify.service.stagehand import Happening

_ROLES = ("moderator", "speaker", "organizer", "participant")


@dataclass(frozen=True)
class Report:
    """All that the page tells. ``feeds`` are files beside it, ``night`` the hours that it marks."""

    publication: Publication
    mails: Sequence[Played]
    maildir: MaildirTransport
    feeds: Sequence[Path]
    happened: Sequence[Happening]
    outages: Sequence[Outage]
    night: QuietHours


def write_page(file: Path, templates: Path, report: Report) -> None:
    """The timeline by person and by time, each mail to be unfolded."""
    environment = Environment(loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined)
    subjects = {mail.message_id: mail for mail in report.mails if mail.message_id}
    lines = {mail.key: _line(mail, report, subjects) for mail in report.mails}
    context = {
        "sessions": [_session(session) for session in _sessions(report)],
        "summary": summary(report.mails, report.happened, len(report.outages)),
        "counts": _counts(report),
        "incidents": _incidents(report),
        "readers": _readers(report.mails, lines),
        "mails": list(lines.values()),
        "feeds": [feed.relative_to(file.parent).as_posix() for feed in report.feeds],
        "night": str(report.night),
    }
    file.write_text(environment.get_template("index.html").render(context), encoding="utf-8")


def _sessions(report: Report) -> list[Session]:
    """Each session once, also those that were taken out."""
    return list({session.id: session for session in reversed(report.publication.sessions())}.values())[::-1]


def _session(session: Session) -> dict[str, str]:
    start, end = (zones.local(instant, session.timezone) for instant in (session.start, session.end))
    clock = zones.clock_label(session.timezone, session.start)
    when = f"{start:%A} {start.day} {start:%B %Y}, {start:%H:%M}-{end:%H:%M}, {clock}"
    return {"title": session.title, "when": when}


def _counts(report: Report) -> list[dict[str, Any]]:
    """The figures at the top of the page."""
    sent = [mail for mail in report.mails if mail.state == "sent"]
    late = [mail for mail in sent if mail.was_refused and mail.delay]
    night = [mail for mail in sent if report.night.has(mail.local_time.time())]
    figures = (
        ("sent", len(sent), ""),
        ("people", len({mail.contact for mail in report.mails}), ""),
        ("late", len(late), "late"),
        ("at night", len(night), "night"),
        ("not sent", len(report.mails) - len(sent), "bad"),
    )
    return [
        {"name": name, "number": number, "tone": tone if number else ""} for name, number, tone in figures
    ]


def _incidents(report: Report) -> list[dict[str, Any]]:
    sessions = _sessions(report)
    timezone = sessions[0].timezone if sessions else "UTC"
    outages = [(outage.start, _outage(outage, report.mails, timezone)) for outage in report.outages]
    others = [(each.at, _happening(each, timezone)) for each in report.happened]
    return [shown for _, shown in sorted([*outages, *others], key=lambda incident: incident[0])]


def _outage(outage: Outage, mails: Sequence[Played], timezone: str) -> dict[str, Any]:
    start, end = (zones.local(instant, timezone) for instant in (outage.start, outage.end))
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %H:%M}"
    span = f"{_clock(outage.start, timezone)} until {until}"
    instants = f"{outage.start:%Y-%m-%d %H:%M} to {outage.end:%Y-%m-%d %H:%M} UTC"
    return {
        "local": span,
        "at": instants,
        "what": "The mail server is down",
        "effect": str(damage([mail for mail in mails if outage.covers(mail.ready)])),
        "problems": (),
    }


def _happening(happening: Happening, timezone: str) -> dict[str, Any]:
    return {
        "local": _clock(happening.at, timezone),
        "at": f"{happening.at:%Y-%m-%d %H:%M} UTC",
        "what": happening.what,
        "effect": happening.effect,
        "problems": happening.problems,
    }


def _clock(moment: datetime, timezone: str) -> str:
    return f"{zones.local(moment, timezone):%a %H:%M} {zones.city(timezone)}"


def _readers(mails: Sequence[Played], lines: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Every reader with their mails, those first who are on."""
    ordered = sorted(mails, key=attrgetter("contact"))
    readers = [_reader(list(theirs), lines) for _, theirs in groupby(ordered, key=attrgetter("contact"))]
    return sorted(readers, key=lambda reader: (reader["rank"], reader["name"]))


def _reader(mails: Sequence[Played], lines: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    last = mails[-1]
    roles = sorted({mail.role for mail in mails}, key=_rank)
    return {
        "id": f"reader-{last.contact}",
        "name": last.recipient,
        "roles": ", ".join(roles),
        "rank": _rank(roles[0]),
        "clock": zones.clock_label(last.timezone, last.at),
        "mails": [lines[mail.key] for mail in mails],
    }


def _rank(role: str) -> int:
    return _ROLES.index(role) if role in _ROLES else len(_ROLES)


def _line(mail: Played, report: Report, subjects: Mapping[str, Played]) -> dict[str, Any]:
    path = report.maildir.path(mail.proof) if mail.proof else None
    message = parsed(path.read_bytes()) if path else None
    local = mail.local_time
    answered = subjects.get(str(message["In-Reply-To"] or "").strip()) if message else None
    return {
        "id": f"mail-{mail.key}",
        "at": f"{mail.at:%Y-%m-%d %H:%M} UTC",
        "day": f"{mail.at:%A} {mail.at.day} {mail.at:%B %Y}",
        "local_day": f"{local:%a} {local.day} {local:%b}",
        "local_time": f"{local:%H:%M}",
        "local": f"{local:%a %H:%M}",
        "place": zones.city(mail.timezone),
        "night": mail.state == "sent" and report.night.has(local.time()),
        "delay": _delay(mail),
        "answers": _answered(answered) if answered else None,
        "recipient": mail.recipient,
        "role": mail.role,
        "rule": mail.rule,
        "state": mail.state,
        "reason": mail.reason,
        "subject": mail.subject,
        "text": body(message, "plain") if message else "",
    }


def _answered(mail: Played) -> dict[str, str]:
    return {"id": f"mail-{mail.key}", "local": f"{mail.local_time:%a %H:%M}", "subject": mail.subject}


def _delay(mail: Played) -> dict[str, str] | None:
    """How late a mail was and why, None for one that went out when it was due."""
    if not mail.delay:
        return None
    planned, sent = zones.local(mail.ready, mail.timezone), mail.local_time
    day = "" if planned.date() == sent.date() else f"{planned:%a} "
    cause = "deferred by the outage" if mail.was_refused else "held while its reader sleeps,"
    return {
        "tag": f"{in_words(mail.delay)} late" if mail.was_refused else "held over night",
        "tone": "late" if mail.was_refused else "held",
        "words": f"due {day}{planned:%H:%M}, {cause} until {sent:%H:%M}",
    }
