"""Enrollments with what stands beside them; ratings; events."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, Table, UniqueConstraint, text

from bot.storage.schema.columns import flag, identity, instant, kopecks, metadata, ref, word

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
