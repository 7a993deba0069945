"""Answers, addresses that came back, who wants no reminders, and secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "answers",
        sa.Column(
            "contact_id", sa.Integer, sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("session", sa.String, primary_key=True),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("answered_at", instant, nullable=False),
        sa.Column("via", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer),
        sa.Column("comment", sa.String),
    )
    op.create_table(
        "suppressions",
        sa.Column("email", sa.String, primary_key=True),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("status", sa.String, nullable=False),
    )
    op.create_table(
        "unsubscribed",
        sa.Column(
            "contact_id", sa.Integer, sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("session", sa.String, primary_key=True),
        sa.Column("at", instant, nullable=False),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
