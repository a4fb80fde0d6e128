"""Indexes for the calendar: what begins and ends on a day, pushes that nobody has read; a day no longer looks at every enrollment."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ENDS, UNREAD = sa.text("ends_on IS NOT NULL"), sa.text("read_at IS NULL")


def upgrade() -> None:
    """Four indexes."""
    op.create_index(op.f("ix_enrollment_start"), "enrollment", ["state", "start"])
    op.create_index(op.f("ix_enrollment_stop"), "enrollment", ["state", "stop"])
    op.create_index(
        op.f("ix_enrollment_ends_on"), "enrollment", ["state", "ends_on"], sqlite_where=ENDS, postgresql_where=ENDS
    )
    op.create_index(op.f("ix_web_message_unread"), "web_message", ["at"], sqlite_where=UNREAD, postgresql_where=UNREAD)


def downgrade() -> None:
    """Without them."""
    op.drop_index(op.f("ix_web_message_unread"), "web_message")
    for name in ("ends_on", "stop", "start"):
        op.drop_index(op.f(f"ix_enrollment_{name}"), "enrollment")
