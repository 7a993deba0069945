"""The tables, and how instants and words are kept in them."""

import re
from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept and given back in UTC. A naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Words(TypeDecorator[str]):
    """Text of any length, which may come from outside. What no text in PostgreSQL can hold, NUL and halves of
    surrogate pairs, becomes U+FFFD."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", value)


_UNKEPT = re.compile("[\x00\ud800-\udfff]")

metadata = MetaData()

revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("accepted_at", Instant, nullable=False),
    Column("publication", LargeBinary, nullable=False),
)

# One row: the newest program as its files say it, before any amendment.
written = Table(
    "written",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("program", LargeBinary, nullable=False),
)

# ``base`` is when the session began by the files when the amendment was made; ``minutes`` is how much later.
amendments = Table(
    "amendments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("session", Words, nullable=False),
    Column("segment", Words),
    Column("minutes", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("base", Instant, nullable=False),
    Column("undone_at", Instant),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("timezone", Words),
    Column("language", Words),
    Column("origin", Words, nullable=False),
)

# ``session`` is empty for all sessions; ``person`` is the id that the program gives to this contact, empty
# while the program names nobody like them.
roles = Table(
    "roles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("role", Words, nullable=False),
    Column("session", Words, nullable=False, default=""),
    Column("person", Words, nullable=False, default=""),
    Column("list", Words, nullable=False, default=""),
    UniqueConstraint("contact_id", "role", "session", "list", name="roles_once"),
    Index("roles_by_role", "role", "session", "person"),
)

# Who is named in which session of the newest program.
named = Table(
    "named",
    metadata,
    Column("session", Words, primary_key=True),
    Column("person", Words, primary_key=True),
)

# ``base`` is the same for all zones. ``lists`` are names between bars ("|press|"), ``quiet`` is "22:00-07:00"
# or empty, ``planned_at`` the instant at which it was planned, after ``due`` where it was too late.
reminders = Table(
    "reminders",
    metadata,
    Column("key", Words, primary_key=True),
    Column("base", Words, nullable=False, index=True),
    Column("rule", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("template", Words, nullable=False),
    Column("session", Words, nullable=False),
    Column("segment", Words),
    Column("person", Words),
    Column("start", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("useless_from", Instant, nullable=False),
    Column("unmoved", Instant, nullable=False),
    Column("zone", Words),
    Column("zone_of_others", Words, nullable=False),
    Column("lists", Words, nullable=False),
    Column("is_starred", Boolean, nullable=False),
    Column("quiet", Words, nullable=False),
    Column("priority", Words, nullable=False),
    Column("occasion", Words, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("state", Words, nullable=False),
    Index("reminders_by_state", "state", "due"),
)

# ``next_try`` is the instant from which a waiting delivery may be sent, ``lease_until`` that at which one
# being sent is given up. ``rank`` orders priorities, the highest first. ``subject``, ``facts`` (JSON) and
# ``told_timezone`` are what its reader was told.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reminder", ForeignKey("reminders.key"), nullable=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False),
    Column("state", Words, nullable=False),
    Column("due", Instant, nullable=False),
    Column("useless_from", Instant, nullable=False),
    Column("next_try", Instant, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("owner", Words),
    Column("lease_until", Instant),
    Column("finished_at", Instant),
    Column("reason", Words),
    Column("proof", Words),
    Column("subject", Words),
    Column("facts", LargeBinary),
    Column("told_timezone", Words),
    Column("revision", Integer),
    Column("message_id", Words),
    UniqueConstraint("reminder", "contact_id"),
    Index("deliveries_by_contact", "contact_id"),
    Index("deliveries_by_state", "state", "next_try"),
    Index("deliveries_by_use", "state", "useless_from"),
    Index("deliveries_to_claim", "state", "rank", "useless_from", "id", "next_try"),
    Index("deliveries_by_message_id", "message_id"),
)

# Each is for one device. Of its token only the digest is kept; the last three columns are its last fetch.
links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("digest", Words, nullable=False, unique=True),
    Column("device", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("fetched_at", Instant),
    Column("client", Words),
    Column("revision", Integer),
)

# ``part`` is the lasting key of a session or segment.
stars = Table(
    "stars",
    metadata,
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Words, primary_key=True),
)

# What somebody has said of a session: accepted, declined or tentative, on our page or by their calendar.
# ``sequence`` is that of the event which their calendar answered.
answers = Table(
    "answers",
    metadata,
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("session", Words, primary_key=True),
    Column("answer", Words, nullable=False),
    Column("answered_at", Instant, nullable=False),
    Column("via", Words, nullable=False),
    Column("sequence", Integer),
    Column("comment", Words),
)

# Addresses to which nothing can be delivered. ``status`` is that of RFC 3463, like 5.1.1.
suppressions = Table(
    "suppressions",
    metadata,
    Column("email", Words, primary_key=True),
    Column("reason", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("status", Words, nullable=False),
)

# Who wants no reminders of a session, or, where ``session`` is empty, of any.
unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("contact_id", ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("session", Words, primary_key=True),
    Column("at", Instant, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

# How many mails were claimed in a minute, to a domain or, where that is empty, in all.
sent_minutes = Table(
    "sent_minutes",
    metadata,
    Column("domain", Words, primary_key=True),
    Column("minute", Instant, primary_key=True),
    Column("number", Integer, nullable=False),
)
