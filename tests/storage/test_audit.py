"""The audit finds whatever somebody has changed behind the ledger's back (R3.2)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain import ledger as book
from bot.domain.ledger import Why
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.ledger import make_charges_due, move
from tests.storage.money import enrols
from tests.storage.registries import on_the_shelf
from tests.storage.town import Town


@pytest.fixture
def enrollment(town: Town) -> int:
    enrollment = enrols(town, town.certificate(town.child(town.person()), kopecks=1_000_000))
    town.comes(date(2026, 10, 1))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    assert town.run(audit) == []
    return enrollment


def changed(town: Town, statement: Any) -> list[str]:
    town.run(lambda tx: tx.sql(statement))
    return town.run(audit)


def test_a_balance_that_its_transfers_do_not_make(town: Town, enrollment: int) -> None:
    ours = schema.account.c.kind == "provider"
    found = changed(town, schema.account.update().where(ours).values(balance=schema.account.c.balance + 1))
    assert "has 190001, its transfers make 190000" in found[0]
    assert found[1] == "all balances together make 1, not 0"


def test_an_enrollment_that_is_over_and_still_holds_money(town: Town, enrollment: int) -> None:
    assert changed(town, schema.enrollment.update().values(state="completed")) == [
        f"enrollment {enrollment} is completed, and its hold has 200000"
    ]
    town.adds(schema.dispute, enrollment=enrollment, about="enrollment", state="open", opened_at=town.now)
    assert town.run(audit) == [], "a dispute keeps its hold (R5.8)"


def test_a_charge_above_the_plan(town: Town, enrollment: int) -> None:
    values = {"first": 80_000, "other": 80_000, "price": 320_000}
    found = changed(town, schema.enrollment.update().values(**values))
    assert any("2026-10: charged 1 times 100000, refunded 0" in line for line in found)


def test_money_that_left_a_certificate_for_no_enrollment_of_its_own(town: Town, enrollment: int) -> None:
    thief = town.certificate(town.child(town.person()), kopecks=500_000)
    stolen = book.Transfer("x", book.certificate(thief, town.period), book.hold(enrollment), 7, Why.RESERVE, enrollment)
    town.run(lambda tx: move(tx, stolen))
    found = town.run(audit)
    assert any(line.startswith(f"certificate {thief}, period {town.period}: available 499993") for line in found)


def test_a_transfer_that_leads_where_it_may_not(town: Town, enrollment: int) -> None:
    if town.engine.dialect.name == "sqlite":
        town.run(lambda tx: tx.sql(text("DROP TRIGGER transfer_no_update")))
    else:
        town.run(lambda tx: tx.sql(text("DROP TRIGGER transfer_no_update ON transfer")))
    reserve = schema.transfer.c.key == f"reserve:{enrollment}"
    found = changed(town, schema.transfer.update().where(reserve).values(why="expiry"))
    assert f"reserve:{enrollment} moves certificate to hold, which expiry may not" in found


def test_a_sound_year_has_no_differences(town: Town, enrollment: int) -> None:
    grant = book.grant(book.budget(town.municipality, town.period), book.certificate(99, town.period), Money(5), 1)
    town.run(lambda tx: move(tx, grant))
    assert town.run(audit) == []


def test_a_seat_that_nobody_holds(town: Town, enrollment: int) -> None:
    table = schema.group
    found = changed(town, table.update().values(taken=1))
    assert len(found) == 1 and found[0].endswith("counts 1 seats taken, its enrollments hold 0")


def test_a_seat_that_the_search_does_not_know_of(town: Town, enrollment: int) -> None:
    on_the_shelf(town)
    found = changed(town, schema.shelf.update().values(room=False))
    assert len(found) == 1 and found[0].endswith("stands on the shelf without a free seat, and that is not so")


def test_an_enrollment_that_is_over_and_still_holds_a_seat(town: Town, enrollment: int) -> None:
    town.run(lambda tx: tx.sql(schema.group.update().values(taken=1)))
    found = changed(town, schema.enrollment.update().values(holds_seat=True, state="refused"))
    assert f"enrollment {enrollment} is refused, and holds a seat" in found


def test_learning_for_which_nothing_was_put_aside(town: Town, enrollment: int) -> None:
    assert changed(town, schema.enrollment.update().values(price=490_000, other=100_000, months=5)) == [
        f"enrollment {enrollment} costs the certificate 490000, and 390000 was put aside"
    ]


def test_money_left_behind_in_a_closed_period(town: Town, enrollment: int) -> None:
    found = changed(town, schema.funding_period.update().values(state="closed"))
    assert len(found) == 1 and found[0].endswith(f"has 610000 of period {town.period}, which is closed")
