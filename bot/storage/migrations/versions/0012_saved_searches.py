"""Saved searches, and what families were offered on the last morning (what stands on the shelf now is no news); codes on certificates' cards."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OFFERED = """
    INSERT INTO catalogue_seen (municipality, "group", program, price, is_open, room)
    SELECT DISTINCT reader.municipality, shelf."group", shelf.program, shelf.price, its.is_open,
        its.is_open AND its.taken < its.seats
    FROM shelf JOIN "group" AS its ON its.id = shelf."group"
    JOIN (
        SELECT id AS municipality, NULL AS provider FROM municipality
        UNION ALL SELECT municipality, provider FROM agreement
    ) AS reader ON reader.provider = shelf.provider OR (reader.provider IS NULL AND reader.municipality = shelf.municipality)
"""


def upgrade() -> None:
    """Four tables; the second is filled."""
    op.create_table(
        "saved_search",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.BigInteger(), nullable=True),
        sa.Column("filters", sa.Text(), server_default="{}", nullable=False),
        sa.Column("district", sa.BigInteger(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("direction", sa.Text(), server_default="", nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_saved_search_person")),
        sa.ForeignKeyConstraint(["program"], ["program.id"], name=op.f("fk_saved_search_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index("ix_saved_search_person", "saved_search", ["person"])
    op.create_index("ix_saved_search_program", "saved_search", ["program"])
    op.create_index("ix_saved_search_asked", "saved_search", ["district", "age", "direction"])
    op.create_table(
        "catalogue_seen",
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("room", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["group.id"], name=op.f("fk_catalogue_seen_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("municipality", "group", name=op.f("pk_catalogue_seen")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_catalogue_seen_group", "catalogue_seen", ["group"])
    op.create_table(
        "catalogue_news",
        sa.Column("reader", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("municipality", "district", "program", "provider")
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("age_min", "age_max")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("direction", "registry")),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("price", "normative")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("start", "stop", "weekdays")),
        sa.ForeignKeyConstraint(["group"], ["group.id"], name=op.f("fk_catalogue_news_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader", "day", "kind", "group", name=op.f("pk_catalogue_news")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_catalogue_news_group", "catalogue_news", ["group"])
    op.execute(OFFERED)
    op.create_table(
        "card_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_card_code_person")),
        sa.ForeignKeyConstraint(["child"], ["child.id"], name=op.f("fk_card_code_child")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_code")),
        sa.UniqueConstraint("print", name=op.f("uq_card_code_print")),
    )
    op.create_index("ix_card_code_person", "card_code", ["person", "child"])
    op.create_index("ix_card_code_child", "card_code", ["child"])


def downgrade() -> None:
    """Without them."""
    for name in ("card_code", "catalogue_news", "catalogue_seen", "saved_search"):
        op.drop_table(name)
