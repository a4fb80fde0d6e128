"""An index for the transcript: what takes the place of a message that is forgotten is found at once."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    op.create_index(op.f("ix_web_message_replaces"), "web_message", ["replaces"])


def downgrade() -> None:
    """Without it."""
    op.drop_index(op.f("ix_web_message_replaces"), "web_message")
