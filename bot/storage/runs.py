"""The runs of money, a chunk at a time: who is concerned, and what is done to them (R3.4, R3.5, R5.3, R5.9).

Each step finds all ids that it concerns beside whatever is being written, and looks at those of a chunk again in the chunk's own
transaction. Every transfer has its key, so a chunk done again changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select

from bot.domain.enrollment import OPEN, EnrollmentState, Reason
from bot.domain.ledger import Why
from bot.domain.money import Money
from bot.domain.movements import ExpiryWarned
from bot.notifications.scheduler import Due, Step
from bot.storage import renewal_run
from bot.storage.bulk import all_ids
from bot.storage.charge_run import charge, owing
from bot.storage.enrollment_ends import holding
from bot.storage.enrollment_steps import finish, refuse
from bot.storage.grant_run import expire, grant, ungranted, with_money
from bot.storage.grants import withdraw_all
from bot.storage.ledger import release_holds
from bot.storage.schema import account, certificate, dispute, enrollment, funding_period
from bot.storage.tx import Tx
from bot.storage.work import Ids

SET_BASED, ONE_BY_ONE = 16, 4
"""How many a chunk takes at first, for which statements are prepared and pages read; how long it took tells how many the next one may."""
WORTH = 250
"""How many a bulk run takes at least: of fewer, its own statements would be the most of the work."""
WHY = {
    EnrollmentState.REFUSED.value: Why.REFUSED,
    EnrollmentState.WITHDRAWN.value: Why.WITHDRAWN,
    EnrollmentState.TERMINATED.value: Why.TERMINATED,
}
"""Why the hold of an ended enrollment returns; completed, where nothing else is said."""


@dataclass(frozen=True)
class Run:
    """How a step finds whom it concerns, a column of ids, and what it does to a chunk of them.

    What was found may be another matter by then: `does` looks again, in its own transaction. It may return how many of the ids, from the first, it has done, if they are more than `chunk` and not all.
    """

    concerned: Callable[[int, date, Due], Select[tuple[int]]]
    does: Callable[[Tx, Ids, date, Due], int | None]
    chunk: int = SET_BASED
    least: int = 1


def all_concerned(tx: Tx, run: Run, municipality: int, day: date, due: Due, after: int) -> Ids:
    """Every id that is still to be done; a reading of its own, which nobody waits for."""
    found = run.concerned(municipality, day, due)
    [column] = found.selected_columns
    return all_ids(tx, found.where(column > after))


def next_ids(tx: Tx, run: Run, municipality: int, day: date, due: Due, after: int) -> Ids:
    """The next chunk's ids."""
    found = run.concerned(municipality, day, due)
    [column] = found.selected_columns
    return list(tx.sql(found.where(column > after).order_by(column).limit(run.chunk)).scalars())


def _of_period(municipality: int, day: date, due: Due) -> Select[tuple[int]]:
    return owing(municipality, day).where(enrollment.c.period == due.period)


def _begun(municipality: int, day: date, _due: Due) -> Select[tuple[int]]:
    return owing(municipality, day)


def _beginning(municipality: int, day: date, _due: Due) -> Select[tuple[int]]:
    return owing(municipality, day).where(enrollment.c.start == day)


def _charge(tx: Tx, ids: Ids, day: date, _due: Due) -> int:
    return charge(tx, ids, day)


LEARNING = enrollment.c.state.in_([EnrollmentState.ACTIVE.value, *(state.value for state in OPEN)])


def _unfinished(_municipality: int, _day: date, due: Due) -> Select[tuple[int]]:
    return select(enrollment.c.id).where(enrollment.c.period == due.period, LEARNING)


def _finish(tx: Tx, ids: Ids, _day: date, _due: Due) -> None:
    for row in holding(tx, enrollment.c.id.in_(ids), LEARNING):
        if row.state == EnrollmentState.ACTIVE:
            fact = finish(tx, row)
            tx.tell(*([fact] if fact is not None else []))
        else:
            tx.tell(refuse(tx, row, "system", Reason.PERIOD_ENDED))


def _with_hold(_municipality: int, _day: date, due: Due) -> Select[tuple[int]]:
    disputed = exists().where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open")
    holds = (account.c.kind == "hold") & (account.c.owner == enrollment.c.id)
    return (
        select(enrollment.c.id)
        .join(account, holds)
        .where(enrollment.c.period == due.period, account.c.balance > 0, ~disputed)
    )


def _release(tx: Tx, ids: Ids, _day: date, _due: Due) -> None:
    states = tx.rows(select(enrollment.c.id, enrollment.c.state).where(enrollment.c.id.in_(ids)))
    release_holds(tx, {row.id: WHY.get(row.state, Why.COMPLETED) for row in states})


def _with_money(_municipality: int, _day: date, due: Due) -> Select[tuple[int]]:
    return with_money(due.period)


def _expire(tx: Tx, ids: Ids, _day: date, due: Due) -> int:
    return expire(tx, ids, due.period)


def _planned(_municipality: int, _day: date, due: Due) -> Select[tuple[int]]:
    return select(funding_period.c.id).where(funding_period.c.id == due.period)


def _close(tx: Tx, ids: Ids, day: date, due: Due) -> None:
    """What came back between the last chunk of the expiry and this moment expires too, under another number (R3.5)."""
    late = list(tx.sql(with_money(due.period)).scalars())
    numbered = certificate.update().where(certificate.c.id.in_(late))
    tx.sql(numbered.values(conversion=certificate.c.conversion + 1))
    withdraw_all(tx, late, due.period, Why.EXPIRY)
    tx.sql(funding_period.update().where(funding_period.c.id.in_(ids)).values(state="closed"))


def _open(tx: Tx, ids: Ids, _day: date, _due: Due) -> None:
    tx.sql(funding_period.update().where(funding_period.c.id.in_(ids)).values(state="open"))


def _ungranted(municipality: int, _day: date, due: Due) -> Select[tuple[int]]:
    return ungranted(municipality, due.period)


def _grant(tx: Tx, ids: Ids, _day: date, due: Due) -> int:
    return grant(tx, ids, due.period)


def _warn(tx: Tx, ids: Ids, day: date, due: Due) -> None:
    purse = (account.c.kind == "certificate") & (account.c.owner == certificate.c.id)
    rows: Sequence[Any] = tx.rows(
        select(certificate.c.id, certificate.c.child, account.c.balance, funding_period.c.stop)
        .join(account, purse)
        .join(funding_period, funding_period.c.id == account.c.period)
        .where(certificate.c.id.in_(ids), certificate.c.state == "active")
        .where(account.c.period == due.period, account.c.balance > 0)
        .order_by(certificate.c.id)
    )
    tx.tell(
        *(
            ExpiryWarned(row.child, row.id, due.period, Money(row.balance), row.stop, (row.stop - day).days)
            for row in rows
        )
    )


def _going_on(municipality: int, _day: date, due: Due) -> Select[tuple[int]]:
    return renewal_run.to_offer(municipality, due.period)


def _offer_renewals(tx: Tx, ids: Ids, _day: date, due: Due) -> None:
    renewal_run.offer_all(tx, ids, due.period)


def _to_remind(_municipality: int, day: date, due: Due) -> Select[tuple[int]]:
    return renewal_run.to_remind(due.period, day)


def _remind(tx: Tx, ids: Ids, _day: date, _due: Due) -> None:
    renewal_run.remind_all(tx, ids)


def _to_lapse(_municipality: int, day: date, due: Due) -> Select[tuple[int]]:
    return renewal_run.to_lapse(due.period, day)


def _lapse(tx: Tx, ids: Ids, _day: date, _due: Due) -> None:
    renewal_run.lapse_all(tx, ids)


RUNS: dict[Step, Run] = {
    Step.CATCH_UP: Run(_of_period, _charge),
    Step.FINISH: Run(_unfinished, _finish, ONE_BY_ONE),
    Step.RELEASE: Run(_with_hold, _release),
    Step.EXPIRE: Run(_with_money, _expire, least=WORTH),
    Step.CLOSE: Run(_planned, _close),
    Step.OPEN: Run(_planned, _open),
    Step.GRANT: Run(_ungranted, _grant, least=WORTH),
    Step.CHARGE_MONTH: Run(_begun, _charge, least=WORTH),
    Step.CHARGE_STARTS: Run(_beginning, _charge, least=WORTH),
    Step.WARN: Run(_with_money, _warn),
    Step.LAPSE_RENEWALS: Run(_to_lapse, _lapse, ONE_BY_ONE),
    Step.REMIND_RENEWALS: Run(_to_remind, _remind),
    Step.OFFER_RENEWALS: Run(_going_on, _offer_renewals, ONE_BY_ONE),
}
