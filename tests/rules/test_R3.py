"""R3: the movements of money that no other test tells."""

from datetime import date

from bot.domain import ledger as book
from bot.domain.enrollment import CancelLessons
from bot.domain.ledger import Why
from bot.domain.money import ZERO, Money
from bot.domain.period import CommittedMore, NominalSet, SetNominal
from bot.notifications.scheduler import Due, Step
from bot.storage import schema
from bot.storage.audit import audit
from bot.storage.grants import withdraw_all
from bot.storage.runs import RUNS
from tests.storage.families import Family, paid, provider
from tests.storage.money import has, lives
from tests.storage.town import Town


def test_5_what_returns_between_the_expiry_and_the_closing_expires_too(town: Town) -> None:
    """The expiry has passed this certificate, the period is not closed yet: a refund comes in between."""
    family = Family(town)
    group = town.group(price=273_000, start=date(2027, 5, 1), lessons=(2,))
    family.learns(group, date(2027, 5, 1))
    town.comes(date(2027, 5, 31))
    lives(town)
    town.comes(date(2027, 6, 1))
    due = Due(Step.CLOSE, town.period)
    town.run(lambda tx: withdraw_all(tx, [family.certificate], town.period, Why.EXPIRY))
    town.does(CancelLessons(group, (date(2027, 5, 4),)), provider(town))
    assert family.left == Money(68_250), "one of four Tuesdays of 2 730.00"
    town.run(lambda tx: RUNS[Step.CLOSE].does(tx, [town.period], date(2027, 6, 1), due))
    assert family.left == ZERO
    assert has(town, book.budget(town.municipality, town.period)) == -(273_000 - 68_250)
    assert town.run(audit) == []


def test_6_a_return_into_a_closed_period_passes_on_and_is_told(town: Town) -> None:
    family = Family(town)
    group = town.group(price=273_000, start=date(2027, 5, 1), lessons=(2,))
    running = family.learns(group, date(2027, 5, 1))
    town.comes(date(2027, 6, 1))
    lives(town)
    town.does(CancelLessons(group, (date(2027, 5, 4),)), provider(town))
    assert (family.left, paid(town)) == (ZERO, Money(204_750))
    [(_who, _kind, told)] = town.notices("PassedOn")
    assert (told["enrollment"], told["amount"], told["why"]) == (running, 68_250, "lessons")
    assert town.run(audit) == []


def test_8_a_lowered_nominal_counts_those_who_have_committed_more_and_moves_nothing(town: Town) -> None:
    families = [Family(town) for _each in range(3)]
    for family, price in zip(families, (900_000, 1_000_000, 300_000), strict=True):
        family.asks_for(town.group(price=price), date(2026, 9, 1))
    lower = SetNominal(town.everyone, town.period, Money(800_000))
    assert town.does(lower, town.operator) == CommittedMore(2)
    assert [family.left.kopecks for family in families] == [300_000, 200_000, 900_000]
    just = SetNominal(town.everyone, town.period, Money(1_000_000))
    assert town.does(just, town.operator) == NominalSet(town.everyone, town.period, Money(1_000_000), 3)
    assert [family.left.kopecks for family in families] == [100_000, 0, 700_000]


def test_8_a_nominal_of_nothing_that_is_raised_is_granted_by_the_calendar(town: Town) -> None:
    group = town.adds(schema.certificate_group, municipality=town.municipality, code="late", name="Late")
    certificate = town.certificate(
        town.child(town.person()), kopecks=0, kind="funded", conversion=1, certificate_group=group
    )
    town.does(SetNominal(group, town.period, ZERO), town.operator)
    lives(town)
    town.does(SetNominal(group, town.period, Money(500_000)), town.operator)
    lives(town)
    assert has(town, book.certificate(certificate, town.period)) == 500_000
