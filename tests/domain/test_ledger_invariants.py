"""Random families over a random year: what holds whatever happens (R3.2, R5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import ledger
from bot.domain.calendar import Month, Span
from bot.domain.ledger import Account, AccountKind, Ledger, Transfer, Why, charges_due
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments, quote, reprice

PERIOD = Span(date(2026, 9, 1), date(2027, 5, 31))
BUDGET, CLUB = ledger.budget(1, period=10), ledger.provider(3)
CHILDREN = tuple(ledger.certificate(number, period=10) for number in (1, 2))


@dataclass
class Learning:
    id: int
    child: Account
    parts: Installments
    days: Span
    concluded_on: date | None = None
    ends_on: date | None = None
    released: bool = False

    @property
    def hold(self) -> Account:
        return ledger.hold(self.id)


class Year(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.book = Ledger()
        self.today = PERIOD.start
        self.learning: list[Learning] = []
        self.cancelled: dict[str, int] = {}
        self.refunds = 0
        self.expired = False

    @initialize(nominals=st.tuples(*[st.integers(1, 3_000_000)] * len(CHILDREN)))
    def grants(self, nominals: tuple[int, ...]) -> None:
        for child, nominal in zip(CHILDREN, nominals, strict=True):
            self.book.post(ledger.grant(BUDGET, child, Money(nominal), 1))

    @precondition(lambda self: self.today in PERIOD)
    @rule(child=st.sampled_from(CHILDREN), price=st.integers(1, 2_000_000), wait=st.integers(-40, 60), data=st.data())
    def a_family_requests(self, child: Account, price: int, wait: int, data: st.DataObject) -> None:
        start = min(max(self.today + timedelta(wait), PERIOD.start), PERIOD.stop)
        days = Span(start, data.draw(st.dates(start, PERIOD.stop)))
        balance = self.book.balance(child)
        parts = quote(Money(price), None, balance, PERIOD.start, PERIOD.stop, days.start, days.stop).certificate
        if parts.total:
            self.learning.append(Learning(len(self.learning) + 1, child, parts, days))
            self.book.post(ledger.reserve(child, self.learning[-1].hold, parts.total))

    @precondition(lambda self: self.learning)
    @rule(data=st.data())
    def a_contract_is_concluded(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.learning))
        if not one.released and one.concluded_on is None:
            one.concluded_on = self.today
            self.charge(one)

    @precondition(lambda self: self.learning)
    @rule(data=st.data())
    def somebody_gives_notice(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.learning))
        if not one.released:
            self.charge(one)
            one.ends_on = Month.of(self.today).last
            self.release(one, Why.TERMINATED if one.concluded_on else Why.WITHDRAWN)

    @precondition(lambda self: self.charges())
    @rule(data=st.data(), planned=st.just(7))
    def a_lesson_is_cancelled(self, data: st.DataObject, planned: int) -> None:
        charged = data.draw(st.sampled_from(self.charges()))
        if self.cancelled.get(charged.key, 0) < planned:
            self.cancelled[charged.key] = self.cancelled.get(charged.key, 0) + 1
            left = reprice(charged.amount, self.cancelled[charged.key], planned)
            self.give_back(charged, charged.amount - left - self.refunded(charged), Why.LESSONS)

    @precondition(lambda self: self.charges())
    @rule(data=st.data())
    def a_charge_was_a_mistake(self, data: st.DataObject) -> None:
        charged = data.draw(st.sampled_from(self.charges()))
        self.cancelled[charged.key] = 7
        self.give_back(charged, charged.amount - self.refunded(charged), Why.MISTAKE)

    @rule(days=st.integers(1, 70), run=st.booleans())
    def days_pass(self, days: int, run: bool) -> None:
        self.today += timedelta(days)
        if self.today > PERIOD.stop and not self.expired:
            self.cross_the_border()
        elif run:
            for one in self.learning:
                self.charge(one)

    def cross_the_border(self) -> None:
        """R5.9: charge, complete or refuse, release, expire."""
        for one in self.learning:
            self.charge(one)
            if one.concluded_on and not one.released:
                paid = sum((each.amount for each in self.charges() if each.about == one.id), ZERO)
                assert paid == one.parts.total, "who stayed to the end was charged the whole, to the kopeck"
            self.release(one, Why.COMPLETED if one.concluded_on else Why.REFUSED)
        for child in CHILDREN:
            if rest := self.book.balance(child):
                self.book.post(ledger.withdraw(child, BUDGET, rest, Why.EXPIRY, 1))
        self.expired = True

    def charge(self, one: Learning) -> None:
        if one.concluded_on is None:
            return
        charged = [each.month for each in self.charges() if each.about == one.id and each.month]
        due = charges_due(
            one.parts.first,
            one.parts.other,
            one.days.start,
            one.days.stop,
            one.concluded_on,
            charged,
            self.today,
            self.book.balance(one.hold),
            one.ends_on,
        )
        for month, part in due:
            assert self.book.post(ledger.charge(one.hold, CLUB, part, month)), "no month is charged twice"

    def release(self, one: Learning, why: Why) -> None:
        if rest := self.book.balance(one.hold):
            self.book.post(ledger.release(one.hold, one.child, rest, why))
        one.released = True

    def give_back(self, charged: Transfer, part: Money, why: Why) -> None:
        if not part:
            return
        self.refunds += 1
        child = next(one.child for one in self.learning if one.id == charged.about)
        back = ledger.refund(charged, child, part, why, f"{why}:{self.refunds}")
        self.book.post(back)
        if self.expired:
            self.book.post(ledger.pass_on(back, BUDGET))

    def charges(self) -> list[Transfer]:
        return [each for each in self.book.transfers.values() if each.why is Why.CHARGE]

    def refunded(self, charged: Transfer) -> Money:
        kept = self.book.transfers.values()
        back = [
            each for each in kept if each.source == CLUB and (each.about, each.month) == (charged.about, charged.month)
        ]
        return sum((each.amount for each in back), ZERO)

    @invariant()
    def nothing_appears_and_nothing_is_lost(self) -> None:
        assert sum(self.book.balances().values(), ZERO) == ZERO

    @invariant()
    def only_the_budget_is_below_zero(self) -> None:
        for account, rest in self.book.balances().items():
            assert rest >= ZERO or account.kind is AccountKind.BUDGET, account

    @invariant()
    def a_month_of_an_enrollment_is_charged_once_and_refunded_at_most_whole(self) -> None:
        months = [(each.about, each.month) for each in self.charges()]
        assert len(months) == len(set(months))
        for charged in self.charges():
            assert self.refunded(charged) <= charged.amount

    @invariant()
    def available_held_charged_and_returned_make_what_was_granted(self) -> None:
        moved = self.book.transfers.values()
        granted = sum((each.amount for each in moved if each.why is Why.GRANT), ZERO)
        returned = sum((each.amount for each in moved if each.target == BUDGET), ZERO)
        available = sum((self.book.balance(child) for child in CHILDREN), ZERO)
        held = sum((self.book.balance(one.hold) for one in self.learning), ZERO)
        assert available + held + self.book.balance(CLUB) + returned == granted

    @invariant()
    def after_the_period_nothing_is_left_on_a_certificate_or_in_a_hold(self) -> None:
        if self.expired:
            kinds = {account.kind for account, rest in self.book.balances().items() if rest}
            assert kinds <= {AccountKind.BUDGET, AccountKind.PROVIDER}

    def teardown(self) -> None:
        """The transfers alone tell the balances, however often they are told."""
        again = Ledger()
        for transfer in [*self.book.transfers.values()] * 2:
            again.post(transfer)
        assert again.balances() == self.book.balances()


Year.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestARandomYear = Year.TestCase
