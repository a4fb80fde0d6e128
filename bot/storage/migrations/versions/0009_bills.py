"""Bills and advances of providers (R5.10); what a provider has changed in the catalogue itself."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables, six columns."""
    op.add_column("program", sa.Column("returned_words", sa.Text(), nullable=True))
    for table in ("program", "group"):
        op.add_column(table, sa.Column("own", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    for table in ("program", "module", "group"):
        op.add_column(table, sa.Column("edited", sa.Text(), nullable=True))
    op.create_table(
        "bill",
        sa.Column("id", ID, nullable=False),
        sa.Column("provider", sa.BigInteger(), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("charged", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("parent", sa.BigInteger(), nullable=False),
        sa.Column("advance", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind in ('bill', 'advance')", name=op.f("ck_bill_known_kind")),
        sa.CheckConstraint("state in ('sent', 'returned', 'accepted', 'paid')", name=op.f("ck_bill_known_state")),
        sa.ForeignKeyConstraint(["provider"], ["provider.id"], name=op.f("fk_bill_provider")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_bill_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint(
            "provider", "municipality", "kind", "month", name=op.f("uq_bill_provider_municipality_kind_month")
        ),
    )
    op.create_index(op.f("ix_bill_municipality"), "bill", ["municipality", "month"])
    op.create_table(
        "bill_line",
        sa.Column("bill", sa.BigInteger(), nullable=False),
        sa.Column("enrollment", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("charged", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("parent", sa.BigInteger(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bill"], ["bill.id"], name=op.f("fk_bill_line_bill")),
        sa.ForeignKeyConstraint(["enrollment"], ["enrollment.id"], name=op.f("fk_bill_line_enrollment")),
        sa.PrimaryKeyConstraint("bill", "enrollment", "month", name=op.f("pk_bill_line")),
    )
    op.create_index(op.f("ix_bill_line_enrollment"), "bill_line", ["enrollment"])
    op.create_table(
        "bill_transfer",
        sa.Column("transfer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bill", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["transfer"], ["transfer.id"], name=op.f("fk_bill_transfer_transfer")),
        sa.ForeignKeyConstraint(["bill"], ["bill.id"], name=op.f("fk_bill_transfer_bill")),
        sa.PrimaryKeyConstraint("transfer", name=op.f("pk_bill_transfer")),
    )
    op.create_index(op.f("ix_bill_transfer_bill"), "bill_transfer", ["bill"])


def downgrade() -> None:
    """Without them."""
    for table in ("bill_transfer", "bill_line", "bill"):
        op.drop_table(table)
    for table, columns in (("program", ("edited", "own", "returned_words")), ("module", ("edited",))):
        for column in columns:
            op.drop_column(table, column)
    for column in ("edited", "own"):
        op.drop_column("group", column)
