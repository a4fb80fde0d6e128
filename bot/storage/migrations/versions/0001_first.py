"""The first tables.

Spelt out, not taken from the schema: a revision says for ever what it did when it was written.
"""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRANSFERS_STAY = [
    statement
    for wish in ("update", "delete")
    for statement in (
        (
            "sqlite",
            f"CREATE TRIGGER transfer_no_{wish} BEFORE {wish.upper()} ON transfer "
            f"BEGIN SELECT RAISE(ABORT, 'a transfer is never {wish}d'); END",
        ),
        (
            "postgresql",
            f"CREATE OR REPLACE FUNCTION transfer_no_{wish}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'a transfer is never {wish}d'; END $$",
        ),
        (
            "postgresql",
            f"CREATE TRIGGER transfer_no_{wish} BEFORE {wish.upper()} ON transfer "
            f"FOR EACH ROW EXECUTE FUNCTION transfer_no_{wish}()",
        ),
    )
]
"""(dialect, statement): the database itself refuses to edit or delete a transfer (R3.2)."""


def upgrade() -> None:
    """Everything, from nothing."""
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="money", nullable=False),
        sa.Column("balance", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("kind = 'budget' or balance >= 0", name=op.f("ck_account_bounded")),
        sa.CheckConstraint("kind in ('budget', 'certificate', 'hold', 'provider')", name=op.f("ck_account_known_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("kind", "owner", "period", "unit", name=op.f("uq_account_kind_owner_period_unit")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("number_prefix", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("code", name=op.f("uq_municipality_code")),
        sa.UniqueConstraint("number_prefix", name=op.f("uq_municipality_number_prefix")),
    )
    op.create_table(
        "run",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_run")),
    )
    op.create_table(
        "seen_update",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_seen_update")),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "stem",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stem")),
        sa.UniqueConstraint("word", name=op.f("uq_stem_word")),
    )
    op.create_table(
        "certificate_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_certificate_group_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_group")),
        sa.UniqueConstraint("municipality", "code", name=op.f("uq_certificate_group_municipality_code")),
    )
    op.create_table(
        "district",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_district_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("municipality", "name", name=op.f("uq_district_municipality_name")),
    )
    op.create_table(
        "funding_period",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("stop", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("start <= stop", name=op.f("ck_funding_period_runs_forward")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_funding_period_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_period")),
        sa.UniqueConstraint("municipality", "start", name=op.f("uq_funding_period_municipality_start")),
    )
    op.create_table(
        "imported",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_imported_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported")),
    )
    op.create_table(
        "municipality_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_municipality_text_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality_text")),
        sa.UniqueConstraint(
            "municipality",
            "kind",
            "language",
            "title",
            name=op.f("uq_municipality_text_municipality_kind_language_title"),
        ),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("patronymic", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_person_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("inn", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_provider_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("municipality", "name", name=op.f("uq_provider_municipality_name")),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("source", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("kopecks", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=True),
        sa.Column("month", sa.Text(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("kopecks > 0", name=op.f("ck_transfer_positive")),
        sa.CheckConstraint("source <> target", name=op.f("ck_transfer_two_sides")),
        sa.ForeignKeyConstraint(["source"], ["account.id"], name=op.f("fk_transfer_source")),
        sa.ForeignKeyConstraint(["target"], ["account.id"], name=op.f("fk_transfer_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("key", name=op.f("uq_transfer_key")),
    )
    op.create_index("ix_transfer_about", "transfer", ["about"], unique=False)
    op.create_index("ix_transfer_source", "transfer", ["source"], unique=False)
    op.create_index("ix_transfer_target", "transfer", ["target"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("stop", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_agreement_municipality")),
        sa.ForeignKeyConstraint(["provider"], ["provider.id"], name=op.f("fk_agreement_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("municipality", "provider", name=op.f("uq_agreement_municipality_provider")),
    )
    op.create_table(
        "chat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("preferred", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("linked_at", Instant(), nullable=False),
        sa.Column("dead_at", Instant(), nullable=True),
        sa.Column("cut_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_chat_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_chat_channel_address")),
    )
    op.create_index("ix_chat_person", "chat", ["person"], unique=False)
    op.create_table(
        "child",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("district", sa.BigInteger(), nullable=True),
        sa.Column("surname", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("patronymic", sa.Text(), nullable=True),
        sa.Column("folded_name", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("snils", sa.Text(), nullable=True),
        sa.Column("snils_print", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["district"], ["district.id"], name=op.f("fk_child_district")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_child_municipality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
    )
    op.create_index("ix_child_folded_name", "child", ["folded_name", "birth_date"], unique=False)
    op.create_index("ix_child_snils_print", "child", ["snils_print"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_consent_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person", "consent", ["person"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.BigInteger(), nullable=True),
        sa.Column("district", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=False),
        sa.Column("age_max", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.ForeignKeyConstraint(["district"], ["district.id"], name=op.f("fk_event_district")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_event_municipality")),
        sa.ForeignKeyConstraint(["provider"], ["provider.id"], name=op.f("fk_event_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "muted_topic",
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_muted_topic_person")),
        sa.PrimaryKeyConstraint("person", "topic", name=op.f("pk_muted_topic")),
    )
    op.create_table(
        "nominal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("certificate_group", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("kopecks", sa.BigInteger(), nullable=False),
        sa.Column("certificates", sa.Integer(), nullable=True),
        sa.Column("sum", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kopecks >= 0", name=op.f("ck_nominal_not_negative")),
        sa.ForeignKeyConstraint(
            ["certificate_group"], ["certificate_group.id"], name=op.f("fk_nominal_certificate_group")
        ),
        sa.ForeignKeyConstraint(["period"], ["funding_period.id"], name=op.f("fk_nominal_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominal")),
        sa.UniqueConstraint("certificate_group", "period", name=op.f("uq_nominal_certificate_group_period")),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.BigInteger(), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("registry", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), server_default="", nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=False),
        sa.Column("age_max", sa.Integer(), nullable=False),
        sa.Column("disability", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("rating_sum", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rating_count", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("age_min <= age_max", name=op.f("ck_program_ages")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_program_municipality")),
        sa.ForeignKeyConstraint(["provider"], ["provider.id"], name=op.f("fk_program_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("provider", "external_id", name=op.f("uq_program_provider_external_id")),
    )
    op.create_index("ix_program_external_id", "program", ["municipality", "external_id"], unique=False)
    op.create_index("ix_program_municipality", "program", ["municipality", "state"], unique=False)
    op.create_table(
        "wrong_try",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_wrong_try_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_try")),
    )
    op.create_index("ix_wrong_try_number", "wrong_try", ["number", "at"], unique=False)
    op.create_index("ix_wrong_try_person", "wrong_try", ["person", "at"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=False),
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("certificate_group", sa.BigInteger(), nullable=False),
        sa.Column("wanted_group", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_words", sa.Text(), nullable=True),
        sa.Column("applicant", sa.BigInteger(), nullable=True),
        sa.Column("held_for", sa.Text(), nullable=True),
        sa.Column("submitted_at", Instant(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("visit_by", sa.Date(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("activated_at", Instant(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.Column("conversion", sa.Integer(), server_default="0", nullable=False),
        sa.Column("queue_place", sa.BigInteger(), nullable=True),
        sa.Column("unused_warned_at", Instant(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["applicant"], ["person.id"], name=op.f("fk_certificate_applicant")),
        sa.ForeignKeyConstraint(
            ["certificate_group"], ["certificate_group.id"], name=op.f("fk_certificate_certificate_group")
        ),
        sa.ForeignKeyConstraint(["child"], ["child.id"], name=op.f("fk_certificate_child")),
        sa.ForeignKeyConstraint(["municipality"], ["municipality.id"], name=op.f("fk_certificate_municipality")),
        sa.ForeignKeyConstraint(["wanted_group"], ["certificate_group.id"], name=op.f("fk_certificate_wanted_group")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    op.create_index("ix_certificate_child", "certificate", ["child"], unique=False)
    op.create_index("ix_certificate_municipality", "certificate", ["municipality", "state"], unique=False)
    op.create_index(
        "uq_certificate_living_child",
        "certificate",
        ["child"],
        unique=True,
        sqlite_where=sa.text("state not in ('revoked', 'closed_age')"),
        postgresql_where=sa.text("state not in ('revoked', 'closed_age')"),
    )
    op.create_table(
        "conversation",
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("talk", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["chat"], ["chat.id"], name=op.f("fk_conversation_chat"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_conversation")),
    )
    op.create_table(
        "event_signup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["child"], ["child.id"], name=op.f("fk_event_signup_child")),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_event_signup_event")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_event_signup_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_signup")),
        sa.UniqueConstraint("event", "child", name=op.f("uq_event_signup_event_child")),
    )
    op.create_table(
        "guardianship",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.CheckConstraint("rights in ('full', 'read', 'self')", name=op.f("ck_guardianship_known_rights")),
        sa.ForeignKeyConstraint(["child"], ["child.id"], name=op.f("fk_guardianship_child")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_guardianship_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
        sa.UniqueConstraint("person", "child", name=op.f("uq_guardianship_person_child")),
    )
    op.create_index("ix_guardianship_child", "guardianship", ["child"], unique=False)
    op.create_table(
        "link_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("child", sa.BigInteger(), nullable=True),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["child"], ["child.id"], name=op.f("fk_link_code_child")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_link_code_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("print", name=op.f("uq_link_code_print")),
    )
    op.create_table(
        "module",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("program", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("normative", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["program"], ["program.id"], name=op.f("fk_module_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("program", "external_id", name=op.f("uq_module_program_external_id")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("chat", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("edits", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_channels", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_ref", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["chat"], ["chat.id"], name=op.f("fk_outbox_chat")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_outbox_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_chat", "outbox", ["chat"], unique=False)
    op.create_index("ix_outbox_due", "outbox", ["state", "priority", "not_before"], unique=False)
    op.create_index("ix_outbox_person", "outbox", ["person"], unique=False)
    op.create_table(
        "program_stem",
        sa.Column("stem", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["program"], ["program.id"], name=op.f("fk_program_stem_program"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("stem", "program", name=op.f("pk_program_stem")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_program_stem_program", "program_stem", ["program"], unique=False)
    op.create_table(
        "web_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("outbox_key", sa.Text(), nullable=True),
        sa.Column("replaces", sa.BigInteger(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("read_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["chat"], ["chat.id"], name=op.f("fk_web_message_chat"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["replaces"], ["web_message.id"], name=op.f("fk_web_message_replaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_message")),
        sa.UniqueConstraint("outbox_key", name=op.f("uq_web_message_outbox_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_web_message_chat", "web_message", ["chat"], unique=False)
    op.create_table(
        "group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("module", sa.BigInteger(), nullable=False),
        sa.Column("district", sa.BigInteger(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("teacher", sa.Text(), server_default="", nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("stop", sa.Date(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("freed_at", Instant(), nullable=True),
        sa.Column("free_told", sa.Integer(), nullable=True),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.CheckConstraint("start <= stop", name=op.f("ck_group_runs_forward")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_group_seats_not_negative")),
        sa.ForeignKeyConstraint(["district"], ["district.id"], name=op.f("fk_group_district")),
        sa.ForeignKeyConstraint(["module"], ["module.id"], name=op.f("fk_group_module")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group")),
        sa.UniqueConstraint("module", "external_id", name=op.f("uq_group_module_external_id")),
    )
    op.create_index("ix_group_district", "group", ["district"], unique=False)
    op.create_index("ix_group_module", "group", ["module"], unique=False)
    op.create_table(
        "enrollment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child", sa.BigInteger(), nullable=False),
        sa.Column("certificate", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.BigInteger(), nullable=False),
        sa.Column("module", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("stop", sa.Date(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("parent_first", sa.BigInteger(), nullable=False),
        sa.Column("parent_other", sa.BigInteger(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("holds_seat", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("offer_until", Instant(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.Column("skipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skipped_at", Instant(), nullable=True),
        sa.Column("renews", sa.BigInteger(), nullable=True),
        sa.Column("chain", sa.BigInteger(), nullable=True),
        sa.Column("overdue", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("needs_yes", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.CheckConstraint(
            "first >= 0 and other >= 0 and parent_first >= 0 and parent_other >= 0", name=op.f("ck_enrollment_parts")
        ),
        sa.CheckConstraint(
            "price = first + other * (months - 1) + parent_first + parent_other * (months - 1)",
            name=op.f("ck_enrollment_price"),
        ),
        sa.ForeignKeyConstraint(["certificate"], ["certificate.id"], name=op.f("fk_enrollment_certificate")),
        sa.ForeignKeyConstraint(["chain"], ["enrollment.id"], name=op.f("fk_enrollment_chain")),
        sa.ForeignKeyConstraint(["child"], ["child.id"], name=op.f("fk_enrollment_child")),
        sa.ForeignKeyConstraint(["group"], ["group.id"], name=op.f("fk_enrollment_group")),
        sa.ForeignKeyConstraint(["module"], ["module.id"], name=op.f("fk_enrollment_module")),
        sa.ForeignKeyConstraint(["period"], ["funding_period.id"], name=op.f("fk_enrollment_period")),
        sa.ForeignKeyConstraint(["renews"], ["enrollment.id"], name=op.f("fk_enrollment_renews")),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_enrollment_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
    )
    op.create_index("ix_enrollment_certificate", "enrollment", ["certificate"], unique=False)
    op.create_index("ix_enrollment_child", "enrollment", ["child"], unique=False)
    op.create_index("ix_enrollment_group", "enrollment", ["group", "state"], unique=False)
    op.create_index("ix_enrollment_state", "enrollment", ["state", "period"], unique=False)
    op.create_index(
        "uq_enrollment_living",
        "enrollment",
        ["child", "group", "start"],
        unique=True,
        sqlite_where=sa.text("state in ('requested', 'claimed', 'accepted', 'active', 'renewal_offered')"),
        postgresql_where=sa.text("state in ('requested', 'claimed', 'accepted', 'active', 'renewal_offered')"),
    )
    op.create_index(
        "uq_enrollment_queued",
        "enrollment",
        ["child", "group"],
        unique=True,
        sqlite_where=sa.text("state in ('waitlisted', 'offered')"),
        postgresql_where=sa.text("state in ('waitlisted', 'offered')"),
    )
    op.create_table(
        "lesson",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("stop", sa.Time(), nullable=False),
        sa.Column("weeks", sa.Text(), server_default="every", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("weekday between 1 and 7", name=op.f("ck_lesson_weekday")),
        sa.ForeignKeyConstraint(["group"], ["group.id"], name=op.f("fk_lesson_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index("ix_lesson_group", "lesson", ["group"], unique=False)
    op.create_table(
        "shelf",
        sa.Column("municipality", sa.BigInteger(), nullable=False),
        sa.Column("district", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.BigInteger(), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=False),
        sa.Column("age_max", sa.Integer(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("registry", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("normative", sa.BigInteger(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["group.id"], name=op.f("fk_shelf_group"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("municipality", "district", "program", "group", name=op.f("pk_shelf")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shelf_program", "shelf", ["program"], unique=False)
    op.create_index("ix_shelf_provider", "shelf", ["provider"], unique=False)
    op.create_table(
        "cancelled_lessons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrollment", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("cancelled > 0 and cancelled <= planned", name=op.f("ck_cancelled_lessons_counts")),
        sa.ForeignKeyConstraint(["enrollment"], ["enrollment.id"], name=op.f("fk_cancelled_lessons_enrollment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancelled_lessons")),
        sa.UniqueConstraint("enrollment", "month", "cause", name=op.f("uq_cancelled_lessons_enrollment_month_cause")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrollment", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["enrollment"], ["enrollment.id"], name=op.f("fk_dispute_enrollment")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_dispute_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(
        "uq_dispute_open",
        "dispute",
        ["enrollment"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chain", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("results", sa.Integer(), nullable=True),
        sa.Column("teachers", sa.Integer(), nullable=True),
        sa.Column("equipment", sa.Integer(), nullable=True),
        sa.Column("overall", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("comment_state", sa.Text(), nullable=True),
        sa.Column("comment_reason", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("given_at", Instant(), nullable=True),
        sa.CheckConstraint("stars between 1 and 5", name=op.f("ck_rating_stars")),
        sa.ForeignKeyConstraint(["chain"], ["enrollment.id"], name=op.f("fk_rating_chain")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_rating_person")),
        sa.ForeignKeyConstraint(["program"], ["program.id"], name=op.f("fk_rating_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("chain", name=op.f("uq_rating_chain")),
    )
    op.create_index("ix_rating_program", "rating", ["program"], unique=False)
    for dialect, statement in TRANSFERS_STAY:
        if dialect == op.get_bind().dialect.name:
            op.execute(statement)


def downgrade() -> None:
    """Back to nothing."""
    op.drop_index("ix_rating_program", table_name="rating")
    op.drop_table("rating")
    op.drop_index(
        "uq_dispute_open",
        table_name="dispute",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("dispute")
    op.drop_table("cancelled_lessons")
    op.drop_index("ix_shelf_provider", table_name="shelf")
    op.drop_index("ix_shelf_program", table_name="shelf")
    op.drop_table("shelf")
    op.drop_index("ix_lesson_group", table_name="lesson")
    op.drop_table("lesson")
    op.drop_index(
        "uq_enrollment_queued",
        table_name="enrollment",
        sqlite_where=sa.text("state in ('waitlisted', 'offered')"),
        postgresql_where=sa.text("state in ('waitlisted', 'offered')"),
    )
    op.drop_index(
        "uq_enrollment_living",
        table_name="enrollment",
        sqlite_where=sa.text("state in ('requested', 'claimed', 'accepted', 'active', 'renewal_offered')"),
        postgresql_where=sa.text("state in ('requested', 'claimed', 'accepted', 'active', 'renewal_offered')"),
    )
    op.drop_index("ix_enrollment_state", table_name="enrollment")
    op.drop_index("ix_enrollment_group", table_name="enrollment")
    op.drop_index("ix_enrollment_child", table_name="enrollment")
    op.drop_index("ix_enrollment_certificate", table_name="enrollment")
    op.drop_table("enrollment")
    op.drop_index("ix_group_module", table_name="group")
    op.drop_index("ix_group_district", table_name="group")
    op.drop_table("group")
    op.drop_index("ix_web_message_chat", table_name="web_message")
    op.drop_table("web_message")
    op.drop_index("ix_program_stem_program", table_name="program_stem")
    op.drop_table("program_stem")
    op.drop_index("ix_outbox_person", table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_index("ix_outbox_chat", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("module")
    op.drop_table("link_code")
    op.drop_index("ix_guardianship_child", table_name="guardianship")
    op.drop_table("guardianship")
    op.drop_table("event_signup")
    op.drop_table("conversation")
    op.drop_index(
        "uq_certificate_living_child",
        table_name="certificate",
        sqlite_where=sa.text("state not in ('revoked', 'closed_age')"),
        postgresql_where=sa.text("state not in ('revoked', 'closed_age')"),
    )
    op.drop_index("ix_certificate_municipality", table_name="certificate")
    op.drop_index("ix_certificate_child", table_name="certificate")
    op.drop_table("certificate")
    op.drop_index("ix_wrong_try_person", table_name="wrong_try")
    op.drop_index("ix_wrong_try_number", table_name="wrong_try")
    op.drop_table("wrong_try")
    op.drop_index("ix_program_municipality", table_name="program")
    op.drop_index("ix_program_external_id", table_name="program")
    op.drop_table("program")
    op.drop_table("nominal")
    op.drop_table("muted_topic")
    op.drop_table("event")
    op.drop_index("ix_consent_person", table_name="consent")
    op.drop_table("consent")
    op.drop_index("ix_child_snils_print", table_name="child")
    op.drop_index("ix_child_folded_name", table_name="child")
    op.drop_table("child")
    op.drop_index("ix_chat_person", table_name="chat")
    op.drop_table("chat")
    op.drop_table("agreement")
    op.drop_index("ix_transfer_target", table_name="transfer")
    op.drop_index("ix_transfer_source", table_name="transfer")
    op.drop_index("ix_transfer_about", table_name="transfer")
    op.drop_table("transfer")
    op.drop_table("provider")
    op.drop_table("person")
    op.drop_table("municipality_text")
    op.drop_table("imported")
    op.drop_table("funding_period")
    op.drop_table("district")
    op.drop_table("certificate_group")
    op.drop_table("stem")
    op.drop_table("setting")
    op.drop_table("set_aside")
    op.drop_table("seen_update")
    op.drop_table("run")
    op.drop_table("municipality")
    op.drop_table("lease")
    op.drop_table("calendar_year")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        for wish in ("update", "delete"):
            op.execute(f"DROP FUNCTION transfer_no_{wish}()")
