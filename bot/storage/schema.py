"""The tables. Ids are integers, money is whole kopecks, instants are UTC, local dates are dates; constraints have names.

Free-form values (a policy, a state, a notice's values) are JSON texts. Columns marked «encrypted» hold a cipher's token
(R9.4).
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.event import listen

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite forgets zones, so they are taken off and put back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """To aware UTC."""
        return value.replace(tzinfo=UTC) if value is not None else None


def identity() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def ref(name: str, table: str, *, null: bool = False, **how: Any) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(f"{table}.id", **how), nullable=null)


def instant(name: str, *, null: bool = True) -> Column[datetime]:
    return Column(name, Instant, nullable=null)


def kopecks(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def word(name: str, *, null: bool = False, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=null, server_default=default)


def flag(name: str, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("true" if default else "false"))


# --- the municipality -------------------------------------------------------------------------------------------------

municipality = Table(
    "municipality",
    metadata,
    identity(),
    word("code"),
    word("name"),
    word("zone"),
    word("number_prefix"),  # region (2) + municipality (2), R2.6
    word("policy", default="{}"),
    UniqueConstraint("code"),
    UniqueConstraint("number_prefix"),
)

district = Table(
    "district",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("name"),
    UniqueConstraint("municipality", "name"),
)

population = Table(
    "population",
    metadata,
    Column("municipality", BigInteger, ForeignKey("municipality.id"), primary_key=True),
    Column("year", Integer, primary_key=True),  # how many lived there on its 1 January
    Column("district", BigInteger, primary_key=True),  # 0: not told apart
    Column("age", Integer, primary_key=True),
    Column("sex", String(1), primary_key=True),  # f | m | "": not told apart
    Column("children", Integer, nullable=False),
    CheckConstraint("children >= 0", name="not_negative"),
    CheckConstraint("sex in ('f', 'm', '')", name="known_sex"),
    sqlite_with_rowid=False,
)
"""The children that coverage is measured against (R10.1)."""

municipality_text = Table(
    "municipality_text",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("kind"),  # contacts | question | document
    word("language"),
    word("title"),
    word("body"),
    Column("position", Integer, nullable=False, server_default="0"),
    UniqueConstraint("municipality", "kind", "language", "title"),
)

calendar_year = Table(
    "calendar_year",
    metadata,
    Column("year", Integer, primary_key=True),
    word("document"),  # the production calendar of a year as the operator changed it, R8.3
)

funding_period = Table(
    "funding_period",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("name"),
    Column("start", Date, nullable=False),
    Column("stop", Date, nullable=False),
    word("state"),  # planned | open | closed
    CheckConstraint("start <= stop", name="runs_forward"),
    UniqueConstraint("municipality", "start"),
)

certificate_group = Table(
    "certificate_group",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("code"),  # all | disability | orphan | the municipality's own
    word("name"),
    UniqueConstraint("municipality", "code"),
)

nominal = Table(
    "nominal",
    metadata,
    identity(),
    ref("certificate_group", "certificate_group"),
    ref("period", "funding_period"),
    kopecks("kopecks"),
    Column("certificates", Integer, nullable=True),  # vacancies in number, R2.4; null = not limited
    kopecks("sum", null=True),  # vacancies in money, R2.4
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("certificate_group", "period"),
    CheckConstraint("kopecks >= 0", name="not_negative"),
)

# --- people and their chats -------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    identity(),
    ref("municipality", "municipality", null=True),
    word("language"),
    word("surname", null=True),
    word("first_name", null=True),
    word("patronymic", null=True),
    word("phone", null=True),  # E.164; a contact detail, never proof (R1.3)
    word("email", null=True),
    instant("created_at", null=False),
    instant("deleted_at"),
)

chat = Table(
    "chat",
    metadata,
    identity(),
    word("channel"),  # telegram | vk | web
    word("address"),  # the messenger's peer id, or the web session's key
    ref("person", "person"),
    flag("preferred"),
    instant("linked_at", null=False),
    instant("dead_at"),  # blocked by the parent or gone
    instant("cut_at"),  # unlinked; a new contact starts a new person
    UniqueConstraint("channel", "address"),
)
Index("ix_chat_person", chat.c.person)

conversation = Table(
    "conversation",
    metadata,
    Column("chat", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, nullable=False),
    word("talk"),  # state, history, draft, offered: codec's JSON, secrets encrypted; empty: forgotten (R9.4)
    instant("changed_at", null=False),
)

consent = Table(
    "consent",
    metadata,
    identity(),
    ref("person", "person"),
    word("purpose"),  # certificate | health
    word("version"),
    word("hash"),
    instant("given_at", null=False),
    instant("withdrawn_at"),
)
Index("ix_consent_person", consent.c.person)

muted_topic = Table(
    "muted_topic",
    metadata,
    Column("person", BigInteger, ForeignKey("person.id"), primary_key=True),
    Column("topic", Text, primary_key=True),
)

child = Table(
    "child",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    ref("district", "district", null=True),
    word("surname", null=True),
    word("first_name", null=True),
    word("patronymic", null=True),
    word("folded_name", null=True),  # R2.10: ё = е, case, spaces, look-alike letters
    Column("birth_date", Date, nullable=False),
    word("sex", null=True),  # f | m | null
    word("address", null=True),
    word("snils", null=True),  # encrypted
    word("snils_print", null=True),  # keyed hash, to find a duplicate without decrypting
    word("contact", null=True),  # of the family, as the registry that it was imported from told it; for the operator
    instant("created_at", null=False),
    instant("deleted_at"),
)
Index(
    "ix_child_folded_name",  # a likeness (R2.10), and names that begin so, whatever order PostgreSQL's letters have
    child.c.folded_name,
    child.c.birth_date,
    postgresql_ops={"folded_name": "text_pattern_ops"},
)
Index("ix_child_birth_date", child.c.birth_date)
Index("ix_child_snils_print", child.c.snils_print)

guardianship = Table(
    "guardianship",
    metadata,
    identity(),
    ref("person", "person"),
    ref("child", "child"),
    word("rights"),  # full | read | self (the child's own chat, R1.3)
    instant("since", null=False),
    UniqueConstraint("person", "child"),
    CheckConstraint("rights in ('full', 'read', 'self')", name="known_rights"),
)
Index("ix_guardianship_child", guardianship.c.child)

link_code = Table(
    "link_code",
    metadata,
    identity(),
    word("print"),  # keyed hash of the code
    word("kind"),  # guardian | read | self | channel | certificate | restore
    ref("person", "person", null=True),  # whose channel, or who invites
    ref("child", "child", null=True),
    word("issued_by"),
    instant("expires_at", null=False),
    instant("used_at"),
    UniqueConstraint("print"),
)

card_code = Table(
    "card_code",
    metadata,
    identity(),
    word("print"),  # keyed hash of the code on a certificate's card
    ref("person", "person"),  # who shows it
    ref("child", "child"),
    instant("expires_at", null=False),
    UniqueConstraint("print"),
)
Index("ix_card_code_person", card_code.c.person, card_code.c.child)
Index("ix_card_code_child", card_code.c.child)

calendar_link = Table(
    "calendar_link",
    metadata,
    identity(),
    ref("person", "person"),
    word("print"),  # keyed hash of the token
    instant("made_at", null=False),
    UniqueConstraint("print"),
)
"""By which a phone's calendar reads a family's week."""
Index("ix_calendar_link_person", calendar_link.c.person)

wrong_try = Table(
    "wrong_try",
    metadata,
    identity(),
    ref("person", "person"),
    word("number"),  # the certificate number (or "code") that was tried, R2.11
    instant("at", null=False),
)
Index("ix_wrong_try_person", wrong_try.c.person, wrong_try.c.at)
Index("ix_wrong_try_number", wrong_try.c.number, wrong_try.c.at)

certificate = Table(
    "certificate",
    metadata,
    identity(),
    ref("child", "child"),
    ref("municipality", "municipality"),
    ref("certificate_group", "certificate_group"),
    ref("wanted_group", "certificate_group", null=True),  # until its proof is seen, R2.5
    word("number", null=True),
    word("kind"),  # accounting | funded
    word("state"),  # R2.7
    word("reason", null=True),  # of a rejection (R2.9) or a revocation
    word("reason_words", null=True),  # what the operator added to it
    ref("applicant", "person", null=True),
    word("held_for", null=True),  # why the operator must look first: snils | name (R2.10)
    instant("submitted_at"),
    Column("decide_by", Date, nullable=True),
    Column("visit_by", Date, nullable=True),
    instant("decided_at"),
    instant("activated_at"),
    Column("valid_until", Date, nullable=True),
    Column("frozen_on", Date, nullable=True),  # R2.12
    Column("conversion", Integer, nullable=False, server_default="0"),  # how many times funded: part of the grant's key
    Column("queue_place", BigInteger, nullable=True),  # order in the queue for a funded one, R2.4
    instant("unused_warned_at"),
    Column("used_on", Date, nullable=True),  # last day of use, R2.13
    Column("opened_in", BigInteger, nullable=True),  # the period whose balance was taken over by an import, R3.3
    UniqueConstraint("number"),
)
Index("ix_certificate_child", certificate.c.child)
Index(
    "uq_certificate_living_child",
    certificate.c.child,
    unique=True,
    sqlite_where=text("state not in ('revoked', 'closed_age')"),
    postgresql_where=text("state not in ('revoked', 'closed_age')"),
)
Index("ix_certificate_municipality", certificate.c.municipality, certificate.c.state)
_IN_QUEUE = certificate.c.queue_place.is_not(None)
Index(
    "ix_certificate_queue",
    certificate.c.certificate_group,
    certificate.c.queue_place,
    sqlite_where=_IN_QUEUE,
    postgresql_where=_IN_QUEUE,
)

# --- the catalogue ----------------------------------------------------------------------------------------------------

provider = Table(
    "provider",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("external_id", null=True),
    word("name"),
    word("kind"),  # municipal | state | private | entrepreneur
    word("inn", null=True),
    word("phone", null=True),
    word("email", null=True),
    word("site", null=True),
    word("state", default="active"),  # active | banned | no_license
    UniqueConstraint("municipality", "name"),
)

agreement = Table(
    "agreement",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    ref("provider", "provider"),
    Column("start", Date, nullable=False),
    Column("stop", Date, nullable=True),
    UniqueConstraint("municipality", "provider"),
)

program = Table(
    "program",
    metadata,
    identity(),
    ref("provider", "provider"),
    ref("municipality", "municipality"),
    word("external_id"),
    word("name"),
    word("description", default=""),
    word("registry"),  # certified | significant | preprofessional | general | commercial
    word("direction"),  # technical | science | sport | art | tourism | social
    word("activity", default=""),
    Column("age_min", Integer, nullable=False),
    Column("age_max", Integer, nullable=False),
    flag("disability"),
    word("state", default="active"),  # active | archived | proposed by its provider | returned to it
    word("returned_words", null=True),  # the operator's, what to mend
    flag("own"),  # entered by its provider: no registry's file knows it
    word("edited", null=True),  # JSON: fields that the provider has changed → what the registry told before
    Column("rating_sum", Integer, nullable=False, server_default="0"),
    Column("rating_count", Integer, nullable=False, server_default="0"),
    UniqueConstraint("provider", "external_id"),
    CheckConstraint("age_min <= age_max", name="ages"),
)
Index("ix_program_municipality", program.c.municipality, program.c.state)
Index("ix_program_external_id", program.c.municipality, program.c.external_id)

module = Table(
    "module",
    metadata,
    identity(),
    ref("program", "program"),
    word("external_id"),
    word("name"),
    kopecks("price", null=True),  # null: not stated; 0: free
    kopecks("normative", null=True),
    word("edited", null=True),  # as a program's
    UniqueConstraint("program", "external_id"),
)

group = Table(
    "group",
    metadata,
    identity(),
    ref("module", "module"),
    ref("district", "district", null=True),
    word("external_id"),
    word("name"),
    word("address", default=""),
    word("teacher", default=""),
    Column("start", Date, nullable=False),
    Column("stop", Date, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0"),  # R6.1, kept by whoever takes or frees a seat
    instant("freed_at"),  # when a seat last became free
    Column("free_told", Integer, nullable=True),  # free seats as the registry last told them
    flag("is_open", default=True),
    word("state", default="active"),  # active | archived
    flag("own"),  # as a program's
    word("edited", null=True),
    UniqueConstraint("module", "external_id"),
    CheckConstraint("start <= stop", name="runs_forward"),
    CheckConstraint("taken >= 0", name="seats_not_negative"),
)
Index("ix_group_module", group.c.module)
Index("ix_group_district", group.c.district)

lesson = Table(
    "lesson",
    metadata,
    identity(),
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), nullable=False),
    Column("weekday", Integer, nullable=False),  # 1 = Monday … 7
    Column("start", Time, nullable=False),
    Column("stop", Time, nullable=False),
    word("weeks", default="every"),  # every | odd | even
    word("place", default=""),
    CheckConstraint("weekday between 1 and 7", name="weekday"),
)
Index("ix_lesson_group", lesson.c.group)

past_timetable = Table(
    "past_timetable",
    metadata,
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    Column("until", Date, primary_key=True),  # the local day from which the next one holds
    word("document"),  # [[2, "15:00:00", "16:00:00", "every", ""], …]: the columns of `lesson`
    sqlite_with_rowid=False,
)
"""What a group's lessons were before each change of them (R5.4)."""

shelf = Table(
    "shelf",
    metadata,
    Column("municipality", BigInteger, primary_key=True),  # the program's
    Column("district", BigInteger, primary_key=True),  # 0: not told
    Column("program", BigInteger, primary_key=True),
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    Column("provider", BigInteger, nullable=False),
    Column("age_min", Integer, nullable=False),
    Column("age_max", Integer, nullable=False),
    word("direction"),
    word("registry"),
    kopecks("price", null=True),  # as the family sees it
    kopecks("normative", null=True),
    Column("start", Integer, nullable=False),  # day numbers: SQL counts with them on every database
    Column("stop", Integer, nullable=False),
    Column("weekdays", Integer, nullable=False),  # bit 1 is Monday's, bit 7 Sunday's; 0: no timetable
    Column("starts", Time, nullable=True),  # of the earliest lesson; null: no timetable
    Column("ends", Time, nullable=True),  # of the latest
    sqlite_with_rowid=False,
)
"""What the search looks at: the active groups of active programs, all that filters ask for in one row."""
Index("ix_shelf_provider", shelf.c.provider)
Index("ix_shelf_program", shelf.c.program)

stem = Table("stem", metadata, identity(), word("word"), word("shown"), UniqueConstraint("word"))
"""Every stem that a program can be found by, with a whole word to show for it; none is ever removed."""

program_stem = Table(
    "program_stem",
    metadata,
    Column("municipality", BigInteger, primary_key=True),  # the program's: words are looked for within a reader's reach
    Column("stem", BigInteger, primary_key=True),
    Column("program", BigInteger, ForeignKey("program.id", ondelete="CASCADE"), primary_key=True),
    Column("weight", Integer, nullable=False),  # where it stands: name, activity, provider, description
    sqlite_with_rowid=False,
)
Index("ix_program_stem_program", program_stem.c.program)

saved_search = Table(
    "saved_search",
    metadata,
    identity(),
    ref("person", "person"),
    ref("program", "program", null=True),  # of one program; null: of what the filters find
    word("filters", default="{}"),  # codec's JSON
    Column(
        "district", BigInteger, nullable=False
    ),  # of the filters, what tells in SQL whom a piece of news may concern
    Column("age", Integer, nullable=False),
    word("direction", default=""),
    flag("paused"),
    instant("created_at", null=False),
)
Index("ix_saved_search_person", saved_search.c.person)
Index("ix_saved_search_program", saved_search.c.program)
Index("ix_saved_search_asked", saved_search.c.district, saved_search.c.age, saved_search.c.direction)

catalogue_seen = Table(
    "catalogue_seen",
    metadata,
    Column("municipality", BigInteger, primary_key=True),  # the reader's
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    Column("program", BigInteger, nullable=False),
    kopecks("price", null=True),  # as the family sees it
    flag("is_open"),
    flag("room"),  # open, with a free seat
    sqlite_with_rowid=False,
)
"""What a municipality's families were offered on its last morning: what differs today is news for saved searches."""
Index("ix_catalogue_seen_group", catalogue_seen.c.group)

catalogue_news = Table(
    "catalogue_news",
    metadata,
    Column("reader", BigInteger, primary_key=True),  # the reader's municipality
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),  # freed | opened | appeared | cheaper
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    *(Column(each.name, each.type, nullable=each.nullable) for each in shelf.columns if each.name != "group"),
    sqlite_with_rowid=False,
)
"""What a morning has found, as it stood on the shelf, so that a search looks through it as through the shelf; later mornings clear it away."""
Index("ix_catalogue_news_group", catalogue_news.c.group)

# --- enrollments ------------------------------------------------------------------------------------------------------

LIVING = "state in ('requested', 'claimed', 'accepted', 'active', 'waitlisted', 'offered', 'renewal_offered')"

enrollment = Table(
    "enrollment",
    metadata,
    identity(),
    ref("child", "child"),
    ref("certificate", "certificate"),
    ref("group", "group"),
    ref("module", "module"),
    ref("period", "funding_period", null=True),  # null for free and budget programs outside any period
    word("state"),  # R6
    word("by"),  # who made it: guardian | provider
    ref("requested_by", "person", null=True),
    Column("start", Date, nullable=True),
    Column("stop", Date, nullable=True),
    kopecks("price"),
    kopecks("first"),  # the certificate's part by months, R4.5
    kopecks("other"),
    kopecks("parent_first"),
    kopecks("parent_other"),
    Column("months", Integer, nullable=False),
    flag("holds_seat"),
    word("reason", null=True),
    word("ended_by", null=True),  # guardian | provider | municipality | system
    instant("created_at", null=False),
    instant("changed_at", null=False),
    Column("until", Date, nullable=True),  # the clock of the present state, a local date
    instant("offer_until"),  # R6.11, to the minute
    Column("concluded_on", Date, nullable=True),
    Column("ends_on", Date, nullable=True),  # after a notice, R5.5
    Column("place", BigInteger, nullable=True),  # order in the waiting list
    Column("skipped", Integer, nullable=False, server_default="0"),
    instant("skipped_at"),  # the seat that was free then is not offered again
    ref("renews", "enrollment", null=True),
    ref("chain", "enrollment", null=True),  # the first of a chain of renewals, itself for a first one (R7.1)
    flag("overdue"),
    flag("needs_yes"),  # a request of a 14+ child waits for the guardian (R1.3)
    CheckConstraint("first >= 0 and other >= 0 and parent_first >= 0 and parent_other >= 0", name="parts"),
    CheckConstraint("price = first + other * (months - 1) + parent_first + parent_other * (months - 1)", name="price"),
)
Index("ix_enrollment_child", enrollment.c.child)
Index("ix_enrollment_group", enrollment.c.group, enrollment.c.state)
Index("ix_enrollment_start", enrollment.c.state, enrollment.c.start)
Index("ix_enrollment_stop", enrollment.c.state, enrollment.c.stop)
_ENDS = text("ends_on IS NOT NULL")
Index(
    "ix_enrollment_ends_on",
    enrollment.c.state,
    enrollment.c.ends_on,
    sqlite_where=_ENDS,
    postgresql_where=_ENDS,
)
Index("ix_enrollment_state", enrollment.c.state, enrollment.c.period)
Index("ix_enrollment_certificate", enrollment.c.certificate)
Index("ix_enrollment_renews", enrollment.c.renews)  # whoever ends looks for what follows
Index("ix_enrollment_chain", enrollment.c.chain)
_SEATED = text("state in ('requested', 'claimed', 'accepted', 'active', 'renewal_offered')")
Index(
    "uq_enrollment_living",  # the start tells a renewal (R6.12) from what it renews
    enrollment.c.child,
    enrollment.c.group,
    enrollment.c.start,
    unique=True,
    sqlite_where=_SEATED,
    postgresql_where=_SEATED,
)
_QUEUED = text("state in ('waitlisted', 'offered')")
Index(
    "uq_enrollment_queued",
    enrollment.c.child,
    enrollment.c.group,
    unique=True,
    sqlite_where=_QUEUED,
    postgresql_where=_QUEUED,
)

dispute = Table(
    "dispute",
    metadata,
    identity(),
    ref("enrollment", "enrollment"),
    ref("opened_by", "person", null=True),
    word("about"),  # enrollment | the charged month
    word("words", default=""),
    word("state"),  # open | upheld | rejected
    instant("opened_at", null=False),
    instant("decided_at"),
    word("reason", null=True),
)
Index(
    "uq_dispute_open",
    dispute.c.enrollment,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

cancelled_lessons = Table(
    "cancelled_lessons",
    metadata,
    identity(),
    ref("enrollment", "enrollment"),
    word("month"),  # 2026-09
    Column("planned", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    word("cause"),
    instant("at", null=False),
    UniqueConstraint("enrollment", "month", "cause"),
    CheckConstraint("cancelled > 0 and cancelled <= planned", name="counts"),
)

# --- money ------------------------------------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    identity(),
    word("kind"),  # budget | certificate | hold | provider
    Column("owner", BigInteger, nullable=False),  # municipality | certificate | enrollment | provider
    Column("period", BigInteger, nullable=False),  # 0 for a provider's
    word("unit", default="money"),
    Column("balance", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("kind", "owner", "period", "unit"),
    CheckConstraint("kind = 'budget' or balance >= 0", name="bounded"),
    CheckConstraint("kind in ('budget', 'certificate', 'hold', 'provider')", name="known_kind"),
)

transfer = Table(
    "transfer",
    metadata,
    identity(),
    Column("key", String(120), nullable=False),
    ref("source", "account"),
    ref("target", "account"),
    kopecks("kopecks"),
    word("why"),
    Column("about", BigInteger, nullable=True),  # the enrollment
    word("month", null=True),
    instant("at", null=False),
    UniqueConstraint("key"),
    CheckConstraint("kopecks > 0", name="positive"),
    CheckConstraint("source <> target", name="two_sides"),
)


def for_ever(table: str) -> list[tuple[str, str]]:
    """(dialect, statement): rows that the database itself refuses to edit or delete. A migration that rebuilds the table runs them again."""
    return [
        statement
        for wish in ("update", "delete")
        for statement in (
            (
                "sqlite",
                f"CREATE TRIGGER {table}_no_{wish} BEFORE {wish.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'a {table} is never {wish}d'); END",
            ),
            (
                "postgresql",
                f"CREATE OR REPLACE FUNCTION {table}_no_{wish}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'a {table} is never {wish}d'; END $$",
            ),
            (
                "postgresql",
                f"CREATE TRIGGER {table}_no_{wish} BEFORE {wish.upper()} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_no_{wish}()",
            ),
        )
    ]


def _keep_for_ever(table: Table) -> None:
    for dialect, statement in for_ever(table.name):
        listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]


_keep_for_ever(transfer)  # R3.2
Index("ix_transfer_source", transfer.c.source)
Index("ix_transfer_target", transfer.c.target)
Index("ix_transfer_about", transfer.c.about)

# --- a provider's bills -----------------------------------------------------------------------------------------------

bill = Table(
    "bill",
    metadata,
    identity(),
    ref("provider", "provider"),
    ref("municipality", "municipality"),
    word("kind"),  # bill | advance
    word("month"),  # 2026-09
    word("state"),  # sent | returned | accepted | paid; a draft is not stored
    kopecks("charged"),  # an advance's sum
    kopecks("refunded"),
    kopecks("parent"),  # the families' own parts, printed only (R4.9); below zero where a correction outweighs them
    kopecks("advance"),  # of the same month, taken off
    word("words", default=""),  # why it was returned
    instant("sent_at", null=False),
    instant("decided_at"),
    Column("paid_on", Date, nullable=True),
    UniqueConstraint("provider", "municipality", "kind", "month"),
    CheckConstraint("kind in ('bill', 'advance')", name="known_kind"),
    CheckConstraint("state in ('sent', 'returned', 'accepted', 'paid')", name="known_state"),
)
Index("ix_bill_municipality", bill.c.municipality, bill.c.month)

bill_line = Table(
    "bill_line",
    metadata,
    Column("bill", BigInteger, ForeignKey("bill.id"), primary_key=True),
    Column("enrollment", BigInteger, ForeignKey("enrollment.id"), primary_key=True),
    Column("month", Text, primary_key=True),  # another than the bill's: a correction
    kopecks("charged"),
    kopecks("refunded"),
    kopecks("parent"),
    Column("planned", Integer, nullable=False),  # lessons, where some were cancelled
    Column("cancelled", Integer, nullable=False),
)
Index("ix_bill_line_enrollment", bill_line.c.enrollment)

bill_transfer = Table(
    "bill_transfer",
    metadata,
    Column("transfer", BigInteger, ForeignKey("transfer.id"), primary_key=True, autoincrement=False),
    ref("bill", "bill"),
)
"""Which bill a movement of a provider's money stands on; on one at most."""
Index("ix_bill_transfer_bill", bill_transfer.c.bill)

# --- ratings, events --------------------------------------------------------------------------------------------------

rating = Table(
    "rating",
    metadata,
    identity(),
    ref("chain", "enrollment"),  # once for a chain of renewals, R7.1
    ref("person", "person"),
    ref("program", "program"),
    word("state"),  # asked | given | declined
    Column("stars", Integer, nullable=True),
    Column("results", Integer, nullable=True),
    Column("teachers", Integer, nullable=True),
    Column("equipment", Integer, nullable=True),
    Column("overall", Integer, nullable=True),
    word("comment", null=True),
    word("comment_state", null=True),  # waiting | shown | hidden
    word("comment_reason", null=True),  # the operator's, why it is hidden
    word("reply", null=True),
    instant("given_at"),
    UniqueConstraint("chain"),
    CheckConstraint("stars between 1 and 5", name="stars"),
)
Index("ix_rating_program", rating.c.program)

event = Table(
    "event",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    ref("provider", "provider", null=True),
    ref("district", "district", null=True),
    word("title"),
    word("description", default=""),
    word("address", default=""),
    instant("starts_at", null=False),
    Column("age_min", Integer, nullable=False),
    Column("age_max", Integer, nullable=False),
    Column("seats", Integer, nullable=True),
    word("state", default="planned"),  # planned | cancelled
)

event_signup = Table(
    "event_signup",
    metadata,
    identity(),
    ref("event", "event"),
    ref("child", "child"),
    ref("person", "person"),
    instant("at", null=False),
    instant("reminded_at"),
    UniqueConstraint("event", "child"),
)

# --- the turn, the outbox ---------------------------------------------------------------------------------------------

seen_update = Table(
    "seen_update",
    metadata,
    Column("key", String(120), primary_key=True),
    instant("at", null=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    identity(),
    word("key"),
    word("channel"),
    word("why"),
    word("raw"),  # encrypted; purged after the retention, R9.4
    instant("at", null=False),
)

outbox = Table(
    "outbox",
    metadata,
    identity(),
    Column("key", String(120), nullable=False),  # a reply's is its turn, a notice's its cause and reader
    word("kind"),  # reply, or a fact's name
    ref("person", "person", null=True),
    ref("chat", "chat", null=True),  # a notice gets its address when it is sent
    word("content"),  # a reply: the message; a notice: the fact's values. JSON, encrypted for replies
    word("edits", null=True),  # the messenger's id of the message to take the place of
    Column("priority", Integer, nullable=False),  # 0 reply, 1 push
    word("state"),  # queued | sending | sent | failed
    word(
        "channel", null=True
    ),  # whose sender takes it; a notice's is found when it falls due; «nowhere»: until a chat comes
    instant("not_before", null=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    word("tried_channels", default=""),
    word("sent_ref", null=True),
    word("words", null=True),  # encrypted: what was sent, until purged (R9.4)
    word("trouble", null=True),
    instant("created_at", null=False),
    instant("sent_at"),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,  # an id is never given twice, even after a purge: VK drops a repeated one
)
QUEUED, SENDING, FAILED = (outbox.c.state == literal_column(f"'{state}'") for state in ("queued", "sending", "failed"))
"""Conditions with which the database finds the indexes of what waits and what failed: a parameter would not show it."""
for _name, _columns, _here in (
    ("queued", (outbox.c.channel, outbox.c.priority, outbox.c.not_before, outbox.c.id), QUEUED),
    ("sending", (outbox.c.channel,), SENDING),
    ("failed", (outbox.c.trouble,), FAILED),
):
    Index(f"ix_outbox_{_name}", *_columns, sqlite_where=_here, postgresql_where=_here)
Index("ix_outbox_person", outbox.c.person)
Index("ix_outbox_chat", outbox.c.chat)

web_message = Table(
    "web_message",
    metadata,
    identity(),
    ref("chat", "chat", ondelete="CASCADE"),
    word("who"),  # bot | parent
    word("content"),  # encrypted JSON
    word("outbox_key", null=True),  # the outbox row's key, or the key of the parent's update: each is kept once
    ref("replaces", "web_message", null=True),
    instant("at", null=False),
    instant("read_at"),
    UniqueConstraint("outbox_key"),
    sqlite_autoincrement=True,  # an open page asks for what came after the last id that it has seen
)
Index("ix_web_message_chat", web_message.c.chat)
Index("ix_web_message_replaces", web_message.c.replaces)
_UNREAD = text("read_at IS NULL")
Index("ix_web_message_unread", web_message.c.at, sqlite_where=_UNREAD, postgresql_where=_UNREAD)

setting = Table("setting", metadata, Column("name", String(60), primary_key=True), word("value"))
"""The installation's own: its id, the demo's time, a messenger's position."""

lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    word("holder"),
    instant("until", null=False),
)

run = Table(
    "run",
    metadata,
    Column("key", String(120), primary_key=True),  # month:<municipality>:2026-09, border:<period>, …
    word("state"),  # going | done
    word("progress", default=""),
    instant("started_at", null=False),
    instant("done_at"),
)
"""What the calendar has done, so that it is done once and taken up where it stopped."""

imported = Table(
    "imported",
    metadata,
    identity(),
    ref("municipality", "municipality", null=True),
    word("file"),
    word("hash"),
    word("report"),
    instant("at", null=False),
)

# --- imports and other long work of the office -----------------------------------------------------------------------

job = Table(
    "job",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("kind"),  # registry | certificates | …
    word("phase"),  # preview | apply
    word("state"),  # going | ready | done | stopped | failed
    word("file"),
    word("hash"),  # SHA-256 of the file
    flag("agreements"),
    word("by"),  # the login of whoever began it
    Column("total", Integer, nullable=False, server_default="0"),  # lines; 0: not read yet
    Column("done", Integer, nullable=False, server_default="0"),
    word("place", default="{}"),  # where it goes on: stages.Place, JSON
    word("previewed", default="{}"),  # what the preview has counted
    instant("began_at"),  # this phase, in this process …
    Column("began_with", Integer, nullable=False, server_default="0"),  # … with so many lines done
    instant("created_at", null=False),
    instant("changed_at", null=False),
)
"""Long work that somebody watches: what is not finished is taken up where it stopped, by one process at a time."""
Index("ix_job_municipality", job.c.municipality, job.c.id)
_GOING = text("state = 'going'")
Index("ix_job_going", job.c.id, sqlite_where=_GOING, postgresql_where=_GOING)

job_file = Table(
    "job_file",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    instant("at", null=False),
)
"""Files that jobs still need, in pieces."""

job_finding = Table(
    "job_finding",
    metadata,
    identity(),
    ref("job", "job", ondelete="CASCADE"),
    word("kind"),  # error | note | change
    Column("row", Integer, nullable=False),
    word("column"),
    word("reason"),  # a sentence of registry/reasons; of a change: what it is about
    word("value"),
    word("becomes", default=""),
)
Index("ix_job_finding_job", job_finding.c.job, job_finding.c.kind, job_finding.c.id)

announcement = Table(
    "announcement",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("words"),
    word("words_en", default=""),  # empty: everybody reads the Russian words
    ref("district", "district", null=True),  # whom it is for: families with a child that fits all that is named
    word("direction", null=True),
    word("kind", null=True),  # of the certificate: accounting | funded
    Column("age_min", Integer, nullable=True),
    Column("age_max", Integer, nullable=True),
    word("state"),  # going | stopped | done
    Column("people", Integer, nullable=False),  # counted before it was sent
    Column("sent", Integer, nullable=False, server_default="0"),  # counted when it was over; before that, in the outbox
    Column("unsent", Integer, nullable=False, server_default="0"),
    instant("made_at", null=False),
    instant("ended_at"),
    CheckConstraint("state in ('going', 'stopped', 'done')", name="known_state"),
)
"""What a municipality writes to a chosen audience."""
Index("ix_announcement_municipality", announcement.c.municipality, announcement.c.id)
_ANNOUNCED = text("kind = 'Announced'")
Index(
    "ix_outbox_announced",  # how many of an announcement wait, went, failed
    outbox.c.key,
    outbox.c.state,
    sqlite_where=_ANNOUNCED,
    postgresql_where=_ANNOUNCED,
    postgresql_ops={"key": "text_pattern_ops"},
)

# --- the office -------------------------------------------------------------------------------------------------------

staff = Table(
    "staff",
    metadata,
    identity(),
    word("login"),
    word("name"),
    word("role"),  # administrator | operator | provider
    ref("municipality", "municipality", null=True),
    ref("provider", "provider", null=True),
    word("password_hash"),  # argon2id
    word("second_factor", null=True),  # encrypted: the secret of an authenticator app
    Column("last_step", BigInteger, nullable=False, server_default="0"),  # a code of that step is not taken twice
    instant("created_at", null=False),
    instant("disabled_at"),
    UniqueConstraint("login"),
    CheckConstraint("role <> 'operator' or municipality is not null", name="operator_of"),
    CheckConstraint("role <> 'provider' or provider is not null", name="provider_of"),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("print", Text, primary_key=True),  # keyed hash of the cookie
    ref("staff", "staff"),
    Column("municipality", BigInteger, nullable=False, server_default="0"),  # where an administrator is at work
    flag("proved", default=True),  # the second factor, where there is one
    instant("began_at", null=False),
    instant("seen_at", null=False),
    word("note", default=""),  # encrypted: what came of the last form, shown once
)
Index("ix_staff_session_staff", staff_session.c.staff)

sign_in_try = Table(
    "sign_in_try",
    metadata,
    identity(),
    word("print"),  # keyed hash of the login that was tried, known or not
    instant("at", null=False),
)
Index("ix_sign_in_try_print", sign_in_try.c.print, sign_in_try.c.at)

trail = Table(
    "trail",
    metadata,
    identity(),
    instant("at", null=False),
    Column("staff", BigInteger, nullable=False),  # 0: at the terminal
    word("who"),  # the login
    word("role"),
    Column("municipality", BigInteger, nullable=False),  # whose business it was; 0: the region's
    Column("provider", BigInteger, nullable=False),
    word("did"),  # the command's name
    word("wish"),  # its fields that are no personal data, JSON
    word("subject"),  # certificate | enrollment | …
    Column("object", BigInteger, nullable=False),
    Column("child", BigInteger, nullable=False),  # 0: about no child
    word("changes"),  # {"state": ["submitted", "awaiting_visit"]}
)
"""Who did what to whom, when, from what to what. Ids and codes only: a family's deletion leaves nothing personal here (R9.2)."""
_keep_for_ever(trail)
_OF_CHILD = text("child <> 0")
Index("ix_trail_child", trail.c.child, sqlite_where=_OF_CHILD, postgresql_where=_OF_CHILD)
Index("ix_trail_municipality", trail.c.municipality, trail.c.id)
Index("ix_trail_provider", trail.c.provider, trail.c.id)
