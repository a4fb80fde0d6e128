"""A free seat is worth more in a group that can be entered soon."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SOON = 60
RECKONED = """
    UPDATE shelf SET soon = start <= {soon},
        standing = standing + CASE WHEN NOT room THEN 0 WHEN start <= {soon} THEN {more} ELSE {less} END,
        standing_for_age = standing_for_age + CASE WHEN NOT room THEN 0 WHEN start <= {soon} THEN {more} ELSE {less} END
"""


def upgrade() -> None:
    """As the next change of each program would reckon it."""
    op.add_column("shelf", sa.Column("soon", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.execute(RECKONED.format(soon=datetime.now(UTC).date().toordinal() + SOON, more=50, less=-100))


def downgrade() -> None:
    """All free seats are worth the same."""
    soon = datetime.now(UTC).date().toordinal() + SOON
    op.execute(RECKONED.format(soon=soon, more=-50, less=100).replace(f"soon = start <= {soon},", "soon = true,"))
    op.drop_column("shelf", "soon")
