"""The office: its staff, who is signed in, wrong tries of passwords, and the audit trail, which nobody edits."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant, for_ever

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four tables."""
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index("ix_sign_in_try_print", "sign_in_try", ["print", "at"], unique=False)
    op.create_table(
        "trail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.BigInteger(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("object", sa.BigInteger(), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail")),
    )
    op.create_index(
        "ix_trail_child",
        "trail",
        ["child"],
        unique=False,
        sqlite_where=sa.text("child <> 0"),
        postgresql_where=sa.text("child <> 0"),
    )
    op.create_index("ix_trail_municipality", "trail", ["municipality", "id"], unique=False)
    op.create_index("ix_trail_provider", "trail", ["provider", "id"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=True),
        sa.Column("provider", sa.BigInteger(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("second_factor", sa.Text(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.CheckConstraint("role <> 'operator' or municipality is not null", name=op.f("ck_staff_operator_of")),
        sa.CheckConstraint("role <> 'provider' or provider is not null", name=op.f("ck_staff_provider_of")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_staff_municipality")),
        sa.ForeignKeyConstraint(["provider"], ["provider.id"], name=op.f("fk_staff_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "staff_session",
        sa.Column("print", sa.Text(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("municipality", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("proved", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_staff_session_staff")),
        sa.PrimaryKeyConstraint("print", name=op.f("pk_staff_session")),
    )
    op.create_index("ix_staff_session_staff", "staff_session", ["staff"], unique=False)
    for dialect, statement in for_ever("trail"):
        if op.get_context().dialect.name == dialect:
            op.execute(statement)


def downgrade() -> None:
    """Without them; on PostgreSQL a trigger's functions go too."""
    for table in ("staff_session", "staff", "trail", "sign_in_try"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        for wish in ("update", "delete"):
            op.execute(f"DROP FUNCTION trail_no_{wish}()")
