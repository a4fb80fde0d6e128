"""Long work that survives a restart: jobs, their files, what they found. Certificates whose balances were taken over."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GOING = sa.text("state = 'going'")


def upgrade() -> None:
    """Three tables and two columns."""
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("agreements", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("place", sa.Text(), server_default="{}", nullable=False),
        sa.Column("previewed", sa.Text(), server_default="{}", nullable=False),
        sa.Column("began_at", Instant(), nullable=True),
        sa.Column("began_with", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_job_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_municipality", "job", ["municipality", "id"], unique=False)
    op.create_index("ix_job_going", "job", ["id"], unique=False, sqlite_where=GOING, postgresql_where=GOING)
    op.create_table(
        "job_file",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "number", name=op.f("pk_job_file")),
    )
    op.create_table(
        "job_finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("becomes", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["job"], ["job.id"], name=op.f("fk_job_finding_job"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_finding")),
    )
    op.create_index("ix_job_finding_job", "job_finding", ["job", "kind", "id"], unique=False)
    op.add_column("certificate", sa.Column("opened_in", sa.BigInteger(), nullable=True))
    op.add_column("child", sa.Column("contact", sa.Text(), nullable=True))


def downgrade() -> None:
    """Without them."""
    op.drop_column("child", "contact")
    op.drop_column("certificate", "opened_in")
    for table in ("job_finding", "job_file", "job"):
        op.drop_table(table)
