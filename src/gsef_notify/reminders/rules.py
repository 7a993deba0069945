"""Who is reminded of what, and when."""

from datetime import timedelta
from typing import Literal

import msgspec

Audience = Literal["speaker", "moderator", "participant"]
Subject = Literal["session", "segment"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One moment at which people of a role are mailed: ``before`` the start of the session, or of each
    segment of their own. ``template`` names the folder under ``templates/mail``."""

    name: str
    role: Audience
    before: timedelta
    of: Subject = "session"
    template: str


DEFAULT_RULES: tuple[Rule, ...] = (
    Rule(name="speaker-7-days", role="speaker", before=timedelta(days=7), template="speaker-session"),
    Rule(name="speaker-1-day", role="speaker", before=timedelta(days=1), template="speaker-session"),
    Rule(name="speaker-1-hour", role="speaker", before=timedelta(hours=1), template="speaker-session"),
    Rule(
        name="speaker-10-minutes",
        role="speaker",
        before=timedelta(minutes=10),
        of="segment",
        template="speaker-segment",
    ),
    Rule(name="moderator-1-day", role="moderator", before=timedelta(days=1), template="moderator-session"),
    Rule(name="moderator-1-hour", role="moderator", before=timedelta(hours=1), template="moderator-session"),
    Rule(
        name="participant-1-day", role="participant", before=timedelta(days=1), template="participant-session"
    ),
    Rule(
        name="participant-1-hour",
        role="participant",
        before=timedelta(hours=1),
        template="participant-session",
    ),
)
