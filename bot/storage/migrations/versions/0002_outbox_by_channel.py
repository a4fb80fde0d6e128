"""The outbox by channel: what waits is found by an index of what waits, however many messages were sent or wait elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waits for a chat waits in its channel; the others find theirs when they fall due."""
    op.add_column("outbox", sa.Column("channel", sa.Text(), nullable=True))
    op.execute(
        "UPDATE outbox SET channel = (SELECT chat.channel FROM chat WHERE chat.id = outbox.chat) "
        "WHERE state = 'sending' OR (state = 'queued' AND kind = 'reply')"
    )
    op.drop_index("ix_outbox_due", table_name="outbox")
    for name, columns, state in (
        ("queued", ["channel", "priority", "not_before", "id"], "queued"),
        ("sending", ["channel"], "sending"),
        ("failed", ["trouble"], "failed"),
    ):
        here = sa.text(f"state = '{state}'")
        op.create_index(f"ix_outbox_{name}", "outbox", columns, sqlite_where=here, postgresql_where=here)


def downgrade() -> None:
    """By state."""
    for name in ("queued", "sending", "failed"):
        op.drop_index(f"ix_outbox_{name}", table_name="outbox")
    op.create_index("ix_outbox_due", "outbox", ["state", "priority", "not_before"], unique=False)
    op.drop_column("outbox", "channel")
