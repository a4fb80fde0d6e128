"""What stands on a provider's bill: the movements of its account that stand on no other, by enrollment and month (0039)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, case, func, or_, select

from bot.domain.bill import BillLine, BillState
from bot.domain.calendar import Month
from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.ledger import AccountKind
from bot.domain.money import ZERO, Money
from bot.domain.pricing import reprice
from bot.storage.lessons import LEARNED, cancelled_of
from bot.storage.schema import (
    account,
    bill,
    bill_line,
    bill_transfer,
    certificate,
    child,
    dispute,
    enrollment,
    group,
    module,
    program,
    transfer,
)
from bot.storage.tx import Tx

READ = ("id", "start", "stop", "ends_on", "concluded_on", "reason", "parent_first", "parent_other")
AT_ONCE = 10_000
FIXED = [state.value for state in BillState if state.fixed]


@dataclass
class Draft:
    """What a bill would be now: its lines, and the transfers that they are made of."""

    lines: tuple[BillLine, ...]
    transfers: list[int] = field(default_factory=list)


def sent_months(tx: Tx, provider: int) -> dict[int, set[Month]]:
    """Municipality → months whose bill has gone."""
    gone = bill.c.provider == provider, bill.c.kind == "bill", bill.c.state.in_(FIXED)
    found: dict[int, set[Month]] = defaultdict(set)
    for row in tx.rows(select(bill.c.municipality, bill.c.month).where(*gone)):
        found[row.municipality].add(Month.parse(row.month))
    return found


def stands_on(month: Month, sent: Collection[Month]) -> Month:
    """The month of the bill that a movement of `month` goes to: its own, or the next whose bill has not gone."""
    while month in sent:
        month = month.next
    return month


def free_sums(tx: Tx, provider: int) -> Mapping[tuple[int, Month], tuple[Money, Money]]:
    """(municipality, month of the movement) → charged and refunded on no bill yet."""
    moved = _free(tx, provider).subquery()
    charged = func.sum(case((moved.c.kopecks > 0, moved.c.kopecks), else_=0)).label("charged")
    refunded = func.sum(case((moved.c.kopecks < 0, -moved.c.kopecks), else_=0)).label("refunded")
    by = moved.c.municipality, moved.c.month
    return {
        (row.municipality, Month.parse(row.month)): (Money(int(row.charged)), Money(int(row.refunded)))
        for row in tx.rows(select(*by, charged, refunded).group_by(*by))
    }


def draft(tx: Tx, provider: int, municipality: int, month: Month) -> Draft:
    """The bill as it would be sent now."""
    sent = sent_months(tx, provider)[municipality]
    moved = _free(tx, provider).where(certificate.c.municipality == municipality, transfer.c.month <= str(month))
    sums: dict[tuple[int, Month], list[int]] = defaultdict(lambda: [0, 0])
    transfers = []
    for row in tx.rows(moved):
        its = Month.parse(row.month)
        if stands_on(its, sent) == month:
            sums[row.about, its][row.kopecks < 0] += abs(row.kopecks)
            transfers.append(row.id)
    for number in _paying(tx, provider, municipality, month):
        sums[number, month]  # the family's own part alone
    rows = {row.id: row for row in _among(tx, _named(), enrollment.c.id, {number for number, _month in sums})}
    lessons = {each: its for some in _some(rows) for each, its in cancelled_of(tx, some).items()}
    printed = _printed(tx, rows)
    lines = []
    for (number, its), (charged, refunded) in sums.items():
        cancelled, planned = lessons.get(number, {}).get(its, (0, 0))
        parent = parents_part(rows[number], its, planned, cancelled) - printed.get((number, its), ZERO)
        line = _line(rows[number], its, Money(charged), Money(refunded), parent, planned, cancelled)
        if charged or refunded or parent:
            lines.append(line)
    return Draft(tuple(sorted(lines, key=_order)), transfers)


def lines_of(tx: Tx, number: int) -> tuple[BillLine, ...]:
    """A bill that has gone, as it was sent."""
    its = {row.enrollment: row for row in tx.rows(select(bill_line.c.enrollment).where(bill_line.c.bill == number))}
    rows = {row.id: row for row in _among(tx, _named(), enrollment.c.id, its)}
    return tuple(
        sorted(
            (
                _line(
                    rows[row.enrollment],
                    Month.parse(row.month),
                    Money(row.charged),
                    Money(row.refunded),
                    Money(row.parent),
                    row.planned,
                    row.cancelled,
                )
                for row in tx.rows(select(bill_line).where(bill_line.c.bill == number))
            ),
            key=_order,
        )
    )


def fix(tx: Tx, number: int, made: Draft) -> None:
    """The draft becomes the bill's: what stands on it stands on no other."""
    if made.transfers:
        tx.sql(bill_transfer.insert(), [{"transfer": each, "bill": number} for each in made.transfers])
    lines = [
        {
            "bill": number,
            "enrollment": line.enrollment,
            "month": str(line.month),
            "charged": line.charged.kopecks,
            "refunded": line.refunded.kopecks,
            "parent": line.parent.kopecks,
            "planned": line.planned,
            "cancelled": line.cancelled,
        }
        for line in made.lines
    ]
    tx.sql(bill_line.insert(), lines)


def set_free(tx: Tx, number: int) -> None:
    """A returned bill has nothing any more; the next draft takes it up."""
    tx.sql(bill_transfer.delete().where(bill_transfer.c.bill == number))
    tx.sql(bill_line.delete().where(bill_line.c.bill == number))


def parents_part(row: Row[Any], month: Month, planned: int, cancelled: int) -> Money:
    """What the family owes the provider for a month (R4.9): shrunk by cancelled lessons, nothing for what never should have been."""
    if not (row.parent_first or row.parent_other) or row.reason == Reason.DISPUTE or row.concluded_on is None:
        return ZERO
    begins, ends = Month.of(row.start), Month.of(row.ends_on or row.stop)
    part = Money(row.parent_first if month == begins else row.parent_other) if begins <= month <= ends else ZERO
    return reprice(part, cancelled, planned) if planned else part


def expected(tx: Tx, provider: int, municipality: int, month: Month) -> Money:
    """What a month's charges will be: those made, less what returned, and by plan those to come (R5.10)."""
    e = enrollment.c
    moved = _moved(tx, provider).where(certificate.c.municipality == municipality, transfer.c.month == str(month))
    made = tx.rows(moved)
    total = sum((Money(row.kopecks) for row in made), ZERO)
    charged = {row.about for row in made}
    disputed = select(dispute.c.id).where(dispute.c.enrollment == e.id, dispute.c.state == "open").exists()
    learn = _learn(provider, municipality, month), e.state == EnrollmentState.ACTIVE.value, ~disputed
    for row in tx.rows(_enrollments(e.id, e.start, e.first, e.other).where(*learn)):
        if row.id not in charged:
            total += Money(row.first if Month.of(row.start) == month else row.other)
    return total


def disputed(tx: Tx, provider: int, municipality: int, month: Month) -> int:
    """Enrollments that learn in the month, and whose charges wait for a decision (R5.8)."""
    open_ones = select(dispute.c.id).where(dispute.c.enrollment == enrollment.c.id, dispute.c.state == "open").exists()
    learn = _learn(provider, municipality, month), enrollment.c.state.in_(LEARNED), open_ones
    return len(tx.rows(_enrollments(enrollment.c.id).where(*learn)))


# --- rows -------------------------------------------------------------------------------------------------------------


def _moved(tx: Tx, provider: int) -> Select[Any]:
    """Movements of the provider's account: kopecks above zero came in, below zero went back."""
    mine = account.c.kind == AccountKind.PROVIDER.value, account.c.owner == provider
    number = tx.value(select(account.c.id).where(*mine)) or 0
    signed = case((transfer.c.target == number, transfer.c.kopecks), else_=-transfer.c.kopecks).label("kopecks")
    return (
        select(transfer.c.id, transfer.c.about, transfer.c.month, signed, certificate.c.municipality)
        .join(enrollment, enrollment.c.id == transfer.c.about)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .where(or_(transfer.c.source == number, transfer.c.target == number))
    )


def _free(tx: Tx, provider: int) -> Select[Any]:
    on_none = ~select(bill_transfer.c.bill).where(bill_transfer.c.transfer == transfer.c.id).exists()
    return _moved(tx, provider).where(on_none)


def _enrollments(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(certificate, certificate.c.id == enrollment.c.certificate)
        .join(module, module.c.id == enrollment.c.module)
        .join(program, program.c.id == module.c.program)
    )


def _learn(provider: int, municipality: int, month: Month) -> Any:
    e = enrollment.c
    within = (e.start <= month.last) & (func.coalesce(e.ends_on, e.stop) >= month.first)
    return (program.c.provider == provider) & (certificate.c.municipality == municipality) & within


def _paying(tx: Tx, provider: int, municipality: int, month: Month) -> list[int]:
    """Enrollments of the month in which the family pays a part of its own."""
    e = enrollment.c
    learned = e.state.in_(LEARNED), e.concluded_on <= month.last, e.parent_first + e.parent_other > 0
    return [row.id for row in tx.rows(_enrollments(e.id).where(_learn(provider, municipality, month), *learned))]


def _named() -> Select[Any]:
    return (
        _enrollments(
            *(enrollment.c[name] for name in READ),
            certificate.c.number,
            child.c.surname,
            child.c.first_name,
            program.c.name.label("program_name"),
            group.c.name.label("group_name"),
        )
        .join(child, child.c.id == enrollment.c.child)
        .join(group, group.c.id == enrollment.c.group)
    )


def _line(
    row: Row[Any], month: Month, charged: Money, refunded: Money, parent: Money, planned: int, cancelled: int
) -> BillLine:
    name = " ".join(part for part in (row.surname, row.first_name) if part)
    names = name, row.number or "", row.program_name, row.group_name
    return BillLine(row.id, *names, month, charged, refunded, parent, planned, cancelled)


def _order(line: BillLine) -> tuple[Any, ...]:
    return line.program, line.group_name, line.child_name, line.enrollment, line.month


def _printed(tx: Tx, numbers: Collection[int]) -> dict[tuple[int, Month], Money]:
    """(enrollment, month) → the family's part as bills that have gone printed it."""
    by = bill_line.c.enrollment, bill_line.c.month
    sums = select(*by, func.sum(bill_line.c.parent).label("parent")).group_by(*by)
    found = _among(tx, sums, bill_line.c.enrollment, numbers)
    return {(row.enrollment, Month.parse(row.month)): Money(int(row.parent)) for row in found}


def _among(tx: Tx, statement: Select[Any], column: Any, numbers: Collection[int]) -> Iterator[Row[Any]]:
    """Rows of a statement for these numbers."""
    for some in _some(numbers):
        yield from tx.rows(statement.where(column.in_(some)))


def _some(numbers: Collection[int]) -> Iterator[list[int]]:
    """Some thousands at a time: a statement has no room for more."""
    wanted = sorted(numbers)
    return (wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE))
