"""Double entry (R3): a transfer moves money from one account to another, once for its key, and nothing else does.

One function a movement (R3.3); no other place builds a Transfer. `ROUTES` says where each movement may lead, so that
what R3.7 forbids cannot be written down at all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import Month, months
from bot.domain.money import ZERO, Money


class AccountKind(StrEnum):
    BUDGET = "budget"
    CERTIFICATE = "certificate"
    HOLD = "hold"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Account:
    """Where money is; a value, not a row. Only a budget may go below zero (R3.2)."""

    kind: AccountKind
    owner: int
    period: int | None
    unit: str = "money"

    @property
    def bounded(self) -> bool:
        return self.kind is not AccountKind.BUDGET


def budget(municipality: int, period: int) -> Account:
    return Account(AccountKind.BUDGET, municipality, period)


def certificate(number: int, period: int) -> Account:
    """The balance of a child for a period; `number` is the certificate's id, of which a child has one."""
    return Account(AccountKind.CERTIFICATE, number, period)


def hold(enrollment: int) -> Account:
    return Account(AccountKind.HOLD, enrollment, None)


def provider(number: int) -> Account:
    return Account(AccountKind.PROVIDER, number, None)


class Why(StrEnum):
    """The cause of a transfer, as its history line explains it to the parent."""

    GRANT = "grant"
    OPENING = "opening"
    NOMINAL = "nominal"
    CATEGORY = "category"
    RESERVE = "reserve"
    CHARGE = "charge"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    COMPLETED = "completed"
    LESSONS = "lessons"
    MISTAKE = "mistake"
    EXPIRY = "expiry"
    FREEZE = "freeze"
    CONVERSION = "conversion"
    REVOCATION = "revocation"
    AGE = "age"
    PASSED_ON = "passed_on"
    REVERSAL = "reversal"


_BUDGET, _CERTIFICATE, _HOLD, _PROVIDER = AccountKind
_GIVE, _TAKE = (_BUDGET, _CERTIFICATE), (_CERTIFICATE, _BUDGET)
_FREE, _REFUND = (_HOLD, _CERTIFICATE), (_PROVIDER, _CERTIFICATE)
_MOVEMENTS: dict[Why, set[tuple[AccountKind, AccountKind]]] = {
    **dict.fromkeys((Why.GRANT, Why.OPENING), {_GIVE}),
    **dict.fromkeys((Why.NOMINAL, Why.CATEGORY), {_GIVE, _TAKE}),
    Why.RESERVE: {(_CERTIFICATE, _HOLD)},
    Why.CHARGE: {(_HOLD, _PROVIDER)},
    **dict.fromkeys((Why.REFUSED, Why.WITHDRAWN, Why.TERMINATED, Why.COMPLETED), {_FREE}),
    **dict.fromkeys((Why.LESSONS, Why.MISTAKE), {_REFUND}),
    **dict.fromkeys((Why.EXPIRY, Why.FREEZE, Why.CONVERSION, Why.REVOCATION, Why.AGE, Why.PASSED_ON), {_TAKE}),
}
ROUTES = _MOVEMENTS | {Why.REVERSAL: {(target, source) for ways in _MOVEMENTS.values() for source, target in ways}}


@dataclass(frozen=True, slots=True)
class Transfer:
    """`kopecks` (above zero) from source to target, once for the key; never edited, never deleted (R3.2).

    `about` is the enrollment, `month` the month charged or refunded, where there is one.
    """

    key: str
    source: Account
    target: Account
    kopecks: int
    why: Why
    about: int | None = None
    month: Month | None = None

    def __post_init__(self) -> None:
        assert self.kopecks > 0, f"{self.key}: a transfer moves a positive amount, not {self.kopecks}"
        assert (self.source.kind, self.target.kind) in ROUTES[self.why], f"{self.key}: no such movement"
        assert self.source.unit == self.target.unit, f"{self.key}: units do not mix"

    @property
    def amount(self) -> Money:
        return Money(self.kopecks)


# The movements. Accounts come in as values; an amount of zero is a caller's mistake, nothing moves nothing.


def grant(source: Account, target: Account, nominal: Money, conversion: int) -> Transfer:
    """Budget → certificate: the nominal of a period, for the certificate's `conversion`-th time as a funded one."""
    key = f"grant:{target.owner}:{target.period}:{conversion}"
    return Transfer(key, source, target, nominal.kopecks, Why.GRANT)


def open_balance(source: Account, target: Account, balance: Money) -> Transfer:
    """Budget → certificate: a balance taken over by an import."""
    return Transfer(f"open:{target.owner}:{target.period}", source, target, balance.kopecks, Why.OPENING)


def adjust(source: Account, target: Account, difference: Money, why: Why, revision: int) -> Transfer:
    """Budget ↔ certificate: the nominal (R3.8) or the child's group (R2.5) has changed, by ± the difference.

    `source` is the budget, `target` the certificate, whatever the sign. `revision` is the id of the new nominal, which
    belongs to one period, or of the change of group, which may touch two.
    """
    keys = {
        Why.NOMINAL: f"nominal:{revision}:{target.owner}",
        Why.CATEGORY: f"category:{revision}:{target.owner}:{target.period}",
    }
    if difference < ZERO:
        source, target, difference = target, source, -difference
    return Transfer(keys[why], source, target, difference.kopecks, why)


def reserve(source: Account, target: Account, part: Money) -> Transfer:
    """Certificate → hold: the whole certificate part of an enrollment (R5.1)."""
    return Transfer(f"reserve:{target.owner}", source, target, part.kopecks, Why.RESERVE, target.owner)


def charge(source: Account, target: Account, part: Money, month: Month) -> Transfer:
    """Hold → provider: one month of an enrollment (R5.2, R5.3)."""
    return Transfer(f"charge:{source.owner}:{month}", source, target, part.kopecks, Why.CHARGE, source.owner, month)


def release(source: Account, target: Account, rest: Money, why: Why) -> Transfer:
    """Hold → certificate: whatever the hold of an ended enrollment still has, once (R5.5, R5.6).

    `why`: refused, withdrawn, terminated or completed.
    """
    return Transfer(f"return:hold:{source.owner}", source, target, rest.kopecks, why, source.owner)


def refund(charged: Transfer, target: Account, part: Money, why: Why, cause: str) -> Transfer:
    """Provider → certificate: part or all of a charge (R5.4 lessons, R5.7 mistake).

    `cause` tells this return from any other, for ever: `lessons:7` (the cancellation's id), `mistake:5:2026-09`.
    """
    assert part.kopecks <= charged.kopecks, f"a refund of {part} exceeds its charge {charged.key}"
    return Transfer(f"return:{cause}", charged.target, target, part.kopecks, why, charged.about, charged.month)


def withdraw(source: Account, target: Account, rest: Money, why: Why, conversion: int) -> Transfer:
    """Certificate → budget: expiry (R3.5), freeze (R2.12), conversion (R2.13), revocation (R2.7) or age.

    `conversion` is the number of the grant whose rest this is.
    """
    return Transfer(f"{why}:{source.owner}:{source.period}:{conversion}", source, target, rest.kopecks, why)


def pass_on(returned: Transfer, target: Account) -> Transfer:
    """Certificate → budget: what has just returned into a period that is closed (R3.6)."""
    key, source = f"passed:{returned.key}", returned.target
    return Transfer(key, source, target, returned.kopecks, Why.PASSED_ON, returned.about, returned.month)


def reverse(wrong: Transfer) -> Transfer:
    """The same amount back where it came from, when the transfer itself was the mistake."""
    key = f"reverse:{wrong.key}"
    return Transfer(key, wrong.target, wrong.source, wrong.kopecks, Why.REVERSAL, wrong.about, wrong.month)


def charges_due(
    first: Money,
    other: Money,
    start: date,
    stop: date,
    concluded_on: date,
    charged: Collection[Month],
    today: date,
    hold: Money,
    ends_on: date | None = None,
) -> list[tuple[Month, Money]]:
    """What an active enrollment owes by today and has not been charged, month after month (R5.2, R5.3).

    The first month falls due on the later of conclusion and start; each other one on its 1st, those missed are caught
    up. Nothing falls due after `ends_on`, the last day after a notice (R5.5). No payment exceeds what the hold still
    has; months for which nothing is left are not listed. While a dispute is open nothing is due (R5.8): do not ask.
    """
    last = min(today, stop if ends_on is None else min(stop, ends_on))
    if today < concluded_on or last < start:
        return []
    due: list[tuple[Month, Money]] = []
    for month in months(start, last):
        part = min(first if month == Month.of(start) else other, hold)
        if part and month not in charged:
            due.append((month, part))
            hold -= part
    return due


class Ledger:
    """Accounts and transfers in memory: the model that storage must agree with.

    ValueError for a key used again for something else, and for money that is not there; nothing has moved then.
    """

    def __init__(self) -> None:
        self.transfers: dict[str, Transfer] = {}
        self._balances: dict[Account, Money] = {}

    def balance(self, account: Account) -> Money:
        return self._balances.get(account, ZERO)

    def balances(self) -> dict[Account, Money]:
        return dict(self._balances)

    def post(self, transfer: Transfer) -> bool:
        """True if the transfer has happened now, False if it had happened before (R3.2)."""
        known = self.transfers.get(transfer.key)
        if known is not None:
            if known != transfer:
                raise ValueError(f"{transfer.key} is the key of another transfer")
            return False
        rest = self.balance(transfer.source) - transfer.amount
        if transfer.source.bounded and rest < ZERO:
            raise ValueError(f"{transfer.key}: {transfer.source} is short by {-rest}")
        self._balances[transfer.source] = rest
        self._balances[transfer.target] = self.balance(transfer.target) + transfer.amount
        self.transfers[transfer.key] = transfer
        return True
