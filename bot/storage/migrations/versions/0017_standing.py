"""The shelf knows where a group stands whatever is asked: a municipality's best programs are read in order, not found among all."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SHOWN_FROM = {
    "postgresql": "CAST(CAST(m.policy AS json) ->> 'rating_shown_from' AS integer)",
    "sqlite": "json_extract(m.policy, '$.rating_shown_from')",
}
ASKED = (
    "stop",
    "provider",
    "district",
    "age_min",
    "age_max",
    "direction",
    "price",
    "start",
    "weekdays",
    "starts",
    "ends",
    "room",
)
FILLED = """
    UPDATE shelf SET room = its.room,
        standing = its.standing + {0},
        standing_for_age = its.standing + {0}
            + CASE WHEN age_max - age_min <= 2 THEN 60 WHEN age_max - age_min <= 4 THEN 40 WHEN age_max - age_min <= 7 THEN 20 ELSE 0 END
    FROM (
        SELECT g.id, g.is_open AND g.taken < g.seats AS room,
            CASE WHEN g.is_open AND g.taken < g.seats THEN 250 ELSE 0 END
            + CASE WHEN p.rating_count > 0 AND p.rating_count >= coalesce({1}, 3)
                THEN 20 * (p.rating_sum + 20) / (p.rating_count + 5) ELSE 80 END AS standing
        FROM "group" g JOIN module ON module.id = g.module JOIN program p ON p.id = module.program JOIN municipality m ON m.id = p.municipality
    ) AS its
    WHERE its.id = shelf."group"
"""
NEWS = 'UPDATE catalogue_news SET room = its.is_open AND its.taken < its.seats FROM "group" its WHERE its.id = catalogue_news."group"'
OF_ITSELF = (
    "CASE WHEN starts IS NULL THEN 0 ELSE 20 END + CASE WHEN price = 0 THEN 40 WHEN price > 0 THEN 20 ELSE 0 END"
)


def upgrade() -> None:
    """As the next change of each program would reckon it."""
    for table in ("shelf", "catalogue_news"):
        op.add_column(table, sa.Column("room", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    for name in ("standing", "standing_for_age"):
        op.add_column("shelf", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.execute(NEWS)
    op.execute(FILLED.format(OF_ITSELF, SHOWN_FROM[op.get_bind().dialect.name]))
    for name in ("standing", "standing_for_age"):
        op.create_index(
            f"ix_shelf_{name}", "shelf", ["municipality", sa.text(f"{name} DESC"), "program", "group", *ASKED]
        )


def downgrade() -> None:
    """The shelf without them."""
    for name in ("standing_for_age", "standing"):
        op.drop_index(f"ix_shelf_{name}", table_name="shelf")
        op.drop_column("shelf", name)
    for table in ("catalogue_news", "shelf"):
        op.drop_column(table, "room")
