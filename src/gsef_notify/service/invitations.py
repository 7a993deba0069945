"""What calendars are to know of a mail's parts: invitations to who is on, files for the others. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import segment_file
from gsef_notify.feeds.invitation import Answer, Attendee, Organizer, invitation, method_of, withdrawal
from gsef_notify.feeds.reader import Face
from gsef_notify.mail.mime import Attachment, Invitation
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Segment, Session


@dataclass(frozen=True)
class Guest:
    """Who is invited, by whom, as one reader of the calendar; ``answer`` is what they said last."""

    attendee: Attendee
    organizer: Organizer
    face: Face
    answer: Answer | None = None


@dataclass(frozen=True)
class Slot:
    """A session, or one of its segments, as it is or was last; ``is_theirs`` is false for what somebody else
    does now."""

    session: Session
    segment: Segment | None
    is_theirs: bool = True


def invitations(
    site: Site, publication: Publication, guest: Guest, slots: Iterable[Slot]
) -> list[Invitation]:
    """The invitations to those, each alone (RFC 5546 section 3.2.2: one UID a message), or what takes them
    back."""
    return [_invitation(site, publication, guest, slot) for slot in slots]


def as_attachment(name: str, invited: Invitation) -> Attachment:
    """An invitation as a file beside another one."""
    return Attachment(
        filename=f"{name}.ics",
        content_type=f"text/calendar; charset=utf-8; method={invited.method}",
        content=invited.content,
    )


def calendar_files(
    site: Site, publication: Publication, face: Face, slots: Iterable[Slot]
) -> tuple[Attachment, ...]:
    """The segments among those as files that any calendar program takes in."""
    return tuple(
        Attachment(
            filename=f"{slot.segment.id}.ics",
            content_type="text/calendar; charset=utf-8",
            content=segment_file(site, publication, face, slot.session, slot.segment),
        )
        for slot in slots
        if slot.segment
    )


def _invitation(site: Site, publication: Publication, guest: Guest, slot: Slot) -> Invitation:
    parts = (site, publication, guest.face, slot.session, slot.segment, guest.attendee, guest.organizer)
    if not slot.is_theirs:
        return Invitation("CANCEL", withdrawal(*parts))
    method = method_of(publication, slot.session, slot.segment)
    return Invitation(method, invitation(*parts, guest.answer))
