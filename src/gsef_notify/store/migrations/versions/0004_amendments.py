"""The program as the files say it, and the amendments made to it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "written",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("program", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("segment", sa.String),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("base", instant, nullable=False),
        sa.Column("undone_at", instant),
    )
