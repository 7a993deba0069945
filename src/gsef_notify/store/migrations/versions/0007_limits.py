"""How many mails have gone out in which minute."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "sent_minutes",
        sa.Column("domain", sa.String, primary_key=True),
        sa.Column("minute", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
