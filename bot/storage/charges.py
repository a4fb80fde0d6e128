"""What was charged, and what of it came back (R5.3, R5.4)."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select

from bot.domain import ledger as book
from bot.domain.calendar import Month
from bot.domain.ledger import Transfer, Why
from bot.domain.money import Money
from bot.storage.schema import account, transfer
from bot.storage.tx import Tx


def charges(tx: Tx, enrollment_id: int) -> list[Transfer]:
    """The charges of an enrollment, oldest first."""
    return charges_of(tx, [enrollment_id])[enrollment_id]


def charges_of(tx: Tx, enrollment_ids: Collection[int]) -> dict[int, list[Transfer]]:
    """The charges of each of these enrollments, oldest first."""
    found: dict[int, list[Transfer]] = defaultdict(list)
    for row in tx.rows(
        select(transfer.c.about, transfer.c.kopecks, transfer.c.month, account.c.owner.label("provider"))
        .join(account, account.c.id == transfer.c.target)
        .where(transfer.c.about.in_(enrollment_ids), transfer.c.why == Why.CHARGE.value)
        .order_by(transfer.c.id)
    ):
        place, part, month = book.provider(row.provider), Money(row.kopecks), Month.parse(row.month)
        found[row.about].append(book.charge(book.hold(row.about), place, part, month))
    return found


def refunded(tx: Tx, charged: Transfer) -> Money:
    """What of a charge has come back."""
    came_back = transfer.c.why.in_([Why.LESSONS.value, Why.MISTAKE.value])
    its_own = transfer.c.about == charged.about, transfer.c.month == str(charged.month)
    return Money(int(tx.value(select(func.coalesce(func.sum(transfer.c.kopecks), 0)).where(came_back, *its_own))))
