"""Letters about invented things, to try templates with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gsef_notify.mail.compose import Forum, Letter
from gsef_notify.mail.digest import Board, DigestMatter, Outgoing, Trouble
from gsef_notify.mail.matter import Links, Recipient, SessionMatter
from gsef_notify.mail.mime import Mailbox
from gsef_notify.program.model import Person, Presentation, Segment, Session
from gsef_notify.reminders.facts import Change, Correction, Kind
from gsef_notify.reminders.rules import DIGEST

_START = datetime(2030, 3, 30, 23, 30, tzinfo=UTC)
_BEFORE = _START - timedelta(hours=1)
_TOLD = _START - timedelta(days=1)


def sample_letters(kind: str) -> Iterator[Letter]:
    """Letters of a kind that between them use everything a template may meet."""
    matters = _digests() if kind == DIGEST else _matters(kind)
    for matter in matters:
        yield _letter(kind, matter)
    yield replace(_letter(kind, matter), now=_START + timedelta(minutes=30))
    yield replace(_letter(kind, matter), now=_START - timedelta(days=100))


def _digests() -> Iterator[DigestMatter]:
    yield DigestMatter()
    yield DigestMatter(
        (Outgoing(_BEFORE, "speaker-1-hour", "An example", 2),),
        (Trouble(_TOLD, "Ana Example", "speaker-1-day", "550 no such user"),),
        (Board("An example", _START, ("Ana Example", "Bo Example"), ("Cy Example",)),),
    )


def _matters(kind: str) -> Iterator[SessionMatter]:
    """Plain ones and rich ones; a mail before a segment always is about one."""
    session = _session()
    person = next((p for p in session.people if p.role == kind.partition("-")[0]), None)
    links = Links("https://example.org/sessions/example", "https://example.org/sessions/example.ics")
    own = SessionMatter(session, session.segments[1:2], person, links)
    yield own
    yield replace(own, segments=session.segments[:1])
    yield replace(
        own, corrects=_TOLD, silent=session.people, declined=session.people, starred=session.segments[:1]
    )
    for part in _changes():
        yield replace(own, correction=Correction(parts=(part,)))
    yield replace(own, correction=Correction(link=True, joined=("Cy",), left=("Di",)), answer="accepted")
    asked = replace(
        links, answer="https://example.org/rsvp/x", unsubscribe="https://example.org/unsubscribe/x"
    )
    yield replace(own, answer="declined", links=asked)
    if not kind.endswith("segment"):
        yield replace(own, segments=(), links=asked, correction=Correction(parts=(_of_all(),)))


def _changes() -> Iterator[Change]:
    for kind in Kind:
        before = None if kind in (Kind.ADDED, Kind.REINSTATED) else _TOLD
        after = None if kind in (Kind.CANCELLED, Kind.RELEASED) else _START
        yield Change(segment="talk", kind=kind, before=before, after=after)


def _of_all() -> Change:
    return Change(segment=None, kind=Kind.MOVED, before=_TOLD, after=_START)


def _letter(kind: str, matter: SessionMatter | DigestMatter) -> Letter:
    return Letter(
        kind=kind,
        matter=matter,
        recipient=Recipient("Ana Example", "ana@example.org", "America/Santiago", kind == DIGEST, "en"),
        now=_BEFORE,
        forum=Forum("Example Forum"),
        sender=Mailbox("reminders@example.org"),
        message_id="<example@example.org>",
    )


def _session() -> Session:
    minutes = [_START + timedelta(minutes=5 * n) for n in range(4)]
    titles = ("Welcome", "Talk", "Closing")
    return Session(
        id="example",
        title="An example",
        start=minutes[0],
        end=minutes[-1],
        timezone="Asia/Seoul",
        people=(
            Person(
                id="ana",
                name="Ana Example",
                role="speaker",
                country="CL",
                presentation=Presentation(title="Talk"),
            ),
            Person(id="bo", name="Bo Example", role="moderator"),
            Person(id="cy", name="Cy Example", role="speaker", pronunciation="Sigh", contact="+1 555 0100"),
        ),
        segments=tuple(
            Segment(id=title.lower(), title=title, start=start, end=end, people=("ana",) if n == 1 else ())
            for n, (title, start, end) in enumerate(zip(titles, minutes, minutes[1:], strict=False))
        ),
    )
