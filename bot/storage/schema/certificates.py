"""Certificates of children."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Table, UniqueConstraint, text

from bot.storage.schema.columns import identity, instant, metadata, ref, word

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
