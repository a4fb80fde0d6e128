"""A year of the production calendar that an operator enters is her municipality's; those entered so far held in all, and are the region's (0)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every year stays as it is."""
    rows = op.get_bind().execute(sa.text("SELECT year, document FROM calendar_year")).all()
    op.drop_table("calendar_year")
    table = op.create_table(
        "calendar_year",
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "year", name=op.f("pk_calendar_year")),
    )
    op.bulk_insert(table, [{"municipality": 0, "year": row.year, "document": row.document} for row in rows])


def downgrade() -> None:
    """The region's years stay."""
    rows = op.get_bind().execute(sa.text("SELECT year, document FROM calendar_year WHERE municipality = 0")).all()
    op.drop_table("calendar_year")
    table = op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.bulk_insert(table, [{"year": row.year, "document": row.document} for row in rows])
