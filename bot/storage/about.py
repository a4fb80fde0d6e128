"""The names behind a fact's ids, looked up at the moment of sending: the outbox itself keeps none (R9.4)."""

from typing import Any

from sqlalchemy import Table, select

from bot.domain.messages import Fact
from bot.notifications.notice import About
from bot.storage.desk import Tx
from bot.storage.schema import child, enrollment, event, group, module, program, provider


def names_behind(tx: Tx, fact: Fact) -> About:
    """Names for a notice; empty where the fact has no such id, or what it names is gone."""
    about: dict[str, str] = {}
    if number := getattr(fact, "child", 0):
        about["child"] = tx.value(select(child.c.first_name).where(child.c.id == number)) or ""
    if found := _program(tx, fact):
        about |= {"program": found.name, "provider": found.provider, "address": found.address or ""}
    if number := getattr(fact, "event", 0):
        about["event"] = tx.value(select(event.c.title).where(event.c.id == number)) or ""
    return About(**about)


def _program(tx: Tx, fact: Fact) -> Any:
    named: tuple[tuple[str, Table], ...] = (("enrollment", enrollment), ("group", group), ("program", program))
    for attribute, table in named:
        if number := getattr(fact, attribute, 0):
            return tx.row(
                select(program.c.name, provider.c.name.label("provider"), group.c.address)
                .join(provider, provider.c.id == program.c.provider)
                .outerjoin(module, module.c.program == program.c.id)
                .outerjoin(group, group.c.module == module.c.id)
                .outerjoin(enrollment, enrollment.c.group == group.c.id)
                .where(table.c.id == number)
                .limit(1)
            )
    return None
