"""The children that coverage is measured against (R10.1), and the sex of those who are known, as their patronymics say it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ENDINGS = {"m": ("%ич", "% оглы", "% оглу", "% улы", "% уулу"), "f": ("%вна", "%чна", "% кызы", "% гызы")}


def upgrade() -> None:
    """A table, and a column of the children filled in."""
    op.create_table(
        "population",
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("district", sa.BigInteger(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.CheckConstraint("children >= 0", name=op.f("ck_population_not_negative")),
        sa.CheckConstraint("sex in ('f', 'm', '')", name=op.f("ck_population_known_sex")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_population_municipality")),
        sa.PrimaryKeyConstraint("municipality", "year", "district", "age", "sex", name=op.f("pk_population")),
        sqlite_with_rowid=False,
    )
    child = sa.table("child", sa.column("sex"), sa.column("patronymic"))
    for sex, endings in ENDINGS.items():
        says = sa.or_(*(child.c.patronymic.like(ending) for ending in endings))
        op.execute(child.update().where(child.c.sex.is_(None), says).values(sex=sex))


def downgrade() -> None:
    """Without the table; the children keep what is known."""
    op.drop_table("population")
