"""What is said to the staff about bills and advances."""

from collections.abc import Mapping
from fractions import Fraction

from bot.domain import bill as facts
from bot.domain.bill import BillKind, BillSeen, BillState
from bot.domain.messages import Fact
from bot.i18n import Words, _
from bot.office.export import Percent, Table

STATES: Mapping[BillState, Words] = {
    BillState.DRAFT: _("draft"),
    BillState.SENT: _("sent, waits for the municipality"),
    BillState.RETURNED: _("returned"),
    BillState.ACCEPTED: _("accepted"),
    BillState.PAID: _("paid"),
}
KINDS: Mapping[BillKind, Words] = {BillKind.BILL: _("bill"), BillKind.ADVANCE: _("advance")}
HEADING: tuple[Words, ...] = (
    _("No."),
    _("Child"),
    _("Certificate"),
    _("Program"),
    _("Group"),
    _("Month"),
    _("Charged"),
    _("Returned"),
    _("To pay"),
    _("Lessons planned"),
    _("Not held"),
    _("Completeness"),
    _("The family pays"),
)


def percent(part: Fraction) -> Words:
    """88.9%."""
    return _("{number}%", number=_number(part))


def table(seen: BillSeen) -> Table:
    """A bill as a sheet, its sums in the last row."""
    rows = tuple(
        (
            line.enrollment,
            line.child_name,
            line.number,
            line.program,
            line.group_name,
            line.month,
            line.charged,
            line.refunded,
            line.charged - line.refunded,
            line.planned or None,
            line.cancelled or None,
            Percent(_number(line.completeness)),
            line.parent,
        )
        for line in seen.lines
    )
    its = seen.sums
    sums = (None, _("Together"), None, None, None, its.month, its.charged, its.refunded, its.total, None, None)
    more = Percent(_number(its.completeness)), its.parent
    return Table(_("Bill for {month}", month=its.month), HEADING, (*rows, (*sums, *more)))


def _number(part: Fraction) -> float:
    return round(float(100 * part), 1)


def told(fact: Fact) -> Words:
    """What came of a command."""
    match fact:
        case facts.BillSent(total=total):
            return _("Sent: {sum}. The municipality looks at it now.", sum=total)
        case facts.BillDecided(accepted=True):
            return _("Accepted.")
        case facts.BillDecided():
            return _("Returned, with your words.")
        case facts.BillPaid(on=day):
            return _("Noted as paid on {day}.", day=day)
        case facts.MonthNotOver(month):
            return _(
                "{month}: not yet. A bill is sent when its month is over; an advance is asked for this month or the next.",
                month=month,
            )
        case facts.NothingToBill():
            return _("Nothing was charged or returned that stands on no other bill.")
        case facts.BillChanged(total):
            return _("The sum is another one now: {sum}. Please look at it and send it again.", sum=total)
        case facts.BillIs(state):
            return _("Not possible now: it is in the state «{state}».", state=STATES[state])
        case facts.AdvanceOverLimit(limit):
            return _("An advance is more than nothing and at most {sum}.", sum=limit)
        case facts.WordsNeeded():
            return _("Say what is to be mended: the provider reads it.")
        case facts.BillGone(month):
            return _("The bill for {month} has been sent already. Return the advance.", month=month)
        case facts.PaidInFuture():
            return _("It was paid between the day on which it was sent and today.")
    return _("This is not available.")
