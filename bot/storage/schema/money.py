"""Accounts and transfers (R3.2), and the bills that are made of them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.schema.columns import identity, instant, keep_for_ever, kopecks, metadata, ref, word

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
keep_for_ever(transfer)  # R3.2
Index("ix_transfer_source", transfer.c.source)
Index("ix_transfer_target", transfer.c.target)
Index("ix_transfer_about", transfer.c.about)

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
