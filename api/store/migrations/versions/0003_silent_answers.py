"""Silent answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "silent_runs",
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_silent_runs")),
    )
    op.create_table(
        "silent_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("served", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("rulebook", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("probabilities", sa.JSON(), nullable=False),
        sa.Column("lowest_level", sa.String(length=40), nullable=False),
        sa.Column("highest_level", sa.String(length=40), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("inappropriate", sa.Boolean(), nullable=True),
        sa.Column("inappropriate_probability", sa.Double(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_silent_answers_contact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silent_answers")),
        sa.UniqueConstraint(
            "contact_id",
            "reader",
            "served",
            name=op.f("uq_silent_answers_contact_id_reader_served"),
        ),
    )
    with op.batch_alter_table("silent_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_silent_answers_reader"), ["reader"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("silent_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_silent_answers_reader"))

    op.drop_table("silent_answers")
    op.drop_table("silent_runs")
