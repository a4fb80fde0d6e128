"""Periods and nominals (R2.4, R3.4, R3.8): what the staff decides."""

from datetime import date

from bot.domain import ledger as book
from bot.domain.messages import Fact, NotYours, operator
from bot.domain.money import Money
from bot.domain.movements import Granted
from bot.domain.period import (
    AddPeriod,
    CommittedMore,
    GrantNominal,
    ListPeriods,
    NominalSet,
    NothingToGrant,
    OpenPeriod,
    PeriodAdded,
    PeriodIsNot,
    PeriodOpened,
    PeriodOverlaps,
    SetNominal,
)
from bot.storage.audit import audit
from tests.storage.money import enrols, has, lives
from tests.storage.town import Town


def adds(town: Town) -> int:
    fact = town.does(AddPeriod("2027/28", date(2027, 6, 1), date(2028, 5, 31)), town.operator)
    assert isinstance(fact, PeriodAdded)
    return fact.period


def test_periods_do_not_overlap(town: Town) -> None:
    late = AddPeriod("again", date(2027, 5, 31), date(2027, 8, 31))
    assert isinstance(town.does(late, town.operator), PeriodOverlaps)
    backwards = AddPeriod("backwards", date(2027, 8, 31), date(2027, 6, 1))
    assert isinstance(town.does(backwards, town.operator), PeriodOverlaps)
    assert isinstance(town.does(late, town.person()), NotYours)
    adds(town)


def test_a_period_opened_by_hand_is_granted_by_the_calendar(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()))
    period = adds(town)
    town.does(SetNominal(town.everyone, period, Money(1_500_000)), town.operator)
    lives(town)
    assert isinstance(town.does(OpenPeriod(period), town.operator), PeriodOpened)
    assert town.does(OpenPeriod(period), town.operator) == PeriodIsNot("open")
    lives(town)
    lives(town)
    assert has(town, book.certificate(certificate, period)) == 1_500_000


def test_a_nominal_set_after_the_period_was_opened_is_granted_too(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()))
    period = adds(town)
    town.does(OpenPeriod(period), town.operator)
    lives(town)
    assert has(town, book.certificate(certificate, period)) == 0
    town.does(SetNominal(town.everyone, period, Money(1_500_000)), town.operator)
    lives(town)
    assert has(town, book.certificate(certificate, period)) == 1_500_000


def test_a_raised_nominal_grows_every_balance_of_the_group(town: Town) -> None:
    certificates = [town.certificate(town.child(town.person())) for _each in range(3)]
    assert town.does(SetNominal(town.everyone, town.period, Money(1_300_000)), town.operator) == NominalSet(
        town.everyone, town.period, Money(1_300_000), 3
    )
    assert [has(town, book.certificate(each, town.period)) for each in certificates] == [1_300_000] * 3
    assert len(town.notices("Adjusted")) == 3
    town.does(SetNominal(town.everyone, town.period, Money(1_400_000)), town.operator)
    assert has(town, book.certificate(certificates[0], town.period)) == 1_400_000
    assert town.run(audit) == []


def test_a_nominal_cannot_go_below_what_a_child_has_committed(town: Town) -> None:
    certificates = [town.certificate(town.child(town.person())) for _each in range(2)]
    enrols(town, certificates[0])
    fact: Fact = town.does(SetNominal(town.everyone, town.period, Money(380_000)), town.operator)
    assert fact == CommittedMore(1)
    assert has(town, book.certificate(certificates[1], town.period)) == 1_200_000
    fact = town.does(
        SetNominal(town.everyone, town.period, Money(390_000), certificates=5, total=Money(1)), town.operator
    )
    assert isinstance(fact, NominalSet)
    assert [has(town, book.certificate(each, town.period)) for each in certificates] == [0, 390_000]
    [seen] = town.asks(ListPeriods(), town.operator)
    [nominal] = seen.nominals
    assert (nominal.amount, nominal.certificates, nominal.total) == (Money(390_000), 5, Money(1))


def test_only_the_vacancies_may_change(town: Town) -> None:
    town.certificate(town.child(town.person()))
    fact = town.does(SetNominal(town.everyone, town.period, Money(1_200_000), certificates=7), town.operator)
    assert fact == NominalSet(town.everyone, town.period, Money(1_200_000), 0)


def test_a_grant_by_hand_happens_once(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=0, kind="funded", conversion=1)
    accounting = town.certificate(town.child(town.person()), kopecks=0)
    fact = town.does(GrantNominal(certificate, town.period), town.operator)
    assert isinstance(fact, Granted) and fact.amount == Money(1_200_000)
    assert len(town.notices("Granted")) == 1
    assert isinstance(town.does(GrantNominal(certificate, town.period), town.operator), NothingToGrant)
    assert isinstance(town.does(GrantNominal(accounting, town.period), town.operator), NothingToGrant)
    assert isinstance(town.does(GrantNominal(certificate, adds(town)), town.operator), PeriodIsNot)


def test_the_staff_of_another_municipality_decides_nothing_here(town: Town) -> None:
    certificate = town.certificate(town.child(town.person()), kopecks=0, kind="funded", conversion=1)
    other = operator(town.municipality + 1)
    for command in (
        OpenPeriod(town.period),
        SetNominal(town.everyone, town.period, Money(1)),
        GrantNominal(certificate, town.period),
    ):
        assert isinstance(town.does(command, other), NotYours)
    assert town.asks(ListPeriods(), other) == ()
