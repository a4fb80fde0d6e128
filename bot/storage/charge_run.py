"""The charge of a month for hundreds of thousands (R5.2, R5.3): the plain ones by SQL, a chunk at a time, the others one by one.

**The border.** SQL takes an enrollment that owes the present month, whole, and nothing else; `_is_plain` says how that is seen. Whoever
missed a month, is short, has given notice, is in dispute (R5.8) or gets something back at once (R5.4) goes by `make_charges_due`.

**Short balances.** A charge is min(the month's part, what the hold has): that is said in one place, `ledger.charges_due`. SQL meets only
holds with exactly what the plan leaves before this month, where the minimum is the part itself.

**Why the hold tells.** All of the certificate's part was put aside (R5.1), months are charged in order, and what leaves a hold otherwise
leaves nothing in it. So a hold with what the plan leaves before a month has paid the months before it and no other; one
with what the plan leaves after it owes nothing.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    extract,
    literal,
    select,
)

from bot.domain.calendar import Month
from bot.domain.enrollment import EnrollmentState
from bot.domain.ledger import AccountKind, Why
from bot.domain.movements import Charged
from bot.storage.bulk import Bulk, among, content, held_accounts, its_account, joined, posting
from bot.storage.keys import Keys
from bot.storage.ledger import make_charges_due
from bot.storage.outbox import allowed_from
from bot.storage.schema import account, cancelled_lessons, certificate, child, dispute, enrollment, module, program
from bot.storage.tx import Tx


def owing(municipality: int, day: date) -> Select[tuple[int]]:
    """Those who learn by then, and whose hold has anything but what the plan leaves after the day's month."""
    hold = account.alias("hold")
    its_own = hold.c.kind == "hold", hold.c.owner == enrollment.c.id, hold.c.period == 0, hold.c.unit == "money"
    return (
        select(enrollment.c.id)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .where(
            certificate.c.municipality == municipality,
            enrollment.c.state == EnrollmentState.ACTIVE.value,
            enrollment.c.start <= day,
            exists().where(*its_own, hold.c.balance > 0, hold.c.balance != _left_after(Month.of(day))),
        )
    )


def charge(tx: Tx, ids: Sequence[int], day: date) -> int:
    """Charge what these enrollments of one municipality owe by the day; how many of them, from the first, are done."""
    payer = select(certificate.c.municipality).join(enrollment, enrollment.c.certificate == certificate.c.id)
    municipality = tx.value(payer.where(enrollment.c.id == ids[0]))
    run = _charges(tx.connection.dialect.name, tx.keys, municipality, day)
    return run.do(tx, ids, allowed_from(tx, municipality), lambda together: make_charges_due(tx, *together))


# --- the statements of a month ----------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _charges(dialect: str, keys: Keys, municipality: int, day: date) -> Bulk:
    e, month = enrollment.c, Month.of(day)
    purse = AccountKind.CERTIFICATE, e.certificate, e.period
    part = case((e.start >= month.first, e.first), else_=e.other)
    key = literal("charge:") + cast(e.id, Text) + f":{month}"
    hold, theirs = joined(AccountKind.HOLD, e.id)
    charges = select(
        key.label("key"),
        hold.c.id.label("source"),
        its_account(AccountKind.PROVIDER, _provider()).label("target"),
        part.label("kopecks"),
        e.id.label("about"),
        literal(str(month)).label("month"),
        e.child,
        content(
            dialect,
            keys,
            Charged,
            child=e.child,
            day=day,
            key=key,
            enrollment=e.id,
            month=month,
            amount=part,
            held=hold.c.balance - part,
            left=its_account(*purse, column="balance"),
        ).label("content"),
    )
    charges = charges.join_from(enrollment, hold, theirs).where(among(dialect, e.id))
    purses = select(its_account(*purse)).where(among(dialect, e.id))
    families = select(e.id, e.certificate.label("family")).where(among(dialect, e.id)).order_by(e.id)
    plain = _is_plain(municipality, day, part)
    return Bulk((held_accounts(purses),), families, plain, posting(dialect, charges, Why.CHARGE, Charged))


def _is_plain(municipality: int, day: date, part: Any) -> ColumnElement[bool]:
    e, month = enrollment.c, Month.of(day)
    cancelled = cancelled_lessons.c.enrollment == e.id, cancelled_lessons.c.month == str(month)
    their_child = select(child.c.municipality).where(child.c.id == e.child).scalar_subquery()
    return and_(
        e.state == EnrollmentState.ACTIVE.value,
        e.start <= day,
        e.concluded_on <= day,
        e.stop >= month.first,
        e.ends_on.is_(None),
        its_account(AccountKind.HOLD, e.id, column="balance") == _left_after(month) + part,
        part > 0,
        its_account(AccountKind.PROVIDER, _provider()).is_not(None),  # the first charge of a provider makes its account
        their_child == municipality,  # whose quiet hours the notice keeps (R8.2)
        ~exists().where(dispute.c.enrollment == e.id, dispute.c.state == "open"),
        ~exists().where(*cancelled),
    )


def _left_after(month: Month) -> ColumnElement[int]:
    """What the plan leaves in a hold when a month has been charged (R4.5)."""
    e = enrollment.c
    before = 12 * month.year + month.month - 12 * extract("year", e.start) - extract("month", e.start)
    return e.other * (e.months - 1 - before)


def _provider() -> Any:
    of_module = select(program.c.provider).join(module, module.c.program == program.c.id)
    return of_module.where(module.c.id == enrollment.c.module).correlate(enrollment).scalar_subquery()
