"""Links by which a phone's calendar reads a family's week."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_link")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_calendar_link_person")),
        sa.UniqueConstraint("print", name=op.f("uq_calendar_link_print")),
    )
    op.create_index(op.f("ix_calendar_link_person"), "calendar_link", ["person"])


def downgrade() -> None:
    """Without it."""
    op.drop_table("calendar_link")
