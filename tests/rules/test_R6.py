"""R6.1, R6.9, R6.13: seats that move, agreements that end, families that move away."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.certificate import Revocation
from bot.domain.certificate_staff import Revoke
from bot.domain.enrollment import OpenDispute, Reason, SwitchGroup
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.certificate_clock import daily
from tests.storage.families import Family, held, lives_day, state, taken
from tests.storage.money import charged, lives
from tests.storage.town import Town

START = date(2026, 9, 1)


def row(town: Town, enrollment: int) -> Any:
    table = schema.enrollment
    return town.run(lambda tx: tx.sql(select(table).where(table.c.id == enrollment)).one())


def sister(town: Town, group: int, **values: Any) -> int:
    """Another group of the same module."""
    table = schema.group
    known = town.run(lambda tx: tx.sql(select(table).where(table.c.id == group)).one())
    same = {name: getattr(known, name) for name in ("module", "district", "start", "stop")}
    return town.adds(table, **{**same, "external_id": "g2", "name": "Group 2", "seats": 1, **values})


def test_9_a_renewal_that_switches_takes_a_seat_of_its_own_and_leaves_the_old_one_where_it_is(town: Town) -> None:
    """One child, one seat in a group (R6.12): a concluded renewal sits on the seat of what it renews, and then moves."""
    family = Family(town)
    group = town.group(price=0, stop=date(2027, 8, 31))
    running = family.learns(group, START)
    before = row(town, running)
    values = {name: getattr(before, name) for name in before._fields if name not in ("id", "start", "stop", "period")}
    later = {"start": date(2027, 6, 1), "stop": date(2027, 8, 31), "renews": running, "holds_seat": False}
    renewal = town.adds(schema.enrollment, **{**values, **later})
    other = sister(town, group)
    town.does(SwitchGroup(renewal, other), family.guardian)
    assert row(town, renewal).group == other
    assert (taken(town, group), taken(town, other)) == (1, 1)
    town.comes(date(2027, 6, 1))
    lives_day(town, date(2027, 6, 1))
    assert (taken(town, group), taken(town, other)) == (0, 1)
    assert town.run(audit) == []


def test_9_what_is_over_and_only_disputed_does_not_switch(town: Town) -> None:
    family = Family(town)
    group = town.group(price=300_000, stop=date(2026, 10, 31))
    running = family.learns(group, START)
    other = sister(town, group, stop=date(2027, 5, 31))
    town.does(OpenDispute(running), family.guardian)
    town.comes(date(2026, 11, 5))
    lives(town)
    town.does(SwitchGroup(running, other), family.guardian)
    assert (taken(town, group), taken(town, other), row(town, running).group) == (0, 0, group)


def test_13_an_agreement_that_ends_later_takes_what_runs_with_it_on_its_last_day(town: Town) -> None:
    family = Family(town)
    running = family.learns(town.group(price=273_000), START)
    asked = Family(town).asks_for(town.group(price=273_000), date(2026, 10, 5))
    town.run(lambda tx: tx.sql(schema.agreement.update().values(stop=date(2026, 10, 31))))
    town.comes(date(2026, 10, 30))
    lives(town)
    assert row(town, running).ends_on is None
    town.comes(date(2026, 10, 31))
    lives(town)
    assert row(town, running).ends_on == date(2026, 10, 31), "the last day of the agreement, not a month later"
    assert held(town, running) == ZERO and len(charged(town, running)) == 2
    assert state(town, asked) == "refused"
    [(_who, _kind, told)] = town.notices("NoticeGiven")
    assert told["reason"] == Reason.AGREEMENT_ENDED


@pytest.mark.parametrize(("policy", "last"), [("month_end", date(2026, 9, 30)), ("finish", None)])
def test_13_whoever_moves_away_ends_with_the_month_or_lives_to_the_end(
    town: Town, policy: str, last: date | None
) -> None:
    town.policy(moving_away=policy)
    family = Family(town)
    running = family.learns(town.group(price=273_000, stop=date(2026, 12, 31)), START)
    asked = family.asks_for(town.group(price=100_000), START)
    town.does(Revoke(family.certificate, Revocation.MOVED_AWAY), town.operator)
    assert (row(town, running).ends_on, state(town, asked)) == (last, "refused")
    assert row(town, asked).reason == Reason.MOVED_AWAY
    town.comes(date(2027, 1, 1))
    lives(town)
    months = [month for month, _sum in charged(town, running)]
    assert months == (["2026-09"] if last else ["2026-09", "2026-10", "2026-11", "2026-12"])
    town.run(lambda tx: daily(tx, town.municipality, date(2027, 1, 1)))
    assert family.left == ZERO, "then the rest goes back to the old municipality's budget"
    assert Money(sum(paid for _month, paid in charged(town, running))) <= Money(273_000) and town.run(audit) == []
