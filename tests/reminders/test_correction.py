"""What of what somebody was told must be put right."""

from datetime import timedelta

import msgspec

from gsef_notify.program.changes import first_publication
from gsef_notify.program.model import Program, Session
from gsef_notify.reminders.facts import Kind, Subject, correction, facts_of
from tests.conftest import ERIC


def test_a_part_that_is_over_and_gone_does_not_hide_that_the_session_moved(session: Session) -> None:
    week, long_ago = timedelta(days=7), session.start - timedelta(days=30)
    subject = Subject(session=session.id, role="speaker", person=ERIC)
    told = facts_of(first_publication(Program(sessions=(session,)), long_ago), subject, "UTC")
    later = msgspec.structs.replace(session, start=session.start + week, end=session.end + week, segments=())
    told_again = msgspec.structs.replace(
        facts_of(first_publication(Program(sessions=(later,)), long_ago), subject, "UTC"), slots=told.slots
    )
    soon = timedelta(minutes=5)
    moved = msgspec.structs.replace(later, start=later.start + soon, end=later.end + soon)
    publication = first_publication(Program(sessions=(moved,)), long_ago)
    (part,) = correction(told_again, publication, subject, session.end + timedelta(days=1)).parts
    assert (part.kind, part.after) == (Kind.MOVED, moved.start)
