"""When an incident was, and notifications that came late or never."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("incident_on", sa.Date(), nullable=True))

    # References are inline: SQLite would otherwise make the table anew, which replies refer to.
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expected_notification", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column(
                "expected_from",
                sa.String(length=40),
                sa.ForeignKey("agencies.id", name=op.f("fk_decisions_expected_from_agencies")),
                nullable=True,
            ),
            inline_references=True,
        )
        batch_op.create_index(batch_op.f("ix_decisions_expected_from"), ["expected_from"])


def downgrade() -> None:
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_expected_from"))
        batch_op.drop_column("expected_from")
        batch_op.drop_column("expected_notification")

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("incident_on")
