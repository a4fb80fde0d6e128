"""PostgreSQL's index of words holds their weights too: what a word finds is read from it alone, not program by program."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On SQLite the key is the table, and has them already."""
    _keyed(" INCLUDE (weight)")


def downgrade() -> None:
    """The key alone."""
    _keyed("")


def _keyed(also: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE program_stem DROP CONSTRAINT pk_program_stem")
        op.execute(
            f"ALTER TABLE program_stem ADD CONSTRAINT pk_program_stem PRIMARY KEY (municipality, stem, program){also}"
        )
