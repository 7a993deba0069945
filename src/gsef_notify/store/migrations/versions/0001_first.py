"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "revisions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("accepted_at", instant, nullable=False),
        sa.Column("publication", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("timezone", sa.String),
        sa.Column("language", sa.String),
        sa.Column("origin", sa.String, nullable=False),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("contact_id", sa.Integer, sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.UniqueConstraint("contact_id", "role", "session", name="uq_roles_contact_id"),
    )
    op.create_index("roles_by_role", "roles", ["role", "session", "person"])
    op.create_table(
        "reminders",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("template", sa.String, nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("segment", sa.String),
        sa.Column("person", sa.String),
        sa.Column("start", instant, nullable=False),
        sa.Column("due", instant, nullable=False),
        sa.Column("useless_from", instant, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_index("reminders_by_state", "reminders", ["state", "due"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("reminder", sa.String, sa.ForeignKey("reminders.key"), nullable=False),
        sa.Column("contact_id", sa.Integer, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("due", instant, nullable=False),
        sa.Column("useless_from", instant, nullable=False),
        sa.Column("next_try", instant, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("lease_until", instant),
        sa.Column("finished_at", instant),
        sa.Column("reason", sa.String),
        sa.Column("proof", sa.String),
        sa.Column("subject", sa.String),
        sa.Column("told_start", instant),
        sa.Column("told_timezone", sa.String),
        sa.Column("revision", sa.Integer),
        sa.UniqueConstraint("reminder", "contact_id"),
    )
    op.create_index("deliveries_by_state", "deliveries", ["state", "next_try"])
