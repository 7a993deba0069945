"""Indexes by which the most urgent delivery, and those that are of no use any more, are found at once."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("deliveries_by_use", "deliveries", ["state", "useless_from"])
    op.create_index("deliveries_to_claim", "deliveries", ["state", "rank", "useless_from", "id", "next_try"])
