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
        sa.Column("session", sa.String(200), primary_key=True),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("answered_at", instant, nullable=False),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("sequence", sa.Integer),
        sa.Column("comment", sa.String(500)),
    )
    op.create_table(
        "suppressions",
        sa.Column("email", sa.String(320), primary_key=True),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("status", sa.String(11), nullable=False),
    )
    op.create_table(
        "unsubscribed",
        sa.Column(
            "contact_id", sa.Integer, sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("session", sa.String(200), primary_key=True),
        sa.Column("at", instant, nullable=False),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
