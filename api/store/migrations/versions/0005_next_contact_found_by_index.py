"""The next contact to read is found by an index, however many wait."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_contacts_to_read", "contacts"


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["scored", "channel", "stage", "read_again_at", "received_at"])


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["scored", "read_again_at"])
