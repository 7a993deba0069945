"""Letters about an invented session, to try templates with."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from gsef_notify.mail.compose import Forum, Letter, Recipient
from gsef_notify.mail.mime import Mailbox
from gsef_notify.program.model import Person, Segment, Session

_START = datetime(2030, 3, 30, 23, 30, tzinfo=UTC)


def sample_letters(kind: str) -> Iterator[Letter]:
    """Letters of a kind that between them use everything a template may meet."""
    session = _session()
    before, after = _START - timedelta(hours=1), _START + timedelta(minutes=30)
    if kind.endswith("segment"):
        yield from (_letter(kind, session, segment, before) for segment in session.segments)
        return
    yield _letter(kind, session, session.segments[1], before)
    yield _letter(kind, session, None, before)
    yield _letter(kind, session, None, after)
    yield _letter(kind, session, None, before, corrects=_START - timedelta(days=1))


def _letter(
    kind: str, session: Session, segment: Segment | None, now: datetime, corrects: datetime | None = None
) -> Letter:
    role = kind.partition("-")[0]
    person = next((person for person in session.people if person.role == role), None)
    return Letter(
        kind=kind,
        session=session,
        segment=segment,
        person=person,
        recipient=Recipient("Ana Example", "ana@example.org", "America/Santiago", segment is None, "en"),
        now=now,
        forum=Forum("Example Forum"),
        sender=Mailbox("reminders@example.org"),
        session_url="https://example.org/sessions/example",
        calendar_url="https://example.org/sessions/example.ics",
        message_id="<example@example.org>",
        corrects=corrects,
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
            Person(id="ana", name="Ana Example", role="speaker", country="CL"),
            Person(id="bo", name="Bo Example", role="moderator"),
        ),
        segments=tuple(
            Segment(id=title.lower(), title=title, start=start, end=end, people=("ana",) if n == 1 else ())
            for n, (title, start, end) in enumerate(zip(titles, minutes, minutes[1:], strict=False))
        ),
    )
