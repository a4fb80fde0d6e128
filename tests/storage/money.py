"""Families with clubs that cost money, for the tests of the ledger and its runs."""

from datetime import date
from typing import Any

from sqlalchemy import select

from bot.domain import ledger as book
from bot.storage import schema
from bot.storage.calendar import Calendar
from bot.storage.ledger import balance, charges, reserve
from tests.storage.town import Town


def enrols(town: Town, certificate: int, first: int = 90_000, other: int = 100_000, **values: Any) -> int:
    """A child of the town learns from September to December; money reserved."""
    group = town.group(stop=date(2026, 12, 31))
    certified = town.run(
        lambda tx: tx.sql(select(schema.certificate).where(schema.certificate.c.id == certificate)).one()
    )
    module = town.run(lambda tx: tx.value(select(schema.group.c.module).where(schema.group.c.id == group)))
    values = {"period": town.period, **values}
    enrollment = town.adds(
        schema.enrollment,
        **{
            "child": certified.child,
            "certificate": certificate,
            "group": group,
            "module": module,
            "state": "active",
            "by": "guardian",
            "start": date(2026, 9, 4),
            "stop": date(2026, 12, 31),
            "price": first + (values.get("months", 4) - 1) * other,
            "first": first,
            "other": other,
            "parent_first": 0,
            "parent_other": 0,
            "months": 4,
            "created_at": town.now,
            "changed_at": town.now,
            "concluded_on": date(2026, 9, 2),
            **values,
        },
    )
    town.run(lambda tx: reserve(tx, enrollment))
    return enrollment


def has(town: Town, account: book.Account) -> int:
    return town.run(lambda tx: balance(tx, account)).kopecks


def charged(town: Town, enrollment: int) -> list[tuple[str, int]]:
    return [(str(each.month), each.kopecks) for each in town.run(lambda tx: charges(tx, enrollment))]


def lives(town: Town) -> None:
    """The calendar does what has fallen due."""
    assert town.runner.run(Calendar(town.desk).live())
