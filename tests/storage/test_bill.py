"""A provider's bills over a school year: each movement of its money on one bill, to the kopeck (R4.9, R5.4, R5.7, R5.8, R5.10)."""

import asyncio
from dataclasses import replace
from datetime import date
from fractions import Fraction
from threading import Thread

import pytest
from sqlalchemy import select, text

from bot.domain.bill import (
    AdvanceOverLimit,
    AskAdvance,
    BillChanged,
    BillDecided,
    BillGone,
    BillIs,
    BillKind,
    BillPaid,
    BillSeen,
    BillSent,
    BillState,
    DecideBill,
    Expectation,
    ListBills,
    MarkBillPaid,
    MonthNotOver,
    NothingToBill,
    OneBill,
    PaidInFuture,
    SendBill,
    WeighAdvance,
    WordsNeeded,
)
from bot.domain.calendar import Month
from bot.domain.enrollment import CancelLessons, DecideDispute, OpenDispute, TerminateEnrollment
from bot.domain.messages import Actor, Fact, NotYours, operator
from bot.domain.messages import provider as provider_of
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.database import open_database
from bot.storage.desk import Desk
from bot.storage.ledger import make_charges_due
from bot.storage.tx import Tx
from bot.storage.world import WORLD
from tests.storage.families import Family, lives_day, paid, provider
from tests.storage.town import Town

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(2026, number) for number in (9, 10, 11, 12))
START = SEPTEMBER.first
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def plan(town: Town, enrollment: int, whose: str = "") -> Installments:
    """The certificate's part by months, or the `parent_`'s."""
    row = town.run(lambda tx: tx.sql(select(schema.enrollment).where(schema.enrollment.c.id == enrollment)).one())
    return Installments(Money(getattr(row, f"{whose}first")), Money(getattr(row, f"{whose}other")), row.months)


def comes(town: Town, day: date) -> None:
    """The calendar: the month is charged, what is over ends."""
    town.comes(day)
    active = select(schema.enrollment.c.id).where(schema.enrollment.c.state == "active")
    town.run(lambda tx: make_charges_due(tx, *tx.sql(active).scalars()))
    lives_day(town, day)


def seen(town: Town, month: Month, me: Actor | None = None) -> BillSeen:
    found = town.asks(OneBill(town.provider, town.municipality, month), me or provider(town))
    assert found is not None
    return found


def sends(town: Town, month: Month) -> BillSeen:
    total = seen(town, month).sums.total
    fact = town.does(SendBill(town.municipality, month, total), provider(town))
    assert isinstance(fact, BillSent), fact
    bill = seen(town, month, town.operator)
    assert bill.sums.total == total == sum((line.charged - line.refunded for line in bill.lines), ZERO)
    return bill


def test_a_school_year_s_bills_are_the_ledger_to_the_kopeck(town: Town) -> None:
    """A cancelled lesson, a notice, a mistaken enrollment, a charge caught up after a dispute, a family that pays a part."""
    group = town.group(price=900_000)  # Tuesdays and Thursdays: nine in September, nine in October, eight in November
    plain, leaves, mistaken, disputes = (Family(town) for _each in range(4))
    poor = Family(town, 450_000)
    first = {family: family.learns(group, START, pays=family is poor) for family in (plain, leaves, mistaken, disputes)}
    own = poor.learns(group, START, pays=True)
    part = plan(town, first[plain])
    town.does(OpenDispute(first[disputes]), disputes.guardian)

    comes(town, date(2026, 10, 2))  # September's lesson is reported on the 2nd of October: still September's bill
    town.does(CancelLessons(group, (date(2026, 9, 8),)), provider(town))
    september = sends(town, SEPTEMBER)
    back = part.first.floor_share(1, 9)
    lines = {line.enrollment: line for line in september.lines}
    assert len(lines) == 5 and september.sums.charged == part.first * 4 + plan(town, own).first
    assert {lines[first[each]].refunded for each in first} == {back}
    assert lines[own].refunded == plan(town, own).first.floor_share(1, 9)
    assert {line.completeness for line in september.lines} == {Fraction(8, 9)}
    assert september.sums.parent == lines[own].parent > ZERO and september.disputed == 1

    town.does(TerminateEnrollment(first[leaves], "moved"), provider(town))
    comes(town, date(2026, 10, 20))
    town.does(OpenDispute(first[mistaken]), mistaken.guardian)
    town.does(DecideDispute(first[mistaken], True, "a forged signature"), town.operator)
    town.does(DecideDispute(first[disputes], False, "signed on paper"), town.operator)
    town.does(CancelLessons(group, (date(2026, 9, 10),)), provider(town))  # September's bill has gone
    comes(town, date(2026, 11, 3))
    october = sends(town, OCTOBER)
    told = {(line.enrollment, line.month): (line.charged, line.refunded) for line in october.lines}
    more = part.first.floor_share(2, 9) - back
    assert told[first[plain], OCTOBER] == (part.other, ZERO) == told[first[leaves], OCTOBER]
    assert told[first[disputes], OCTOBER] == (part.other, ZERO)
    assert told[first[mistaken], OCTOBER] == (part.other, part.other)
    assert told[first[mistaken], SEPTEMBER] == (ZERO, part.first - back)
    assert told[first[plain], SEPTEMBER] == (ZERO, more) == told[first[disputes], SEPTEMBER]
    families = {(line.enrollment, line.month): line.parent for line in october.lines if line.enrollment == own}
    its = plan(town, own, "parent_")
    assert lines[own].parent == its.first - its.first.floor_share(1, 9)
    assert families == {
        (own, SEPTEMBER): its.first.floor_share(1, 9) - its.first.floor_share(2, 9),
        (own, OCTOBER): its.other,
    }

    comes(town, date(2026, 12, 1))
    november = sends(town, NOVEMBER)
    assert {line.enrollment for line in november.lines} == {first[plain], first[disputes], own}
    bills = (september, october, november)
    left = seen(town, DECEMBER)
    assert not left.may_send
    assert sum((each.sums.total for each in bills), ZERO) + left.sums.total == paid(town)
    moves = town.run(lambda tx: len(tx.rows(select(schema.bill_transfer))))
    assert moves == town.run(
        lambda tx: len(tx.rows(select(schema.transfer.c.id).where(schema.transfer.c.month < "2026-12")))
    )
    assert town.run(audit) == []


def test_a_returned_bill_is_free_again_and_sent_anew_with_what_came_since(town: Town) -> None:
    group, family = town.group(), Family(town)
    family.learns(group, START)
    town.comes(date(2026, 10, 1))
    number = sends(town, SEPTEMBER).sums.id
    again = SendBill(town.municipality, SEPTEMBER, paid(town))
    assert town.does(again, provider(town)) == BillIs(BillState.SENT)
    assert town.does(DecideBill(number, False), town.operator) == WordsNeeded(number)
    assert town.does(DecideBill(number, False, "the 8th was a holiday"), town.operator) == BillDecided(number, False)
    town.does(CancelLessons(group, (date(2026, 9, 8),)), provider(town))
    draft = seen(town, SEPTEMBER)
    assert (draft.sums.state, draft.sums.words) == (BillState.RETURNED, "the 8th was a holiday")
    assert town.does(again, provider(town)) == BillChanged(draft.sums.total)
    assert sends(town, SEPTEMBER).sums.id == number
    assert town.does(DecideBill(number, True), town.operator) == BillDecided(number, True)
    town.comes(date(2026, 10, 9))
    for wrong in (date(2026, 10, 10), date(2026, 9, 30)):
        assert town.does(MarkBillPaid(number, wrong), town.operator) == PaidInFuture(wrong)
    assert town.does(MarkBillPaid(number, date(2026, 10, 8)), town.operator) == BillPaid(number, date(2026, 10, 8))
    assert [(each.state, each.paid_on) for each in town.asks(ListBills(SEPTEMBER), provider(town))] == [
        (BillState.PAID, date(2026, 10, 8))
    ]


@sqlite
def test_nothing_is_sent_before_its_month_is_over_nor_twice(town: Town) -> None:
    Family(town).learns(town.group(), START)
    total = seen(town, SEPTEMBER).sums.total
    assert town.does(SendBill(town.municipality, SEPTEMBER, total), provider(town)) == MonthNotOver(SEPTEMBER)
    town.comes(date(2026, 10, 1))
    before = paid(town)
    sends(town, SEPTEMBER)
    assert paid(town) == before, "a bill moves no money"
    august = SendBill(town.municipality, SEPTEMBER.previous, ZERO)
    assert town.does(august, provider(town)) == NothingToBill(SEPTEMBER.previous)


@sqlite
def test_an_advance_is_at_most_the_policy_s_share_of_what_is_expected_and_is_taken_off(town: Town) -> None:
    made = Family(town).learns(town.group(price=900_000), START)
    part = plan(town, made)
    town.comes(date(2026, 9, 20))
    asked = WeighAdvance(town.provider, town.municipality, OCTOBER)
    limit = part.other.floor_share(80, 100)
    assert town.asks(asked, provider(town)) == Expectation(part.other, limit)
    wish = AskAdvance(town.municipality, OCTOBER, limit)
    assert town.does(replace(wish, amount=limit + Money(1)), provider(town)) == AdvanceOverLimit(limit)
    assert town.does(replace(wish, month=NOVEMBER), provider(town)) == MonthNotOver(NOVEMBER)
    fact = town.does(wish, provider(town))
    assert isinstance(fact, BillSent)
    town.does(DecideBill(fact.bill, True), town.operator)
    comes(town, date(2026, 11, 1))
    bill = sends(town, OCTOBER).sums
    assert (bill.total, bill.advance, bill.payable) == (part.other, limit, part.other - limit)
    assert {each.kind for each in town.asks(ListBills(OCTOBER), town.operator)} == set(BillKind)


@sqlite
def test_an_advance_that_was_not_accepted_before_its_bill_is_returned(town: Town) -> None:
    Family(town).learns(town.group(price=900_000), START)
    fact = town.does(AskAdvance(town.municipality, SEPTEMBER, Money(100)), provider(town))
    assert isinstance(fact, BillSent)
    town.comes(date(2026, 10, 1))
    assert sends(town, SEPTEMBER).sums.advance == ZERO
    assert town.does(DecideBill(fact.bill, True), town.operator) == BillGone(SEPTEMBER)
    assert town.does(DecideBill(fact.bill, False, "the bill is here"), town.operator) == BillDecided(fact.bill, False)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_an_advance_is_not_accepted_while_its_bill_is_on_its_way(town: Town, database_url: str) -> None:
    """The bill has not taken it off: whoever accepts it waits, and is told that the bill has gone."""
    Family(town).learns(town.group(price=900_000), START)
    asked = town.does(AskAdvance(town.municipality, SEPTEMBER, Money(100)), provider(town))
    assert isinstance(asked, BillSent)
    town.comes(date(2026, 10, 1))
    total = seen(town, SEPTEMBER).sums.total
    told: list[Fact] = []

    async def accepts() -> None:
        engine = open_database(database_url)
        desk = Desk(engine, WORLD, town.desk.keys, lambda: town.now)
        told.append(await desk.do(DecideBill(asked.bill, True), town.operator))
        await engine.dispose()

    other = Thread(target=lambda: asyncio.run(accepts()))

    def sends_meanwhile(tx: Tx) -> Fact:
        fact = tx.do(SendBill(town.municipality, SEPTEMBER, total), provider(town))
        other.start()
        while other.is_alive() and not tx.value(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            pass
        return fact

    assert isinstance(town.run(sends_meanwhile), BillSent)
    other.join()
    assert told == [BillGone(SEPTEMBER)] and seen(town, SEPTEMBER).sums.advance == ZERO


@sqlite
def test_a_bill_is_its_providers_and_its_municipalitys(town: Town) -> None:
    Family(town).learns(town.group(), START)
    town.comes(date(2026, 10, 1))
    draft = OneBill(town.provider, town.municipality, SEPTEMBER)
    assert town.asks(draft, town.operator) is None, "a draft is the provider's own"
    number = sends(town, SEPTEMBER).sums.id
    other = provider_of(town.adds(schema.provider, municipality=town.municipality, name="Other", kind="private"))
    for stranger in (other, operator(town.municipality + 1)):
        assert town.asks(draft, stranger) is None and town.asks(ListBills(), stranger) == ()
        assert town.does(DecideBill(number, True), stranger) == NotYours()
        assert town.does(MarkBillPaid(number, START), stranger) == NotYours()
    assert town.does(DecideBill(number, True), provider(town)) == NotYours()


@sqlite
def test_the_audit_sees_a_bill_that_says_another_sum(town: Town) -> None:
    Family(town).learns(town.group(), START)
    town.comes(date(2026, 10, 1))
    number = sends(town, SEPTEMBER).sums.id
    assert town.run(audit) == []
    town.run(lambda tx: tx.sql(schema.bill.update().values(charged=schema.bill.c.charged + 1)))
    [found] = town.run(audit)
    assert found.startswith(f"bill {number} says ")
