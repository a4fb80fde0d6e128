"""Indexes for ends and queues: what follows an enrollment, its chain, who waits for a funded certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

QUEUED = sa.text("queue_place IS NOT NULL")


def upgrade() -> None:
    """Three indexes."""
    op.create_index(op.f("ix_enrollment_renews"), "enrollment", ["renews"])
    op.create_index(op.f("ix_enrollment_chain"), "enrollment", ["chain"])
    op.create_index(
        op.f("ix_certificate_queue"),
        "certificate",
        ["certificate_group", "queue_place"],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )


def downgrade() -> None:
    """Without them."""
    op.drop_index(op.f("ix_certificate_queue"), "certificate")
    op.drop_index(op.f("ix_enrollment_chain"), "enrollment")
    op.drop_index(op.f("ix_enrollment_renews"), "enrollment")
