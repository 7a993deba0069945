"""Who is reminded of what, and when."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Literal

import msgspec

from gsef_notify.program.identity import slug_of_track
from gsef_notify.program.model import Segment, Session
from gsef_notify.reminders.moments import Moment, moment, told
from gsef_notify.reminders.quiet import QuietHours

Audience = Literal["speaker", "moderator", "participant", "organizer"]
Priority = Literal["high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
UNCONFIRMED = "unconfirmed"
DIGEST = "organizer-digest"
NIGHT = QuietHours(time(22), time(7))


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule is restricted to: ids of sessions (or of those that it is not for) and segments, tracks by
    id or name, the languages of sessions, and lists of the contact list. Empty is no restriction."""

    sessions: tuple[str, ...] = ()
    except_sessions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    def has_session(self, session: Session) -> bool:
        """Whether a session is within it."""
        tracks = {slug_of_track(track) for track in self.tracks}
        return (
            _is_in(self.sessions, session.id)
            and session.id not in self.except_sessions
            and _is_in(tracks, slug_of_track(session.track) if session.track else "")
            and _is_in(self.languages, session.language)
        )

    def has_segment(self, segment: Segment) -> bool:
        """Whether a segment is within it."""
        return _is_in(self.segments, segment.id)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One moment at which people of a role are mailed. ``template`` names the folder under
    ``templates/mail``; the mail is useless ``useless_after`` its due time, else when the next of the same
    people is due or their part begins."""

    name: str
    role: Audience
    when: Moment
    template: str
    scope: Scope = Scope()
    useless_after: timedelta | None = None
    quiet: QuietHours | None = NIGHT
    priority: Priority = "normal"

    @property
    def why(self) -> str:
        """The rule as a reason for a mail."""
        return f"{self.role}s are told {told(self.when)}"


def _rule(name: str, role: Audience, when: str, template: str, priority: Priority = "normal") -> Rule:
    return Rule(name=name, role=role, when=moment(when), template=template, priority=priority)


DEFAULT_RULES: tuple[Rule, ...] = (
    _rule("speaker-7-days", "speaker", "7 days before the session", "speaker-week"),
    _rule("speaker-1-day", "speaker", "1 day before the session", "speaker-day"),
    _rule("speaker-1-hour", "speaker", "1 hour before the session", "speaker-hour", "high"),
    _rule("speaker-10-minutes", "speaker", "10 minutes before my segment", "speaker-segment", "high"),
    _rule("moderator-1-day", "moderator", "1 day before the session", "moderator-session"),
    _rule("moderator-1-hour", "moderator", "1 hour before the session", "moderator-session", "high"),
    _rule("unconfirmed-1-day", "organizer", "24 hours before the session", UNCONFIRMED, "high"),
    _rule("participant-1-day", "participant", "1 day before the session", "participant-session"),
    _rule("participant-1-hour", "participant", "1 hour before the session", "participant-session"),
    _rule("participant-10-minutes", "participant", "10 minutes before my segment", "participant-segment"),
    _rule("organizer-morning", "organizer", "every day at 08:00", DIGEST, "low"),
)


def _is_in(wanted: Iterable[str], value: str) -> bool:
    wanted = set(wanted)
    return not wanted or value in wanted
