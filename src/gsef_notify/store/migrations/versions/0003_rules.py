"""Rules by zone, list and star, and the facts that each reader was told. Of what was sent before, the facts
are not known; what was planned is planned anew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "named",
        sa.Column("session", sa.String, primary_key=True),
        sa.Column("person", sa.String, primary_key=True),
    )
    _let_roles_have_lists()
    _widen_reminders()
    _widen_deliveries()


def _let_roles_have_lists() -> None:
    with op.batch_alter_table("roles", naming_convention=_NAMES) as roles:
        roles.add_column(sa.Column("list", sa.String, nullable=False, server_default=""))
        roles.drop_constraint("uq_roles_contact_id", type_="unique")
        roles.create_unique_constraint("roles_once", ["contact_id", "role", "session", "list"])


def _widen_reminders() -> None:
    with op.batch_alter_table("reminders") as reminders:
        reminders.add_column(sa.Column("base", sa.String, nullable=False, server_default=""))
        reminders.add_column(sa.Column("unmoved", _INSTANT))
        reminders.add_column(sa.Column("zone", sa.String))
        reminders.add_column(sa.Column("zone_of_others", sa.String, nullable=False, server_default="UTC"))
        reminders.add_column(sa.Column("lists", sa.String, nullable=False, server_default=""))
        reminders.add_column(sa.Column("is_starred", sa.Boolean, nullable=False, server_default=sa.false()))
        reminders.add_column(sa.Column("quiet", sa.String, nullable=False, server_default=""))
        reminders.add_column(sa.Column("priority", sa.String, nullable=False, server_default="normal"))
        reminders.add_column(sa.Column("occasion", sa.String, nullable=False, server_default=""))
        reminders.add_column(sa.Column("planned_at", _INSTANT))
    op.execute("UPDATE reminders SET base = key, unmoved = due, planned_at = due")
    with op.batch_alter_table("reminders") as reminders:
        for instant in ("unmoved", "planned_at"):
            reminders.alter_column(instant, nullable=False, existing_type=_INSTANT)
        reminders.create_index("ix_reminders_base", ["base"])


def _widen_deliveries() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(sa.Column("rank", sa.Integer, nullable=False, server_default="1"))
        deliveries.add_column(sa.Column("facts", sa.LargeBinary))
        deliveries.add_column(sa.Column("message_id", sa.String))
        deliveries.drop_column("told_start")
        deliveries.create_index("deliveries_by_message_id", ["message_id"])
        deliveries.create_index("deliveries_by_contact", ["contact_id"])
