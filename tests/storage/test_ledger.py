"""Money at rest (R3, R5): every movement once, told, and never undone."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain import ledger as book
from bot.domain.calendar import Month
from bot.domain.ledger import Transfer, Why
from bot.domain.money import ZERO, Money
from bot.storage import schema
from bot.storage.ledger import (
    adjust_to,
    grant,
    make_charges_due,
    move,
    refund_all,
    refund_lessons,
    release_hold,
    withdraw,
)
from tests.storage.money import charged, enrols, has
from tests.storage.town import Town


def test_a_transfer_happens_once_for_its_key(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=500_000)
    there = book.certificate(certificate, town.period)
    again = book.grant(book.budget(town.municipality, town.period), there, Money(500_000), 1)
    assert not town.run(lambda tx: move(tx, again))
    assert has(town, there) == 500_000
    assert has(town, book.budget(town.municipality, town.period)) == -500_000


def test_a_key_used_for_something_else_is_a_bug_and_moves_nothing(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=500_000)
    there = book.certificate(certificate, town.period)
    other = book.grant(book.budget(town.municipality, town.period), there, Money(1), 1)
    with pytest.raises(AssertionError, match="another transfer"):
        town.run(lambda tx: move(tx, other))
    assert has(town, there) == 500_000


def test_money_that_is_not_there_cannot_be_moved(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=100)
    with pytest.raises(AssertionError, match="short by 1 kopecks"):
        town.run(
            lambda tx: move(tx, book.reserve(book.certificate(certificate, town.period), book.hold(7), Money(101)))
        )
    assert has(town, book.certificate(certificate, town.period)) == 100


@pytest.mark.parametrize(
    "wrong",
    [
        schema.transfer.update().values(kopecks=1),
        schema.transfer.delete(),
        schema.account.update().where(schema.account.c.kind == "certificate").values(balance=-1),
        schema.account.insert().values(kind="purse", owner=1, period=1),
        schema.transfer.insert().values(key="a", source=1, target=2, kopecks=0, why="grant", at=func.now()),
        schema.transfer.insert().values(key="a", source=1, target=1, kopecks=5, why="grant", at=func.now()),
        schema.transfer.insert().from_select(
            ["key", "source", "target", "kopecks", "why", "at"],
            select(*[schema.transfer.c[name] for name in ("key", "source", "target", "kopecks", "why", "at")]),
        ),
        schema.account.insert().from_select(
            ["kind", "owner", "period"], select(schema.account.c.kind, schema.account.c.owner, schema.account.c.period)
        ),
    ],
    ids=["edited", "deleted", "negative", "unknown kind", "nothing moved", "to itself", "same key", "same account"],
)
def test_the_database_itself_refuses_what_the_ledger_forbids(town: Town, wrong: object) -> None:
    town.certificate(town.child(town.person()), kopecks=500_000)
    with pytest.raises(DBAPIError) as refusal:
        town.run(lambda tx: tx.sql(wrong))  # type: ignore[arg-type]
    assert isinstance(refusal.value, IntegrityError) or "never" in str(refusal.value)
    assert has(town, book.budget(town.municipality, town.period)) == -500_000


def test_a_worked_school_year_of_one_club(town: Town) -> None:
    mother, father = town.person(), town.person()
    certificate = town.certificate(town.child(mother, father), kopecks=1_000_000)
    there = book.certificate(certificate, town.period)
    enrollment = enrols(town, certificate)
    table = [
        # the day, charged so far, in the hold, on the certificate
        (date(2026, 9, 3), 0, 390_000, 610_000),
        (date(2026, 9, 4), 90_000, 300_000, 610_000),
        (date(2026, 9, 30), 90_000, 300_000, 610_000),
        (date(2026, 10, 1), 190_000, 200_000, 610_000),
        (date(2026, 12, 5), 390_000, 0, 610_000),
        (date(2027, 1, 9), 390_000, 0, 610_000),
    ]
    for day, paid, held, available in table:
        town.comes(day)
        for _twice in range(2):
            town.run(lambda tx: make_charges_due(tx, enrollment))
        found = has(town, book.provider(town.provider)), has(town, book.hold(enrollment)), has(town, there)
        assert found == (paid, held, available), day
    assert [month for month, _sum in charged(town, enrollment)] == ["2026-09", "2026-10", "2026-11", "2026-12"]
    told = [
        (who, values["month"], values["amount"], values["held"], values["left"])
        for who, _kind, values in town.notices("Charged")
    ]
    assert told[:4] == [
        (mother, "2026-09", 90_000, 300_000, 610_000),
        (father, "2026-09", 90_000, 300_000, 610_000),
        (mother, "2026-10", 100_000, 200_000, 610_000),
        (father, "2026-10", 100_000, 200_000, 610_000),
    ]
    assert len(told) == 8


def test_nothing_is_due_while_a_dispute_is_open_and_its_hold_stays(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()))
    enrollment = enrols(town, certificate)
    dispute = town.adds(schema.dispute, enrollment=enrollment, about="enrollment", state="open", opened_at=town.now)
    town.comes(date(2026, 11, 1))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    assert charged(town, enrollment) == []
    assert town.run(lambda tx: release_hold(tx, enrollment, Why.REFUSED)) == ZERO
    town.run(lambda tx: tx.sql(schema.dispute.update().where(schema.dispute.c.id == dispute).values(state="rejected")))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    assert charged(town, enrollment) == [("2026-09", 90_000), ("2026-10", 100_000), ("2026-11", 100_000)]


def test_what_the_hold_still_has_returns_once(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=1_000_000)
    enrollment = enrols(town, certificate)
    town.comes(date(2026, 10, 12))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    assert town.run(lambda tx: release_hold(tx, enrollment, Why.TERMINATED)) == Money(200_000)
    assert town.run(lambda tx: release_hold(tx, enrollment, Why.TERMINATED)) == ZERO
    assert has(town, book.certificate(certificate, town.period)) == 810_000
    [(_who, _kind, told)] = town.notices("Returned")
    assert (told["amount"], told["left"], told["why"]) == (200_000, 810_000, "terminated")


def test_a_return_into_a_closed_period_passes_on_to_the_budget(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=390_000)
    enrollment = enrols(town, certificate)
    town.run(lambda tx: tx.sql(schema.funding_period.update().values(state="closed")))
    assert town.run(lambda tx: release_hold(tx, enrollment, Why.COMPLETED)) == Money(390_000)
    assert has(town, book.certificate(certificate, town.period)) == 0
    assert has(town, book.budget(town.municipality, town.period)) == 0
    [(_who, kind, told)] = [notice for notice in town.notices() if notice[1] in ("Returned", "PassedOn")]
    assert (kind, told["amount"]) == ("PassedOn", 390_000)


def test_cancelled_lessons_are_refunded_down_to_the_kopeck_and_never_above_the_charge(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=1_000_000)
    enrollment = enrols(town, certificate)
    town.comes(date(2026, 10, 1))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    october = Month(2026, 10)
    back = []
    for cause, cancelled in (("flu", 2), ("frost", 3), ("again", 5)):
        town.adds(
            schema.cancelled_lessons,
            enrollment=enrollment,
            month=str(october),
            planned=7,
            cancelled=cancelled,
            cause=cause,
            at=town.now,
        )
        back.append(town.run(lambda tx: refund_lessons(tx, enrollment, october)).kopecks)
    assert back == [28_571, 42_857, 28_572]
    assert town.run(lambda tx: refund_lessons(tx, enrollment, october)) == ZERO
    assert town.run(lambda tx: refund_all(tx, enrollment)) == Money(90_000), "only September is left to refund"
    assert has(town, book.provider(town.provider)) == 0


def test_lessons_cancelled_ahead_are_refunded_as_soon_as_their_month_is_charged(town: Town) -> None:
    enrollment = enrols(town, town.certificate(town.child(town.person())))
    values = {"planned": 8, "cancelled": 2, "cause": "repairs", "at": town.now}
    town.adds(schema.cancelled_lessons, enrollment=enrollment, month="2026-10", **values)
    assert town.run(lambda tx: refund_lessons(tx, enrollment, Month(2026, 10))) == ZERO
    town.comes(date(2026, 10, 1))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    assert has(town, book.provider(town.provider)) == 90_000 + 75_000


def test_a_nominal_is_granted_once_and_told(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=0, kind="funded", conversion=1)
    assert town.run(lambda tx: grant(tx, certificate, town.period)) == Money(1_200_000)
    assert town.run(lambda tx: grant(tx, certificate, town.period)) == ZERO
    [(_who, _kind, told)] = town.notices("Granted")
    assert (told["amount"], told["left"], told["until"]) == (1_200_000, 1_200_000, "2027-05-31")


def test_a_grant_inside_the_period_is_prorated_where_the_municipality_says_so(town: Town) -> None:
    town.policy(prorate_grant=True)
    town.comes(date(2027, 5, 1))
    certificate = town.certificate(town.child(town.person()), kopecks=0, kind="funded", conversion=1)
    granted = town.run(lambda tx: grant(tx, certificate, town.period))
    assert granted == Money(1_200_000).share(31, 273)


def test_another_group_changes_the_balance_by_the_difference(town: Town) -> None:
    special = town.adds(schema.certificate_group, municipality=town.municipality, code="disability", name="ОВЗ")
    town.adds(schema.nominal, certificate_group=special, period=town.period, kopecks=2_000_000)
    certificate = town.certificate(town.child(town.person()))
    assert town.run(lambda tx: adjust_to(tx, certificate, special)) == Money(800_000)
    assert town.run(lambda tx: adjust_to(tx, certificate, special)) == ZERO
    assert town.run(lambda tx: adjust_to(tx, certificate, town.everyone)) == Money(-800_000)
    assert has(town, book.certificate(certificate, town.period)) == 1_200_000


def test_a_withdrawn_balance_goes_back_to_the_budget(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()))
    enrols(town, certificate)
    assert town.run(lambda tx: withdraw(tx, certificate, Why.REVOCATION)) == Money(810_000)
    assert town.run(lambda tx: withdraw(tx, certificate, Why.REVOCATION)) == ZERO
    assert has(town, book.budget(town.municipality, town.period)) == -390_000


def test_a_child_with_nothing_to_pay_is_charged_nothing(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=0)
    enrollment = enrols(town, certificate, first=0, other=0, period=None)
    town.comes(date(2026, 12, 1))
    town.run(lambda tx: make_charges_due(tx, enrollment))
    assert charged(town, enrollment) == []
    assert town.run(lambda tx: release_hold(tx, enrollment, Why.COMPLETED)) == ZERO


def test_no_other_movement_exists() -> None:
    with pytest.raises(AssertionError, match="no such movement"):
        Transfer("cash", book.certificate(1, 1), book.provider(1), 5, Why.CHARGE)
