"""Double entry (R3) and a school year in a table (R5)."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain import ledger
from bot.domain.calendar import Month
from bot.domain.ledger import Account, AccountKind, Ledger, Transfer, Why, charges_due
from bot.domain.money import ZERO, Money
from bot.domain.pricing import reprice, split

BUDGET = ledger.budget(1, period=10)
CERTIFICATE = ledger.certificate(5, period=10)
HOLD, CLUB = ledger.hold(7), ledger.provider(3)
SEPTEMBER = Month(2026, 9)
GRANT = ledger.grant(BUDGET, CERTIFICATE, Money(1000), conversion=1)
RESERVE = ledger.reserve(CERTIFICATE, HOLD, Money(600))
CHARGE = ledger.charge(HOLD, CLUB, Money(200), SEPTEMBER)
LESSONS = ledger.refund(CHARGE, CERTIFICATE, Money(50), Why.LESSONS, "lessons:4")


@pytest.mark.parametrize(
    ("transfer", "key", "source", "target", "kopecks", "about"),
    [
        (GRANT, "grant:5:10:1", BUDGET, CERTIFICATE, 1000, None),
        (ledger.open_balance(BUDGET, CERTIFICATE, Money(9)), "open:5:10", BUDGET, CERTIFICATE, 9, None),
        (
            ledger.adjust(BUDGET, CERTIFICATE, Money(9), Why.NOMINAL, 2),
            "nominal:2:5",
            BUDGET,
            CERTIFICATE,
            9,
            None,
        ),
        (
            ledger.adjust(BUDGET, CERTIFICATE, Money(-9), Why.CATEGORY, 2),
            "category:2:5:10",
            CERTIFICATE,
            BUDGET,
            9,
            None,
        ),
        (RESERVE, "reserve:7", CERTIFICATE, HOLD, 600, 7),
        (CHARGE, "charge:7:2026-09", HOLD, CLUB, 200, 7),
        (ledger.release(HOLD, CERTIFICATE, Money(9), Why.REFUSED), "return:hold:7", HOLD, CERTIFICATE, 9, 7),
        (LESSONS, "return:lessons:4", CLUB, CERTIFICATE, 50, 7),
        (
            ledger.withdraw(CERTIFICATE, BUDGET, Money(9), Why.EXPIRY, conversion=1),
            "expiry:5:10:1",
            CERTIFICATE,
            BUDGET,
            9,
            None,
        ),
        (ledger.pass_on(LESSONS, BUDGET), "passed:return:lessons:4", CERTIFICATE, BUDGET, 50, 7),
        (ledger.reverse(CHARGE), "reverse:charge:7:2026-09", CLUB, HOLD, 200, 7),
    ],
)
def test_each_movement_has_its_accounts_and_a_key_that_names_its_cause(transfer, key, source, target, kopecks, about):
    """R3.2, R3.3."""
    assert (transfer.key, transfer.source, transfer.target) == (key, source, target)
    assert (transfer.kopecks, transfer.about) == (kopecks, about)


@pytest.mark.parametrize("kopecks", [0, -1])
def test_a_transfer_moves_a_positive_amount(kopecks):
    with pytest.raises(AssertionError):
        replace(GRANT, kopecks=kopecks)


def test_there_is_no_transfer_to_cash_a_gift_or_another_use():
    """R3.7: every way that no movement takes is refused."""
    with pytest.raises(AssertionError):
        Transfer("gift", CERTIFICATE, ledger.certificate(6, period=10), 100, Why.RESERVE)
    with pytest.raises(AssertionError):
        Transfer("cash", CERTIFICATE, CLUB, 100, Why.CHARGE)


def test_a_refund_never_exceeds_its_charge():
    with pytest.raises(AssertionError):
        ledger.refund(CHARGE, CERTIFICATE, Money(201), Why.MISTAKE, "mistake:7:2026-09")


def test_every_cause_has_its_way():
    assert ledger.ROUTES.keys() == set(Why)


def test_a_key_makes_a_transfer_happen_once():
    book = Ledger()
    assert book.post(GRANT)
    assert not book.post(GRANT)
    assert book.balance(CERTIFICATE) == Money(1000)
    with pytest.raises(ValueError, match="grant:5:10:1"):
        book.post(replace(GRANT, kopecks=999))


def test_only_a_budget_may_go_below_zero():
    book = Ledger()
    with pytest.raises(ValueError, match="short"):
        book.post(RESERVE)
    assert not book.balances(), "nothing has moved"
    book.post(GRANT)
    assert book.balance(BUDGET) == Money(-1000)


def test_a_reversal_undoes_a_transfer():
    book = Ledger()
    for transfer in (GRANT, RESERVE, ledger.reverse(RESERVE)):
        book.post(transfer)
    assert (book.balance(CERTIFICATE), book.balance(HOLD)) == (Money(1000), ZERO)


def test_hours_and_money_do_not_mix():
    with pytest.raises(AssertionError):
        replace(GRANT, target=Account(AccountKind.CERTIFICATE, 5, 10, unit="hours_per_week"))


class SchoolYear:
    """One child's balance, driven day by day with the ledger's own functions."""

    def __init__(self) -> None:
        self.book = Ledger()
        self.plans: dict[int, tuple] = {}
        self.concluded: dict[int, date] = {}
        self.ends_on: dict[int, date] = {}

    def grant(self, day, rubles):
        self.book.post(ledger.grant(BUDGET, CERTIFICATE, Money(rubles * 100), 1))

    def request(self, day, enrollment, rubles, start, stop):
        self.plans[enrollment] = split(Money(rubles * 100), start, stop), start, stop
        self.book.post(ledger.reserve(CERTIFICATE, ledger.hold(enrollment), Money(rubles * 100)))

    def conclude(self, day, enrollment):
        self.concluded[enrollment] = day
        self.run(day)

    def run(self, day):
        for enrollment, concluded_on in self.concluded.items():
            parts, start, stop = self.plans[enrollment]
            account, ends_on = ledger.hold(enrollment), self.ends_on.get(enrollment)
            charged = [t.month for t in self.book.transfers.values() if t.about == enrollment and t.why is Why.CHARGE]
            held = self.book.balance(account)
            due = charges_due(parts.first, parts.other, start, stop, concluded_on, charged, day, held, ends_on)
            for month, part in due:
                self.book.post(ledger.charge(account, CLUB, part, month))

    def cancel_lesson(self, day, enrollment, planned):
        charged = self.book.transfers[f"charge:{enrollment}:{Month.of(day)}"]
        part = charged.amount - reprice(charged.amount, 1, planned)
        self.book.post(ledger.refund(charged, CERTIFICATE, part, Why.LESSONS, "lessons:1"))

    def notice(self, day, enrollment):
        self.run(day)
        self.ends_on[enrollment] = Month.of(day).last
        account = ledger.hold(enrollment)
        self.book.post(ledger.release(account, CERTIFICATE, self.book.balance(account), Why.TERMINATED))

    def expire(self, day):
        self.run(day)
        self.book.post(ledger.withdraw(CERTIFICATE, BUDGET, self.book.balance(CERTIFICATE), Why.EXPIRY, 1))

    def mistake(self, day, enrollment, month):
        charged = self.book.transfers[f"charge:{enrollment}:{month}"]
        back = ledger.refund(charged, CERTIFICATE, charged.amount, Why.MISTAKE, f"mistake:{enrollment}:{month}")
        self.book.post(back)
        self.book.post(ledger.pass_on(back, BUDGET))

    def sums(self) -> tuple[int, int, int]:
        held = sum((self.book.balance(ledger.hold(each)) for each in self.plans), ZERO)
        return self.book.balance(CERTIFICATE).kopecks, held.kopecks, self.book.balance(CLUB).kopecks


ROBOTS, CHESS = 7, 8
ROBOTS_DAYS = date(2026, 9, 15), date(2027, 5, 31)
CHESS_DAYS = date(2027, 1, 20), date(2027, 5, 31)

YEAR = (
    # day, what happens, then: available, held, charged (kopecks)
    ("2026-09-01", SchoolYear.grant, (20_000,), 2_000_000, 0, 0),
    ("2026-09-10", SchoolYear.request, (ROBOTS, 18_300, *ROBOTS_DAYS), 170_000, 1_830_000, 0),
    ("2026-09-12", SchoolYear.conclude, (ROBOTS,), 170_000, 1_830_000, 0),  # R5.2: not before the start
    ("2026-09-15", SchoolYear.run, (), 170_000, 1_716_944, 113_056),
    ("2026-09-15", SchoolYear.run, (), 170_000, 1_716_944, 113_056),  # R5.3: the run twice
    ("2026-10-01", SchoolYear.run, (), 170_000, 1_502_326, 327_674),
    ("2026-11-01", SchoolYear.run, (), 170_000, 1_287_708, 542_292),
    ("2026-11-20", SchoolYear.cancel_lesson, (ROBOTS, 8), 196_827, 1_287_708, 515_465),  # R5.4: 1/8, floor
    ("2026-12-20", SchoolYear.notice, (ROBOTS,), 1_269_917, 0, 730_083),  # R5.3: December first; R5.5: the rest back
    ("2027-01-01", SchoolYear.run, (), 1_269_917, 0, 730_083),  # after the notice nothing
    ("2027-01-15", SchoolYear.request, (CHESS, 5_000, *CHESS_DAYS), 769_917, 500_000, 730_083),
    ("2027-02-03", SchoolYear.conclude, (CHESS,), 769_917, 340_908, 889_175),  # a month late: the first and one more
    ("2027-04-02", SchoolYear.run, (), 769_917, 113_636, 1_116_447),  # the run was down in March: both months
    ("2027-05-01", SchoolYear.run, (), 769_917, 0, 1_230_083),  # the last month takes what remains
    ("2027-06-01", SchoolYear.expire, (), 0, 0, 1_230_083),  # R3.5
    ("2027-06-10", SchoolYear.mistake, (CHESS, "2027-04"), 0, 0, 1_116_447),  # R3.6: passes on to the budget
)


def test_a_school_year_to_the_kopeck():
    year = SchoolYear()
    for day, happens, details, *expected in YEAR:
        happens(year, date.fromisoformat(day), *details)
        assert year.sums() == tuple(expected), f"{day}: {happens.__name__}"
    assert year.book.balance(BUDGET) == Money(-1_116_447), "the budget has paid for what was taught, and no more"


WHOLE = Money(400)


def due(today, concluded_on=date(2026, 9, 1), charged=(), hold=WHOLE, ends_on=None, start=date(2026, 9, 1)):
    listed = charges_due(Money(100), Money(100), start, date(2026, 12, 31), concluded_on, charged, today, hold, ends_on)
    return {str(month): part.kopecks for month, part in listed}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (due(date(2026, 8, 31)), {}),
        (due(date(2026, 9, 1)), {"2026-09": 100}),
        (due(date(2026, 9, 30)), {"2026-09": 100}),
        (due(date(2026, 10, 1)), {"2026-09": 100, "2026-10": 100}),
        (due(date(2026, 10, 1), charged=(SEPTEMBER,)), {"2026-10": 100}),
        (due(date(2026, 9, 30), start=date(2026, 9, 30)), {"2026-09": 100}),
        (due(date(2026, 10, 4), concluded_on=date(2026, 10, 5)), {}),
        (due(date(2026, 10, 5), concluded_on=date(2026, 10, 5)), {"2026-09": 100, "2026-10": 100}),
        (due(date(2027, 3, 1)), {"2026-09": 100, "2026-10": 100, "2026-11": 100, "2026-12": 100}),
        (due(date(2026, 10, 1), hold=Money(130)), {"2026-09": 100, "2026-10": 30}),
        (due(date(2026, 12, 1), hold=Money(100)), {"2026-09": 100}),
        (due(date(2026, 10, 1), hold=ZERO), {}),
    ],
)
def test_what_is_due_by_a_day(what, expected):
    """R5.2, R5.3: each month once, those missed too, never more than the hold has."""
    assert what == expected


@pytest.mark.parametrize("notice", [date(2026, 10, 1), date(2026, 10, 31)])
def test_notice_on_the_first_and_on_the_last_day_of_a_month_cost_the_same(notice):
    """R5.5: the month of notice is charged, no later one is."""
    assert due(date(2026, 12, 1), ends_on=Month.of(notice).last) == {"2026-09": 100, "2026-10": 100}


def test_notice_before_the_start_leaves_nothing_due():
    assert due(date(2026, 12, 1), start=date(2026, 10, 10), ends_on=date(2026, 9, 30)) == {}
