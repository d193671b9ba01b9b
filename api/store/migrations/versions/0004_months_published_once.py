"""Months published once.

What was published daily before, with sums that changed from day to day, is let go: months are
published anew, and then for good.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM published_figures")
    op.execute("DELETE FROM publications")
    with op.batch_alter_table("published_figures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withheld", sa.Double(), nullable=True))
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("groups", sa.JSON(), nullable=False))
        batch_op.create_unique_constraint(
            batch_op.f("uq_publications_first_month"), ["first_month"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM published_figures")
    op.execute("DELETE FROM publications")
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_publications_first_month"), type_="unique")
        batch_op.drop_column("groups")
    with op.batch_alter_table("published_figures", schema=None) as batch_op:
        batch_op.drop_column("withheld")
