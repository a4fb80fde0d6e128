"""The staff's decisions about periods and nominals (R2.4, R3.4, R3.8)."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.domain import ledger as book
from bot.domain.ledger import Why
from bot.domain.messages import Actor, Command, Fact, NotYours, Query
from bot.domain.money import ZERO, Money
from bot.domain.period import (
    AddPeriod,
    CommittedMore,
    GrantNominal,
    ListPeriods,
    NominalSeen,
    NominalSet,
    NothingToGrant,
    OnePeriod,
    OpenPeriod,
    PeriodAdded,
    PeriodIsNot,
    PeriodOpened,
    PeriodOverlaps,
    PeriodSeen,
    PeriodWork,
    SetNominal,
)
from bot.storage.accounts import balance, lock_all
from bot.storage.grant_run import entitled_to, ungranted
from bot.storage.grants import adjust_all, grant, share
from bot.storage.schema import account, certificate, certificate_group, funding_period, nominal, run
from bot.storage.tx import Doer, Reader, Tx


def list_periods(tx: Tx, query: ListPeriods, me: Actor) -> tuple[PeriodSeen, ...]:
    """Every group is listed in every period, so that what has no nominal yet is seen too."""
    periods = tx.rows(
        select(funding_period)
        .where(funding_period.c.municipality == me.municipality)
        .order_by(funding_period.c.start.desc())
    )
    groups = tx.rows(
        select(certificate_group)
        .where(certificate_group.c.municipality == me.municipality)
        .order_by(certificate_group.c.id)
    )
    known = {
        (row.period, row.certificate_group): row
        for row in tx.rows(select(nominal).where(nominal.c.period.in_([period.id for period in periods])))
    }
    return tuple(
        PeriodSeen(
            period.id,
            period.name,
            period.start,
            period.stop,
            period.state,
            tuple(_nominal(group, known.get((period.id, group.id))) for group in groups),
        )
        for period in periods
    )


def _nominal(group: Row[Any], row: Row[Any] | None) -> NominalSeen:
    if row is None:
        return NominalSeen(group.id, group.name, None, None, None)
    total = None if row.sum is None else Money(row.sum)
    return NominalSeen(group.id, group.name, Money(row.kopecks), row.certificates, total)


def one_period(tx: Tx, query: OnePeriod, me: Actor) -> PeriodWork | None:
    """Counted anew each time: the run's own row knows how far it is, not how many that is."""
    found = next((each for each in list_periods(tx, ListPeriods(), me) if each.id == query.period), None)
    if found is None or me.role != "operator":
        return None
    entitled = count(tx, entitled_to(me.municipality, query.period))
    left = count(tx, ungranted(me.municipality, query.period))
    state = tx.value(select(run.c.state).where(run.c.key == f"grant:{query.period}"))
    given = -balance(tx, book.budget(me.municipality, query.period))
    return PeriodWork(found, given, entitled - left, entitled, state is not None, state == "going")


def count(tx: Tx, found: Select[Any]) -> int:
    """How many rows."""
    return int(tx.value(select(func.count()).select_from(found.subquery())))


def add(tx: Tx, command: AddPeriod, me: Actor) -> Fact:
    """Plan a period."""
    if me.role != "operator":
        return NotYours()
    theirs = funding_period.c.municipality == me.municipality
    common = (funding_period.c.start <= command.stop) & (funding_period.c.stop >= command.start)
    if command.start > command.stop or tx.row(select(funding_period.c.id).where(theirs, common)):
        return PeriodOverlaps()
    values = {"name": command.name, "start": command.start, "stop": command.stop, "state": "planned"}
    return PeriodAdded(tx.insert(funding_period, municipality=me.municipality, **values))


def open_period(tx: Tx, command: OpenPeriod, me: Actor) -> Fact:
    """Open a period by hand; the calendar grants."""
    period = _theirs(tx, command.period, me)
    if period is None:
        return NotYours()
    if period.state != "planned":
        return PeriodIsNot(period.state)
    tx.sql(funding_period.update().where(funding_period.c.id == period.id).values(state="open"))
    return PeriodOpened(period.id)


def set_nominal(tx: Tx, command: SetNominal, me: Actor) -> Fact:
    """R3.8: raised, every balance of the group grows; lowered, only if no child has committed more."""
    period = _theirs(tx, command.period, me)
    group = tx.row(select(certificate_group).where(certificate_group.c.id == command.group))
    if period is None or group is None or group.municipality != period.municipality:
        return NotYours()
    if period.state == "closed":
        return PeriodIsNot(period.state)
    its_own = nominal.c.certificate_group == group.id, nominal.c.period == period.id
    before = tx.row(select(nominal).where(*its_own).with_for_update())
    vacancies = {
        "certificates": command.certificates,
        "sum": None if command.total is None else command.total.kopecks,
        "kopecks": command.amount.kopecks,
        "revision": 1 + (tx.value(select(func.max(nominal.c.revision))) or 0),
    }
    if before is None or not before.kopecks:  # the calendar grants again: now there is something
        tx.sql(run.delete().where(run.c.key == f"grant:{period.id}"))
    if before is None:
        tx.insert(nominal, certificate_group=group.id, period=period.id, **vacancies)
        return NominalSet(group.id, period.id, command.amount, 0)
    holders = _holders(tx, group.id, period.id)
    difference = share(tx, period, command.amount - Money(before.kopecks))
    purses = lock_all(tx, [book.certificate(row.id, period.id) for row in holders])
    short = sum(rest + difference < ZERO for rest in purses.values())
    if short:
        return CommittedMore(short)
    tx.sql(nominal.update().where(*its_own).values(**vacancies))
    if difference:
        adjust_all(tx, holders, period.id, difference, Why.NOMINAL, vacancies["revision"] or 0)
    return NominalSet(group.id, period.id, command.amount, len(holders) if difference else 0)


def grant_nominal(tx: Tx, command: GrantNominal, me: Actor) -> Fact:
    """One certificate's grant by hand."""
    period = _theirs(tx, command.period, me)
    ours = certificate.c.id == command.certificate, certificate.c.municipality == me.municipality
    row = tx.row(select(certificate).where(*ours))
    if period is None or row is None:
        return NotYours()
    if period.state != "open":
        return PeriodIsNot(period.state)
    if (row.kind, row.state) != ("funded", "active") or not grant(tx, row.id, period.id):
        return NothingToGrant(command.certificate)
    return tx.told.pop().fact


def _holders(tx: Tx, group: int, period: int) -> list[Row[Any]]:
    """The active funded certificates of a group that have an account of the period."""
    return list(
        tx.rows(
            select(certificate)
            .join(account, (account.c.owner == certificate.c.id) & (account.c.kind == "certificate"))
            .where(
                account.c.period == period,
                certificate.c.certificate_group == group,
                certificate.c.kind == "funded",
                certificate.c.state == "active",
            )
            .order_by(certificate.c.id)
        )
    )


def _theirs(tx: Tx, period_id: int, me: Actor) -> Row[Any] | None:
    ours = funding_period.c.municipality == me.municipality
    row = tx.row(select(funding_period).where(funding_period.c.id == period_id, ours).with_for_update())
    return row if me.role == "operator" else None


READERS: dict[type[Query[Any]], Reader] = {ListPeriods: list_periods, OnePeriod: one_period}
DOERS: dict[type[Command], Doer] = {
    AddPeriod: add,
    OpenPeriod: open_period,
    SetNominal: set_nominal,
    GrantNominal: grant_nominal,
}
