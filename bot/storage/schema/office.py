"""The office: imports and other long work, announcements, the staff, the audit trail."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.schema.columns import flag, identity, instant, keep_for_ever, metadata, ref, word
from bot.storage.schema.messages import outbox

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
keep_for_ever(trail)
_OF_CHILD = text("child <> 0")
Index("ix_trail_child", trail.c.child, sqlite_where=_OF_CHILD, postgresql_where=_OF_CHILD)
Index("ix_trail_municipality", trail.c.municipality, trail.c.id)
Index("ix_trail_provider", trail.c.provider, trail.c.id)
