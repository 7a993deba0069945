"""Personal calendar links, and what people have starred."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "links",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("contact_id", sa.Integer, sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.String, nullable=False, unique=True),
        sa.Column("device", sa.String, nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("revoked_at", instant),
        sa.Column("fetched_at", instant),
        sa.Column("client", sa.String),
        sa.Column("revision", sa.Integer),
    )
    op.create_table(
        "stars",
        sa.Column(
            "contact_id", sa.Integer, sa.ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("part", sa.String, primary_key=True),
    )
