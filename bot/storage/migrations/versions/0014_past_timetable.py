"""Timetables that groups have had: what was held in the past does not change with the present one (R5.4)."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty: what the present timetables have replaced before is not known."""
    op.create_table(
        "past_timetable",
        sa.Column("group", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["group.id"], name=op.f("fk_past_timetable_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group", "until", name=op.f("pk_past_timetable")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("past_timetable")
