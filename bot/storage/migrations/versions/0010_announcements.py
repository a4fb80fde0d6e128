"""Announcements to a chosen audience; certificates found by the beginning of a name and by birth date."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ANNOUNCED = sa.text("kind = 'Announced'")


def upgrade() -> None:
    """A table and three indexes."""
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), server_default="", nullable=False),
        sa.Column("district", sa.BigInteger(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("age_max", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unsent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint("state in ('going', 'stopped', 'done')", name=op.f("ck_announcement_known_state")),
        sa.ForeignKeyConstraint(["district"], ["district.id"], name=op.f("fk_announcement_district")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_announcement_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_municipality", "announcement", ["municipality", "id"])
    op.create_index(
        "ix_outbox_announced",
        "outbox",
        ["key", "state"],
        sqlite_where=ANNOUNCED,
        postgresql_where=ANNOUNCED,
        postgresql_ops={"key": "text_pattern_ops"},
    )
    op.drop_index("ix_child_folded_name", "child")
    names = ["folded_name", "birth_date"]
    op.create_index("ix_child_folded_name", "child", names, postgresql_ops={"folded_name": "text_pattern_ops"})
    op.create_index("ix_child_birth_date", "child", ["birth_date"])


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_child_birth_date", "child")
    op.drop_index("ix_child_folded_name", "child")
    op.create_index("ix_child_folded_name", "child", ["folded_name", "birth_date"])
    op.drop_index("ix_outbox_announced", "outbox")
    op.drop_index("ix_announcement_municipality", "announcement")
    op.drop_table("announcement")
