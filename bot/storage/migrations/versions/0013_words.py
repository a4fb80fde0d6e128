"""Search by words: stems by municipality, so that a tenfold registry elsewhere costs nothing here; hours on the shelf."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOVED = "INSERT INTO program_stem ({0}) SELECT {0} FROM program_stem_moving"


def upgrade() -> None:
    """The same stems under another key; the hours are those of the timetables."""
    _rebuilt("s.stem, s.program, s.weight, program.municipality", ("municipality", "stem", "program"))
    for name, of in (("starts", "min(lesson.start)"), ("ends", "max(lesson.stop)")):
        op.add_column("shelf", sa.Column(name, sa.Time(), nullable=True))
        op.add_column("catalogue_news", sa.Column(name, sa.Time(), nullable=True))
        op.execute(f'UPDATE shelf SET {name} = (SELECT {of} FROM lesson WHERE lesson."group" = shelf."group")')


def downgrade() -> None:
    """By stem alone."""
    for name in ("ends", "starts"):
        op.drop_column("catalogue_news", name)
        op.drop_column("shelf", name)
    _rebuilt("s.stem, s.program, s.weight", ("stem", "program"))


def _rebuilt(columns: str, key: tuple[str, ...]) -> None:
    op.execute(
        f"CREATE TABLE program_stem_moving AS SELECT {columns} FROM program_stem s JOIN program ON program.id = s.program"
    )
    op.drop_index("ix_program_stem_program", table_name="program_stem")
    op.drop_table("program_stem")
    op.create_table(
        "program_stem",
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in key),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["program"], ["program.id"], name="fk_program_stem_program", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(*key, name="pk_program_stem"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_program_stem_program", "program_stem", ["program"])
    op.execute(MOVED.format(", ".join((*key, "weight"))))
    op.drop_table("program_stem_moving")
